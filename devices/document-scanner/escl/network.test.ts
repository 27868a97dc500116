// The driver against a scanner behind a real socket: an HTTP(S) server of its own with bad manners. In real time, so only what needs a
// network is here; what needs time is in machine.test.ts.

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import type { Result } from '../../kit/result.ts';
import type { DeviceStatus } from '../../kit/status.ts';
import { createMemoryTransport } from '../../kit/transports/memory.ts';
import type { DocumentScanner, ScanCommand, ScanReply } from '../api.ts';
import { esclConfigSchema } from './config.ts';
import { esclDriver } from './driver.ts';
import { startEsclServer, type EsclServer } from './server.ts';
import { simulatedPage } from './simulated-scanner.ts';

const glass: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'colour', resolutionDpi: 200 };
const feeder: ScanCommand = { ...glass, source: 'feeder' };

let server: EsclServer;
const started: DocumentScanner[] = [];
let calls = 0;

beforeEach(async () => {
  server = await startEsclServer();
});
afterEach(async () => {
  for (const scanner of started.splice(0)) await scanner.stop();
  await server.stop();
});

const start = (config: Record<string, unknown> = {}): DocumentScanner => {
  const scanner = esclDriver.start(esclConfigSchema.parse({ url: server.url, pageGapMs: 0, ...config }), {
    id: 'escl',
    clock: systemClock,
    log: () => undefined,
    transport: createMemoryTransport(),
  });
  started.push(scanner);
  return scanner;
};

/** Resolves with the first status that fits; at once when it does now. */
const reached = (scanner: DocumentScanner, fits: (status: DeviceStatus) => boolean): Promise<DeviceStatus> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (fits(scanner.status())) resolve(scanner.status());
    };
    look();
    scanner.onStatus(look);
  });
const online = async (config?: Record<string, unknown>): Promise<DocumentScanner> => {
  const scanner = start(config);
  await reached(scanner, ({ state }) => state === 'online');
  return scanner;
};
const run = (
  scanner: DocumentScanner,
  command: ScanCommand,
  timeoutMs = 20_000,
  signal?: AbortSignal,
): Promise<Result<ScanReply>> =>
  scanner.execute(command, { id: `n-${(calls += 1)}`, timeoutMs, ...(signal ? { signal } : {}) });
const pagesOf = (result: Result<ScanReply>): readonly Uint8Array[] =>
  result.ok && result.value.type === 'pages' ? result.value.pages.map(({ bytes }) => Uint8Array.from(bytes)) : [];
const fault = (name: string): void => server.scanner.knobs.fault?.turn(name);
const faulty = (scanner: DocumentScanner): Promise<DeviceStatus> => reached(scanner, ({ faults }) => faults.length > 0);

describe('over a socket', () => {
  test('a page from the glass and a stack, byte for byte, with progress', async () => {
    const scanner = await online();
    const percents: number[] = [];
    scanner.onNotice(({ percent }) => percents.push(percent));
    expect(pagesOf(await run(scanner, glass))).toEqual([simulatedPage(0)]);
    expect(pagesOf(await run(scanner, feeder))).toEqual([simulatedPage(1), simulatedPage(2), simulatedPage(3)]);
    expect(percents.at(-1)).toBe(100);
    expect(server.scanner.look().lastSettings).toContain('<scan:XResolution>200</scan:XResolution>');
  });

  test('a slow line: the page is whole, its progress grows', async () => {
    const scanner = await online();
    const percents: number[] = [];
    scanner.onNotice(({ percent }) => percents.push(percent));
    fault('slow');
    expect(pagesOf(await run(scanner, glass))).toEqual([simulatedPage(0)]);
    expect(percents.length).toBeGreaterThan(4);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  });

  test.each([
    ['hangUpInPage', 'ioError'],
    ['cutPage', 'ioError'],
    ['notAPicture', 'ioError'],
    ['endlessBody', 'ioError'],
    ['refuseSettings', 'optionRefused'],
    ['noLocation', 'ioError'],
    ['askPassword', 'accessDenied'],
  ])('%s: %s, no page', async (name, code) => {
    const scanner = await online({ pageLimitMb: 1 });
    fault(name);
    expect(await run(scanner, glass)).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    ['garbageXml', 'notEscl'],
    ['html', 'notEscl'],
    ['entityBomb', 'notEscl'],
    ['endlessXml', 'ioError'],
    ['notHttp', 'notEscl'],
    ['askPassword', 'accessDenied'],
  ])('%s from the start: %s', async (name, code) => {
    fault(name);
    expect((await faulty(start())).faults).toMatchObject([{ code }]);
  });

  test('cancelled in the middle of a page: the scanner hears of it', async () => {
    const scanner = await online();
    const controller = new AbortController();
    const running = run(scanner, feeder, 20_000, controller.signal);
    await reachedBy(() => server.asked().some((line) => line.endsWith('/NextDocument')));
    controller.abort();
    expect(await running).toMatchObject({ ok: false, error: { code: 'canceled' } });
    await reachedBy(() => server.asked().includes('DELETE /eSCL/ScanJobs/1'));
    expect(pagesOf(await run(scanner, glass))).toHaveLength(1);
  });

  test('the host ends in the middle of a page: the scanner hears of that too', async () => {
    const scanner = await online();
    void run(scanner, feeder);
    await reachedBy(() => server.asked().some((line) => line.endsWith('/NextDocument')));
    await scanner.stop();
    expect(server.scanner.look()).toMatchObject({ deleted: 1, openJobs: 0 });
  });
});

