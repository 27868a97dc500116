import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentifyResult } from '../../devices/kit/finding/identify.ts';
import type { FoundPort } from '../../devices/kit/finding/ports.ts';
import { linkSchema } from '../../devices/kit/transport.ts';
import { devicesFind } from './devices-find-command.ts';
import { devicesUdev, ownIdentities } from './devices-udev-command.ts';
import { identifyWords } from './find-words.ts';
import { createTestIo } from './test-io.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-find-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const example = new URL('../../kiosk-config/examples/hall.json', import.meta.url);
/** The example's hall with devices on these links. */
const configOf = (devices: object[]): string => {
  const config = JSON.parse(readFileSync(example, 'utf8')) as { devices: object[]; locker: object };
  const path = join(folder, 'hall.json');
  writeFileSync(path, JSON.stringify({ ...config, devices, locker: {} }));
  return path;
};
const place = { edge: 'left', at: 0 };

test('a configured port that is not there is missing: the list says so and the command fails', async () => {
  const path = join(folder, 'no-such-port');
  const file = configOf([
    { id: 'reader', kind: 'id-card-reader', driver: 'sam-serial', link: { type: 'serial', path }, place },
  ]);
  const io = createTestIo();
  expect(await devicesFind.run({ positionals: [], values: { config: file }, isJson: true }, io)).toBe(1);
  const found = JSON.parse(io.outLines.join('\n')) as { state: string; device?: string; link?: object }[];
  expect(found.find(({ state }) => state === 'missing')).toMatchObject({ device: 'reader', link: { path } });
});

test('a path that is there is assigned, also when no list knows it', async () => {
  const path = join(folder, 'my-port');
  writeFileSync(path, '');
  const file = configOf([
    { id: 'reader', kind: 'id-card-reader', driver: 'sam-serial', link: { type: 'serial', path }, place },
  ]);
  const io = createTestIo();
  expect(await devicesFind.run({ positionals: [], values: { config: file }, isJson: false }, io)).toBe(0);
  expect(io.outLines.join('\n')).toContain(`✓ assigned  reader  ${path}`);
});

describe('udev rules', () => {
  const port: FoundPort = {
    type: 'lp',
    node: '/dev/usb/lp0',
    names: [],
    usb: { vendorId: 0x1234, productId: 0xabcd, product: 'Printer' },
  };
  test('a hall’s own models come from its HID links and from the ports that are plugged in', () => {
    const hid = linkSchema.parse({ type: 'hid', vendorId: 1, productId: 2 });
    const lp = linkSchema.parse({ type: 'lp', path: '/dev/usb/lp0' });
    const builtIn = linkSchema.parse({ type: 'serial', path: '/dev/ttyS1' });
    const gone = linkSchema.parse({ type: 'lp', path: '/dev/usb/lp9' });
    const devices = [
      { id: 'pad', kind: 'rating-pad' as const, link: hid },
      { id: 'printer', kind: 'ticket-printer' as const, link: lp },
      { id: 'other', kind: 'ticket-printer' as const, link: gone },
      { id: 'board', kind: 'locker' as const, link: builtIn },
      { id: 'scanner', kind: 'document-scanner' as const },
    ];
    const ports: FoundPort[] = [port, { type: 'serial', node: '/dev/ttyS1', names: [] }];
    const resolve = (path: string): string | undefined => ports.find(({ node }) => node === path)?.node;
    expect(ownIdentities(devices, ports, resolve)).toEqual([
      { vendorId: 1, productId: 2, subsystem: 'hidraw', kind: 'rating-pad', model: 'pad' },
      { vendorId: 0x1234, productId: 0xabcd, subsystem: 'usbmisc', kind: 'ticket-printer', model: 'Printer' },
      { subsystem: 'tty', node: 'ttyS1', kind: 'locker', model: 'board' },
    ]);
  });

  test('are printed, with the configuration’s own devices', async () => {
    const link = { type: 'hid', vendorId: 0x1234, productId: 0xabcd };
    const file = configOf([{ id: 'reader', kind: 'id-card-reader', driver: 'sam-hid', link, place }]);
    const io = createTestIo();
    expect(await devicesUdev.run({ positionals: [], values: { config: file }, isJson: false }, io)).toBe(0);
    expect(io.outLines.join('\n')).toContain('KERNELS=="0003:1234:ABCD.*"');
  });
});

test.each<[IdentifyResult, RegExp]>([
  [{ outcome: 'unknown', asked: 12, heardBytes: 0 }, /12 question/],
  [{ outcome: 'cannotOpen', reason: 'permissionDenied', message: 'x' }, /udev rules/],
  [{ outcome: 'cannotOpen', reason: 'portBusy', message: 'x' }, /Another program/],
  [{ outcome: 'gone' }, /went away/],
  [{ outcome: 'canceled' }, /canceled/],
  [{ outcome: 'assigned' }, /a device has it/],
])('%j in words', (result, words) => {
  expect(identifyWords(result, 'en').join()).toMatch(words);
  expect(identifyWords(result, 'zh').join()).toMatch(/[\u4e00-\u9fff]/);
});

test('a recognised device is told with driver, rate, model and how sure that is', () => {
  const result: IdentifyResult = {
    outcome: 'recognised',
    confidence: 'answered',
    identity: { model: 'SAM', capabilities: [] },
    suggestions: [
      {
        driver: 'sam-serial',
        kind: 'id-card-reader',
        title: { zh: '读卡器', en: 'Card reader' },
        link: linkSchema.parse({ type: 'serial', path: '/dev/x', baudRate: 9600 }),
      },
    ],
  };
  expect(identifyWords(result, 'en')).toEqual([
    '→ Card reader  (id-card-reader, sam-serial, 9600)  SAM  it answered this driver’s question',
  ]);
});
