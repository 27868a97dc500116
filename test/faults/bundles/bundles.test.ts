// The short form of the bundles campaign: every attack three times, over real HTTP.

import { expect, it } from 'vitest';
import { attacks } from './attacks.ts';
import { areBundlesClean, runBundles } from './campaign.ts';

it(
  '300 bad files: none is taken, the old ones serve, good ones in between are taken',
  { timeout: 120_000 },
  async () => {
    const report = await runBundles(300, 1);
    expect(report).toMatchObject({ cases: 300, accepted: 0, refused: 300, oldStillServes: 300, failures: [] });
    expect(report.controlsAccepted).toBe(report.controls);
    expect(Object.keys(report.attacks)).toHaveLength(attacks.length);
    expect(report.rotations).toBeGreaterThan(0);
    expect(areBundlesClean(report)).toBe(true);
  },
);
