// The locker driver on a real tty with real time: serialport on one side of the kernel, the simulated board on the other.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import { openPty, type Pty } from './pty.ts';
import type { Locker } from '../../../devices/locker/api.ts';
import { board8a80ConfigSchema } from '../../../devices/locker/board-8a80/config.ts';
import { startBoard8a80 } from '../../../devices/locker/board-8a80/driver.ts';
import { createLockerSimulator } from '../../../devices/locker/board-8a80/simulator.ts';

let pty: Pty;
let locker: Locker;
const board = createLockerSimulator(
  { send: (bytes) => pty.write(bytes) },
  { clock: systemClock, settings: { locks: 6 } },
);

const online = (device: Locker): Promise<void> =>
  new Promise((resolve) => {
    if (device.status().state === 'online') resolve();
    device.onStatus(({ state }) => {
      if (state === 'online') resolve();
    });
  });

beforeAll(() => {
  pty = openPty();
  pty.onData((bytes) => board.receive(bytes));
  locker = startBoard8a80(board8a80ConfigSchema.parse({ cells: 6, statusBy: 'all' }), {
    id: 'tty-locker',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(
      { type: 'serial', path: pty.path, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
      9600,
    ),
  });
});

afterAll(async () => {
  await locker.stop();
  board.stop();
  pty.close();
});

test('a cell opens and is shut over a real tty', async () => {
  await online(locker);
  const opened = await locker.execute({ type: 'openCell', cell: 3 }, { id: '1', timeoutMs: 10_000 });
  expect(opened).toEqual({ ok: true, value: { type: 'opened', cell: 3 } });
  expect(board.look().pulses).toBe(1);
  board.knobs.shutDoor?.turn('3');
  const closed = await locker.execute({ type: 'awaitClosed', cell: 3 }, { id: '2', timeoutMs: 10_000 });
  expect(closed).toEqual({ ok: true, value: { type: 'closed', cell: 3 } });
});

test('the tty vanishes: the device is gone, not online', async () => {
  const gone = new Promise<string>((resolve) => {
    locker.onStatus(({ state }) => {
      if (state === 'noDevice' || state === 'offline') resolve(state);
    });
  });
  pty.close();
  expect(['noDevice', 'offline']).toContain(await gone);
});
