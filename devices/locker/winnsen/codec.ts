// Winnsen frames, both ways. Pure. There is no checksum: header, length, function, station and end mark have to do.
//
//   90 | LEN | function | station | … | 03        LEN: all bytes, header and end mark included

import type { Decoder } from '../../kit/machine.ts';
import { requireLock } from '../protocol.ts';
import { createScanner } from '../scanner.ts';
import { lockLimit } from './config.ts';

export type WinnsenFrame =
  /** `90 07 82 SS low high 03`: bit n of `low` is lock n + 1. */
  | { type: 'status'; station: number; bytes: readonly [number, number] }
  /** `90 07 85 SS LL RR 03`: RR 01 = opened, 00 = failed. When it is sent, at once or after the pulse, is not known. */
  | { type: 'openReply'; station: number; lock: number; isOpened: boolean }
  /** Our own question or command, sent back by an echoing adapter. */
  | { type: 'echo'; of: 'open' | 'poll' };

const [header, end] = [0x90, 0x03];
const code = { open: 0x05, poll: 0x02, openReply: 0x85, pollReply: 0x82 } as const;

const lengths: Readonly<Record<number, number>> = {
  [code.open]: 6,
  [code.poll]: 7,
  [code.openReply]: 7,
  [code.pollReply]: 7,
};

/** `90 06 05 SS LL 03`. */
export const encodeOpen = (station: number, lock: number): Uint8Array => {
  requireLock(lock, lockLimit);
  return Uint8Array.of(header, 6, code.open, station, lock, end);
};

/** `90 07 02 SS FF FF 03`: all sixteen locks. */
export const encodePoll = (station: number): Uint8Array =>
  Uint8Array.of(header, 7, code.poll, station, 0xff, 0xff, end);

export const createWinnsenDecoder = (stations: readonly number[]): Decoder<WinnsenFrame> =>
  createScanner({
    lengthAt(bytes, at) {
      const [first, length, what, station] = bytes.subarray(at, at + 4);
      if (first !== header) return undefined;
      if (length !== undefined && length !== 6 && length !== 7) return undefined;
      if (what === undefined) return 'more';
      if (lengths[what] !== length || (station !== undefined && !stations.includes(station))) return undefined;
      return length;
    },
    parse(bytes) {
      const [, , what, station = 0, fifth = 0, sixth = 0] = bytes;
      if (bytes.at(-1) !== end) return undefined;
      if (what === code.pollReply) return { type: 'status', station, bytes: [fifth, sixth] };
      if (what !== code.openReply) return { type: 'echo', of: what === code.open ? 'open' : 'poll' };
      if (fifth < 1 || fifth > lockLimit || sixth > 1) return undefined;
      return { type: 'openReply', station, lock: fifth, isOpened: sixth === 1 };
    },
  });
