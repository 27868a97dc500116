// The campaign about clocks, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { isClockClean, runClock } from './clock.ts';

export const clockCampaigns: readonly Campaign[] = [
  {
    option: 'clock',
    takesCount: false,
    numbers: { lives: 200 },
    usage: 'clocks ten years off, set while sending and during visits, summer time',
    async run({ numbers: { lives = 200 }, seed, say }) {
      const report = await runClock({ lives, seed, tell: createProgress(say) });
      return { report, isGood: isClockClean(report) };
    },
  },
];
