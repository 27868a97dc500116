// Bytes from an SSI reader → frames. Packets and plain text come on the same wire: a reader sends text until it was told to use
// packets, and again after it lost its settings.
//
//   bytes ─▶ [ head of a packet? ]──yes─▶ [ checksum ]─good─▶ ack · nak · revision · code, or a part of one ─▶ frames
//                  │ no                        │ wrong: NAK, and looked at again from the next byte
//                  └─▶ text (../codec.ts) ◀────┘ junk: never text
//
// No text looks like a packet: byte 2 of a packet is 00 or 04, and neither stands in UTF-8 or GB18030 text. What is left of a
// damaged packet may look like text, so the burst it stands in is thrown away as a whole, and so is one that completes a packet
// which had stopped half-way.

import { bufferLimit } from '../../kit/framing.ts';
import type { Decoded, Decoder } from '../../kit/machine.ts';
import { createLineDecoder, isBurstEnd, settleMs, type LineOptions } from '../codec.ts';
import type { QrFrame } from '../protocol.ts';
import type { SsiQrConfig } from './config.ts';
import { ack, createMessage } from './message.ts';
import {
  checksumBytes,
  checksumOf,
  fromHost,
  fromReader,
  headBytes,
  knownOpcodes,
  nakCauses,
  opcodes,
  statusBits,
} from './packets.ts';

export type SsiOptions = Omit<LineOptions, 'hello'> & Pick<SsiQrConfig, 'rawText' | 'hasTypeInEveryPacket'>;

/** Within a packet; the reader itself allows 200 ms between two bytes. */
export const packetPatienceMs = 500;
/** Between two packets of one code: the reader sends one again for three times its own time-out of 2 s. */
export const partPatienceMs = 6000;

const none: Uint8Array = new Uint8Array();
const longestPacket = 0xff + checksumBytes;

type Look = 'text' | 'wait' | { end: number };

/** What stands at `at`: a byte of text, perhaps the head of a packet, or one that ends (with its checksum) before `end`. */
const lookAt = (bytes: Uint8Array, at: number): Look => {
  const [length = 0, opcode, source, status] = bytes.subarray(at, at + headBytes);
  if (length < headBytes) return 'text';
  if (opcode !== undefined && !knownOpcodes.has(opcode)) return 'text';
  if (source !== undefined && source !== fromReader && source !== fromHost) return 'text';
  const bits = statusBits.sentAgain | statusBits.moreFollows | statusBits.permanent;
  if (status !== undefined && (status & ~bits) !== 0) return 'text';
  const end = at + length + checksumBytes;
  return end > bytes.length ? 'wait' : { end };
};

const isWhole = (packet: Uint8Array): boolean => {
  const message = packet.subarray(0, -checksumBytes);
  return checksumOf(message) === ((packet.at(-2) ?? 0) << 8) + (packet.at(-1) ?? 0);
};

const statusOfNak = (cause: number | undefined): 'again' | 'enq' | 'nak' => {
  if (cause === nakCauses.resend) return 'again';
  return cause === nakCauses.badContext ? 'enq' : 'nak';
};

const printable = (data: Uint8Array): string =>
  Buffer.from(data)
    .toString('latin1')
    .replaceAll(/[^ -~]+/g, ' ')
    .trim();

/**
 * Discards: `wrongChecksum` (to be answered with a NAK), `damagedPacket`, `echo`, `rawText` (text after packets were agreed on),
 * `tooLong`, `tooLongRest`, `cutShort`, `unreadableText`.
 */
