// What the store needs once a day between two visits: forgetting what is old. Only when the time is beyond doubt: the centre was heard, its
// clock and ours agree, and ours was not set lately. A kiosk that cannot be sure forgets nothing; its disk has room for years of it.

import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import type { Store } from '../store/open.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** The centre's clock and ours may be so far apart. */
const agreedMs = 60 * 60 * 1000;
/** More than this between two looks and somebody has set the clock. */
const setByMs = 30_000;
/** For so long after a start, or after the clock was set, nothing is forgotten: the centre's offset is of before. */
export const calmMs = 15 * 60 * 1000;

export type UpkeepOptions = {
  store: Pick<Store, 'prune' | 'note'>;
  clock: Clock;
  /** The centre answered last time. */
  isOnline(): boolean;
  isVisited(): boolean;
  onClockSet(byMs: number): void;
  log(event: string, detail?: Record<string, unknown>): void;
};

export type Upkeep = {
  /** About once a minute. */
  look(): void;
};

export const createUpkeep = ({ store, clock, isOnline, isVisited, onClockSet, log }: UpkeepOptions): Upkeep => {
  const setOff = (): number => clock.now() - steadyNow(clock);
  let knownSetOff = setOff();
  let calmSinceMs = steadyNow(clock);
  let prunedMs: number | undefined;

  const confirmedMs = (): number | undefined => {
    const offset = store.note('serverOffsetMs');
    const offsetMs = Number(offset);
    if (!isOnline() || offset === undefined || !(Math.abs(offsetMs) <= agreedMs)) return undefined;
    return clock.now() + offsetMs;
  };

  return {
    look() {
      const steadyMs = steadyNow(clock);
      const bySet = setOff() - knownSetOff;
      if (Math.abs(bySet) > setByMs) {
        log('clockSet', { byMs: Math.round(bySet) });
        onClockSet(Math.round(bySet));
        calmSinceMs = steadyMs;
      }
      knownSetOff += bySet;
      if (steadyMs - calmSinceMs < calmMs || (prunedMs !== undefined && steadyMs - prunedMs < dayMs)) return;
      const nowMs = confirmedMs();
      if (nowMs === undefined || isVisited()) return;
      prunedMs = steadyMs;
      const pruned = store.prune(nowMs);
      log('pruned', pruned.ok ? {} : { code: pruned.error.code });
    },
  };
};
