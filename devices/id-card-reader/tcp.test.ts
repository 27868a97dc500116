// The serial driver behind a serial server: a real socket on this machine, the simulated module at its other end.

import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import type { DeviceStatus } from '../kit/status.ts';
import type { Simulator } from '../kit/simulator.ts';
import { createTcpTransport } from '../kit/transports/tcp.ts';
import type { IdCardReader } from './api.ts';
import { samSerialConfigSchema } from './config.ts';
import { samSerialDriver } from './driver.ts';
import { createSamSimulator } from './simulator.ts';

const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).toReversed()) await act();
});

type SerialServer = { sim: Simulator; port: number; connections(): number; cut(): void; close(): Promise<void> };

const startServer = async (): Promise<SerialServer> => {
  let current: Socket | undefined;
  let connections = 0;
  // Serial servers pack what the line gives into segments of any size: two of one frame at least.
  const sim = createSamSimulator(
    {
      send: (bytes) => {
        current?.write(bytes.subarray(0, 7));
        current?.write(bytes.subarray(7));
      },
    },
    { clock: systemClock },
  );
  const server: Server = createServer((socket) => {
    connections += 1;
    current = socket;
    socket.on('data', (bytes) => sim.receive(bytes));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const close = async (): Promise<void> => {
    current?.destroy();
    sim.stop();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  cleanUp.push(close);
  return { sim, port: address.port, connections: () => connections, cut: () => current?.destroy(), close };
};

const start = (port: number, settings: Record<string, unknown> = {}): IdCardReader => {
  const device = samSerialDriver.start(samSerialConfigSchema.parse(settings), {
    id: 'reader',
    clock: systemClock,
    log: () => undefined,
    transport: createTcpTransport({ type: 'tcp', host: '127.0.0.1', port }),
  });
  cleanUp.push(() => device.stop());
  return device;
};

const reaches = (device: IdCardReader, isThere: (status: DeviceStatus) => boolean): Promise<void> =>
  new Promise((resolve) => {
    if (isThere(device.status())) resolve();
    device.onStatus((status) => {
      if (isThere(status)) resolve();
    });
  });

test('a card is read through a serial server, the cut line is noticed, and it comes back', async () => {
  const server = await startServer();
  const device = start(server.port, { withNewestAddress: true });
  await reaches(device, ({ state }) => state === 'online');
  server.sim.knobs['place']?.turn('resident');
  const read = await device.execute({ type: 'readCard' }, { id: 'read', timeoutMs: 8000 });
  expect(read).toMatchObject({ ok: true, value: { card: { newestAddress: '北京市东城区新测试街9号' } } });
  server.sim.knobs['lift']?.turn();
  expect(await device.execute({ type: 'awaitRemoval' }, { id: 'gone', timeoutMs: 8000 })).toMatchObject({ ok: true });

  server.sim.knobs['fault']?.turn('mute@find');
  const waiting = device.execute({ type: 'readCard' }, { id: 'cut', timeoutMs: 8000 });
  server.cut();
  expect(await waiting).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  server.sim.knobs['fault']?.turn('none');
  // The line came back before its loss was reported: only the next answer tells.
  const again = async (attempt = 0): Promise<boolean> => {
    const result = await device.execute({ type: 'readSamId' }, { id: `again-${attempt}`, timeoutMs: 5000 });
    if (result.ok || attempt > 100) return result.ok;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return again(attempt + 1);
  };
  expect(await again()).toBe(true);
});

test('nothing behind it answers: no rates are tried on a socket, and none is set', async () => {
  const server = await startServer();
  server.sim.knobs['fault']?.turn('mute');
  const device = start(server.port, { moduleBaudRate: 9600 });
  await reaches(device, ({ faults }) => faults[0]?.code === 'deviceSilent');
  expect(server.connections()).toBe(1);
  server.sim.knobs['fault']?.turn('none');
  await reaches(device, ({ state }) => state === 'online');
  expect(device.trace().some((entry) => entry.label.startsWith('setRate'))).toBe(false);
});