export const createSsiDecoder = (options: SsiOptions): Decoder<QrFrame> => {
  const lines = createLineDecoder({ ...options, hello: 'none' });
  let held: Buffer = Buffer.alloc(0);
  /** Text of this burst, as much as could complete a packet, and how much there was. */
  let text = { start: none, length: 0, tail: [] as number[] };
  let junk: number[] = [];
  /** A damaged packet stands in this burst. */
  let isDoubted = false;
  /** A packet of a code that stopped half-way at the end of the last burst. */
  let stopped = none;
  let isTextCode = options.rawText !== 'never';
  const message = createMessage(options);

  const discarded = (bytes: Uint8Array, reason: string): Decoded<QrFrame>[] =>
    bytes.length === 0 ? [] : [{ type: 'discarded', bytes, reason }];

  const without = (reason: string, items: readonly Decoded<QrFrame>[]): Decoded<QrFrame>[] =>
    items.map((item) => (item.type === 'frame' ? { type: 'discarded', bytes: item.bytes, reason } : item));

  const addText = (bytes: Uint8Array): Decoded<QrFrame>[] => {
    if (bytes.length === 0) return [];
    if (!isDoubted) {
      text = {
        start: text.length < longestPacket ? Buffer.concat([text.start, bytes]) : text.start,
        length: text.length + bytes.length,
        tail: [...text.tail, ...bytes.subarray(-2)].slice(-2),
      };
      return lines.push(bytes);
    }
    junk.push(...bytes);
    if (junk.length < bufferLimit) return [];
    const flood = Uint8Array.from(junk);
    junk = [];
    return discarded(flood, 'damagedPacket');
  };

  /** Whether the text of this burst is what was missing of a packet that stopped. */
  const isRestOfPacket = (): boolean => {
    const missing = (stopped[0] ?? 0) + checksumBytes - stopped.length;
    if (stopped.length === 0 || text.start.length < missing) return false;
    return isWhole(Buffer.concat([stopped, text.start.subarray(0, missing)]));
  };

  const endText = (): Decoded<QrFrame>[] => {
    if (text.length === 0) return [];
    const items = lines.idle?.() ?? [];
    const reason = isRestOfPacket() ? 'damagedPacket' : isTextCode ? undefined : 'rawText';
    text = { start: none, length: 0, tail: [] };
    stopped = none;
    return reason === undefined ? items : without(reason, items);
  };

  const endBurst = (): Decoded<QrFrame>[] => {
    const out = [...endText(), ...discarded(Uint8Array.from(junk), 'damagedPacket')];
    junk = [];
    isDoubted = false;
    return out;
  };

  /** From here on the burst is junk, and so is what stood before. */
  const doubt = (): Decoded<QrFrame>[] => {
    isDoubted = true;
    return without('damagedPacket', endText());
  };

  const takePacket = (packet: Uint8Array): Decoded<QrFrame>[] => {
    const [, opcode, source] = packet;
    if (source === fromHost) return discarded(packet, 'echo');
    stopped = none;
    const data = packet.subarray(headBytes, -checksumBytes);
    const reply = (frame: Omit<Extract<QrFrame, { type: 'reply' }>, 'type'>): Decoded<QrFrame>[] => [
      { type: 'frame', frame: { type: 'reply', ...frame }, bytes: packet },
    ];
    switch (opcode) {
      case opcodes.ack:
        return reply({ status: 'ack', text: '' });
      case opcodes.nak:
        return reply({ status: statusOfNak(data[0]), text: `cause ${data[0] ?? 0}` });
      case opcodes.replyRevision: {
        const firmware = printable(data);
        return reply({ status: 'ack', text: firmware, identity: firmware === '' ? {} : { firmware }, answer: ack });
      }
      case opcodes.decodeData:
        if (options.rawText === 'untilPackets') isTextCode = false;
        return message.take(packet);
      default:
        return [{ type: 'frame', frame: { type: 'part', answer: ack }, bytes: packet }];
    }
  };

  const scan = (isEnd: boolean): Decoded<QrFrame>[] => {
    const out: Decoded<QrFrame>[] = [];
    let at = 0;
    let textFrom = 0;
    while (at < held.length) {
      const look = lookAt(held, at);
      if (look === 'wait' && !isEnd) break;
      if (look !== 'text' && look !== 'wait' && isWhole(held.subarray(at, look.end))) {
        out.push(...addText(held.subarray(textFrom, at)), ...endBurst());
        out.push(...takePacket(Uint8Array.from(held.subarray(at, look.end))));
        at = look.end;
        textFrom = at;
        continue;
      }
      if (look !== 'text' && held.length - at > 2) {
        // A head with a wrong checksum, or one whose rest never came. What stood before it in the burst is as doubtful.
        out.push(...addText(held.subarray(textFrom, at)), ...doubt());
        textFrom = at;
        if (held[at + 2] === fromReader) out.push(...message.damage(held.subarray(at)));
        if (look === 'wait') stopped = Uint8Array.from(held.subarray(at));
        else if (held[at + 2] === fromReader) {
          // The machine answers this one with a NAK; the rest of the packet is junk.
          textFrom = at + 1;
          out.push(...discarded(Uint8Array.from(held.subarray(at, textFrom)), 'wrongChecksum'));
        }
      }
      at += 1;
    }
    out.push(...addText(held.subarray(textFrom, at)));
    held = held.subarray(at);
    return out;
  };

  return {
    push(chunk) {
      held = Buffer.concat([held, chunk]);
      return scan(false);
    },
    idle() {
      // Only silence with nothing else in the air says that the rest of a code will not come.
      const isQuiet = held.length === 0 && text.length === 0 && junk.length === 0;
      return isQuiet ? message.expire() : [...scan(true), ...endBurst()];
    },
    get idleMs() {
      if (held.length > 2) return packetPatienceMs;
      const last = [...text.tail, ...held].slice(-2);
      if (last.length > 0 && options.frameEnd !== 'silence' && isBurstEnd(last, options)) return settleMs;
      if (last.length > 0) return lines.idleMs ?? options.silenceMs;
      if (junk.length > 0) return options.silenceMs;
      return message.isOpen() ? partPatienceMs : options.silenceMs;
    },
  };
};
