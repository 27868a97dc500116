// The eSCL machine and the simulated scanner, over messages and under a clock that the test moves: everything that takes time. (A real
// socket is in network.test.ts.)

import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kit/clock.ts';
import type { Result } from '../../kit/result.ts';
import { createMemoryTransport } from '../../kit/transports/memory.ts';
import type { DocumentScanner, ScanCommand, ScanReply } from '../api.ts';
import { esclConfigSchema } from './config.ts';
import { startEsclScanner } from './driver.ts';
import { simulatedPage } from './simulated-scanner.ts';
import { createEsclSimulator } from './simulator.ts';
import { busyWaitLimit, lookAgainMs, pageSilenceMs, probeEveryMs, questionLimitMs, waitMs } from './state.ts';

const glass: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'colour', resolutionDpi: 200 };
const feeder: ScanCommand = { ...glass, source: 'feeder' };

const started: DocumentScanner[] = [];
afterEach(async () => {
  for (const scanner of started.splice(0)) await scanner.stop();
});

const startBench = async (options: { config?: Record<string, unknown>; fault?: string } = {}) => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const transport = createMemoryTransport((bytes) => {
    const { type, method, path } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, string>;
    asked.push(type === 'ask' ? `${method} ${path}` : String(type));
    simulator.receive(bytes);
  });
  const simulator = createEsclSimulator({ send: (bytes) => transport.peer()?.send(bytes) }, { clock });
  const turn = (knob: string, argument?: string): void => simulator.knobs[knob]?.turn(argument);
  if (options.fault) turn('fault', options.fault);
  const config = esclConfigSchema.parse({ url: 'http://scanner/eSCL', ...options.config });
  const scanner = startEsclScanner(config, { id: 'e', clock, log: () => undefined, transport });
  started.push(scanner);
  const percents: number[] = [];
  scanner.onNotice(({ percent }) => percents.push(percent));
  await clock.advance(100);
  let calls = 0;
  return {
    clock,
    asked,
    scanner,
    percents,
    turn,
    look: () => simulator.look(),
    run: (command: ScanCommand, timeoutMs = 120_000, signal?: AbortSignal) =>
      scanner.execute(command, { id: `s-${(calls += 1)}`, timeoutMs, ...(signal ? { signal } : {}) }),
    /** Lets the clock run until the command is over. */
    async ended(running: Promise<Result<ScanReply>>, limitMs = 120_000): Promise<Result<ScanReply>> {
      let result: Result<ScanReply> | undefined;
      void running.then((settled) => (result = settled));
      for (let waited = 0; !result && waited <= limitMs; waited += 100) await clock.advance(100);
      if (!result) throw new Error(`not over within ${limitMs} ms`);
      return result;
    },
  };
};

const pagesOf = (result: Result<ScanReply>): readonly Uint8Array[] =>
  result.ok && result.value.type === 'pages' ? result.value.pages.map(({ bytes }) => bytes) : [];

test('found: what it is and what it can do', async () => {
  const { scanner, asked } = await startBench();
  expect(asked).toEqual(['GET /eSCL/ScannerCapabilities', 'GET /eSCL/ScannerStatus']);
  expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
  expect(scanner.identity()).toMatchObject({
    model: 'Hall Simulated eSCL & Feeder',
    serialNumber: 'SIM-ESCL-1',
    capabilities: ['eSCL 2.63', 'platen', 'feeder', 'colour', 'grey', '150dpi', '200dpi', '300dpi'],
  });
});

test('a stack: one page after the other with the pause that some scanners need, then the end', async () => {
  const { scanner, run, ended, asked, percents, look } = await startBench();
  asked.length = 0;
  const running = run(feeder);
  expect(scanner.status().state).toBe('busy');
  const result = await ended(running);
  expect(pagesOf(result)).toEqual([simulatedPage(1), simulatedPage(2), simulatedPage(3)]);
  expect(result.ok && result.value).not.toHaveProperty('cutShort');
  const next = 'GET /eSCL/ScanJobs/1/NextDocument';
  const status = 'GET /eSCL/ScannerStatus';
  expect(asked.slice(0, 7)).toEqual([status, 'POST /eSCL/ScanJobs', next, next, next, next, status]);
  expect(percents.filter((percent) => percent === 100)).toHaveLength(3);
  expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
  expect(look()).toMatchObject({ openJobs: 0 });
});

