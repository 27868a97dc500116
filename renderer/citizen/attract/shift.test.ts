import { expect, test } from 'vitest';
import { shiftAt } from './shift.ts';

test('no place on the glass keeps its picture for two minutes running', () => {
  for (let minute = 0; minute < 100; minute += 1)
    expect(shiftAt(minute * 60_000)).not.toEqual(shiftAt((minute + 1) * 60_000));
});

test('the picture wanders less than the margin around it', () => {
  for (let minute = 0; minute < 100; minute += 1) {
    const { xMm, yMm } = shiftAt(minute * 60_000);
    expect(Math.max(Math.abs(xMm), Math.abs(yMm))).toBeLessThanOrEqual(2);
  }
});
