// After a visit its texts are garbage in this process, and stay readable until something else is written over them. The shell starts the
// host so that it may ask for it (`hostForgettingFlags`); started by hand, it cannot.
//
//   collect: what is old is swept, and cleared ─▶ fill: what was young is written over ─▶ collect: the filling goes

import type { Clock } from '../../devices/kit/clock.ts';

/** After the screens have taken the attract view in place of the last one, and again for what was still on its way, on a busy machine too. */
const whenMs = [500, 2000, 4000] as const;

/** Several times what the young generation holds (`--max-semi-space-size`), in pieces that are small enough to be put there. */
const fillBytes = 16 * 1024 * 1024;
const pieceNumbers = 4096;
const bytesANumber = 8;

/** V8 clears what it sweeps, but the halves of its young generation only change places: the dead stay there until their place is needed. */
const fillYoung = (): number => {
  let last: number[] = [];
  for (let bytes = 0; bytes < fillBytes; bytes += pieceNumbers * bytesANumber)
    last = Array.from({ length: pieceNumbers }, () => bytes);
  return last.length;
};

export const createForgetting = (clock: Clock, collect: (() => void) | undefined = globalThis.gc): (() => void) => {
  if (collect === undefined) return () => undefined;
  const forget = (): void => {
    collect();
    fillYoung();
    collect();
  };
  return () => {
    for (const ms of whenMs) clock.after(ms, forget);
  };
};
