// The same drivers behind a TCP serial server, over real node:net sockets: answers come late, in lumps or byte by byte, and the
// server may hang up in the middle of an opening. Real time; nothing is asserted about how long it took.

import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../kit/clock.ts';
import { createTcpTransport } from '../kit/transports/tcp.ts';
import type { Locker } from './api.ts';
import { codeOf, families } from './test-rig.ts';

/** How a serial server passes on what the board says. */
type Manner = { delayMs: number; cut(bytes: Uint8Array): Uint8Array[] };

const manners: Record<string, Manner> = {
  'byte by byte': { delayMs: 1, cut: (bytes) => [...bytes].map((byte) => Uint8Array.of(byte)) },
  'far away, in halves': {
    delayMs: 60,
    cut: (bytes) => [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)],
  },
};

const serve = async ({ driver, rehearsals }: (typeof families)[number], manner: Manner) => {
  const [rehearsal] = rehearsals;
  if (!rehearsal) throw new Error('nothing is rehearsed');
  const sockets = new Set<Socket>();
  let queue = Promise.resolve();
  const send = (bytes: Uint8Array): void => {
    for (const piece of manner.cut(bytes))
      queue = queue.then(async () => {
        await pause(manner.delayMs);
        for (const socket of sockets) socket.write(piece);
      });
  };
  const settings = { ...rehearsal.simulatorSettings, springMs: 400 };
  const cabinet = rehearsal.simulator({ send }, { clock: systemClock, settings });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => cabinet.receive(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const locker = driver.start(driver.configSchema.parse({ ...(rehearsal.config as object), latencyMs: 500 }) as never, {
    id: 'tcp-locker',
    clock: systemClock,
    log: () => undefined,
    transport: createTcpTransport({ type: 'tcp', host: '127.0.0.1', port }),
  });
  const stop = async (): Promise<void> => {
    await locker.stop();
    cabinet.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { locker, cabinet, sockets, stop };
};

const reached = (locker: Locker, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    if (locker.status().state === wanted) resolve();
    locker.onStatus(({ state }) => {
      if (state === wanted) resolve();
    });
  });

// Side by side: most of the time is spent waiting for doors.
describe.concurrent.each(families)('$driver.driver behind a serial server', (family) => {
  const { tryCell } = family;

  test.concurrent.for(Object.entries(manners))(
    'answers come %s: a cell opens and is shut',
    async ([, manner], { onTestFinished }) => {
      const { locker, cabinet, stop } = await serve(family, manner);
      onTestFinished(stop);
      await reached(locker, 'online');
      const opened = await locker.execute({ type: 'openCell', cell: tryCell }, { id: 'o', timeoutMs: 15_000 });
      expect(codeOf(opened)).toBe('opened');
      expect(cabinet.look()['pulses']).toBe(1);
      cabinet.knobs['shutDoor']?.turn(String(tryCell));
      const closed = await locker.execute({ type: 'awaitClosed', cell: tryCell }, { id: 'c', timeoutMs: 15_000 });
      expect(codeOf(closed)).toBe('closed');
    },
  );

  test.concurrent('the server hangs up after the pulse: outcomeUnknown; connected again, nothing is opened twice', async ({
    onTestFinished,
  }) => {
    const { locker, cabinet, sockets, stop } = await serve(family, { delayMs: 1, cut: (bytes) => [bytes] });
    onTestFinished(stop);
    await reached(locker, 'online');
    const opening = locker.execute({ type: 'openCell', cell: tryCell }, { id: 'o', timeoutMs: 15_000 });
    while (cabinet.look()['pulses'] === 0) await pause(1);
    for (const socket of sockets) socket.destroy();
    expect(codeOf(await opening)).toBe('outcomeUnknown');
    while (sockets.size === 0) await pause(10);
    await locker.execute({ type: 'queryCells' }, { id: 'q', timeoutMs: 20_000 });
    expect(cabinet.look()['pulses']).toBe(1);
  });
});
