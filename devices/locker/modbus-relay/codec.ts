// Modbus-RTU frames of relay boards, both ways. Pure.
//
//   address | function | … | CRC low | CRC high        CRC-16, polynomial A001h, start FFFFh
//
// Answers: read 01/02 `n bytes…`, write 05 the request itself, exception `function + 80h, code`. Offsets: 0 address, 1 function.

import type { Decoder } from '../../kit/machine.ts';
import { requireLock } from '../protocol.ts';
import { createScanner } from '../scanner.ts';
import { lockLimit } from './config.ts';

export type ModbusFrame =
  /** `AA 01|02 n s… CRC`: coils or inputs, lowest bit of the first byte first. */
  | { type: 'bits'; board: number; of: 'coils' | 'inputs'; bytes: readonly number[] }
  /** `AA 05 RR RR VV VV CRC`: the answer to a write, or its echo; they are the same bytes. */
  | { type: 'written'; board: number; register: number; value: number }
  /** `AA 81|82|85 code CRC`. */
  | { type: 'exception'; board: number; of: 'read' | 'write'; code: number }
  /** `AA 01|02 00 00 00 nn CRC`: our own question. */
  | { type: 'readEcho'; board: number };

const read = { coils: 0x01, inputs: 0x02 } as const;
const write = 0x05;
/** Waveshare's timed pulse: register 0200h + relay, value in units of 100 ms. */
const flashRegister = 0x0200;
const coilOn = 0xff00;

/** CRC-16/MODBUS. */
const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
};

const seal = (...body: number[]): Uint8Array => {
  const crc = crcOf(Uint8Array.from(body));
  return Uint8Array.of(...body, crc & 0xff, crc >> 8);
};

/** Reads `count` coils or inputs from 0 on: `AA 01|02 00 00 00 nn CRC`. */
export const encodeRead = (board: number, of: 'coils' | 'inputs', count: number): Uint8Array =>
  seal(board, read[of], 0, 0, 0, count);

/** One pulse of one relay. The "all relays" register 00FFh and broadcasts cannot be encoded. */
export const encodePulse = (board: number, lock: number, pulse: 'flash' | 'coil', pulseMs: number): Uint8Array => {
  requireLock(lock, lockLimit);
  if (board < 1 || board > 247) throw new RangeError(`no such board: ${board}`);
  const register = (pulse === 'flash' ? flashRegister : 0) + lock - 1;
  const value = pulse === 'flash' ? Math.round(pulseMs / 100) : coilOn;
  return seal(board, write, register >> 8, register & 0xff, value >> 8, value & 0xff);
};

/** The lock of a written register, 1…, or undefined when it was no pulse. */
export const lockOfRegister = (register: number, pulse: 'flash' | 'coil'): number | undefined => {
  const lock = register - (pulse === 'flash' ? flashRegister : 0) + 1;
  return lock >= 1 && lock <= lockLimit ? lock : undefined;
};

const isRead = (code: number | undefined): boolean => code === read.coils || code === read.inputs;

export const createModbusDecoder = (boards: readonly number[]): Decoder<ModbusFrame> =>
  createScanner({
    lengthAt(bytes, at) {
      const [board, code, count] = bytes.subarray(at, at + 3);
      if (board === undefined || !boards.includes(board)) return undefined;
      if (code === undefined) return 'more';
      if (code === write) return 8;
      if (code === (read.coils | 0x80) || code === (read.inputs | 0x80) || code === (write | 0x80)) return 5;
      if (!isRead(code)) return undefined;
      if (count === undefined) return 'more';
      // No answer has zero bytes: a zero there is the start address of our own question.
      if (count === 0) return 8;
      return count <= lockLimit / 8 ? 5 + count : undefined;
    },
    parse(bytes) {
      const end = bytes.length - 2;
      if (crcOf(bytes.subarray(0, end)) !== (bytes[end] ?? 0) + (bytes[end + 1] ?? 0) * 256) return undefined;
      const [board = 0, code = 0, third = 0, low = 0, high = 0, last = 0] = bytes;
      if (code === write) return { type: 'written', board, register: third * 256 + low, value: high * 256 + last };
      if (code & 0x80) return { type: 'exception', board, of: code & 0x04 ? 'write' : 'read', code: third };
      if (third === 0) return { type: 'readEcho', board };
      return { type: 'bits', board, of: code === read.coils ? 'coils' : 'inputs', bytes: [...bytes.subarray(3, end)] };
    },
  });