test('the limit of pages ends the job at the scanner', async () => {
  const { run, ended, look, asked } = await startBench({ config: { pageLimit: 2 } });
  expect(pagesOf(await ended(run(feeder)))).toHaveLength(2);
  expect(asked).toContain('DELETE /eSCL/ScanJobs/1');
  expect(look()).toMatchObject({ openJobs: 0, sheets: 1 });
});

describe('the stack that breaks off', () => {
  test.each([
    ['jamInStack', 'stackJammed', 'hall', 'jammed'],
    ['coverOpenInStack', 'stackCoverOpen', 'citizen', 'coverOpen'],
  ])(
    '%s: the whole pages before it, why there are no more, and the fault stands',
    async (fault, code, who, standing) => {
      const { scanner, run, ended, turn, clock } = await startBench();
      turn('fault', fault);
      const result = await ended(run(feeder));
      expect(pagesOf(result)).toEqual([simulatedPage(1)]);
      expect(result).toMatchObject({ ok: true, value: { cutShort: { code, who } } });
      expect(scanner.status()).toMatchObject({ state: 'userError', faults: [{ code: standing }] });
      turn('fault', 'none');
      await clock.advance(lookAgainMs + 100);
      expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
    },
  );

  test('the line ends in the second page: the first is kept, the job is ended', async () => {
    const { run, ended, turn, clock, look } = await startBench();
    const running = run(feeder);
    await clock.advance(600);
    turn('fault', 'hangUpInPage');
    const result = await ended(running);
    expect(pagesOf(result)).toEqual([simulatedPage(1)]);
    expect(result).toMatchObject({ ok: true, value: { cutShort: { code: 'stackBrokenOff', who: 'hall' } } });
    await clock.advance(100);
    expect(look()).toMatchObject({ deleted: 1, openJobs: 0 });
  });
});

describe('before a sheet moves', () => {
  test.each([
    ['jam', feeder, 'jammed'],
    ['coverOpen', feeder, 'coverOpen'],
    ['stopped', glass, 'scannerStopped'],
  ])('%s is told, and no job is made', async (fault, command, code) => {
    const { run, ended, turn, asked } = await startBench();
    turn('fault', fault);
    expect(await ended(run(command))).toMatchObject({ ok: false, error: { code } });
    expect(asked).not.toContain('POST /eSCL/ScanJobs');
  });

  test('an empty feeder is told; nothing is drawn in', async () => {
    const { scanner, run, ended, turn, asked } = await startBench();
    turn('load', '0');
    expect(await ended(run(feeder))).toMatchObject({ ok: false, error: { code: 'feederEmpty', who: 'citizen' } });
    expect(asked).not.toContain('POST /eSCL/ScanJobs');
    expect(scanner.status().state).toBe('online');
  });

  test('a scanner that does not know its feeder is asked by a job', async () => {
    const { run, ended, turn, asked } = await startBench({ config: { knowsEmptyFeeder: false } });
    turn('load', '0');
    expect(await ended(run(feeder))).toMatchObject({ ok: false, error: { code: 'feederEmpty' } });
    expect(asked).toContain('POST /eSCL/ScanJobs');
  });

  test('a jammed feeder does not keep the glass from scanning', async () => {
    const { run, ended, turn } = await startBench();
    turn('fault', 'jam');
    expect(pagesOf(await ended(run(glass)))).toEqual([simulatedPage(0)]);
  });

  test('somebody else scans: waited for, then told; free again in time: scanned', async () => {
    const { run, ended, turn, clock } = await startBench();
    turn('fault', 'busy');
    const refused = run(glass);
    expect(await ended(refused)).toMatchObject({ ok: false, error: { code: 'busy', who: 'system' } });
    const patient = run(glass);
    await clock.advance((busyWaitLimit - 2) * waitMs);
    turn('fault', 'none');
    expect(pagesOf(await ended(patient))).toHaveLength(1);
  });

  test('a job that was left behind is ended at a scanner of our own', async () => {
    const { run, ended, turn, look } = await startBench({ config: { isExclusive: true } });
    turn('leaveJob');
    expect(pagesOf(await ended(run(glass)))).toEqual([simulatedPage(0)]);
    expect(look()).toMatchObject({ deleted: 1, openJobs: 0 });
  });

  test('at a scanner that others use it is somebody else’s: told, never ended', async () => {
    const { run, ended, turn, look } = await startBench();
    turn('leaveJob');
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'busy' } });
    expect(look()).toMatchObject({ deleted: 0, openJobs: 1 });
  });

  test('settings that it refuses, a password, a job without a name', async () => {
    const { run, ended, turn } = await startBench();
    turn('fault', 'refuseSettings');
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'optionRefused', who: 'engineer' } });
    turn('fault', 'noLocation');
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'ioError' } });
    turn('fault', 'none');
    turn('reboot');
    turn('fault', 'askPassword');
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'accessDenied', who: 'engineer' } });
  });
});

