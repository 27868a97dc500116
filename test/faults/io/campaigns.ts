// The campaign about calls of the disk that fail, as `npm run faults` lists it.

import type { Campaign } from '../campaign.ts';
import { hasCompiler } from '../preload/build.ts';
import { isIoClean, isSearchGood, runIo } from './io.ts';

export const ioCampaigns: readonly Campaign[] = [
  {
    option: 'io',
    takesCount: false,
    numbers: { scripts: 1, acts: 14, stride: 1 },
    usage: 'the n-th write and flush of a store fails, for rising n, once and for good',
    async run({ numbers: { scripts = 1, acts = 14, stride = 1 }, seed, say }) {
      if (!hasCompiler()) throw new Error('failing calls need a C compiler: apt-get install gcc libc6-dev');
      const seeds = Array.from({ length: scripts }, (_, index) => seed + index);
      const report = { ...(await runIo({ seeds, acts, stride, tell: say })), isSearchGood: isSearchGood() };
      return { report, isGood: report.isSearchGood && isIoClean(report) };
    },
  },
];
