// The simulated network scanner held against a client that is not ours: SANE's own eSCL backend, through the real scanimage and our
// SANE driver. What both clients understand is what the simulator may say. Skipped, and said so, where scanimage is not installed.

import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createMemoryTransport } from '../../../devices/kit/transports/memory.ts';
import type { DocumentScanner, ScanCommand } from '../../../devices/document-scanner/api.ts';
import { esclConfigSchema } from '../../../devices/document-scanner/escl/config.ts';
import { esclDriver } from '../../../devices/document-scanner/escl/driver.ts';
import { startEsclServer, type EsclServer } from '../../../devices/document-scanner/escl/server.ts';
import { saneConfigSchema } from '../../../devices/document-scanner/sane/config.ts';
import { saneDriver } from '../../../devices/document-scanner/sane/driver.ts';

const backends = globSync('/usr/lib{,64,/*-linux-gnu}/sane/libsane-escl.so*');
const isInstalled = spawnSync('scanimage', ['--version']).status === 0 && backends.length > 0;
if (!isInstalled)
  console.warn('skipped: scanimage or SANE’s eSCL backend (packages sane-utils, libsane1) is not installed');

const platen: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'colour', resolutionDpi: 150 };
const feeder: ScanCommand = { ...platen, source: 'feeder' };

let server: EsclServer;
let saneConfigDir: string;
let scanner: DocumentScanner | undefined;
let calls = 0;

beforeEach(async () => {
  server = await startEsclServer();
  saneConfigDir = mkdtempSync(join(tmpdir(), 'hall-sane-escl-'));
  const { host } = new URL(server.url);
  writeFileSync(join(saneConfigDir, 'dll.conf'), 'escl\n');
  writeFileSync(join(saneConfigDir, 'escl.conf'), `device http://${host} "Hall"\n`);
});

afterEach(async () => {
  await scanner?.stop();
  await server.stop();
  rmSync(saneConfigDir, { recursive: true, force: true });
});

const online = async (): Promise<DocumentScanner> => {
  const { host } = new URL(server.url);
  const device = saneDriver.start(saneConfigSchema.parse({ device: `escl:http://${host}`, saneConfigDir }), {
    id: 'network',
    clock: systemClock,
    log: () => undefined,
    transport: createMemoryTransport(),
  });
  scanner = device;
  await new Promise<void>((resolve) => device.onStatus(({ state }) => state === 'online' && resolve()));
  return device;
};
const run = (device: DocumentScanner, command: ScanCommand) =>
  device.execute(command, { id: `net-${(calls += 1)}`, timeoutMs: 40_000 });
const fault = (name: string): void => server.scanner.knobs.fault?.turn(name);

describe.skipIf(!isInstalled)('SANE’s own eSCL backend', () => {
  test('reads what the scanner can do, and scans the glass and the stack', async () => {
    const device = await online();
    expect(device.identity().capabilities).toEqual([
      'platen',
      'feeder',
      'colour',
      'grey',
      '150dpi',
      '200dpi',
      '300dpi',
    ]);
    const glass = await run(device, platen);
    const page = glass.ok && glass.value.type === 'pages' ? glass.value.pages[0] : undefined;
    expect(await sharp(page?.bytes).metadata()).toMatchObject({ format: 'png', width: 248 });
    const stack = await run(device, feeder);
    expect(stack.ok && stack.value.type === 'pages' ? stack.value.pages.length : 0).toBe(3);
    expect(server.scanner.look()).toMatchObject({ pagesGiven: 4, sheets: 0 });
  });

  test('an empty feeder', async () => {
    const device = await online();
    server.scanner.knobs.load?.turn('0');
    expect(await run(device, feeder)).toMatchObject({ ok: false, error: { code: 'feederEmpty' } });
  });

  test('a jam after the first sheet looks like the end of the stack to that backend; our own eSCL driver tells it', async () => {
    const device = await online();
    fault('jamInStack');
    const bySane = await run(device, feeder);
    // libsane 1.1.1 makes "out of documents" of every 404; the README of the SANE driver warns of it.
    expect(bySane.ok && bySane.value.type === 'pages' ? bySane.value.pages.length : 0).toBe(1);
    await device.stop();
    server.scanner.knobs.reboot?.turn();
    server.scanner.knobs.load?.turn('3');
    const own = esclDriver.start(esclConfigSchema.parse({ url: server.url }), {
      id: 'own',
      clock: systemClock,
      log: () => undefined,
      transport: createMemoryTransport(),
    });
    scanner = own;
    await new Promise<void>((resolve) => own.onStatus(({ state }) => state === 'online' && resolve()));
    const byOurs = await run(own, feeder);
    expect(byOurs).toMatchObject({ ok: true, value: { cutShort: { code: 'stackJammed' } } });
    expect(byOurs.ok && byOurs.value.type === 'pages' ? byOurs.value.pages.length : 0).toBe(1);
  });

  test('unplugged: the scan fails, no page', async () => {
    const device = await online();
    await server.unplug();
    expect((await run(device, platen)).ok).toBe(false);
  });
});
