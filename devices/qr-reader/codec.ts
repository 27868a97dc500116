// Line mode of serial and USB-CDC code readers, both ways. Pure: whether anyone wants a code is known to machine.ts.
//
//   bytes ─▶ [ one burst: until silence ] ─▶ [ replies to commands out ] ─▶ [ suffix splits ] ─▶ [ text? ] ─▶ code
//                     │ over 4096 bytes                                                           │ no
//                     └──────────────────────── discarded ◀───────────────────────────────────────┘
//
// A burst is judged as a whole. Random bytes hold a CR every 128 bytes or so, and what stands between two of them can look like
// a short text: a code is believed only if nothing unreadable came in the same breath.

import { bufferLimit } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';
import { readCodeText } from './code-text.ts';
import type { LineQrConfig } from './config.ts';
import { identityOf } from './identity.ts';
import type { QrFrame } from './protocol.ts';

export type LineOptions = Pick<
  LineQrConfig,
  'frameEnd' | 'suffix' | 'silenceMs' | 'hasAimPrefix' | 'encoding' | 'hello'
>;

export const longestCodeBytes = 4096;
/** Silence after a suffix. USB-CDC delivers in packets of 64 bytes, 1 ms apart; 16 ms is the latency of common adapters. */
export const settleMs = 20;
/** With `frameEnd: suffix`, a code whose suffix does not come within this is given up. */
export const suffixPatienceMs = 500;

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

const statusOf = (text: string): 'ack' | 'nak' | 'enq' | 'none' => {
  if (text.includes('\x15')) return 'nak';
  if (text.includes('\x05')) return 'enq';
  return text.includes('\x06') ? 'ack' : 'none';
};

/* oxlint-disable no-control-regex -- both makers frame their replies with control characters */
/** Newland's replies: STX SOH, four digits, the command with ACK, NAK or ENQ before each `,` and `;`, ETX. */
const newlandReply = /\x02\x01[0-9]{4}([^\x03]{0,512})\x03/;
/** Honeywell's: the revision text in lines of its own (or nothing), then the echoed command with its status. */
const revisionReply = /^[^]*?REVINF[\x05\x06\x15][.!]/;
/** Any other echoed menu command. */
const echoReply = /^[ -~]{3,64}[\x05\x06\x15][,;.!][ -~\x05\x06\x15]*$/;
/** What an AIM identifier marks as "not a bar code". */
const notABarcode = /^\]Z/;
const revisionLine =
  /^(Product Name|Boot Revision|Software Part Number|Software Revision|Serial Number|Supported IF|PCB Assembly ID|Engine Firmware Type):/;
const replyEnd = /\x03$|[\x05\x06\x15][.!]$/;
/* oxlint-enable no-control-regex */

const suffixes = { cr: '\r', lf: '\n', crlf: '\r\n' } as const;
/** In parentheses, so that `split` tells them too. */
const breaks = { any: /(\r\n|\r|\n)/, cr: /(\r)/, lf: /(\n)/, crlf: /(\r\n)/ } as const;

/** Whether a burst whose last bytes these are looks whole, so that only `settleMs` more need to be waited. */
export const isBurstEnd = (
  tail: readonly number[],
  { frameEnd, suffix }: Pick<LineOptions, 'frameEnd' | 'suffix'>,
): boolean => {
  const text = String.fromCharCode(...tail.slice(-2));
  if (replyEnd.test(text)) return true;
  return frameEnd === 'auto' ? /[\r\n]$/.test(text) : text.endsWith(suffixes[suffix]);
};

/** One line of a burst, and the break that ended it. */
type Line = { text: string; end: string; isComplete: boolean };

const cutLines = (burst: string, { frameEnd, suffix }: LineOptions): Line[] => {
  if (frameEnd === 'silence') {
    const text = burst.replace(/[\r\n]+$/, '');
    return [{ text, end: burst.slice(text.length), isComplete: true }];
  }
  const pieces = burst.split(breaks[frameEnd === 'auto' ? 'any' : suffix]);
  const lines: Line[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const end = pieces[at + 1] ?? '';
    lines.push({ text: pieces[at] ?? '', end, isComplete: frameEnd === 'auto' || end !== '' });
  }
  return lines;
};

/** Takes the reader's own replies out of a burst. Bytes are held as characters 0–255. */
const takeReplies = (burst: string, hello: LineOptions['hello']): { replies: string[]; rest: string } => {
  const replies: string[] = [];
  let rest = burst;
  for (let found = newlandReply.exec(rest); found; found = newlandReply.exec(rest)) {
    replies.push(found[0]);
    rest = rest.slice(0, found.index) + rest.slice(found.index + found[0].length);
  }
  const revision = hello === 'honeywell' ? revisionReply.exec(rest)?.[0] : undefined;
  if (revision !== undefined) {
    replies.push(revision);
    rest = rest.slice(revision.length);
  }
  return { replies, rest };
};