describe('in the middle of a page', () => {
  test('not ready yet (503): asked again until it is', async () => {
    const { run, ended, turn } = await startBench();
    turn('fault', 'notReady');
    expect(pagesOf(await ended(run(feeder)))).toHaveLength(3);
  });

  test('never ready: given up, told, the job ended', async () => {
    const { scanner, run, ended, turn, clock } = await startBench();
    turn('fault', 'neverReady');
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'scannerSilent', who: 'hall' } });
    turn('fault', 'none');
    await clock.advance(probeEveryMs + 100);
    expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('silent: given up after a minute', async () => {
    const { run, ended, turn, clock, asked } = await startBench();
    turn('fault', 'muteInPage');
    const running = run(glass);
    await clock.advance(pageSilenceMs - 1000);
    expect(asked.at(-1)).toContain('NextDocument');
    expect(await ended(running)).toMatchObject({ ok: false, error: { code: 'scannerSilent' } });
  });

  test.each(['cutPage', 'notAPicture', 'hangUpInPage', 'endlessBody'])('%s: no page', async (fault) => {
    const { scanner, run, ended, turn, clock, look } = await startBench();
    turn('fault', fault);
    expect(await ended(run(glass))).toMatchObject({ ok: false, error: { code: 'ioError', who: 'engineer' } });
    expect(scanner.status()).toMatchObject({ state: 'hardwareError', faults: [{ code: 'ioError' }] });
    turn('fault', 'none');
    await clock.advance(lookAgainMs + 200);
    expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
    expect(look()).toMatchObject({ openJobs: 0 });
    expect(pagesOf(await ended(run(glass)))).toHaveLength(1);
  });
});

describe('given up', () => {
  test('in a page: over at once, the job is ended, the next scan waits for that and gets its own pages', async () => {
    const { run, ended, turn, clock, asked, look } = await startBench();
    const controller = new AbortController();
    const first = run(feeder, 120_000, controller.signal);
    await clock.advance(200);
    controller.abort();
    expect(await first).toMatchObject({ ok: false, error: { code: 'canceled' } });
    expect(asked.slice(-2)).toEqual(['abort', 'DELETE /eSCL/ScanJobs/1']);
    turn('load', '2');
    const second = await ended(run(feeder));
    expect(pagesOf(second)).toEqual([simulatedPage(1), simulatedPage(2)]);
    expect(look()).toMatchObject({ openJobs: 0 });
  });

  test('while the job is being made: it is ended as soon as it has a name', async () => {
    const { run, clock, asked, look } = await startBench();
    const controller = new AbortController();
    const running = run(glass, 120_000, controller.signal);
    await clock.advance(8);
    expect(asked.at(-1)).toBe('POST /eSCL/ScanJobs');
    controller.abort();
    expect(await running).toMatchObject({ ok: false, error: { code: 'canceled' } });
    await clock.advance(50);
    expect(asked).toContain('DELETE /eSCL/ScanJobs/1');
    expect(look()).toMatchObject({ openJobs: 0, pagesGiven: 0 });
  });

  test('the deadline is a cancel', async () => {
    const { run, clock, asked } = await startBench();
    const running = run(feeder, 1000);
    await clock.advance(1000);
    expect(await running).toMatchObject({ ok: false, error: { code: 'timeOut' } });
    await clock.advance(100);
    expect(asked).toContain('DELETE /eSCL/ScanJobs/1');
  });

  test('a scanner that no longer answers to the end of the job holds nobody up', async () => {
    const { run, ended, turn, clock } = await startBench();
    const controller = new AbortController();
    const first = run(feeder, 120_000, controller.signal);
    await clock.advance(200);
    turn('fault', 'mute');
    controller.abort();
    await first;
    const second = run(glass);
    await clock.advance(questionLimitMs - 100);
    turn('fault', 'none');
    turn('reboot');
    expect((await ended(second)).ok).toBe(true);
  });
});

