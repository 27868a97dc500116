// The scanner driver against the real scanimage and SANE's own test backend, in real time. Skipped, and said so, where scanimage
// is not installed.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Result } from '../../../devices/kit/result.ts';
import type { DocumentScanner, ScanCommand, ScanReply } from '../../../devices/document-scanner/api.ts';
import { saneConfigSchema } from '../../../devices/document-scanner/sane/config.ts';
import { explainTrace } from '../../../devices/document-scanner/sane/trace-words.ts';
import { saneDriver } from '../../../devices/document-scanner/sane/driver.ts';
import { createMemoryTransport } from '../../../devices/kit/transports/memory.ts';
import { createSaneTestbed, type SaneTestbed } from './sane.ts';

const hasScanimage = spawnSync('scanimage', ['--version']).status === 0;
if (!hasScanimage) console.warn('skipped: scanimage (package sane-utils) is not installed');

const platen: ScanCommand = { type: 'scanPage', source: 'platen', colour: 'colour', resolutionDpi: 150 };
const feeder: ScanCommand = { ...platen, source: 'feeder', colour: 'grey' };
const codeOf = (result: Result<ScanReply>): string => (result.ok ? result.value.type : result.error.code);

let sane: SaneTestbed;
let temporary: string;
let scanner: DocumentScanner | undefined;
let number = 0;
const formerRoot = process.env.RUNTIME_DIRECTORY;

/** Starts a driver and waits for its first word about the scanner. */
const start = async (config: Record<string, unknown> = {}): Promise<DocumentScanner> => {
  const device = saneDriver.start(
    saneConfigSchema.parse({ device: sane.device, saneConfigDir: sane.saneConfigDir, ...config }),
    { id: 'scanner', clock: systemClock, log: () => undefined, transport: createMemoryTransport() },
  );
  scanner = device;
  await new Promise<void>((resolve) => device.onStatus(() => resolve()));
  return device;
};
const run = (device: DocumentScanner, command: ScanCommand, timeoutMs = 15_000): Promise<Result<ScanReply>> =>
  device.execute(command, { id: `scan-${(number += 1)}`, timeoutMs });
const scanFolders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('hall-kiosk-scan-'));
const turn = (knob: string, argument?: string): void => sane.knobs[knob]?.turn(argument);

beforeEach(() => {
  sane = createSaneTestbed();
  temporary = mkdtempSync(join(tmpdir(), 'hall-scan-test-'));
  process.env.RUNTIME_DIRECTORY = temporary;
});

afterEach(async () => {
  await scanner?.stop();
  if (scanFolders().length > 0) throw new Error(`left behind: ${scanFolders().join(' ')}`);
  sane.remove();
  rmSync(temporary, { recursive: true });
  if (formerRoot === undefined) delete process.env.RUNTIME_DIRECTORY;
  else process.env.RUNTIME_DIRECTORY = formerRoot;
});

