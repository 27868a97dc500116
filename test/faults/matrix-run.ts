// Plays cases and counts what was found: the numbers of `npm run faults`.

import { verdictNames, type VerdictName } from './findings.ts';
import type { FaultCase } from './matrix.ts';

export type MatrixReport = Record<VerdictName, number> & { cases: number; failures: string[] };

export const emptyReport = (): MatrixReport => ({
  cases: 0,
  crashes: 0,
  hangs: 0,
  wrongData: 0,
  doubleActs: 0,
  unrecovered: 0,
  unnoticed: 0,
  leaks: 0,
  controls: 0,
  failures: [],
});

export const addReports = (a: MatrixReport, b: MatrixReport): MatrixReport => {
  const sum = emptyReport();
  sum.cases = a.cases + b.cases;
  for (const name of verdictNames) sum[name] = a[name] + b[name];
  sum.failures = [...a.failures, ...b.failures];
  return sum;
};

export const playAll = async (
  cases: readonly FaultCase[],
  tell: (name: string, ms: number) => void = () => undefined,
): Promise<MatrixReport> => {
  const report = emptyReport();
  for (const { name, play } of cases) {
    const startedMs = performance.now();
    const findings = await play();
    report.cases += 1;
    for (const verdict of verdictNames) {
      const said = findings[verdict];
      if (said === undefined) continue;
      report[verdict] += 1;
      report.failures.push(`${name}: ${verdict}: ${said}`);
    }
    tell(name, performance.now() - startedMs);
  }
  return report;
};

/** Whether a report is what it should be: something was played and nothing was found. */
export const isClean = (report: MatrixReport): boolean => report.cases > 0 && report.failures.length === 0;
