// The campaign about offline tokens, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { isTokensClean, runTokens } from './tokens.ts';

export const tokenCampaigns: readonly Campaign[] = [
  {
    option: 'tokens',
    takesCount: true,
    usage: 'N signed codes of both algorithms: forged ones refused, each used once',
    run({ count, seed, say }) {
      const report = runTokens(count, seed, createProgress(say));
      return Promise.resolve({ report, isGood: isTokensClean(report) });
    },
  },
];
