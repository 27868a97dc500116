// Short forms of the sync campaigns: real stores, senders, processes and HTTP.

import { expect, it } from 'vitest';
import { isKillClean, runKill } from './kill-campaign.ts';
import { isSyncClean, runSync } from './sync-campaign.ts';
import { areCutsClean, runUploadCuts } from './upload-cuts.ts';

it(
  '2,000 messages of 20 kiosks over a line that does everything: nothing lost, nothing twice, no gap',
  { timeout: 300_000 },
  async () => {
    const report = await runSync({ messages: 2000, kiosks: 20, seed: 1, workers: 2 });
    expect(report).toMatchObject({ messages: 2000, kiosks: 20, lost: 0, duplicated: 0, gaps: 0, failures: [] });
    expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    expect(isSyncClean(report)).toBe(true);
  },
);

it(
  'a kiosk that does not get through in its time is a failure, and the campaign ends',
  { timeout: 300_000 },
  async () => {
    const report = await runSync({ messages: 20, kiosks: 2, seed: 1, workers: 1, patienceMs: 1 });
    expect(report.failures).toEqual(expect.arrayContaining([expect.stringContaining('not through after')]));
    expect(isSyncClean(report)).toBe(false);
  },
);

it('killed at each protocol step: nothing lost, nothing twice', { timeout: 300_000 }, async () => {
  const report = await runKill({ kills: 13, seed: 1 });
  expect(report).toMatchObject({ kills: 13, lost: 0, duplicated: 0, gaps: 0, failures: [] });
  expect(Object.keys(report.steps)).toHaveLength(13);
  expect(isKillClean({ ...report, slowestStartMs: 0 })).toBe(true);
});

it(
  'an upload that is cut and garbled: the same bytes at the centre, one chunk again at most',
  { timeout: 300_000 },
  async () => {
    const report = await runUploadCuts({ cuts: 12, seed: 1, bytes: 3_000_000 });
    expect(report).toMatchObject({ hashMismatches: 0, corruptedAccepted: 0, failures: [] });
    expect(areCutsClean(report)).toBe(true);
  },
);
