// What failed by itself (one event, one scan) waits for a while, so that it delays nobody; each failure makes the wait longer.

import { steadyNow, type Clock } from '../../devices/kit/clock.ts';

export type SetAside = {
  /** Answers with how often this one failed by now. */
  add(id: string): number;
  forget(id: string): void;
  /** The ids that wait at this moment. */
  now(): Set<string>;
  /** How often this one failed and when it is tried again; nothing when it did not. */
  of(id: string): { attempts: number; untilMs: number } | undefined;
  /** When the first of them may be tried again, by the clock that is never set. */
  earliestMs(): number | undefined;
  /** How many failed so often, and since when the first of them has. */
  failedAtLeast(attempts: number): { events: number; sinceMs: number } | undefined;
};

export const createSetAside = (
  clock: Clock,
  { firstDelayMs, maxDelayMs }: { firstDelayMs: number; maxDelayMs: number },
): SetAside => {
  const entries = new Map<string, { attempts: number; untilMs: number; sinceMs: number }>();
  return {
    add(id) {
      const { attempts: before = 0, sinceMs = clock.now() } = entries.get(id) ?? {};
      const attempts = before + 1;
      const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(20, attempts));
      entries.set(id, { attempts, untilMs: steadyNow(clock) + delayMs, sinceMs });
      return attempts;
    },
    forget: (id) => void entries.delete(id),
    of(id) {
      const entry = entries.get(id);
      return entry && { attempts: entry.attempts, untilMs: entry.untilMs + clock.now() - steadyNow(clock) };
    },
    now: () => new Set([...entries].filter(([, { untilMs }]) => untilMs > steadyNow(clock)).map(([id]) => id)),
    earliestMs() {
      const times = [...entries.values()].map(({ untilMs }) => untilMs).filter((untilMs) => untilMs > steadyNow(clock));
      return times.length === 0 ? undefined : Math.min(...times);
    },
    failedAtLeast(attempts) {
      const stuck = [...entries.values()].filter((entry) => entry.attempts >= attempts);
      return stuck.length === 0
        ? undefined
        : { events: stuck.length, sinceMs: Math.min(...stuck.map(({ sinceMs }) => sinceMs)) };
    },
  };
};
