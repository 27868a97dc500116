// What a lock board's protocol is to the one machine that serves them all: two encoders, a decoder, and a few facts.
//
//   machine ─▶ encodeOpen, encodeQuery ─▶ bus ─▶ decoder ─▶ LockFrame ─▶ machine
//
// A protocol turns its own bits and polarities into doors; the machine knows neither headers nor checksums.

import type { Decoded, Decoder } from '../kit/machine.ts';
import type { DoorState } from './api.ts';

/** One lock: the address of its board on the bus, and its number there, from 1. */
export type Place = { board: number; lock: number };

/** What one question asks for: a lock, or all locks of a board. */
export type Target = { board: number; lock: number | 'all' };

export const isSameTarget = (one: Target, other: Target): boolean =>
  one.board === other.board && one.lock === other.lock;

export type LockFrame =
  /**
   * Answer to the question about `lock`. A lock that is not among `doors` is one the board has no contact for. `raw`: the status
   * bytes in the order of the wire, for calibration.
   */
  | {
      type: 'doors';
      board: number;
      lock: number | 'all';
      doors: readonly { lock: number; door: DoorState }[];
      raw?: readonly number[];
    }
  /**
   * Answer to an open command. `taken`: the board says that it will; whether the door moved is the contact's matter. `refused`:
   * no lock was moved, for certain. `mayBeEcho`: the same bytes come back from an adapter that echoes.
   */
  | { type: 'openReply'; board: number; lock?: number; verdict: 'taken' | 'refused'; mayBeEcho: boolean }
  /** The board tells a change by itself. */
  | { type: 'report'; board: number; lock: number; door: DoorState }
  /** Our own question, sent back by an echoing adapter. */
  | { type: 'echo' };

export type LockProtocol = {
  /** Name of the board family, for people. */
  model: string;
  /** `lock` asks lock by lock; `board` asks once for all locks of a board. */
  statusBy: 'lock' | 'board';
  /** Whether anything feels the doors. Without contacts an opening can never be confirmed. */
  hasContacts: boolean;
  /** `unstated`: the manual names no answer to an open command, so none is waited for. */
  openReply: 'stated' | 'unstated';
  /** Length of a pulse where it is known: the next coil waits at least so long. */
  pulseMs?: number;
  /** `8A BB LL …`; throws on a lock that does not exist, above all on numbers that would mean "all". */
  encodeOpen(place: Place): Uint8Array;
  encodeQuery(target: Target): Uint8Array;
  createDecoder(): Decoder<LockFrame>;
};

/** The same decoder with its frames in other words; undefined drops a frame to the discarded bytes. */
export const mapDecoder = <From, To>(
  { push, idle, idleMs }: Decoder<From>,
  translate: (frame: From) => To | undefined,
): Decoder<To> => {
  const translateAll = (items: readonly Decoded<From>[]): Decoded<To>[] =>
    items.map((item) => {
      if (item.type === 'discarded') return item;
      const frame = translate(item.frame);
      return frame === undefined
        ? { type: 'discarded', bytes: item.bytes, reason: 'notForUs' }
        : { type: 'frame', frame, bytes: item.bytes };
    });
  return {
    push: (chunk) => translateAll(push(chunk)),
    ...(idle ? { idle: () => translateAll(idle()) } : {}),
    ...(idleMs === undefined ? {} : { idleMs }),
  };
};

/** Doors from status bits, lock 1 = bit 0 of byte 0. `setBit` is what a set bit says. */
export const doorsOfBits = (
  bytes: readonly number[],
  setBit: 'open' | 'closed',
  locks = bytes.length * 8,
): { lock: number; door: DoorState }[] =>
  Array.from({ length: locks }, (_, index) => {
    const isSet = ((bytes[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
    return { lock: index + 1, door: isSet === (setBit === 'open') ? 'open' : 'closed' };
  });

/** Throws unless `lock` is a whole number from 1 to `limit`: numbers outside may mean "all locks" to a board. */
export const requireLock = (lock: number, limit: number): void => {
  if (!Number.isInteger(lock) || lock < 1 || lock > limit) throw new RangeError(`no such lock: ${lock}`);
};
