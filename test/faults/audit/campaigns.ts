// The campaign about the audit log, as `npm run faults` lists it.

import { createProgress, type Campaign } from '../campaign.ts';
import { isAuditClean, runAudit } from './audit.ts';

export const auditCampaigns: readonly Campaign[] = [
  {
    option: 'audit',
    takesCount: true,
    usage: 'the audit log edited, cut, reordered and lengthened N times; each has to show',
    run({ count, seed, say }) {
      const report = runAudit(count, seed, createProgress(say));
      return Promise.resolve({ report: { ...report, seed }, isGood: isAuditClean(report) });
    },
  },
];
