// Moves the edges of a crop box step by step, for people who press buttons instead of dragging.
// Before it: the box found by `find-page.ts`, or the whole picture. After it: `picture.ts` cuts it out.

import type { Crop } from './find-page.ts';

export type Edge = keyof Crop;

/** One press moves an edge by this share of the picture: about 5 mm on an A4 sheet that fills the frame. */
export const nudgeStep = 0.02;
/** A box smaller than this is hardly wanted and hard to see. */
export const leastSide = 0.1;

const opposite = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;

/** `outwards` makes the box larger. The edge stops at the picture's rim and keeps `leastSide` from the opposite edge. */
export const nudge = (crop: Crop, edge: Edge, outwards: boolean): Crop => {
  const isLow = edge === 'left' || edge === 'top';
  const moved = crop[edge] + (isLow === outwards ? -nudgeStep : nudgeStep);
  const other = crop[opposite[edge]];
  const bounded = isLow
    ? Math.min(Math.max(0, moved), other - leastSide)
    : Math.max(Math.min(1, moved), other + leastSide);
  return { ...crop, [edge]: bounded };
};

/** Whether a press of that button would change anything; a button that does nothing is shown as such. */
export const canNudge = (crop: Crop, edge: Edge, outwards: boolean): boolean =>
  Math.abs(nudge(crop, edge, outwards)[edge] - crop[edge]) > 1e-6;
