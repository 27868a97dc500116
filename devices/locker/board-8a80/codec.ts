// The 8A/80 lock board's frames, both ways. Pure: what was asked is known to the machine, not here.
//
//   bytes ─▶ [ find header + known board ] ─▶ [ length, BCC ] ─▶ frame
//                     │                            │
//                     └──────── discarded ◀────────┘
//
// BCC is the exclusive-or of all bytes before it. Offsets: 0 header, 1 board, 2 lock or first status byte.

import { createByteQueue } from '../../kit/framing.ts';
import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { DoorState } from '../api.ts';
import { requireLock } from '../protocol.ts';
import { lockLimit, type Board8a80Config } from './config.ts';

/** The state of a lock's feedback circuit: 11h `made` (shorted), 00h `broken`. What it says of the door is the wiring's matter. */
export type Contact = 'made' | 'broken';

export type BoardFrame =
  /** `8A BB LL ST BCC`: answer to an open command, or the echo of `8A BB LL 11 BCC`. */
  | { type: 'openReply'; board: number; lock: number; contact: Contact }
  /** `80 BB LL ST BCC`: answer to a query of one lock. */
  | { type: 'lockReply'; board: number; lock: number; contact: Contact }
  /** `80 BB S… 33 BCC`: answer to a query of all locks, status bytes in the order of the wire. */
  | { type: 'allReply'; board: number; status: readonly number[] }
  /** `82 BB LL ST BCC`: the board tells a change by itself. */
  | { type: 'report'; board: number; lock: number; contact: Contact }
  /** `80 BB LL 33 BCC`: our own query, sent back by an echoing adapter; lock 0 is the query of all. */
  | { type: 'queryEcho'; lock: number };

const header = { open: 0x8a, query: 0x80, report: 0x82 } as const;
const act = { open: 0x11, query: 0x33 } as const;
const frameLength = 5;
/** Boards go up to 99 locks by the protocol: 13 status bytes. */
const longestStatus = 13;
const longestFrame = 2 + longestStatus + 2;
/** Answers to a query of all: one status byte of 00 is our own query, 3 bytes up to 24 ways, 7 bytes on 50 ways. */
const documentedStatus: readonly number[] = [1, 3, 7];
/** A pause that ends a query-all answer: longer than the 16 ms latency timer of common USB adapters. */
const silenceMs = 20;

const bccOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

const seal = (...bytes: number[]): Uint8Array => Uint8Array.of(...bytes, bccOf(Uint8Array.from(bytes)));

/** `8A BB LL 11 BCC`. Lock 0 (open all) cannot be encoded. */
export const encodeOpen = (board: number, lock: number): Uint8Array => {
  requireLock(lock, lockLimit);
  return seal(header.open, board, lock, act.open);
};

/** `80 BB LL 33 BCC`. */
export const encodeQuery = (board: number, lock: number): Uint8Array => {
  requireLock(lock, lockLimit);
  return seal(header.query, board, lock, act.query);
};

/** `80 BB 00 33 BCC`. */
export const encodeQueryAll = (board: number): Uint8Array => seal(header.query, board, 0, act.query);

export const doorOfContact = (contact: Contact, feedback: Board8a80Config['feedback']): DoorState =>
  (contact === 'made') === (feedback === 'closedOnLock') ? 'closed' : 'open';

/** The door of one lock (1…) in a query-all answer; `unknown` when the answer has no bit for it. */
export const doorOfStatus = (
  status: readonly number[],
  lock: number,
  { queryAllOrder, queryAllBit }: Pick<Board8a80Config, 'queryAllOrder' | 'queryAllBit'>,
): DoorState => {
  const group = Math.floor((lock - 1) / 8);
  const byte = status[queryAllOrder === 'lastByteFirst' ? status.length - 1 - group : group];
  if (byte === undefined) return 'unknown';
  const isSet = (byte & (1 << ((lock - 1) % 8))) !== 0;
  return isSet === (queryAllBit === 'open') ? 'open' : 'closed';
};

const contactOf = (byte: number | undefined): Contact | undefined =>
  byte === 0x11 ? 'made' : byte === 0x00 ? 'broken' : undefined;

/** Five bytes whose header and board already fit. */
const parseFixed = (bytes: Uint8Array): BoardFrame | undefined => {
  const [kind, board = 0, lock = 0, state] = bytes;
  if (bccOf(bytes.subarray(0, 4)) !== bytes[4]) return undefined;
  if (kind === header.query && state === act.query) return { type: 'queryEcho', lock };
  const contact = contactOf(state);
  if (contact === undefined || lock < 1 || lock > 99) return undefined;
  if (kind === header.open) return { type: 'openReply', board, lock, contact };
  if (kind === header.report) return { type: 'report', board, lock, contact };
  return { type: 'lockReply', board, lock, contact };
};

