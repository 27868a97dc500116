// The campaign about backups, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { areBackupsClean, runBackups } from './backups.ts';

export const backupCampaigns: readonly Campaign[] = [
  {
    option: 'backups',
    takesCount: true,
    usage: 'N backups of a store that is being written to, each restored and looked through',
    async run({ count, seed, say }) {
      const report = await runBackups(count, seed, createProgress(say));
      return { report: { ...report, seed }, isGood: areBackupsClean(report) };
    },
  },
];
