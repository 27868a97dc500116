import { expect, test } from 'vitest';
import { deviceOnRim } from './machine.tsx';

const box = { x: 50, y: 50, width: 100, height: 200 };

test('a device stands beyond the edge that the configuration names', () => {
  expect(deviceOnRim(box, { edge: 'left', at: 0.5 }).x).toBeLessThan(50);
  expect(deviceOnRim(box, { edge: 'right', at: 0.5 }).x).toBeGreaterThan(150);
  expect(deviceOnRim(box, { edge: 'top', at: 0.5 }).y).toBeLessThan(50);
  expect(deviceOnRim(box, { edge: 'bottom', at: 0.5 }).y).toBeGreaterThan(250);
});

test('positions run from the top and from the left', () => {
  expect(deviceOnRim(box, { edge: 'right', at: 0.8 }).y).toBe(210);
  expect(deviceOnRim(box, { edge: 'bottom', at: 0.25 }).x).toBe(75);
});
