import { expect, it } from 'vitest';
import { canNudge, leastSide, nudge, nudgeStep, type Edge } from './crop.ts';
import { wholePicture } from './find-page.ts';

const edges: Edge[] = ['left', 'top', 'right', 'bottom'];
const middle = { left: 0.3, top: 0.3, right: 0.7, bottom: 0.7 };

it('one press moves one edge, outwards makes the box larger', () => {
  expect(nudge(middle, 'left', true).left).toBeCloseTo(0.3 - nudgeStep);
  expect(nudge(middle, 'left', false).left).toBeCloseTo(0.3 + nudgeStep);
  expect(nudge(middle, 'bottom', true).bottom).toBeCloseTo(0.7 + nudgeStep);
  expect(nudge(middle, 'bottom', false)).toEqual({ ...middle, bottom: expect.closeTo(0.7 - nudgeStep) });
});

it('an edge at the rim of the picture cannot go further, and its button says so', () => {
  for (const edge of edges) {
    expect(nudge(wholePicture, edge, true)).toEqual(wholePicture);
    expect(canNudge(wholePicture, edge, true)).toBe(false);
    expect(canNudge(wholePicture, edge, false)).toBe(true);
  }
});

it('however often it is pressed, the box stays in the picture and large enough to be cut out', () => {
  let crop = middle;
  for (let press = 0; press < 200; press++) {
    crop = nudge(crop, edges[press % 4]!, press % 3 === 0);
    expect(Math.min(crop.left, crop.top)).toBeGreaterThanOrEqual(0);
    expect(Math.max(crop.right, crop.bottom)).toBeLessThanOrEqual(1);
    expect(Math.min(crop.right - crop.left, crop.bottom - crop.top)).toBeGreaterThanOrEqual(leastSide - 1e-9);
  }
});

it('pressing inwards stops before the box vanishes', () => {
  let crop = middle;
  for (let press = 0; press < 60; press++) crop = nudge(crop, 'right', false);
  expect(crop.right - crop.left).toBeCloseTo(0.1);
  expect(canNudge(crop, 'right', false)).toBe(false);
});
