// The campaign about power cuts, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { hasCompiler } from '../preload/build.ts';
import { isPowerCutClean, runPowerCuts } from './power-cuts.ts';

export const powerCutCampaigns: readonly Campaign[] = [
  {
    option: 'power-cuts',
    takesCount: true,
    numbers: { acts: 300 },
    usage: 'N disks that a power cut could leave, made from what a store wrote and flushed, opened again',
    run({ count, numbers: { acts = 300 }, seed, say }) {
      if (!hasCompiler()) throw new Error('power cuts need a C compiler: apt-get install gcc libc6-dev');
      const report = runPowerCuts({ states: count, acts, seed, tell: createProgress(say) });
      return Promise.resolve({ report: { ...report, seed }, isGood: isPowerCutClean(report) });
    },
  },
];
