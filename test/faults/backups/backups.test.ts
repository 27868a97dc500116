import { expect, it } from 'vitest';
import { areBackupsClean, runBackups } from './backups.ts';

it('each of ten backups of a working kiosk has everything that was acknowledged before it began', async () => {
  const report = await runBackups(10, 1);
  expect(report).toMatchObject({ backups: 10, lost: 0, half: 0, corruptOpens: 0, failures: [] });
  expect(areBackupsClean(report)).toBe(true);
}, 60_000);
