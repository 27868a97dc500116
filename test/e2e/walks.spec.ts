// Whole visits, as `npm start -- --walk` runs them: every network, every trouble, every kill.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { killSteps, type KillStep } from './walk/options.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Report = {
  outcome: string;
  failure?: string;
  receipt?: string;
  central: Record<string, number>;
  devices: Record<string, number>;
  restarts: { host: number; window: number };
  leftovers: string[];
  offlineMs: number;
  asked: string[];
};

const walk = (args: string[]): Promise<{ code: number | null; report: Report; log: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['test/e2e/walk/main.ts', ...args, '--json'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.once('exit', (code) => {
      try {
        resolve({ code, report: JSON.parse(out) as Report, log });
      } catch {
        reject(new Error(`no report (exit ${code}): ${log.slice(-2000)}`));
      }
    });
  });

const expectWholeVisit = ({ code, report, log }: Awaited<ReturnType<typeof walk>>): void => {
  expect(report.failure, log.slice(-3000)).toBeUndefined();
  expect(code).toBe(0);
  expect(report.central).toMatchObject({ cases: 1, ratings: 1, duplicates: 0, deposits: 1 });
  expect(report.central['materials']).toBeGreaterThanOrEqual(4);
  expect(report.devices['opens']).toBe(1);
  expect(report.devices['ratings']).toBe(1);
  expect(report.leftovers).toEqual([]);
  expect(report.receipt).toBeTruthy();
};

for (const offline of ['never', 'always', 'middle'] as const)
  test(`a restaurant is opened at night, network off: ${offline}`, async () => {
    const visit = await walk(['--walk', 'restaurant', '--offline', offline]);
    expectWholeVisit(visit);
    expect(visit.report.devices['prints']).toBe(1);
    expect(visit.report.devices['reads']).toBe(1);
    if (offline !== 'never') expect(visit.report.offlineMs).toBeGreaterThan(1000);
  });

test('an elder rates on the screen, in landscape', async () => {
  expectWholeVisitButPad(
    await walk(['--walk', 'restaurant', '--mode', 'elder', '--orientation', 'landscape', '--rate', 'screen']),
  );
});

const expectWholeVisitButPad = ({ code, report, log }: Awaited<ReturnType<typeof walk>>): void => {
  expect(report.failure, log.slice(-3000)).toBeUndefined();
  expect(code).toBe(0);
  expect(report.central).toMatchObject({ cases: 1, ratings: 1, duplicates: 0 });
  expect(report.devices['ratings']).toBe(0);
};

test('silence at the rating records nothing', async () => {
  const { report } = await walk(['--walk', 'restaurant', '--rate', 'nowhere']);
  expect(report.central).toMatchObject({ cases: 1, ratings: 0, duplicates: 0 });
});

test('two citizens take numbers one after the other, the second for an appointment', async () => {
  const { code, report } = await walk(['--walk', 'queue-ticket']);
  expect(report.failure).toBeUndefined();
  expect(code).toBe(0);
  expect(report.central).toMatchObject({ tickets: 2, duplicates: 0 });
  expect(report.devices['prints']).toBe(2);
});

test('what one visit left in the locker, the next one collects', async () => {
  const { code, report, log } = await walk(['--walk', 'pick-up']);
  expect(report.failure, log.slice(-3000)).toBeUndefined();
  expect(code).toBe(0);
  expect(report.central).toMatchObject({ cases: 1, deposits: 1, duplicates: 0 });
  expect(report.asked).toContain('originals: collected');
  expect(report.devices['opens']).toBe(2);
});

for (const kill of [[], ['--kill', 'host', '--at', 'pickUp'], ['--kill', 'ui', '--at', 'pickUp']])
  test(`a result waits in a cell: a typed code opens it once ${kill.join(' ')}`, async () => {
    const { code, report, log } = await walk(['--walk', 'result', ...kill]);
    expect(report.failure, log.slice(-3000)).toBeUndefined();
    expect(code).toBe(0);
    expect(report.asked).toEqual([
      'code: a wrong one was refused',
      'result: collected',
      'code: the second time it was refused',
      'centre: heard of one code and one door',
    ]);
    expect(report.devices['opens']).toBe(1);
    expect(report.central).toMatchObject({ deposits: 0, duplicates: 0 });
  });

for (const kill of [[], ['--kill', 'host', '--at', 'locker']])
  test(`papers are left by a code, once, and collected with what the slip says ${kill.join(' ')}`, async () => {
    const { code, report, log } = await walk(['--walk', 'deposit', ...kill]);
    expect(report.failure, log.slice(-3000)).toBeUndefined();
    expect(code).toBe(0);
    expect(report.asked).toEqual([
      'deposit: left in a cell',
      'code: the second time it was refused',
      'deposit: collected',
      'centre: heard of one code, two doors and one deposit',
    ]);
    expect(report.devices).toMatchObject({ opens: 2, prints: 1 });
    expect(report.central).toMatchObject({ cases: 0, deposits: 1, duplicates: 0 });
  });

test('a result is collected without a network', async () => {
  const { report, log } = await walk(['--walk', 'result', '--offline', 'always']);
  expect(report.failure, log.slice(-3000)).toBeUndefined();
  expect(report.asked).toContain('result: collected');
  expect(report.devices['opens']).toBe(1);
});

test('everything goes wrong once, and nothing is lost or done twice', async () => {
  const visit = await walk(['--walk', 'restaurant', '--troubles']);
  const { report, log } = visit;
  expect(report.failure, log.slice(-3000)).toBeUndefined();
  expect(report.central).toMatchObject({ cases: 1, ratings: 1, duplicates: 0, deposits: 1 });
  expect(report.devices['prints']).toBe(1);
  expect(report.asked).toEqual([
    'card: unknown type was refused',
    'code: random bytes and a foreign code were refused',
    'printer: stood still without paper',
    'locker: the door did not open',
  ]);
});

/** A few steps a visit: more kills within a minute would rightly be slowed down by the restart back-off. */
const killGroups: KillStep[][] = [
  ['attract', 'home', 'guide'],
  ['identify', 'form', 'materials'],
  ['review', 'sign', 'submit'],
  ['receipt', 'locker'],
  ['rate', 'goodbye'],
];

test('the kills cover every step', () => {
  expect(killGroups.flat().sort()).toEqual([...killSteps].sort());
});

for (const what of ['ui', 'host'] as const)
  for (const steps of killGroups)
    test(`the ${what} is killed at ${steps.join(', ')} and the visit goes on`, async () => {
      const visit = await walk(['--walk', 'restaurant', '--kill', what, '--at', steps.join(',')]);
      expectWholeVisit(visit);
      expect(visit.report.restarts[what === 'ui' ? 'window' : 'host']).toBe(steps.length);
    });
