import { expect, it } from 'vitest';
import { isAuditClean, runAudit } from './audit.ts';

it('whatever is done to the audit log with SQLite in hand shows', () => {
  const report = runAudit(300, 1);
  expect(report).toMatchObject({ tampers: 300, undetected: 0, falseAlarms: 0, failures: [] });
  expect(Object.keys(report.byTamper).length).toBeGreaterThanOrEqual(14);
  expect(isAuditClean(report)).toBe(true);
}, 60_000);
