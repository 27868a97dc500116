// The travel-document swiper and a document camera's lamp on real ttys with real time: serialport on one side of the kernel, their
// simulators on the other.

import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Device } from '../../../devices/kit/device.ts';
import type { Simulator, SimulatorFactory } from '../../../devices/kit/simulator.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import type { Transport } from '../../../devices/kit/transport.ts';
import { serialCameraConfigSchema } from '../../../devices/document-scanner/camera-control/config.ts';
import { cameraControlSerialDriver } from '../../../devices/document-scanner/camera-control/driver.ts';
import { createCameraControlSimulator } from '../../../devices/document-scanner/camera-control/simulator.ts';
import { mrzConfigSchema } from '../../../devices/document-scanner/mrz/config.ts';
import { mrzSwiperDriver } from '../../../devices/document-scanner/mrz/driver.ts';
import { createSwiperSimulator } from '../../../devices/document-scanner/mrz/simulator.ts';
import { openPty } from './pty.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const place = <D extends Device>(
  factory: SimulatorFactory,
  start: (dependencies: { id: string; clock: typeof systemClock; log: () => void; transport: Transport }) => D,
): { device: D; simulator: Simulator } => {
  const pty = openPty();
  const simulator = factory({ send: (bytes) => pty.write(bytes) }, { clock: systemClock });
  pty.onData((bytes) => simulator.receive(bytes));
  const link = {
    type: 'serial',
    path: pty.path,
    parity: 'none',
    dataBits: 8,
    stopBits: 1,
    flowControl: 'none',
  } as const;
  const device = start({
    id: 'tty',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(link, 9600),
  });
  ends.push(async () => {
    await device.stop();
    simulator.stop();
    pty.close();
  });
  return { device, simulator };
};

const reaches = (device: Device, fits: (state: string) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (fits(device.status().state) && resolve());
    look();
    device.onStatus(look);
  });

test('a passport is swiped and read', async () => {
  const { device, simulator } = place(createSwiperSimulator, (dependencies) =>
    mrzSwiperDriver.start(mrzConfigSchema.parse({}), dependencies),
  );
  await reaches(device, (state) => state === 'online');
  const reading = device.execute({ type: 'readDocument' }, { id: '1', timeoutMs: 10_000 });
  simulator.knobs.swipe?.turn('passport');
  expect(await reading).toMatchObject({ ok: true, value: { document: { number: 'E98765432', nationality: 'CHN' } } });
});

test('the lamp is set and the button heard', async () => {
  const { device, simulator } = place(createCameraControlSimulator, (dependencies) =>
    cameraControlSerialDriver.start(serialCameraConfigSchema.parse({ model: 'exampleSerialLamp' }), dependencies),
  );
  await reaches(device, (state) => state === 'online');
  const pressed = new Promise((resolve) => device.onNotice(resolve));
  expect(await device.execute({ type: 'setLamp', level: 100 }, { id: '1', timeoutMs: 5000 })).toEqual({
    ok: true,
    value: { type: 'lampSet', level: 100, isConfirmed: true },
  });
  expect(simulator.look().lamp).toBe(100);
  simulator.knobs.press?.turn();
  expect(await pressed).toEqual({ type: 'shutter' });
});
