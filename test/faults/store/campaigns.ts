// The campaigns against the store, as `npm run faults` lists them.

import { createProgress, type Campaign } from '../campaign.ts';
import { isFlipClean } from './bitflips.ts';
import { runBitflips } from './bitflips-run.ts';
import { isDiskFullClean, runDiskFull } from './disk-full.ts';
import { createRandom } from '../random.ts';
import { isLeftoversClean, runLeftovers } from './leftovers.ts';
import { isPageClean, playPageVisits } from './page-visits.ts';

/** Rounds on each kind of small disk. */
const diskFullRounds = 4;

export const storeCampaigns: readonly Campaign[] = [
  {
    option: 'bitflips',
    takesCount: true,
    usage: 'N flipped bits in a closed store: found, or harmless',
    async run({ count, seed, say }) {
      const report = await runBitflips(count, seed, createProgress(say));
      return { report, isGood: isFlipClean(report) };
    },
  },
  {
    option: 'diskfull',
    takesCount: false,
    usage: 'a store on disks that fill up: what was acknowledged is stored',
    async run({ seed, say }) {
      const report = await runDiskFull(diskFullRounds, seed, say);
      return { report, isGood: isDiskFullClean(report) };
    },
  },
  {
    option: 'leftovers',
    takesCount: true,
    numbers: { 'page-visits': 5 },
    usage: 'N ended sessions, then disk and memory are searched for them',
    async run({ count, numbers, seed, say }) {
      const disk = await runLeftovers(count, seed, createProgress(say));
      const visits = numbers['page-visits'] ?? 0;
      if (visits === 0) return { report: disk, isGood: isLeftoversClean(disk) };
      const page = await playPageVisits(visits, createRandom(seed), say);
      const report = { ...disk, ...page, failures: [...disk.failures, ...page.failures] };
      return { report, isGood: isLeftoversClean(disk) && isPageClean(page) };
    },
  },
];
