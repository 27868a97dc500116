// KERONG CU48 frames, both ways. Pure. Known from a single published driver: confirm with hardware before use.
//
//   request   02 | board | lock-1 | command | 03 | SUM
//   status    02 | board | 00 | 75 | 06 | s1 … s6 | SUM        SUM: low byte of the sum of all bytes before it; no end mark

import type { Decoder } from '../../kit/machine.ts';
import { requireLock } from '../protocol.ts';
import { createScanner } from '../scanner.ts';
import { lockLimit } from './config.ts';

export type Cu48Frame =
  /** Bit n of status byte k is lock 8k + n + 1. */
  | { type: 'status'; board: number; bytes: readonly number[] }
  /** Our own six bytes: an echoing adapter, or what some board answers to an open command. */
  | { type: 'request'; board: number; command: 'status' | 'open'; lock: number };

const [stx, etx] = [0x02, 0x03];
const command = { status: 0x60, open: 0x61, statusReply: 0x75 } as const;
const statusCount = 6;

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

const seal = (board: number, lockIndex: number, code: number): Uint8Array => {
  const body = Uint8Array.of(stx, board, lockIndex, code, etx);
  return Uint8Array.of(...body, sumOf(body));
};

/** `02 BB 00 60 03 SUM`: the answer tells all 48 locks. */
export const encodeStatus = (board: number): Uint8Array => seal(board, 0, command.status);

/** `02 BB LL 61 03 SUM`, LL from 0. */
export const encodeOpen = (board: number, lock: number): Uint8Array => {
  requireLock(lock, lockLimit);
  return seal(board, lock - 1, command.open);
};

export const createCu48Decoder = (boards: readonly number[]): Decoder<Cu48Frame> =>
  createScanner({
    lengthAt(bytes, at) {
      const [first, board, lockIndex, code, count] = bytes.subarray(at, at + 5);
      if (first !== stx || (board !== undefined && !boards.includes(board))) return undefined;
      if (lockIndex !== undefined && lockIndex >= lockLimit) return undefined;
      if (code === undefined) return 'more';
      if (code === command.status || code === command.open) return 6;
      if (code !== command.statusReply || lockIndex !== 0) return undefined;
      return count === undefined || count === statusCount ? 6 + statusCount : undefined;
    },
    parse(bytes) {
      const end = bytes.length - 1;
      if (sumOf(bytes.subarray(0, end)) !== bytes[end]) return undefined;
      const [, board = 0, lockIndex = 0, code, last] = bytes;
      if (code === command.statusReply) return { type: 'status', board, bytes: [...bytes.subarray(5, end)] };
      if (last !== etx) return undefined;
      return { type: 'request', board, command: code === command.open ? 'open' : 'status', lock: lockIndex + 1 };
    },
  });