/**
 * A query-all answer has no length field, and the exclusive-or of two good frames in a row is good too. So every documented length
 * that checks out is ranked: one that ends where the bytes end, at a header, in noise. Any other length counts only when a pause
 * ends it exactly there. `window` holds the longest frame, or all there is before a pause (`isEnd`): chunking changes nothing.
 */
const parseAll = (
  window: Uint8Array,
  startsFrame: (at: number) => boolean,
  isEnd: boolean,
): { frame: BoardFrame; length: number } | undefined => {
  let best: { frame: BoardFrame; length: number; rank: number } | undefined;
  for (let count = 1; count <= longestStatus && count + 4 <= window.length; count += 1) {
    const length = count + 4;
    const status = [...window.subarray(2, 2 + count)];
    if (window[2 + count] !== act.query || bccOf(window.subarray(0, length - 1)) !== window[length - 1]) continue;
    const isEcho = count === 1 && status[0] === 0;
    if (count === 1 && !isEcho) continue;
    const isDocumented = documentedStatus.includes(count);
    const isLast = isEnd && length === window.length;
    if (!isDocumented && !isLast) continue;
    const tail = isLast ? 0 : startsFrame(length) ? 1 : 2;
    const rank = (isDocumented ? 0 : 3) + tail;
    if (best && best.rank <= rank) continue;
    best = {
      frame: isEcho ? { type: 'queryEcho', lock: 0 } : { type: 'allReply', board: window[1] ?? 0, status },
      length,
      rank,
    };
  }
  return best;
};

/**
 * Streaming decoder of the answers of the boards on one bus. With `statusBy: 'single'` every frame has five bytes and is given at once; with
 * `all` a frame that starts with 80 waits for the pause after it. Bytes of unknown boards and noise come out as discarded.
 */
export const createBoardDecoder = ({
  boards,
  statusBy,
}: Pick<Board8a80Config, 'statusBy'> & { boards: readonly number[] }): Decoder<BoardFrame> => {
  const queue = createByteQueue();

  const startsFrame = (at: number): boolean => {
    const kind = queue.at(at);
    if (kind !== header.open && kind !== header.query && kind !== header.report) return false;
    return at + 1 >= queue.length || boards.includes(queue.at(at + 1));
  };

  const isAll = (at: number): boolean => statusBy === 'all' && queue.at(at) === header.query;

  /** The frame that stands complete at `at`, or undefined. */
  const parseAt = (at: number, isSilent: boolean): { frame: BoardFrame; length: number } | undefined => {
    const view = queue.view();
    if (isAll(at)) {
      const isEnd = isSilent && queue.length - at <= longestFrame;
      return parseAll(view.subarray(at, at + longestFrame), (offset) => startsFrame(at + offset), isEnd);
    }
    if (queue.length - at < frameLength) return undefined;
    const frame = parseFixed(view.subarray(at, at + frameLength));
    return frame && { frame, length: frameLength };
  };

  const drain = (isSilent: boolean): Decoded<BoardFrame>[] => {
    const out: Decoded<BoardFrame>[] = [];
    const discard = (count: number, reason: string): void => {
      if (count > 0) out.push({ type: 'discarded', bytes: queue.take(count), reason });
    };
    for (;;) {
      let start = 0;
      while (start < queue.length && !startsFrame(start)) start += 1;
      discard(start, 'noise');
      const needed = isAll(0) ? longestFrame : frameLength;
      const isComplete = queue.length >= needed;
      if (queue.length < 2 || (!isComplete && !isSilent)) return out;
      const found = parseAt(0, isSilent);
      if (found) {
        out.push({ type: 'frame', frame: found.frame, bytes: queue.take(found.length) });
        continue;
      }
      if (isComplete) {
        discard(1, 'checksum');
        continue;
      }
      // A pause inside a frame proves nothing (USB adapters and serial servers deliver in lumps): the start is kept, unless a
      // whole frame stands behind it.
      let later = 1;
      while (later < queue.length && !(startsFrame(later) && parseAt(later, isSilent))) later += 1;
      if (later >= queue.length) return out;
      discard(later, 'cutFrame');
    }
  };

  return {
    idleMs: silenceMs,
    push(chunk) {
      const dropped = queue.append(chunk);
      const overflow: Decoded<BoardFrame>[] = dropped
        ? [{ type: 'discarded', bytes: dropped, reason: 'overflow' }]
        : [];
      return [...overflow, ...drain(false)];
    },
    idle: () => drain(true),
  };
};
