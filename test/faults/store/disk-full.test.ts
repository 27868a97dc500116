import { expect, test } from 'vitest';
import { isDiskFullClean, runDiskFull } from './disk-full.ts';

test('on every kind of small disk that can be had, what was acknowledged is stored and everything goes on', async () => {
  const report = await runDiskFull(1, 20261122, () => undefined);
  expect(report.failures).toEqual([]);
  expect(report.fileSystems).toContain('quota');
  expect(report).toMatchObject({ lost: 0, otherErrors: 0, stored: report.acknowledged, resumed: report.rounds });
  expect(report.refused).toBeGreaterThan(0);
  expect(isDiskFullClean(report)).toBe(true);
  expect(isDiskFullClean({ ...report, lost: 1 })).toBe(false);
  expect(isDiskFullClean({ ...report, acknowledged: 0, stored: 0 })).toBe(false);
});
