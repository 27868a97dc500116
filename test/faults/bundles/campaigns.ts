// The campaign against what comes down from the centre, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { areBundlesClean, runBundles } from './campaign.ts';

export const bundleCampaigns: readonly Campaign[] = [
  {
    option: 'bundles',
    takesCount: true,
    usage: 'N bad roots, manifests and bundles: refused, and the old ones serve',
    async run({ count, seed, say }) {
      const report = await runBundles(count, seed, createProgress(say));
      return { report: { ...report }, isGood: areBundlesClean(report) };
    },
  },
];
