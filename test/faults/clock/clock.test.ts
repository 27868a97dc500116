import { expect, it } from 'vitest';
import { isClockClean, runClock } from './clock.ts';

it('clocks that are set at any moment: the same order, no number twice, nothing young forgotten, nothing stuck', async () => {
  const report = await runClock({ lives: 4, seed: 20261122 });
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ cases: 4, orderErrors: 0, numbersRepeated: 0, prunedTooEarly: 0, stuck: 0 });
  expect(report.prunedInTime).toBeGreaterThan(0);
  expect(isClockClean(report)).toBe(true);
  expect(isClockClean({ ...report, prunedTooEarly: 1 })).toBe(false);
}, 60_000);
