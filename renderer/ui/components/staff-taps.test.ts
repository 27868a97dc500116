import { expect, test } from 'vitest';
import { nextTaps } from './staff-taps.ts';

const after = (times: number[]): number[] => times.reduce<number[]>((taps, time) => nextTaps(taps, time), []);

test('five quick taps complete the gesture', () => {
  expect(after([0, 200, 400, 600])).toHaveLength(4);
  expect(after([0, 200, 400, 600, 800])).toEqual([]);
});

test('five slow taps of a citizen who plays with the screen do not', () => {
  expect(after([0, 1000, 2000, 3000, 4000])).not.toEqual([]);
});

test('a sixth tap starts a new count', () => {
  expect(after([0, 1, 2, 3, 4, 5])).toEqual([5]);
});