describe('there or not', () => {
  test('silent from the start, found when it speaks', async () => {
    const { scanner, clock, turn, run } = await startBench({ fault: 'mute' });
    await clock.advance(questionLimitMs);
    expect(scanner.status()).toMatchObject({ state: 'offline', faults: [{ code: 'scannerSilent', who: 'hall' }] });
    expect(await run(glass)).toMatchObject({ ok: false, error: { code: 'deviceNotReady', who: 'hall' } });
    turn('fault', 'none');
    await clock.advance(probeEveryMs + 100);
    expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('one that falls silent is found within its heartbeat', async () => {
    const { scanner, clock, turn } = await startBench({ config: { heartbeatMs: 10_000 } });
    turn('fault', 'mute');
    await clock.advance(10_000 + 2 * questionLimitMs + lookAgainMs + 200);
    expect(scanner.status()).toMatchObject({ state: 'offline', faults: [{ code: 'scannerSilent' }] });
  });

  test.each([
    ['garbageXml', 'notEscl'],
    ['html', 'notEscl'],
    ['entityBomb', 'notEscl'],
    ['notHttp', 'notEscl'],
    ['endlessXml', 'ioError'],
    ['askPassword', 'accessDenied'],
  ])('%s is no scanner: %s', async (fault, code) => {
    const { scanner, clock, turn } = await startBench({ fault });
    await clock.advance(3000);
    expect(scanner.status().faults).toMatchObject([{ code, who: 'engineer' }]);
    turn('fault', 'none');
    await clock.advance(probeEveryMs + 100);
    expect(scanner.status().state).toBe('online');
  });

  test('a command at the very start waits for the first answers', async () => {
    const { run, ended } = await startBench({ fault: 'slow' });
    expect((await ended(run({ type: 'listOptions' }))).ok).toBe(true);
  });
});

describe('checks', () => {
  const check = (scanner: DocumentScanner, name: string, answers: boolean[] = []) =>
    scanner.checks.find((each) => each.name === name)?.run(async () => answers.shift() ?? true) ?? Promise.reject();

  test('pass on a sound scanner, and each fails on a fault of its own', async () => {
    const { scanner, turn, clock } = await startBench();
    const run = async (name: string, answers?: boolean[]) => {
      const running = check(scanner, name, answers);
      await clock.advance(90_000);
      return running;
    };
    expect(await run('listsOptions')).toMatchObject({ passed: true });
    expect(await run('scansLine')).toMatchObject({ passed: true });
    expect(await run('scansPage')).toMatchObject({ passed: true });
    expect(await run('scansPage', [false])).toMatchObject({ passed: false, code: 'notPrepared' });
    expect(await run('scansPage', [true, false])).toMatchObject({ passed: false, code: 'lampStill' });
    turn('fault', 'cutPage');
    expect(await run('scansLine')).toMatchObject({ passed: false, code: 'ioError' });
    turn('fault', 'none');
    await clock.advance(60_000);
    turn('fault', 'stopped');
    expect(await run('scansPage')).toMatchObject({ passed: false, code: 'scannerStopped' });
    turn('fault', 'html');
    expect(await run('listsOptions')).toMatchObject({ passed: false });
  });
});

test('the trace holds no page', async () => {
  const { scanner, run, ended } = await startBench();
  await ended(run(glass));
  const told = scanner.trace();
  expect(told.some(({ hex }) => hex.endsWith('private)'))).toBe(true);
  expect(told.every(({ hex }) => !hex.includes('FF D8 FF'))).toBe(true);
});