describe.skipIf(!hasScanimage)('with the real scanimage', () => {
  test('a page from the glass is a whole picture of the size asked for', async () => {
    const device = await start();
    const percents: number[] = [];
    device.onNotice((notice) => percents.push(notice.percent));
    const result = await run(device, platen);
    if (!result.ok || result.value.type !== 'pages') throw new Error(codeOf(result));
    expect(result.value.pages).toHaveLength(1);
    const { width, height, format } = await sharp(result.value.pages[0]?.bytes).metadata();
    // The backend's glass is 200 x 200 mm: 200 / 25.4 * 150.
    expect({ width, height, format }).toEqual({ width: 1181, height: 1181, format: 'png' });
    expect(percents.at(-1)).toBe(100);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
    expect(device.status()).toMatchObject({ state: 'online', faults: [] });
    expect(device.identity().capabilities).toEqual([
      'platen',
      'feeder',
      'colour',
      'grey',
      '150dpi',
      '200dpi',
      '300dpi',
    ]);
  });

  test('the feeder gives its ten pages in order, or as many as are allowed', async () => {
    const device = await start();
    const all = await run(device, feeder);
    expect(all).toMatchObject({ ok: true, value: { type: 'pages' } });
    expect(all.ok && all.value.type === 'pages' ? all.value.pages.length : 0).toBe(10);
    await device.stop();
    const some = await run(await start({ pageLimit: 3 }), feeder);
    expect(some.ok && some.value.type === 'pages' ? some.value.pages.length : 0).toBe(3);
  });

  test.each([
    ['jam', 'jammed', 'hall', 'userError'],
    ['openCover', 'coverOpen', 'citizen', 'userError'],
    ['emptyFeeder', 'feederEmpty', 'citizen', 'online'],
    ['occupy', 'busy', 'system', 'online'],
    ['breakLine', 'ioError', 'engineer', 'hardwareError'],
    ['fillMemory', 'noMemory', 'engineer', 'online'],
    ['denyAccess', 'accessDenied', 'engineer', 'offline'],
  ])('%s: %s, no page', async (knob, code, who, state) => {
    const device = await start();
    turn(knob);
    for (const command of [platen, feeder]) {
      const result = await run(device, command);
      // After a lost scanner the second command does not even start one.
      expect([code, 'deviceNotReady']).toContain(codeOf(result));
    }
    expect(device.status().state).toBe(state);
    const first = await run(await start(), platen);
    expect(first).toMatchObject({ ok: false, error: { code, who } });
  });

  test('a jam in the middle of a stack: the whole pages before it are given and the jam is told', async () => {
    const jamming = join(temporary, 'jamming.sh');
    // The test backend fails from the first page on or not at all: two pages are the real ones, the jam after them is played.
    writeFileSync(
      jamming,
      `#!/bin/sh\ncase "$*" in *-A) exec scanimage "$@";; esac\nscanimage "$@" --batch-count=2\n` +
        `printf 'scanimage: sane_start: Document feeder jammed\\n' >&2\nexit 6\n`,
      { mode: 0o755 },
    );
    const device = await start({ command: jamming });
    const result = await run(device, feeder);
    expect(result).toMatchObject({ ok: true, value: { cutShort: { code: 'stackJammed', who: 'hall' } } });
    expect(result.ok && result.value.type === 'pages' ? result.value.pages.length : 0).toBe(2);
    expect(device.status().faults).toEqual([{ code: 'jammed', who: 'hall' }]);
  });

  test('a jam stands until a page came through', async () => {
    const device = await start();
    turn('jam');
    await run(device, platen);
    expect(device.status().faults).toEqual([{ code: 'jammed', who: 'hall' }]);
    expect(codeOf(await run(device, { type: 'listOptions' }))).toBe('options');
    expect(device.status().faults).toEqual([{ code: 'jammed', who: 'hall' }]);
    turn('repair');
    expect(codeOf(await run(device, platen))).toBe('pages');
    expect(device.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('no such scanner: missing, and commands say so', async () => {
    turn('unplug');
    const device = await start();
    expect(await run(device, platen)).toMatchObject({ ok: false, error: { code: 'deviceNotReady', who: 'hall' } });
    expect(device.status()).toMatchObject({ state: 'noDevice', faults: [{ code: 'scannerMissing' }] });
  });

  test('unplugged between two scans: the scan fails as missing', async () => {
    const device = await start();
    expect(codeOf(await run(device, { type: 'listOptions' }))).toBe('options');
    turn('unplug');
    expect(await run(device, platen)).toMatchObject({ ok: false, error: { code: 'scannerMissing', who: 'hall' } });
    expect(device.status().state).toBe('noDevice');
  });

  test('searched for by a part of its name: found, scanned with, and searched for again when it was unplugged', async () => {
    const device = await start({ device: undefined, find: 'test:1' });
    await new Promise<void>((resolve) => {
      const look = (): void => void (device.status().state === 'online' && resolve());
      look();
      device.onStatus(look);
    });
    expect(device.identity().model).toBe('Noname frontend-tester (test:1)');
    expect(codeOf(await run(device, platen))).toBe('pages');
    turn('unplug');
    expect(codeOf(await run(device, platen))).toBe('scannerMissing');
  });

  test('a search that fits two scanners takes neither', async () => {
    const device = await start({ device: undefined, find: 'frontend' });
    expect(device.status().faults).toEqual([{ code: 'severalScanners', who: 'engineer' }]);
  });

  test('scanimage is not installed', async () => {
    const device = await start({ command: 'scanimage-that-is-not-there' });
    expect(codeOf(await run(device, platen))).toBe('deviceNotReady');
    expect(device.status()).toMatchObject({
      state: 'offline',
      faults: [{ code: 'scanimageMissing', who: 'engineer' }],
    });
  });

  test('cancelled in the middle: no page, folder wiped, the next scan works', async () => {
    turn('slow');
    const device = await start();
    const controller = new AbortController();
    const running = device.execute(platen, { id: 'cancelled', timeoutMs: 30_000, signal: controller.signal });
    await new Promise<void>((resolve) => device.onNotice(({ percent }) => percent > 0 && resolve()));
    expect(scanFolders()).toHaveLength(1);
    controller.abort();
    expect(codeOf(await running)).toBe('canceled');
    turn('repair');
    expect(codeOf(await run(device, platen))).toBe('pages');
  });

  test('a process that ignores SIGINT is killed', async () => {
    const stubborn = join(temporary, 'stubborn.sh');
    // Answers the probe like scanimage and then never ends by itself.
    writeFileSync(
      stubborn,
      `#!/bin/sh\ncase "$*" in *-A) exec scanimage "$@";; esac\ntrap '' INT\nprintf 'Progress: 1.0%%\\r' >&2\nexec sleep 600\n`,
      { mode: 0o755 },
    );
    const device = await start({ command: stubborn });
    const running = run(device, platen, 1500);
    expect(codeOf(await running)).toBe('timeOut');
    const began = Date.now();
    // Waits for the killed process before it starts its own.
    expect(codeOf(await run(device, { type: 'listOptions' }))).toBe('options');
    expect(Date.now() - began).toBeGreaterThan(3000);
  });

  test('the page folder is for this account only', async () => {
    turn('slow');
    const device = await start();
    const controller = new AbortController();
    const running = device.execute(platen, { id: 'mode', timeoutMs: 30_000, signal: controller.signal });
    await new Promise<void>((resolve) => device.onNotice(({ percent }) => percent > 0 && resolve()));
    const mode = spawnSync('stat', ['-c', '%a', join(temporary, scanFolders()[0] ?? '')])
      .stdout.toString()
      .trim();
    expect(mode).toBe('700');
    controller.abort();
    await running;
  });

  test('folders that a dead program left behind are wiped at the start', async () => {
    const dead = spawnSync('true').pid;
    mkdtempSync(join(temporary, `hall-kiosk-scan-${dead}-`));
    expect(scanFolders()).toHaveLength(1);
    await run(await start(), { type: 'listOptions' });
    expect(scanFolders()).toEqual([]);
  });

  test('an option that the backend refuses is the settings’ fault', async () => {
    const device = await start({ extraArguments: ['--no-such-option=1'] });
    expect(await run(device, platen)).toMatchObject({ ok: false, error: { code: 'optionRefused', who: 'engineer' } });
  });

  test('health checks pass, and fail on the fault that they are there for', async () => {
    const check = async (device: DocumentScanner, name: string, answer = true) =>
      device.checks.find((each) => each.name === name)?.run(async () => answer);
    const sound = await start();
    expect(await check(sound, 'listsOptions')).toMatchObject({ passed: true });
    expect(await check(sound, 'scansLine')).toMatchObject({ passed: true });
    expect(await check(sound, 'scansPage')).toMatchObject({ passed: true });
    expect(await check(sound, 'scansPage', false)).toMatchObject({ passed: false, code: 'notPrepared' });
    const answers = [true, false];
    const still = sound.checks.find((each) => each.name === 'scansPage')?.run(async () => answers.shift() ?? false);
    expect(await still).toMatchObject({ passed: false, code: 'lampStill' });
    turn('jam');
    expect(await check(sound, 'scansLine')).toMatchObject({ passed: false, code: 'jammed' });
    expect(await check(sound, 'scansPage')).toMatchObject({ passed: false, code: 'jammed' });
    turn('unplug');
    expect(await check(sound, 'listsOptions')).toMatchObject({ passed: false, code: 'scannerMissing' });
  });

  test('the trace is told in words and holds no picture', async () => {
    const device = await start();
    await run(device, platen);
    const words = device.trace().map((entry) => explainTrace(entry));
    expect(words.some(({ en }) => en.startsWith('runs scanimage -d test:1'))).toBe(true);
    expect(words.some(({ en }) => en === 'scanimage ended well')).toBe(true);
    expect(words.some(({ zh }) => /^收到一页 \(\d+ bytes, private\)$/.test(zh))).toBe(true);
  });
});
