// The hidden way in for staff: five taps within three seconds on one spot.

import { createContext, useCallback, useContext, useRef } from 'react';

export const staffTaps = { count: 5, withinMs: 3000 } as const;

/** What the gesture opens; the page sets it. */
export const StaffGestureContext = createContext<() => void>(() => undefined);

/** Taps so far, after one more at `nowMs`; an empty list means that the gesture is complete. */
export const nextTaps = (taps: readonly number[], nowMs: number): number[] => {
  const recent = [...taps, nowMs].filter((tapMs) => nowMs - tapMs <= staffTaps.withinMs);
  return recent.length >= staffTaps.count ? [] : recent;
};

/** A pointer listener for the spot. */
export const useStaffTaps = (): (() => void) => {
  const open = useContext(StaffGestureContext);
  const taps = useRef<number[]>([]);
  return useCallback(() => {
    taps.current = nextTaps(taps.current, performance.now());
    if (taps.current.length === 0) open();
  }, [open]);
};
