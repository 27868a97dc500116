// Where devices and their labels stand on the plan of the kiosk: each device at its place on the rim, its label beside it, labels
// kept apart. Pure geometry in the units of the drawing.
//
//        ┌─────┐ ┌─────┐            labels of the top edge
//  ┌───┐ ╔═════════════╗ ┌───┐
//  │   ├─●             ●─┤   │     left and right edges
//  └───┘ ╚══●══════════╝ └───┘
//        ┌─────┐                    labels of the bottom edge

import type { DevicePlace } from '../../../main/contract/devices.ts';

export const plan = { width: 1000, label: { width: 300, height: 92 } } as const;

type Box = { x: number; y: number; width: number; height: number };
/** Size of the housing, rim and glass together. */
const housing = { portrait: { width: 196, height: 356 }, landscape: { width: 310, height: 232 } } as const;
/** Middle of the rim, measured from the housing's outside. */
const rim = 14;
const labelGap = 8;
/** Between the housing and a label above or below it; also the room for the foot. */
const leadLength = 30;
const margin = 10;

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

export type Plan = {
  height: number;
  housing: Box;
  /** One for each device, in their order. */
  placed: Placed[];
};

/** The plan of devices at these places, as high as it needs to be. */
export const planOf = (
  places: readonly Pick<DevicePlace, 'edge' | 'at'>[],
  orientation: 'portrait' | 'landscape',
): Plan => {
  const { width, height } = plan.label;
  const size = housing[orientation];
  const countAt = (edge: DevicePlace['edge']): number => places.filter((place) => place.edge === edge).length;
  const isAbove = countAt('top') > 0;
  const isBelow = countAt('bottom') > 0;
  const rowAbove = isAbove ? height + leadLength : margin;
  const rowBelow = isBelow ? height + leadLength : leadLength + margin;
  // Labels of the sides keep clear of the rows above and below, where there are any; many of them make the plan higher.
  const clearAbove = isAbove ? height + labelGap : 0;
  const clearBelow = isBelow ? height + labelGap : 0;
  const mostAtSide = Math.max(countAt('left'), countAt('right'));
  const wantedHeight = mostAtSide * (height + labelGap) - labelGap + clearAbove + clearBelow;
  const planHeight = Math.max(rowAbove + size.height + rowBelow, wantedHeight);
  const spare = planHeight - (rowAbove + size.height + rowBelow);
  const box = { x: (plan.width - size.width) / 2, y: rowAbove + spare / 2, ...size };
  const placed: Placed[] = [];
  for (const edge of ['left', 'right', 'top', 'bottom'] as const) {
    const here = places.map((place, index) => ({ place, index })).filter(({ place }) => place.edge === edge);
    const isUpright = edge === 'left' || edge === 'right';
    const along = here.map(({ place }) => {
      const at = Math.min(0.95, Math.max(0.05, place.at));
      return isUpright ? box.y + box.height * at : box.x + box.width * at;
    });
    const least = isUpright ? height / 2 + clearAbove : width / 2;
    const most = isUpright ? planHeight - height / 2 - clearBelow : plan.width - width / 2;
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
        bottom: { x: centre - width / 2, y: planHeight - height },
      }[edge];
      placed[index] = { device, label };
    });
  }
  return { height: planHeight, housing: box, placed };
};
