// The campaign about masks, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { isMaskClean, runMasks } from './masks.ts';

export const maskCampaigns: readonly Campaign[] = [
  {
    option: 'masks',
    takesCount: true,
    usage: 'every screen and paper of N people’s visits searched for what must be masked',
    run({ count, seed, say }) {
      const report = runMasks(count, seed, createProgress(say));
      return Promise.resolve({ report: { ...report, seed }, isGood: isMaskClean(report) });
    },
  },
];
