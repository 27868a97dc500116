// KERONG KR-CU12/CU16 frames, both ways. Pure.
//
//   02 | board<<4 + lock-1 | command | data… | 03 | SUM        SUM: low byte of the sum of all bytes before it
//
// Data may hold 02 and 03, so frames are cut by their command's length and by SUM, never by the end mark alone.

import type { Decoder } from '../../kit/machine.ts';
import { requireLock } from '../protocol.ts';
import { createScanner } from '../scanner.ts';
import { lockLimit } from './config.ts';

export type Cu16Frame =
  /** `02 ADDR 35 H1 H2 I1 I2 03 SUM`: hook bits of locks 1–8 and 9–16, then the infrared bits (something lies in the cell). */
  | { type: 'status'; board: number; hooks: readonly [number, number]; infrared: readonly [number, number] }
  /** Our own five bytes: an echoing adapter, or what some board answers to an open command. */
  | { type: 'request'; board: number; command: 'status' | 'unlock'; lock: number };

const [stx, etx] = [0x02, 0x03];
const command = { status: 0x30, unlock: 0x31, statusReply: 0x35 } as const;

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

const seal = (address: number, code: number): Uint8Array => {
  const body = Uint8Array.of(stx, address, code, etx);
  return Uint8Array.of(...body, sumOf(body));
};

/** `02 B0 30 03 SUM`. */
export const encodeStatus = (board: number): Uint8Array => seal(board << 4, command.status);

/** `02 BL 31 03 SUM`. Unlock-all (33) and the broadcast address F0h cannot be encoded. */
export const encodeUnlock = (board: number, lock: number): Uint8Array => {
  requireLock(lock, lockLimit);
  if (board < 0 || board > 14) throw new RangeError(`no such board: ${board}`);
  return seal((board << 4) | (lock - 1), command.unlock);
};

const lengths: Readonly<Record<number, number>> = {
  [command.status]: 5,
  [command.unlock]: 5,
  [command.statusReply]: 9,
};

export const createCu16Decoder = (boards: readonly number[]): Decoder<Cu16Frame> =>
  createScanner({
    lengthAt(bytes, at) {
      const [first, address, code] = bytes.subarray(at, at + 3);
      if (first !== stx) return undefined;
      if (address !== undefined && !boards.includes(address >> 4)) return undefined;
      return code === undefined ? 'more' : lengths[code];
    },
    parse(bytes) {
      const end = bytes.length - 1;
      if (bytes[end - 1] !== etx || sumOf(bytes.subarray(0, end)) !== bytes[end]) return undefined;
      const [, address = 0, code, h1 = 0, h2 = 0, i1 = 0, i2 = 0] = bytes;
      const board = address >> 4;
      if (code === command.statusReply) return { type: 'status', board, hooks: [h1, h2], infrared: [i1, i2] };
      return {
        type: 'request',
        board,
        command: code === command.status ? 'status' : 'unlock',
        lock: (address & 0x0f) + 1,
      };
    },
  });
