// The scanner's machine over a scripted process and a clock that the test moves. (The real scanimage is in test/testbed/hall.)

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kit/clock.ts';
import { createMemoryTransport, type MemoryPeer } from '../../kit/transports/memory.ts';
import type { DocumentScanner, ScanCommand } from '../api.ts';
import { decodeRequest, encodeMessage, type ScanimageRequest } from './codec.ts';
import { saneConfigSchema } from './config.ts';
import { startScanner } from './driver.ts';
import { deadAfterMs, endAfterErrorMs, hangLimitMs, killAfterMs, probeEveryMs } from './machine.ts';

const optionsText = readFileSync(new URL('fixtures/options-test-backend.txt', import.meta.url), 'utf8');
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const glass: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'grey', resolutionDpi: 150 };

const started: DocumentScanner[] = [];
afterEach(async () => {
  for (const scanner of started.splice(0)) await scanner.stop();
});

const deviceList = 'device|fujitsu:fi-7160:9|Fujitsu|fi-7160\ndevice|fujitsu:fi-6130:8|Fujitsu|fi-6130\n';

const startBench = async (answersProbe = true, config: Record<string, unknown> = { device: 'test:0' }) => {
  const clock = createFakeClock();
  const requests: ScanimageRequest[] = [];
  const bench = { answersProbe, options: optionsText, peer: undefined as MemoryPeer | undefined };
  const run = (): number => requests.reduce((last, request) => (request.type === 'run' ? request.run : last), 0);
  /** Messages of the process that was started last. */
  const say = (kind: 'stderr' | 'stdout', text: string): void => bench.peer?.send(encodeMessage(kind, run(), text));
  const page = (number: number, bytes: Uint8Array = onePixel): void =>
    bench.peer?.send(encodeMessage('page', run(), bytes, number));
  const end = (code: number | null, pages = 0): void =>
    bench.peer?.send(encodeMessage('ended', run(), JSON.stringify({ code, pages })));
  const transport = createMemoryTransport((bytes, peer) => {
    bench.peer = peer;
    const request = decodeRequest(bytes);
    requests.push(request);
    if (request.type === 'run' && request.arguments.includes('-f')) {
      say('stdout', deviceList);
      end(0);
      return;
    }
    if (request.type !== 'run' || !request.arguments.includes('-A')) return;
    if (!bench.answersProbe) return;
    say('stdout', bench.options);
    end(0);
  });
  const scanner = startScanner(saneConfigSchema.parse(config), {
    id: 's',
    clock,
    log: () => undefined,
    transport,
  });
  started.push(scanner);
  await clock.advance(0);
  return { clock, requests, scanner, bench, end, say, page, last: () => requests.at(-1) };
};

test('a process that ended well but left no file is a failure, never a page', async () => {
  const { scanner, end } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
  end(0);
  expect(await running).toMatchObject({ ok: false, error: { code: 'ioError' } });
});

test('a broken file is no page either', async () => {
  const { scanner, end, page } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
  page(1, onePixel.subarray(0, 40));
  end(0, 1);
  expect(await running).toMatchObject({ ok: false, error: { code: 'ioError' } });
  expect(scanner.statistics().brokenPages).toBe(1);
});

test('while scanning the device is busy, then online again', async () => {
  const { scanner, end, page } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
  expect(scanner.status().state).toBe('busy');
  page(1);
  end(0, 1);
  expect(await running).toMatchObject({ ok: true, value: { type: 'pages' } });
  expect(scanner.status().state).toBe('online');
});

test('missing scanner: asked again every 15 s, found when it is back', async () => {
  const { clock, requests, scanner, bench, end, say } = await startBench(false);
  say('stderr', 'scanimage: open of device test:0 failed: Invalid argument\n');
  end(1);
  expect(scanner.status()).toMatchObject({ state: 'noDevice', faults: [{ code: 'scannerMissing' }] });
  expect(requests).toHaveLength(1);
  bench.answersProbe = true;
  await clock.advance(probeEveryMs - 1);
  expect(requests).toHaveLength(1);
  await clock.advance(1);
  expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
});

