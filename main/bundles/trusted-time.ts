// What time it is, as far as expiry is concerned. A kiosk's own clock may be ten years off, and the centre's word about the time is not
// signed: so the time is the own clock corrected by the centre's offset, and never earlier than what a verified file has shown.
//
//   max( own clock + offset , issuedAt of the newest verified file + what has passed since, by a clock that cannot be set )
//
// A clock that runs ahead refuses files as expired only until the next contact brings the offset; one that was set back, or a line that
// lies about the time, cannot make an old file young again.

import type { Clock } from '../../devices/kit/clock.ts';

export type Moment = {
  atMs: number;
  /** Own clock and offset alone; absent before the centre was ever heard. */
  correctedMs?: number;
};

export type TrustedTime = {
  now(): Moment;
  /** A verified file was made then: it cannot be earlier. */
  seen(issuedAtMs: number): void;
  /** After new keys: what the old ones said of the time does not count. */
  forget(issuedAtMs: number): void;
  /** To be written down, so that a restart does not forget it. */
  floorMs(): number;
};

export const createTrustedTime = (options: {
  clock: Clock;
  /** Milliseconds of this run; never goes back. */
  monotonicMs(): number;
  offsetMs(): number | undefined;
  floorMs: number;
}): TrustedTime => {
  const { clock, monotonicMs, offsetMs } = options;
  let floor = options.floorMs;
  let takenAt = monotonicMs();
  const floorNow = (): number => floor + Math.max(0, monotonicMs() - takenAt);
  const set = (ms: number): void => {
    floor = ms;
    takenAt = monotonicMs();
  };
  return {
    now() {
      const offset = offsetMs();
      const own = clock.now() + (offset ?? 0);
      const atMs = Math.max(own, floorNow());
      return offset === undefined ? { atMs } : { atMs, correctedMs: own };
    },
    seen(issuedAtMs) {
      if (issuedAtMs > floorNow()) set(issuedAtMs);
    },
    forget: set,
    floorMs: floorNow,
  };
};
