// Packets of decoded data → codes. A code may come in several packets; none of them is numbered, so what is known of the order has to
// be kept: the reader sends the next packet only after our acknowledgement, and a packet again (bit 0 of its status) when it did
// not hear one, twice at most. A code of which a packet may be missing or doubled is thrown away.

import type { Decoded } from '../../kit/machine.ts';
import { longestCodeBytes, type LineOptions } from '../codec.ts';
import { readCodeText } from '../code-text.ts';
import type { Answer, QrFrame } from '../protocol.ts';
import { ackPacket, checksumBytes, headBytes, opcodes, statusBits } from './packets.ts';

export type MessageOptions = Pick<LineOptions, 'hasAimPrefix' | 'encoding'> & { hasTypeInEveryPacket: boolean };

/** After so many damaged packets the reader has given up. */
const mostBreaks = 3;

export const ack: Answer = { bytes: ackPacket, label: 'ack' };
const none: Uint8Array = new Uint8Array();

/** AIM identifiers of the bar-code types that can be told for sure (Symbol CS3000 manual; 11, 1B and 1C from memory). */
const symbologies: ReadonlyMap<number, string> = new Map([
  [0x01, ']A0'],
  [0x02, ']F0'],
  [0x03, ']C0'],
  [0x06, ']I0'],
  [0x07, ']G0'],
  [0x08, ']E0'],
  [0x09, ']E0'],
  [0x0a, ']E4'],
  [0x0b, ']E0'],
  [0x0f, ']C1'],
  [0x11, ']L2'],
  [0x1b, ']d1'],
  [0x1c, ']Q1'],
]);

const discarded = (bytes: Uint8Array, reason: string): Decoded<QrFrame>[] =>
  bytes.length === 0 ? [] : [{ type: 'discarded', bytes, reason }];

const received = (bytes: Uint8Array): Decoded<QrFrame> => ({
  type: 'frame',
  frame: { type: 'part', answer: ack },
  bytes,
});

/** The whole data of a code: its type, then its content. */
const readCode = (data: Uint8Array, raw: Uint8Array, options: MessageOptions): Decoded<QrFrame>[] => {
  const content = data.subarray(1);
  const length = Buffer.from(content)
    .toString('latin1')
    .replace(/[\r\n]+$/, '').length;
  const code = readCodeText(content.subarray(0, length), options);
  // Received in order, though it is no text: the reader must not send it again.
  if (!code) return [received(none), ...discarded(raw, 'unreadableText')];
  const symbology = code.symbology ?? symbologies.get(data[0] ?? 0);
  const full = symbology === undefined ? code : { ...code, symbology };
  return [{ type: 'frame', frame: { type: 'code', code: full, answer: ack }, bytes: raw }];
};

export type Message = {
  /** A whole packet of decoded data. */
  take(packet: Uint8Array): Decoded<QrFrame>[];
  /** A packet was damaged on the way; `packet` as it came. */
  damage(packet: Uint8Array): Decoded<QrFrame>[];
  /** The next packet did not come. */
  expire(): Decoded<QrFrame>[];
  /** More of a code is awaited. */
  isOpen(): boolean;
};

export const createMessage = (options: MessageOptions): Message => {
  let held: { raw: Buffer; data: Buffer } | undefined;
  /** Why what comes until the last packet of this code is thrown away. */
  let skipping: string | undefined;
  let last = { key: '', isOfSeveral: false };
  let breaks = 0;
  /** A packet that is sent again may belong to a code whose beginning nobody here has seen. */
  let isStrange = true;

  const drop = (reason: string): Decoded<QrFrame>[] => {
    const raw = held?.raw ?? none;
    held = undefined;
    breaks = 0;
    return discarded(raw, reason);
  };

  const skip = (packet: Uint8Array, reason: string, isLast: boolean): Decoded<QrFrame>[] => {
    skipping = isLast ? undefined : reason;
    return [received(none), ...discarded(packet, reason)];
  };

  return {
    take(packet) {
      const status = packet[3] ?? 0;
      const isAgain = (status & statusBits.sentAgain) !== 0;
      const isLast = (status & statusBits.moreFollows) === 0;
      const key = Buffer.from(packet.subarray(headBytes, -checksumBytes)).toString('latin1');
      const isSame = key === last.key;
      // Our acknowledgement was lost, the packet was not.
      if (isAgain && isSame) return [received(packet)];
      // Doubled on the way. In the middle of a code it may be content that repeats itself as well.
      if (isSame && held) return [...drop('unreadableText'), ...skip(packet, 'unreadableText', isLast)];
      if (isSame && last.isOfSeveral) return [received(packet)];
      last = { key, isOfSeveral: held !== undefined || !isLast };
      if (isAgain && isStrange) return skip(packet, 'cutShort', isLast);
      if (skipping !== undefined) return skip(packet, skipping, isLast);
      // A damaged packet comes again or not at all; this one is another, and what stood between is not known.
      if (!isAgain && held && breaks > 0) return [...drop('cutShort'), ...skip(packet, 'cutShort', isLast)];
      isStrange = false;
      breaks = 0;
      const from = held && options.hasTypeInEveryPacket ? headBytes + 1 : headBytes;
      const data = Buffer.concat([held?.data ?? none, packet.subarray(from, -checksumBytes)]);
      const raw = Buffer.concat([held?.raw ?? none, packet]);
      held = undefined;
      if (data.length > longestCodeBytes + 1) {
        skipping = isLast ? undefined : 'tooLongRest';
        return [received(none), ...discarded(raw, 'tooLong')];
      }
      if (isLast) return readCode(data, Uint8Array.from(raw), options);
      held = { raw, data };
      return [received(none)];
    },
    damage(packet) {
      const isFirstTime = packet[1] === opcodes.decodeData && ((packet[3] ?? 0) & statusBits.sentAgain) === 0;
      if (isFirstTime) isStrange = false;
      if (!held) return [];
      breaks += 1;
      if (breaks < mostBreaks) return [];
      isStrange = true;
      return drop('cutShort');
    },
    expire() {
      if (held || skipping !== undefined) isStrange = true;
      skipping = undefined;
      return drop('cutShort');
    },
    isOpen: () => held !== undefined || skipping !== undefined,
  };
};
