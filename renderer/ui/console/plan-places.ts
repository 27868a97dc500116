// Where devices and their labels stand on the plan of the kiosk: each device at its place on the rim, its label beside it, labels
// kept apart. Pure geometry in the units of the drawing.
//
//        ┌─────┐ ┌─────┐            labels of the top edge
//  ┌───┐ ╔═════════════╗ ┌───┐
//  │   ├─●             ●─┤   │     left and right edges
//  └───┘ ╚══●══════════╝ └───┘
//        ┌─────┐                    labels of the bottom edge

import type { DevicePlace } from '../../../main/contract/devices.ts';

export const plan = { width: 1000, height: 620, label: { width: 300, height: 92 } } as const;

type Box = { x: number; y: number; width: number; height: number };
/** The housing, rim and glass together. */
export const housing: Record<'portrait' | 'landscape', Box> = {
  portrait: { x: 402, y: 132, width: 196, height: 356 },
  landscape: { x: 350, y: 178, width: 300, height: 230 },
};
/** Middle of the rim, measured from the housing's outside. */
const rim = 14;

export type Placed = {
  /** Centre of the device on the rim. */
  device: { x: number; y: number };
  /** Upper left corner of the label. */
  label: { x: number; y: number };
};

/**
 * Moves `wanted` apart until neighbours are `gap` from one another, inside `least`…`most`, in the same order. Where there is not
 * enough room for all, the gap shrinks.
 */
export const spread = (wanted: readonly number[], gap: number, least: number, most: number): number[] => {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  const step = order.length > 1 ? Math.min(gap, (most - least) / (order.length - 1)) : 0;
  const places = order.map(({ at }) => Math.min(most, Math.max(least, at)));
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i] ?? 0, (places[i - 1] ?? 0) + step);
  // What was pushed over the end pushes the others back.
  for (let i = places.length - 1, limit = most; i >= 0; i--, limit -= step) places[i] = Math.min(places[i] ?? 0, limit);
  const spreadOut: number[] = [];
  order.forEach(({ index }, rank) => {
    spreadOut[index] = places[rank] ?? 0;
  });
  return spreadOut;
};

const labelGap = 8;

/** One place for each of `places`, in their order. */
export const placeAll = (
  places: readonly Pick<DevicePlace, 'edge' | 'at'>[],
  orientation: 'portrait' | 'landscape',
): Placed[] => {
  const box = housing[orientation];
  const { width, height } = plan.label;
  const found: Placed[] = [];
  for (const edge of ['left', 'right', 'top', 'bottom'] as const) {
    const here = places.map((place, index) => ({ place, index })).filter(({ place }) => place.edge === edge);
    const isUpright = edge === 'left' || edge === 'right';
    const along = here.map(({ place }) => {
      const at = Math.min(0.95, Math.max(0.05, place.at));
      return isUpright ? box.y + box.height * at : box.x + box.width * at;
    });
    const hasTop = places.some((place) => place.edge === 'top');
    const hasBottom = places.some((place) => place.edge === 'bottom');
    // Labels of the sides keep clear of the rows above and below, where there are any.
    const least = isUpright ? height / 2 + (hasTop ? height + labelGap : 0) : width / 2;
    const most = isUpright ? plan.height - height / 2 - (hasBottom ? height + labelGap : 0) : plan.width - width / 2;
    const centres = spread(along, (isUpright ? height : width) + labelGap, least, most);
    here.forEach(({ index }, rank) => {
      const centre = centres[rank] ?? 0;
      const at = along[rank] ?? 0;
      const device = {
        left: { x: box.x + rim, y: at },
        right: { x: box.x + box.width - rim, y: at },
        top: { x: at, y: box.y + rim },
        bottom: { x: at, y: box.y + box.height - rim },
      }[edge];
      const label = {
        left: { x: 0, y: centre - height / 2 },
        right: { x: plan.width - width, y: centre - height / 2 },
        top: { x: centre - width / 2, y: 0 },
        bottom: { x: centre - width / 2, y: plan.height - height },
      }[edge];
      found[index] = { device, label };
    });
  }
  return found;
};
