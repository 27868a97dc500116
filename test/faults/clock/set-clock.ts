// A clock that can be set while everything runs, as a time server or a dead battery does. What only measures time goes on evenly.

import type { Clock } from '../../../devices/kit/clock.ts';

export type SetClock = Clock & {
  steadyNow(): number;
  /** From the true time; 0 is right. */
  setOff(ms: number): void;
};

export const createSetClock = (base: Clock): SetClock => {
  let offMs = 0;
  return {
    now: () => base.now() + offMs,
    steadyNow: () => base.now(),
    after: (delayMs, act) => base.after(delayMs, act),
    setOff: (ms) => void (offMs = ms),
  };
};