/** Looks again with every turn of the event loop. */
const reachedBy = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('there or not', () => {
  test('nobody listens, then somebody does not speak the protocol', async () => {
    await server.unplug();
    const scanner = start();
    expect(await faulty(scanner)).toMatchObject({ state: 'noDevice', faults: [{ code: 'scannerMissing' }] });
    expect(await run(scanner, glass)).toMatchObject({ ok: false, error: { code: 'deviceNotReady', who: 'hall' } });
  });

  test('a name that nobody knows', async () => {
    const scanner = start({ url: 'http://scanner.invalid/eSCL' });
    expect((await faulty(scanner)).faults).toMatchObject([{ code: 'scannerMissing', who: 'hall' }]);
  });

  test('unplugged in the middle of a page: one honest result', async () => {
    const scanner = await online();
    const running = run(scanner, glass);
    await reachedBy(() => server.asked().some((line) => line.endsWith('/NextDocument')));
    await server.unplug();
    expect(await running).toMatchObject({ ok: false, error: { code: 'ioError' } });
  });

  test('a server that takes the connection and ends it', async () => {
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const scanner = start({ url: `http://127.0.0.1:${(rude.address() as AddressInfo).port}/eSCL` });
    expect((await faulty(scanner)).faults).toMatchObject([{ code: 'ioError' }]);
    await new Promise((resolve) => rude.close(resolve));
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.warn('skipped: openssl is not installed');

describe.skipIf(!hasOpenssl)('https', () => {
  const serveHttps = async (): Promise<{ url: string; fingerprint: string; stop(): Promise<void> }> => {
    const folder = mkdtempSync(join(tmpdir(), 'escl-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=scanner`;
    spawnSync('openssl', [...made.split(' '), '-keyout', key, '-out', cert]);
    const { scanner } = server;
    const https = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      const answer = scanner.answer({ method: request.method ?? '', path: request.url ?? '', body: '' });
      if (answer.type !== 'answer') return;
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    const fingerprint = new X509Certificate(readFileSync(cert)).fingerprint256;
    rmSync(folder, { recursive: true });
    return {
      url: `https://127.0.0.1:${(https.address() as AddressInfo).port}/eSCL`,
      fingerprint,
      stop: () => new Promise((resolve) => void https.close(() => resolve())),
    };
  };

  test('its own certificate is taken by its fingerprint, and no other one', async () => {
    const { url, fingerprint, stop } = await serveHttps();
    await online({ url, certificateSha256: fingerprint });
    const swapped = start({ url, certificateSha256: '00'.repeat(32) });
    expect((await faulty(swapped)).faults).toMatchObject([{ code: 'wrongCertificate', who: 'engineer' }]);
    const unnamed = start({ url });
    expect((await faulty(unnamed)).faults).toMatchObject([{ code: 'wrongCertificate' }]);
    for (const scanner of started.splice(0)) await scanner.stop();
    await stop();
  });
});
