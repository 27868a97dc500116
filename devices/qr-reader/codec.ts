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

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

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

/** Whether a burst whose last bytes these are looks whole, so that only `settleMs` more need to be waited. */
export const isBurstEnd = (
  tail: readonly number[],
  { frameEnd, suffix }: Pick<LineOptions, 'frameEnd' | 'suffix'>,
): boolean => {
  const text = String.fromCharCode(...tail.slice(-2));
  if (replyEnd.test(text)) return true;
  return frameEnd === 'auto' ? /[\r\n]$/.test(text) : text.endsWith(suffixes[suffix]);
};

type Record = { bytes: Uint8Array; isComplete: boolean };

const cutRecords = (text: string, { frameEnd, suffix }: LineOptions): Record[] => {
  const record = (part: string, isComplete: boolean): Record => ({ bytes: ascii(part), isComplete });
  if (frameEnd === 'silence') return [record(text.replace(/[\r\n]+$/, ''), true)];
  if (frameEnd === 'auto') return text.split(/\r\n|\r|\n/).map((part) => record(part, true));
  const parts = text.split(suffixes[suffix]);
  return parts.map((part, index) => record(part, index < parts.length - 1));
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

const splitBurst = (bytes: Uint8Array, options: LineOptions): Decoded<QrFrame>[] => {
  const { replies, rest } = takeReplies(Buffer.from(bytes).toString('latin1'), options.hello);
  const out: Decoded<QrFrame>[] = [];
  const addReply = (text: string): void => {
    const frame: QrFrame = { type: 'reply', status: statusOf(text), text, identity: identityOf(text) };
    out.push({ type: 'frame', frame, bytes: ascii(text) });
  };
  for (const text of replies) addReply(text);
  const codes: Decoded<QrFrame>[] = [];
  let unreadable: string | undefined;
  for (const { bytes: record, isComplete } of cutRecords(rest, options)) {
    if (record.length === 0) continue;
    const raw = Buffer.from(record).toString('latin1');
    const isOwnText = options.hello === 'honeywell' && revisionLine.test(raw);
    if (notABarcode.test(raw) || isOwnText || echoReply.test(raw)) {
      addReply(raw);
      continue;
    }
    const code = isComplete ? readCodeText(record, options) : undefined;
    if (code) codes.push({ type: 'frame', frame: { type: 'code', code }, bytes: record });
    else unreadable = isComplete ? 'unreadableText' : (unreadable ?? 'cutShort');
  }
  if (unreadable === undefined) out.push(...codes);
  else if (unreadable === 'cutShort') {
    const lost = cutRecords(rest, options).at(-1)?.bytes ?? new Uint8Array();
    out.push(...codes, { type: 'discarded', bytes: lost, reason: 'cutShort' });
  } else out.push({ type: 'discarded', bytes: ascii(rest), reason: 'unreadableText' });
  return out;
};

/**
 * Streaming decoder; everything comes out of `idle`, after `settleMs` behind a suffix and `silenceMs` otherwise. Discards:
 * `tooLong` (and `tooLongRest` for what follows of the same code), `unreadableText`, `cutShort`.
 */
export const createLineDecoder = (options: LineOptions): Decoder<QrFrame> => {
  let burst: number[] = [];
  let run = 0;
  let skipped: number[] | undefined;

  const isBreak = (byte: number): boolean => {
    if (options.frameEnd === 'silence') return false;
    if (options.frameEnd === 'auto') return byte === 0x0d || byte === 0x0a;
    return byte === (options.suffix === 'cr' ? 0x0d : 0x0a);
  };

  const discard = (bytes: readonly number[], reason: string): Decoded<QrFrame>[] =>
    bytes.length === 0 ? [] : [{ type: 'discarded', bytes: Uint8Array.from(bytes), reason }];

  const take = (byte: number): Decoded<QrFrame>[] => {
    if (skipped) {
      skipped.push(byte);
      const rest = skipped;
      if (!isBreak(byte) && rest.length < bufferLimit) return [];
      skipped = isBreak(byte) ? undefined : [];
      return discard(rest, 'tooLongRest');
    }
    burst.push(byte);
    run = isBreak(byte) ? 0 : run + 1;
    if (run > longestCodeBytes) {
      const tooLong = burst.splice(burst.length - run);
      run = 0;
      skipped = [];
      return discard(tooLong, 'tooLong');
    }
    if (burst.length < bufferLimit) return [];
    const flood = burst;
    burst = [];
    run = 0;
    return discard(flood, 'tooLong');
  };

  return {
    push: (chunk) => [...chunk].flatMap(take),
    idle() {
      const rest = discard(skipped ?? [], 'tooLongRest');
      const whole = Uint8Array.from(burst);
      burst = [];
      run = 0;
      skipped = undefined;
      return [...rest, ...splitBurst(whole, options)];
    },
    get idleMs() {
      if (options.frameEnd === 'silence') return options.silenceMs;
      if (!skipped && isBurstEnd(burst.slice(-2), options)) return settleMs;
      return options.frameEnd === 'suffix' ? suffixPatienceMs : options.silenceMs;
    },
  };
};
