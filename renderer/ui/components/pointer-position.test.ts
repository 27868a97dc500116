import { expect, test } from 'vitest';
import { alongStage } from './pointer-position.ts';

test('the arrow is in line with the device, not with the stage', () => {
  expect(alongStage(0.5, 1000, 100, 600)).toBeCloseTo(400 / 600);
});

test('a device beyond the end of the stage still gets a whole arrow', () => {
  expect(alongStage(1, 1000, 100, 600)).toBeLessThan(1);
  expect(alongStage(0, 1000, 100, 600)).toBeGreaterThan(0);
});