test('a probe that hangs is interrupted, then killed, and said', async () => {
  const { clock, scanner, last, end } = await startBench(false);
  await clock.advance(hangLimitMs);
  expect(last()).toMatchObject({ type: 'signal', signal: 'SIGINT' });
  await clock.advance(killAfterMs);
  expect(last()).toMatchObject({ type: 'signal', signal: 'SIGKILL' });
  end(null);
  expect(scanner.status()).toMatchObject({ state: 'offline', faults: [{ code: 'scanimageHangs', who: 'engineer' }] });
});

test('a process that said its error and then hangs is stopped, and the error counts', async () => {
  const { clock, scanner, last, end, say } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
  say('stderr', 'scanimage: sane_read: Scanner cover is open\n');
  await clock.advance(endAfterErrorMs);
  expect(last()).toMatchObject({ type: 'signal', signal: 'SIGINT' });
  say('stderr', 'scanimage: sane_read: Error during device I/O\n');
  end(9);
  expect(await running).toMatchObject({ ok: false, error: { code: 'coverOpen', who: 'citizen' } });
});

test('deadline: the command ends at once, the process gets SIGINT, five seconds later SIGKILL', async () => {
  const { clock, scanner, last, end } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 10_000 });
  await clock.advance(10_000);
  expect(await running).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  expect(last()).toMatchObject({ type: 'signal', signal: 'SIGINT' });
  await clock.advance(killAfterMs);
  expect(last()).toMatchObject({ type: 'signal', signal: 'SIGKILL' });
  end(null);
  expect(scanner.status().state).toBe('online');
});

test('a page that came after the cancel belongs to nobody', async () => {
  const { scanner, end, requests, page } = await startBench();
  const controller = new AbortController();
  const first = scanner.execute(glass, { id: '1', timeoutMs: 60_000, signal: controller.signal });
  controller.abort();
  const second = scanner.execute(glass, { id: '2', timeoutMs: 60_000 });
  page(1);
  end(0, 1);
  expect(await first).toMatchObject({ ok: false, error: { code: 'canceled' } });
  // Only now does the second scan begin; it has no page of its own yet.
  expect(requests.filter(({ type }) => type === 'run')).toHaveLength(3);
  end(0);
  expect(await second).toMatchObject({ ok: false, error: { code: 'ioError' } });
});

const feeder: ScanCommand = { ...glass, source: 'feeder' };

test.each([
  ['sane_start: Document feeder jammed', 6, 'stackJammed', 'hall'],
  ['sane_start: Scanner cover is open', 8, 'stackCoverOpen', 'citizen'],
  ['sane_read: Error during device I/O', 9, 'stackBrokenOff', 'hall'],
])(
  '%s in the middle of a stack: the whole pages before it, and why there are no more',
  async (said, code, cut, who) => {
    const { scanner, end, say, page } = await startBench();
    const running = scanner.execute(feeder, { id: '1', timeoutMs: 60_000 });
    say('stderr', `scanimage: ${said}\n`);
    page(1);
    page(2);
    page(3, onePixel.subarray(0, 40));
    end(code, 3);
    const result = await running;
    expect(result).toMatchObject({ ok: true, value: { type: 'pages', cutShort: { code: cut, who } } });
    expect(result.ok && result.value.type === 'pages' ? result.value.pages.length : 0).toBe(2);
  },
);

test('a stack that jams and then hangs is stopped, and its whole pages are kept', async () => {
  const { clock, scanner, last, end, say, page } = await startBench();
  const running = scanner.execute(feeder, { id: '1', timeoutMs: 60_000 });
  say('stderr', 'scanimage: sane_start: Document feeder jammed\n');
  await clock.advance(endAfterErrorMs);
  expect(last()).toEqual({ type: 'signal', signal: 'SIGINT', keepsPages: true });
  page(1);
  end(null, 1);
  expect(await running).toMatchObject({ ok: true, value: { cutShort: { code: 'stackJammed' } } });
  expect(scanner.status().faults).toEqual([{ code: 'jammed', who: 'hall' }]);
});

test('a stack that jams on its first sheet is a failure like any other', async () => {
  const { scanner, end, say } = await startBench();
  const running = scanner.execute(feeder, { id: '1', timeoutMs: 60_000 });
  say('stderr', 'scanimage: sane_start: Document feeder jammed\n');
  end(6);
  expect(await running).toMatchObject({ ok: false, error: { code: 'jammed', who: 'hall' } });
});

