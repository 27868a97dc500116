// The scanner's machine over a scripted process and a clock that the test moves. (The real scanimage is in test/testbed/hall.)

import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { createFakeClock } from '../../kit/clock.ts';
import { createMemoryTransport, type MemoryPeer } from '../../kit/transports/memory.ts';
import type { DocumentScanner, ScanCommand } from '../api.ts';
import { decodeRequest, encodeMessage, type ScanimageRequest } from './codec.ts';
import { saneConfigSchema } from './config.ts';
import { startScanner } from './driver.ts';
import { endAfterErrorMs, hangLimitMs, killAfterMs, probeEveryMs } from './machine.ts';

const optionsText = readFileSync(new URL('fixtures/options-test-backend.txt', import.meta.url), 'utf8');
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const page: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'grey', resolutionDpi: 150 };

const started: DocumentScanner[] = [];
afterEach(async () => {
  for (const scanner of started.splice(0)) await scanner.stop();
});

const startBench = async (answersProbe = true) => {
  const clock = createFakeClock();
  const requests: ScanimageRequest[] = [];
  const bench = { answersProbe, peer: undefined as MemoryPeer | undefined };
  const end = (code: number | null): void => bench.peer?.send(encodeMessage('ended', JSON.stringify({ code })));
  const transport = createMemoryTransport((bytes, peer) => {
    bench.peer = peer;
    const request = decodeRequest(bytes);
    requests.push(request);
    if (request.type !== 'run' || !request.arguments.includes('-A')) return;
    if (!bench.answersProbe) return;
    peer.send(encodeMessage('stdout', optionsText));
    end(0);
  });
  const scanner = startScanner(saneConfigSchema.parse({ device: 'test:0' }), {
    id: 's',
    clock,
    log: () => undefined,
    transport,
  });
  started.push(scanner);
  await clock.advance(0);
  return { clock, requests, scanner, bench, end, last: () => requests.at(-1) };
};

test('a process that ended well but left no file is a failure, never a page', async () => {
  const { scanner, end } = await startBench();
  const running = scanner.execute(page, { id: '1', timeoutMs: 60_000 });
  end(0);
  expect(await running).toMatchObject({ ok: false, error: { code: 'ioError' } });
});

test('a broken file is no page either', async () => {
  const { scanner, end, bench } = await startBench();
  const running = scanner.execute(page, { id: '1', timeoutMs: 60_000 });
  bench.peer?.send(encodeMessage('page', onePixel.subarray(0, 40)));
  end(0);
  expect(await running).toMatchObject({ ok: false, error: { code: 'ioError' } });
  expect(scanner.statistics().brokenPages).toBe(1);
});

test('while scanning the device is busy, then online again', async () => {
  const { scanner, end, bench } = await startBench();
  const running = scanner.execute(page, { id: '1', timeoutMs: 60_000 });
  expect(scanner.status().state).toBe('busy');
  bench.peer?.send(encodeMessage('page', onePixel));
  end(0);
  expect(await running).toMatchObject({ ok: true, value: { type: 'pages' } });
  expect(scanner.status().state).toBe('online');
});

test('missing scanner: asked again every 15 s, found when it is back', async () => {
  const { clock, requests, scanner, bench, end } = await startBench(false);
  bench.peer?.send(encodeMessage('stderr', 'scanimage: open of device test:0 failed: Invalid argument\n'));
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
  expect(last()).toEqual({ type: 'signal', signal: 'SIGINT' });
  await clock.advance(killAfterMs);
  expect(last()).toEqual({ type: 'signal', signal: 'SIGKILL' });
  end(null);
  expect(scanner.status()).toMatchObject({ state: 'offline', faults: [{ code: 'scanimageHangs', who: 'engineer' }] });
});

test('a process that said its error and then hangs is stopped, and the error counts', async () => {
  const { clock, scanner, bench, last, end } = await startBench();
  const running = scanner.execute(page, { id: '1', timeoutMs: 60_000 });
  bench.peer?.send(encodeMessage('stderr', 'scanimage: sane_read: Scanner cover is open\n'));
  await clock.advance(endAfterErrorMs);
  expect(last()).toEqual({ type: 'signal', signal: 'SIGINT' });
  bench.peer?.send(encodeMessage('stderr', 'scanimage: sane_read: Error during device I/O\n'));
  end(9);
  expect(await running).toMatchObject({ ok: false, error: { code: 'coverOpen', who: 'citizen' } });
});

test('deadline: the command ends at once, the process gets SIGINT, five seconds later SIGKILL', async () => {
  const { clock, scanner, last, end } = await startBench();
  const running = scanner.execute(page, { id: '1', timeoutMs: 10_000 });
  await clock.advance(10_000);
  expect(await running).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  expect(last()).toEqual({ type: 'signal', signal: 'SIGINT' });
  await clock.advance(killAfterMs);
  expect(last()).toEqual({ type: 'signal', signal: 'SIGKILL' });
  end(null);
  expect(scanner.status().state).toBe('online');
});

test('a page that came after the cancel belongs to nobody', async () => {
  const { scanner, bench, end, requests } = await startBench();
  const controller = new AbortController();
  const first = scanner.execute(page, { id: '1', timeoutMs: 60_000, signal: controller.signal });
  controller.abort();
  const second = scanner.execute(page, { id: '2', timeoutMs: 60_000 });
  bench.peer?.send(encodeMessage('page', onePixel));
  end(0);
  expect(await first).toMatchObject({ ok: false, error: { code: 'canceled' } });
  // Only now does the second scan begin; it has no page of its own yet.
  expect(requests.filter(({ type }) => type === 'run')).toHaveLength(3);
  end(0);
  expect(await second).toMatchObject({ ok: false, error: { code: 'ioError' } });
});

test('a command at the start waits for the first probe', async () => {
  const { scanner, bench, end, requests } = await startBench(false);
  const running = scanner.execute(page, { id: '1', timeoutMs: 60_000 });
  bench.peer?.send(encodeMessage('stdout', optionsText));
  end(0);
  expect(requests).toHaveLength(2);
  bench.peer?.send(encodeMessage('page', onePixel));
  end(0);
  expect(await running).toMatchObject({ ok: true });
});
