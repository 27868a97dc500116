// After a visit its texts are garbage in this process, and stay readable until they are collected. The shell starts the host so that it may
// ask for it (`forgettingFlags`); started by hand, it cannot.

import type { Clock } from '../../devices/kit/clock.ts';

/** After the screens have taken the attract view in place of the last one, and once more for what was still on its way. */
const whenMs = [500, 2000] as const;

export const createForgetting = (clock: Clock, collect: (() => void) | undefined = globalThis.gc): (() => void) => {
  if (collect === undefined) return () => undefined;
  return () => {
    for (const ms of whenMs) clock.after(ms, collect);
  };
};
