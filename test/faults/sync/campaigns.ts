// The campaigns against the sync, as `npm run faults` lists them.

import type { Campaign } from '../campaign.ts';
import { isKillClean, runKill } from './kill-campaign.ts';
import { isSyncClean, runSync } from './sync-campaign.ts';
import { areCutsClean, runUploadCuts } from './upload-cuts.ts';

export const syncCampaigns: readonly Campaign[] = [
  {
    option: 'sync',
    takesCount: false,
    numbers: { messages: 2000, kiosks: 20 },
    usage: 'messages of many kiosks over a line that does everything',
    async run({ numbers: { messages = 0, kiosks = 0 }, seed, say }) {
      const report = await runSync({ messages, kiosks, seed, tell: say });
      return { report: { ...report, seed }, isGood: isSyncClean(report) };
    },
  },
  {
    option: 'kill',
    takesCount: true,
    usage: 'kiosk or server killed N times, at every protocol step',
    async run({ count, seed, say }) {
      const report = await runKill({ kills: count, seed, tell: say });
      return { report: { ...report, seed }, isGood: isKillClean(report) };
    },
  },
  {
    option: 'upload-cuts',
    takesCount: true,
    usage: 'uploads of 20 MB cut N times, chunks garbled on the way',
    async run({ count, seed, say }) {
      const report = await runUploadCuts({ cuts: count, seed, tell: say });
      return { report: { ...report, seed }, isGood: areCutsClean(report) };
    },
  },
];
