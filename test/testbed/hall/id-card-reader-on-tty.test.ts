// The ID card reader's driver on a real tty: serialport on one end, the simulated module on the other, the kernel between them.

import { afterEach, expect, test } from 'vitest';
import { openPty, type Pty } from './pty.ts';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import { serialLinkSchema } from '../../../devices/kit/transport.ts';
import type { IdCardReader } from '../../../devices/id-card-reader/api.ts';
import { samSerialConfigSchema } from '../../../devices/id-card-reader/config.ts';
import { samSerialDriver } from '../../../devices/id-card-reader/driver.ts';
import { createSamSimulator } from '../../../devices/id-card-reader/simulator.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).toReversed()) await act();
});

const start = (pty: Pty): IdCardReader => {
  const link = serialLinkSchema.parse({ type: 'serial', path: pty.path });
  const device = samSerialDriver.start(samSerialConfigSchema.parse({}), {
    id: 'reader',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(link, samSerialDriver.defaultBaudRate ?? 0),
  });
  cleanUp.push(() => device.stop());
  return device;
};

const reaches = (device: IdCardReader, state: string): Promise<void> =>
  new Promise((resolve) => {
    if (device.status().state === state) resolve();
    device.onStatus((status) => {
      if (status.state === state) resolve();
    });
  });

test('a card is read over a real tty, its removal is seen, and the end of the tty is noticed', async () => {
  const pty = openPty();
  cleanUp.push(() => pty.close());
  const sim = createSamSimulator({ send: (bytes) => pty.write(bytes) }, { clock: systemClock });
  cleanUp.push(() => sim.stop());
  pty.onData((bytes) => sim.receive(bytes));

  const device = start(pty);
  await reaches(device, 'online');
  sim.knobs['place']?.turn('foreigner2023');
  const read = await device.execute({ type: 'readCard' }, { id: 'read', timeoutMs: 8000 });
  expect(read).toMatchObject({ ok: true, value: { card: { nameLatin: 'SMITH, JOHN EDWARD ALEXANDER MAXIMILIAN' } } });

  sim.knobs['lift']?.turn();
  const removed = await device.execute({ type: 'awaitRemoval' }, { id: 'removed', timeoutMs: 8000 });
  expect(removed).toEqual({ ok: true, value: { type: 'removed' } });
  expect(device.statistics()['bytesDiscarded'] ?? 0).toBe(0);

  pty.close();
  await reaches(device, 'noDevice');
});