test('a page that was broken in the middle of a good stack is told, and nothing after it is taken for it', async () => {
  const { scanner, end, page } = await startBench();
  const running = scanner.execute(feeder, { id: '1', timeoutMs: 60_000 });
  page(1);
  page(2, onePixel.subarray(0, 40));
  page(3);
  end(0, 3);
  const result = await running;
  expect(result).toMatchObject({ ok: true, value: { cutShort: { code: 'stackBrokenOff' } } });
  expect(result.ok && result.value.type === 'pages' ? result.value.pages.length : 0).toBe(1);
});

test('a process that even SIGKILL does not end is told as silent', async () => {
  const { clock, scanner } = await startBench();
  const running = scanner.execute(glass, { id: '1', timeoutMs: 10_000 });
  await clock.advance(10_000);
  expect(await running).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  await clock.advance(killAfterMs + deadAfterMs - 1);
  expect(scanner.statistics().lost).toBe(0);
  await clock.advance(1);
  expect(scanner.statistics().lost).toBe(1);
});

test('a sheet-fed scanner is checked by a sheet through its feeder; a line would draw one in', async () => {
  const { clock, scanner, bench, requests, end, page } = await startBench(false);
  expect(scanner.checks.map(({ name }) => name)).toEqual(['listsOptions', 'scansLine', 'scansPage']);
  bench.answersProbe = true;
  bench.options = optionsText.replace('Flatbed|Automatic Document Feeder', 'ADF Front|ADF Duplex');
  end(1);
  await clock.advance(probeEveryMs);
  expect(scanner.checks.map(({ name }) => name)).toEqual(['listsOptions', 'scansPage']);
  const asked: string[] = [];
  const running = scanner.checks
    .find(({ name }) => name === 'scansPage')
    ?.run(async (question) => asked.push(question.en) > 0);
  await clock.advance(0);
  expect(requests.at(-1)).toMatchObject({ arguments: expect.arrayContaining(['--source=ADF Front']) });
  page(1);
  end(7, 1);
  expect(await running).toMatchObject({ passed: true });
  expect(asked[0]).toContain('feeder');
});

describe('searched for by name', () => {
  const startSearch = (find: string) => startBench(true, { find });

  test('the one that fits is used under the name that it has now', async () => {
    const { scanner, requests } = await startSearch('FI-7160');
    expect(scanner.status()).toMatchObject({ state: 'online', faults: [] });
    expect(scanner.identity().model).toBe('Fujitsu fi-7160 (fujitsu:fi-7160:9)');
    expect(requests.at(-1)).toMatchObject({ type: 'run', arguments: expect.arrayContaining(['fujitsu:fi-7160:9']) });
  });

  test.each([
    ['fujitsu', 'severalScanners', 'engineer'],
    ['canon', 'scannerMissing', 'hall'],
  ])('%s: %s', async (find, code, who) => {
    const { scanner } = await startSearch(find);
    expect(scanner.status().faults).toEqual([{ code, who }]);
    expect(await scanner.execute(glass, { id: '1', timeoutMs: 60_000 })).toMatchObject({
      ok: false,
      error: { code: 'deviceNotReady', who },
    });
  });

  test('unplugged and plugged in again it is found under its new name', async () => {
    const { clock, scanner, requests, say, end } = await startSearch('fi-7160');
    const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
    say('stderr', 'scanimage: open of device fujitsu:fi-7160:9 failed: Invalid argument\n');
    end(1);
    expect(await running).toMatchObject({ ok: false, error: { code: 'scannerMissing' } });
    const before = requests.length;
    await clock.advance(probeEveryMs);
    expect(requests.slice(before).map((request) => request.type === 'run' && request.arguments[0])).toEqual([
      '-f',
      '-d',
    ]);
    expect(scanner.status().state).toBe('online');
  });

  test('either a name or what to search for', () => {
    expect(saneConfigSchema.safeParse({}).success).toBe(false);
    expect(saneConfigSchema.safeParse({ device: 'test:0', find: 'fi' }).success).toBe(false);
  });
});

test('a command at the start waits for the first probe', async () => {
  const { scanner, end, requests, say, page } = await startBench(false);
  const running = scanner.execute(glass, { id: '1', timeoutMs: 60_000 });
  say('stdout', optionsText);
  end(0);
  expect(requests).toHaveLength(2);
  page(1);
  end(0, 1);
  expect(await running).toMatchObject({ ok: true });
});
