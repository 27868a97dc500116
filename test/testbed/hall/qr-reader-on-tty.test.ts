// The code reader's driver on a real tty: serialport on one end, the simulated reader on the other, the kernel between them.

import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { serialLinkSchema } from '../../../devices/kit/transport.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import type { QrReader } from '../../../devices/qr-reader/api.ts';
import { lineQrConfigSchema } from '../../../devices/qr-reader/config.ts';
import { lineQrDriver } from '../../../devices/qr-reader/driver.ts';
import { createQrSimulator } from '../../../devices/qr-reader/simulator.ts';
import { openPty } from './pty.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).toReversed()) await act();
});

const reaches = (device: QrReader, state: string): Promise<void> =>
  new Promise((resolve) => {
    if (device.status().state === state) resolve();
    device.onStatus((status) => {
      if (status.state === state) resolve();
    });
  });

test('a triggered reader is asked who it is and read over a real tty, and its end is noticed', async () => {
  const pty = openPty();
  cleanUp.push(() => pty.close());
  const sim = createQrSimulator(
    { send: (bytes) => pty.write(bytes) },
    { clock: systemClock, settings: { vendor: 'honeywell', isTriggered: true, suffix: 'crlf' } },
  );
  cleanUp.push(() => sim.stop());
  pty.onData((bytes) => sim.receive(bytes));
  const device = lineQrDriver.start(lineQrConfigSchema.parse({ hello: 'honeywell', trigger: 'honeywell' }), {
    id: 'qr',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(serialLinkSchema.parse({ type: 'serial', path: pty.path }), 9600),
  });
  cleanUp.push(() => device.stop());

  await reaches(device, 'online');
  expect(device.identity().model).toBe('Simulated reader');
  const text = `https://example.org/办事/${'0123456789'.repeat(60)}`;
  sim.knobs['show']?.turn(text);
  const read = await device.execute({ type: 'readCode' }, { id: 'read', timeoutMs: 8000 });
  expect(read).toMatchObject({ ok: true, value: { code: { text, encoding: 'utf-8' } } });

  pty.close();
  await reaches(device, 'noDevice');
});
