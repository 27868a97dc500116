// `npm test`: installs or names the system packages, builds the screens, runs unit tests and end-to-end tests, and ends with one
// line of counts. Options are passed on to neither: run `npm run unit -- …` or `npm run e2e -- …` for a part.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildScreens } from './testbed/screens-build.ts';
import { ensureCommands } from './testbed/system-packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, '.cache/test-reports');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Counts = { passed: number; failed: number; skipped: number };

const run = (name: string, script: string, args: string[], environment: Record<string, string> = {}): boolean => {
  say(`── ${name}`);
  const done = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, UV_USE_IO_URING: '0', ...environment },
  });
  return done.status === 0;
};

const readReport = (file: string): unknown => {
  const path = join(reports, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
};

/** Counts of a runner; a runner that failed without a failed test (it could not start) counts as one failure. */
const countsOf = (isGood: boolean, passed: number, failed: number, skipped: number): Counts => ({
  passed,
  failed: isGood ? failed : Math.max(1, failed),
  skipped,
});

const unit = (): Counts => {
  const isGood = run('unit', 'node_modules/vitest/vitest.mjs', [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, 'unit.json')}`,
  ]);
  const report = readReport('unit.json') as
    | { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number }
    | undefined;
  return countsOf(
    isGood,
    report?.numPassedTests ?? 0,
    report?.numFailedTests ?? 0,
    (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  );
};

const endToEnd = (): Counts => {
  const isGood = run(
    'end to end',
    'node_modules/@playwright/test/cli.js',
    ['test', '--config', 'test/e2e/playwright.config.ts', '--reporter=line,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'e2e.json'),
    },
  );
  const report = readReport('e2e.json') as
    | { stats: { expected: number; unexpected: number; skipped: number; flaky: number } }
    | undefined;
  const { expected = 0, unexpected = 0, skipped = 0, flaky = 0 } = report?.stats ?? {};
  if (flaky > 0) say(`${flaky} end-to-end test(s) passed only at the second try`);
  return countsOf(isGood, expected + flaky, unexpected, skipped);
};

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const missing = ensureCommands(['chromium', 'scanimage'], say);
if (missing.length > 0) {
  say(`1 failed: 缺少 / missing ${missing.join(', ')}`);
  process.exit(1);
}
buildScreens(say);
const parts = [unit(), endToEnd()];
const sum = (name: keyof Counts): number => parts.reduce((total, part) => total + part[name], 0);
say(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
