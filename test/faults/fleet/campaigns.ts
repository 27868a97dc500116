// The campaign against a fleet that comes back, as `npm run faults` lists it.

import type { Campaign } from '../campaign.ts';
import { isFleetGood, runFleet } from './fleet-campaign.ts';

export const fleetCampaigns: readonly Campaign[] = [
  {
    option: 'fleet',
    takesCount: true,
    numbers: { capacity: 200, backlog: 20, outage: 60 },
    usage: 'N kiosks come back together to a centre of limited capacity',
    async run({ count, numbers: { capacity = 0, backlog = 0, outage = 0 }, say }) {
      const report = await runFleet({ kiosks: count, capacity, backlog, outageSeconds: outage, tell: say });
      return { report, isGood: isFleetGood(report) };
    },
  },
];
