// The campaigns against the store, as `npm run faults` lists them.

import { createProgress, type Campaign } from '../campaign.ts';
import { isFlipClean } from './bitflips.ts';
import { runBitflips } from './bitflips-run.ts';
import { isDiskFullClean, runDiskFull } from './disk-full.ts';
import { isLeftoversClean, runLeftovers } from './leftovers.ts';

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
    usage: 'N ended sessions, then every byte on the disk is searched for them',
    async run({ count, seed, say }) {
      const report = await runLeftovers(count, seed, createProgress(say));
      return { report, isGood: isLeftoversClean(report) };
    },
  },
];
