// Short form of the fleet campaign, judged on what holds on any machine; times are judged in the campaign alone.

import { expect, it } from 'vitest';
import { isFleetWhole, runFleet } from './fleet-campaign.ts';

it(
  '60 kiosks come back to a centre that takes 40 requests a second: nothing lost, nothing twice, no gap',
  { timeout: 300_000 },
  async () => {
    const report = await runFleet({
      kiosks: 60,
      capacity: 40,
      backlog: 5,
      outageSeconds: 1,
      workers: 2,
      firstDelayMs: 200,
      maxDelayMs: 1000,
    });
    expect(report).toMatchObject({ kiosks: 60, messages: 300, lost: 0, duplicated: 0, gaps: 0, left: 0, failures: [] });
    expect(report.requests).toBeGreaterThanOrEqual(60);
    expect(isFleetWhole(report)).toBe(true);
  },
);

it(
  '60 kiosks get their power back at one moment: nothing lost, nothing twice, no gap',
  { timeout: 300_000 },
  async () => {
    const report = await runFleet({
      kiosks: 60,
      capacity: 40,
      backlog: 5,
      outageSeconds: 0,
      workers: 2,
      firstDelayMs: 200,
      maxDelayMs: 1000,
    });
    expect(report).toMatchObject({ kiosks: 60, messages: 300, lost: 0, duplicated: 0, gaps: 0, left: 0, failures: [] });
    // Else the limit was not met, and nothing of it was tried.
    expect(report.refused429).toBeGreaterThan(0);
    expect(isFleetWhole(report)).toBe(true);
  },
);
