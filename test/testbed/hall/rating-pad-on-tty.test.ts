// The declarative pad driver on a real tty with real time: serialport on one side of the kernel, the simulated pad on the other.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import type { RatingPad } from '../../../devices/rating-pad/api.ts';
import { declarativePadDriver } from '../../../devices/rating-pad/driver.ts';
import { createRatingPadSimulator } from '../../../devices/rating-pad/simulator.ts';
import { openPty, type Pty } from './pty.ts';

const model = 'exampleSum';
let pty: Pty;
let pad: RatingPad;
const person = createRatingPadSimulator(
  { send: (bytes) => pty.write(bytes) },
  { clock: systemClock, settings: { model } },
);

const reaches = (state: string): Promise<void> =>
  new Promise((resolve) => {
    if (pad.status().state === state) resolve();
    pad.onStatus((status) => {
      if (status.state === state) resolve();
    });
  });

beforeAll(() => {
  pty = openPty();
  pty.onData((bytes) => person.receive(bytes));
  pad = declarativePadDriver.start(
    { model },
    {
      id: 'tty-pad',
      clock: systemClock,
      log: () => undefined,
      transport: createSerialTransport(
        { type: 'serial', path: pty.path, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
        4800,
      ),
    },
  );
});

afterAll(async () => {
  await pad.stop();
  person.stop();
  pty.close();
});

test('a key pressed on the pad is the rating; silence is none', async () => {
  await reaches('online');
  const silent = await pad.execute({ type: 'askRating' }, { id: '1', timeoutMs: 300 });
  expect(silent).toEqual({ ok: true, value: { type: 'notRated' } });

  const rating = pad.execute({ type: 'askRating' }, { id: '2', timeoutMs: 10_000 });
  systemClock.after(600, () => person.knobs.press?.turn('4'));
  expect(await rating).toEqual({ ok: true, value: { type: 'rated', level: 4 } });
});

test('the tty vanishes: the pad is gone, not online', async () => {
  pty.close();
  await Promise.race([reaches('noDevice'), reaches('offline')]);
  expect(pad.status().state).not.toBe('online');
});
