// Which device is meant when a kind has several for different jobs.

import { afterEach, expect, test } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import type { Device, DriverDefinition } from '../../devices/kit/device.ts';
import type { DeviceState } from '../../devices/kit/status.ts';
import { z } from 'zod';
import type { DeviceConfig } from '../../kiosk-config/schema.ts';
import { deviceForVisit, startHallDevices, type HallDevices } from './hall-devices.ts';

/** A driver that stands in one state for ever. */
const driver = (name: string, commands: string[], state: DeviceState): DriverDefinition =>
  ({
    driver: name,
    kind: 'document-scanner',
    title: { zh: name, en: name },
    configSchema: z.unknown(),
    links: [],
    triedOn: [],
    commands,
    start: (_config: unknown, { id }: { id: string }) =>
      ({
        id,
        kind: 'document-scanner',
        status: () => ({ state, faults: [], sinceMs: 0 }),
        onStatus: () => () => undefined,
        stop: () => Promise.resolve(),
      }) as unknown as Device,
  }) as unknown as DriverDefinition;

const place = { edge: 'right', at: 0.5, label: { zh: '右边', en: 'right' } } as const;
const config = (id: string, name: string): DeviceConfig => ({
  id,
  kind: 'document-scanner',
  driver: name,
  settings: {},
  required: false,
  place,
  name: { zh: id, en: id },
});

let hall: HallDevices | undefined;
afterEach(() => hall?.stop());

const start = (configs: DeviceConfig[]): HallDevices => {
  hall = startHallDevices({
    configs,
    registry: [
      driver('swiper', ['readDocument'], 'online'),
      driver('lamp', ['setLamp'], 'online'),
      driver('pages', ['scanPage', 'listOptions'], 'noDevice'),
    ],
    clock: createFakeClock(),
    log: () => undefined,
    commandMemory: { get: () => undefined, begin: () => undefined, finish: () => undefined },
    assignments: {},
  });
  return hall;
};

test('the scanner of a visit is the one that gives pages, wherever it stands in the file', () => {
  const devices = start([config('passport', 'swiper'), config('lamp', 'lamp'), config('scanner', 'pages')]);
  expect(deviceForVisit(devices, 'document-scanner')?.config.id).toBe('scanner');
  expect(devices.ofCommand('document-scanner', 'readDocument')?.config.id).toBe('passport');
  expect(devices.ofCommand('document-scanner', 'setLamp')?.config.id).toBe('lamp');
  expect(devices.ofKind('document-scanner')?.config.id).toBe('passport');
});

test('a hall with a swiper only has no scanner', () => {
  const devices = start([config('passport', 'swiper')]);
  expect(deviceForVisit(devices, 'document-scanner')).toBeUndefined();
  expect(devices.ofCommand('locker', 'scanPage')).toBeUndefined();
});
