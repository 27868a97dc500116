// Streaming decoder for protocols whose frames say where they end: by their second or third byte, or by their command.
//
//   bytes ─▶ [ lengthAt: no frame │ more │ n bytes ] ─▶ [ parse: checksum, end mark ] ─▶ frame
//                    └────────── discarded ◀───────────────────┘ one byte, then again
//
// A frame that stays incomplete is kept over a pause (USB adapters and serial servers deliver in lumps), unless a whole frame
// stands behind it.

import { createByteQueue } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';

/** Longer than the 16 ms latency timer of common USB adapters. */
const silenceMs = 20;

export type FrameShape<Frame> = {
  /** Length of the frame that starts at `at`, judged by the bytes that are there; `more` when they do not say yet. */
  lengthAt(bytes: Uint8Array, at: number): number | 'more' | undefined;
  /** A whole frame's bytes; undefined when checksum or end mark are wrong. */
  parse(bytes: Uint8Array): Frame | undefined;
};

export const createScanner = <Frame>({ lengthAt, parse }: FrameShape<Frame>): Decoder<Frame> => {
  const queue = createByteQueue();

  /** The frame at `at`: whole, still to come, or none. */
  const frameAt = (at: number): { frame: Frame; length: number } | 'more' | undefined => {
    const view = queue.view();
    const length = lengthAt(view, at);
    if (length === undefined) return undefined;
    if (length === 'more' || at + length > view.length) return 'more';
    const frame = parse(view.subarray(at, at + length));
    return frame === undefined ? undefined : { frame, length };
  };

  const drain = (isSilent: boolean): Decoded<Frame>[] => {
    const out: Decoded<Frame>[] = [];
    while (queue.length > 0) {
      const found = frameAt(0);
      if (typeof found === 'object') {
        out.push({ type: 'frame', frame: found.frame, bytes: queue.take(found.length) });
        continue;
      }
      if (found === 'more' && !isSilent) break;
      let next = 1;
      if (found === undefined) while (next < queue.length && frameAt(next) === undefined) next += 1;
      else {
        while (next < queue.length && typeof frameAt(next) !== 'object') next += 1;
        if (next >= queue.length) break;
      }
      out.push({ type: 'discarded', bytes: queue.take(next), reason: found === 'more' ? 'cutFrame' : 'noise' });
    }
    return out;
  };

  return {
    idleMs: silenceMs,
    push(chunk) {
      const dropped = queue.append(chunk);
      const overflow: Decoded<Frame>[] = dropped ? [{ type: 'discarded', bytes: dropped, reason: 'overflow' }] : [];
      return [...overflow, ...drain(false)];
    },
    idle: () => drain(true),
  };
};