/** What a reader tells of itself in a line of its own. */
export const isOwnText = (text: string, hello: LineOptions['hello']): boolean =>
  notABarcode.test(text) || echoReply.test(text) || (hello === 'honeywell' && revisionLine.test(text));

export const replyOf = (text: string): QrFrame => ({
  type: 'reply',
  status: statusOf(text),
  text,
  identity: identityOf(text),
});

const splitBurst = (burst: Uint8Array, options: LineOptions): Decoded<QrFrame>[] => {
  const { replies, rest } = takeReplies(Buffer.from(burst).toString('latin1'), options.hello);
  const out: Decoded<QrFrame>[] = [];
  const addReply = (text: string): void => {
    out.push({ type: 'frame', frame: replyOf(text), bytes: ascii(text) });
  };
  for (const text of replies) addReply(text);
  const codes: Decoded<QrFrame>[] = [];
  /** All that is no reply, with its breaks. */
  let content = '';
  let lost: string | undefined;
  let isUnreadable = false;
  for (const { text, end, isComplete } of cutLines(rest, options)) {
    if (text !== '' && isOwnText(text, options.hello)) {
      addReply(text);
      continue;
    }
    content += text + end;
    if (text === '') continue;
    const bytes = ascii(text);
    const code = isComplete ? readCodeText(bytes, options) : undefined;
    if (code) codes.push({ type: 'frame', frame: { type: 'code', code }, bytes });
    else if (isComplete) isUnreadable = true;
    else lost = text;
  }
  if (isUnreadable) return [...out, { type: 'discarded', bytes: ascii(content), reason: 'unreadableText' }];
  const cut: Decoded<QrFrame>[] =
    lost === undefined ? [] : [{ type: 'discarded', bytes: ascii(lost), reason: 'cutShort' }];
  return [...out, ...codes, ...cut];
};

/**
 * Streaming decoder; everything comes out of `idle`, after `settleMs` behind a suffix and `silenceMs` otherwise. Discards:
 * `tooLong` (and `tooLongRest` for what follows of the same code), `unreadableText`, `cutShort`.
 */
export const createLineDecoder = (options: LineOptions): Decoder<QrFrame> => {
  let store: Buffer = Buffer.alloc(512);
  let length = 0;
  /** Bytes since the last break. */
  let run = 0;
  let skipped: number[] | undefined;

  const isBreak = (byte: number): boolean => {
    if (options.frameEnd === 'silence') return false;
    if (options.frameEnd === 'auto') return byte === 0x0d || byte === 0x0a;
    return byte === (options.suffix === 'cr' ? 0x0d : 0x0a);
  };

  const discard = (bytes: Iterable<number>, reason: string): Decoded<QrFrame>[] => {
    const thrown = Uint8Array.from(bytes);
    return thrown.length === 0 ? [] : [{ type: 'discarded', bytes: thrown, reason }];
  };

  const append = (bytes: Uint8Array): void => {
    if (length + bytes.length > store.length)
      store = Buffer.concat([store.subarray(0, length)], 2 * (length + bytes.length));
    store.set(bytes, length);
    length += bytes.length;
    let sinceBreak = 0;
    while (sinceBreak < bytes.length && !isBreak(bytes[bytes.length - 1 - sinceBreak] ?? 0)) sinceBreak += 1;
    run = sinceBreak === bytes.length ? run + sinceBreak : sinceBreak;
  };

  const takeByte = (byte: number): Decoded<QrFrame>[] => {
    if (skipped) {
      skipped.push(byte);
      const rest = skipped;
      if (!isBreak(byte) && rest.length < bufferLimit) return [];
      skipped = isBreak(byte) ? undefined : [];
      return discard(rest, 'tooLongRest');
    }
    append(Uint8Array.of(byte));
    if (run > longestCodeBytes) {
      length -= run;
      run = 0;
      skipped = [];
      return discard(store.subarray(length, length + longestCodeBytes + 1), 'tooLong');
    }
    if (length < bufferLimit) return [];
    const flood = discard(store.subarray(0, length), 'tooLong');
    length = 0;
    run = 0;
    return flood;
  };

  return {
    push(chunk) {
      const isSurelyFine = !skipped && run + chunk.length <= longestCodeBytes && length + chunk.length < bufferLimit;
      if (!isSurelyFine) return [...chunk].flatMap(takeByte);
      append(chunk);
      return [];
    },
    idle() {
      const rest = discard(skipped ?? [], 'tooLongRest');
      const whole = Uint8Array.from(store.subarray(0, length));
      length = 0;
      run = 0;
      skipped = undefined;
      return [...rest, ...splitBurst(whole, options)];
    },
    get idleMs() {
      if (options.frameEnd === 'silence') return options.silenceMs;
      if (!skipped && isBurstEnd([...store.subarray(Math.max(0, length - 2), length)], options)) return settleMs;
      return options.frameEnd === 'suffix' ? suffixPatienceMs : options.silenceMs;
    },
  };
};
