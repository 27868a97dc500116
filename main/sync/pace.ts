// How fast scans may go: on a village's thin line they must leave room for events and for the citizen who asks something. A chunk may
// begin when the one before it is paid for at the cap, so the line carries the cap over time and one chunk at once at most.
//
//   chunk ─▶ take(bytes) ─waits─▶ sent at full speed ─▶ the next one waits bytes ÷ cap

import type { Clock } from '../../devices/kit/clock.ts';
import { hallTimeZone, minuteOfDayAt } from '../store/day.ts';

/** Up to here without a cap, and the most with one. */
export const uploadChunkBytes = 512 * 1024;
const leastChunkBytes = 16 * 1024;
/** Under a cap a chunk is about so much of it: short enough that nobody notices it on the line. */
const chunkSeconds = 4;

/** `22:00` to `06:00` goes over midnight. */
export type FreeHours = { from: string; to: string };

export type PaceSettings = {
  /** Kilobits (1,000 bits) of scans a second; without one there is no cap. */
  uploadKbps?: number;
  /** When the cap does not count, by the hall's clock. */
  uploadFreeHours?: FreeHours;
  timeZone?: string;
};

export type Pace = {
  /** Waits until so many bytes may go; `false` when `signal` ended the wait. */
  take(bytes: number, signal: AbortSignal): Promise<boolean>;
  /** The cap of this moment in kbit/s. */
  cap(): number | undefined;
  /** How large a chunk may be at this moment. */
  chunkBytes(): number;
};

const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

export const isWithin = ({ from, to }: FreeHours, minute: number): boolean => {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end;
};

export const createPace = (settings: PaceSettings, clock: Clock): Pace => {
  const { uploadKbps, uploadFreeHours, timeZone = hallTimeZone } = settings;
  let paidAtMs = 0;
  let lastCostMs = 0;

  const cap = (): number | undefined =>
    uploadFreeHours && isWithin(uploadFreeHours, minuteOfDayAt(clock.now(), timeZone)) ? undefined : uploadKbps;

  const wait = (ms: number, signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (isOver: boolean) => (): void => {
        stop();
        signal.removeEventListener('abort', onAbort);
        resolve(isOver);
      };
      const onAbort = end(false);
      const stop = clock.after(ms, end(true));
      signal.addEventListener('abort', onAbort, { once: true });
    });

  return {
    async take(bytes, signal) {
      if (signal.aborted) return false;
      // A clock that was set back must not hold a scan for years: no wait is longer than what the last chunk cost.
      const restMs = Math.min(lastCostMs, paidAtMs - clock.now());
      if (cap() !== undefined && restMs > 0 && !(await wait(restMs, signal))) return false;
      const kbps = cap();
      lastCostMs = kbps === undefined ? 0 : (bytes * 8) / kbps;
      // A timer that fires late by a little is made up for; time that nobody used is not saved up.
      const lateMs = clock.now() - paidAtMs;
      paidAtMs = (lateMs >= 0 && lateMs < lastCostMs / 4 ? paidAtMs : clock.now()) + lastCostMs;
      return true;
    },
    cap,
    chunkBytes() {
      const kbps = cap();
      if (kbps === undefined) return uploadChunkBytes;
      const bytes = ((kbps * 1000) / 8) * chunkSeconds;
      return Math.min(uploadChunkBytes, Math.max(leastChunkBytes, 2 ** Math.floor(Math.log2(bytes))));
    },
  };
};
