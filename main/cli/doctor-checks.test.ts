import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { checkCentral } from './doctor-central.ts';
import { checkKeys, checkPorts, checkStore, type Finding } from './doctor-checks.ts';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-doctor-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

const levels = (findings: readonly Finding[]): string[] => findings.map(({ topic, level }) => `${topic} ${level}`);
const store = (change: Partial<KioskConfig['store']> = {}): Pick<KioskConfig, 'store'> => ({
  store: { directory: folder, machineKeyFile: join(folder, 'machine.key'), minFreeMb: 1, ...change },
});

describe('the store', () => {
  test('a folder that the first start will make is no fault', async () => {
    expect(levels(await checkStore(store({ directory: join(folder, 'a/b') })))).toEqual(['store ok', 'disk ok']);
  });
  test('a file in its place is', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(levels(await checkStore(store({ directory: join(folder, 'file/store') })))).toEqual(['store fail']);
  });
  test('a disk below the limit fails, near it warns', async () => {
    const [, disk] = await checkStore(store());
    const freeMb = Number(/(\d+) MB/.exec(disk?.what.en ?? '')?.[1]);
    expect(levels(await checkStore(store({ minFreeMb: freeMb * 2 })))).toContain('disk fail');
    expect(levels(await checkStore(store({ minFreeMb: Math.floor(freeMb * 0.8) })))).toContain('disk warn');
  });
});

describe('keys', () => {
  const central = (kioskKeyFile?: string): Pick<KioskConfig, 'central'> => ({
    central: {
      url: 'http://127.0.0.1:9',
      requestTimeoutMs: 1000,
      retry: { firstDelayMs: 100, maxDelayMs: 1000 },
      ...(kioskKeyFile === undefined ? {} : { kioskKeyFile }),
    },
  });
  test('a machine key that others may read fails', async () => {
    const path = join(folder, 'machine.key');
    writeFileSync(path, Buffer.alloc(32));
    chmodSync(path, 0o644);
    expect(levels(await checkKeys({ ...store(), ...central() }))).toEqual(['machine key fail']);
    chmodSync(path, 0o600);
    // Nobody else may read it, and whoever has the disk may.
    expect(levels(await checkKeys({ ...store(), ...central() }))).toEqual(['machine key warn']);
  });
  test('a key of the centre that is not there fails', async () => {
    const path = join(folder, 'central.key');
    expect(levels(await checkKeys({ ...store(), ...central(path) }))).toContain('central key fail');
    writeFileSync(path, 'key');
    expect(levels(await checkKeys({ ...store(), ...central(path) }))).toContain('central key ok');
  });
});

describe('ports', () => {
  const device = (path: string, required: boolean): KioskConfig['devices'][number] => ({
    id: 'x',
    kind: 'locker',
    driver: 'board-8a80',
    settings: {},
    required,
    place: { edge: 'left', at: 0, label: { zh: '左', en: 'left' } },
    name: { zh: '柜', en: 'locker' },
    link: { type: 'serial', path, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
  });
  test('a missing port fails for a device that must be there, and warns for another', async () => {
    const path = join(folder, 'none');
    expect(levels(await checkPorts({ devices: [device(path, true), device(path, false)] }))).toEqual([
      'port x fail',
      'port x warn',
    ]);
  });
  test('a stable name says where it leads', async () => {
    writeFileSync(join(folder, 'ttyX'), '');
    symlinkSync(join(folder, 'ttyX'), join(folder, 'by-id'));
    const [found] = await checkPorts({ devices: [device(join(folder, 'by-id'), true)] });
    expect(found?.level).toBe('ok');
    expect(found?.what.en).toContain('ttyX');
  });
});

describe('the centre', () => {
  const serve = async (status: number, body: string): Promise<string> => {
    server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const look = (url: string): Promise<Finding[]> =>
    checkCentral({ central: { url, requestTimeoutMs: 2000, retry: { firstDelayMs: 100, maxDelayMs: 1000 } } });
  const health = (now: number): string =>
    JSON.stringify({ status: 'ok', now: new Date(now).toISOString(), receiptPublicKey: 'key' });

  test('there, with the same time', async () => {
    expect(levels(await look(await serve(200, health(Date.now()))))).toEqual(['central ok', 'clock ok']);
  });
  test('there, with another time', async () => {
    expect(levels(await look(await serve(200, health(Date.now() - 3_600_000))))).toEqual(['central ok', 'clock warn']);
  });
  test.each([
    [200, '<html>please log in</html>'],
    [503, '{}'],
  ])('another thing that answers %i is not the centre', async (status, body) => {
    expect(levels(await look(await serve(status, body)))).toEqual(['central warn']);
  });
  test('not there at all: a warning, since cases wait in the kiosk', async () => {
    const [found] = await look('http://127.0.0.1:9');
    expect(found).toMatchObject({ topic: 'central', level: 'warn' });
    expect(found?.todo).toBeDefined();
  });
});
