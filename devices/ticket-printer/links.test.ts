// The driver over real sockets, and over the usblp transport with a printer that takes no bytes while it has no paper. The protocol
// runs on the fake clock, which is driven on while the sockets do their work.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import type { Transport } from '../kit/transport.ts';
import { createLpTransport, type LpFile } from '../kit/transports/lp.ts';
import { createTcpTransport } from '../kit/transports/tcp.ts';
import type { TicketPrinter } from './api.ts';
import { escposConfigSchema } from './config.ts';
import { escposDriver } from './driver.ts';
import type { PrintedTicket } from './simulator-paper.ts';
import { createTicketPrinterSimulator } from './simulator.ts';
import { queueTicket } from './test-rig.ts';

const clock = createFakeClock();
let printer: TicketPrinter | undefined;
let server: Server | undefined;
let sockets: Socket[] = [];

afterEach(async () => {
  await printer?.stop();
  for (const socket of sockets) socket.destroy();
  sockets = [];
  const closing = server;
  if (closing) await new Promise((resolve) => closing.close(resolve));
  server = undefined;
});

/** Ten times as fast as the sockets. An answer that does not come in its twentieth of a second is asked for again. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) {
    await clock.advance(20);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

const settle = async <T>(promise: Promise<T>): Promise<T> => {
  let isSettled = false;
  void promise.finally(() => (isSettled = true));
  await until(() => isSettled);
  return promise;
};

const startPrinter = (transport: Transport, config: Record<string, unknown> = {}): TicketPrinter => {
  printer = escposDriver.start(escposConfigSchema.parse(config), {
    id: 'printer',
    clock,
    log: () => undefined,
    transport,
  });
  return printer;
};

let lastId = 0;
const print = (device: TicketPrinter) =>
  device.execute({ type: 'print', document: queueTicket }, { id: `link-${++lastId}`, timeoutMs: 180_000 });

const isOnline = (device: TicketPrinter) => () => device.status().state === 'online';

const printed = { ok: true, value: { type: 'printed', confirmedBy: 'processId' } };

describe('TCP 9100', () => {
  /** A network printer has one connection; what it does with a second one differs. */
  const startNetworkPrinter = async (others: 'hangsUp' | 'keepsWaiting', settings: Record<string, unknown> = {}) => {
    let current: Socket | undefined;
    const sim = createTicketPrinterSimulator({ send: (bytes) => current?.write(bytes) }, { clock, settings });
    const take = (socket: Socket): void => {
      current = socket;
      socket.on('data', (bytes) => {
        if (current === socket) sim.receive(bytes);
      });
    };
    const waiting: Socket[] = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (current !== socket) return;
        current = undefined;
        const next = waiting.find((other) => !other.destroyed);
        if (next) take(next);
      });
      if (!current) take(socket);
      else if (others === 'hangsUp') socket.destroy();
      else waiting.push(socket);
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    return {
      sim,
      transport: createTcpTransport({ type: 'tcp', host: '127.0.0.1', port }),
      occupy: () => take({ on: () => undefined, write: () => true } as unknown as Socket),
      leave: () => (current = undefined),
      socket: () => current,
      tickets: () => sim.look().tickets as PrintedTicket[],
    };
  };

  test('a ticket is printed, cut and confirmed', async () => {
    const far = await startNetworkPrinter('hangsUp');
    const device = startPrinter(far.transport);
    await until(isOnline(device));
    expect(await settle(print(device))).toEqual(printed);
    expect(far.tickets()).toMatchObject([{ qr: ['https://a.cn/1'], cut: true }]);
  });

  test.each(['destroy', 'resetAndDestroy'] as const)(
    'the printer ends the connection after it took the ticket (%s): nobody knows, and it comes back by itself',
    async (how) => {
      const far = await startNetworkPrinter('hangsUp', { lineMs: 1000 });
      const device = startPrinter(far.transport);
      await until(isOnline(device));
      const result = print(device);
      await until(
        () => far.tickets().length > 0 || (far.sim.look().pending as { waitingBytes: number }).waitingBytes > 0,
      );
      far.socket()?.[how]();
      expect(await settle(result)).toEqual({ ok: true, value: { type: 'unconfirmed', reason: 'connectionLost' } });
      await until(isOnline(device));
      expect(device.statistics()).toMatchObject({ opened: 2, lost: 1 });
    },
  );

  test('another host holds the connection and the printer hangs up on us: not online, and online when it is free', async () => {
    const far = await startNetworkPrinter('hangsUp');
    far.occupy();
    const device = startPrinter(far.transport);
    await until(() => (device.statistics().lost ?? 0) >= 2);
    expect(device.status().state).not.toBe('online');
    expect(await settle(print(device))).toMatchObject({ ok: false });
    far.leave();
    await until(isOnline(device));
    expect(await settle(print(device))).toEqual(printed);
    expect(far.tickets()).toHaveLength(1);
  });

  test('another host holds the connection and the printer lets us wait: silent, and online when it is free', async () => {
    const far = await startNetworkPrinter('keepsWaiting');
    far.occupy();
    const device = startPrinter(far.transport);
    await until(() => device.status().faults.some(({ code }) => code === 'deviceSilent'));
    far.leave();
    await until(isOnline(device));
    expect(await settle(print(device))).toEqual(printed);
  });

  test('nobody listens: no such device', async () => {
    const far = await startNetworkPrinter('hangsUp');
    const closing = server;
    await new Promise((resolve) => closing?.close(resolve));
    server = undefined;
    const device = startPrinter(far.transport);
    await until(() => device.status().state === 'noDevice');
    expect(device.status().faults.map(({ code }) => code)).toEqual(['portNotFound']);
  });
});

describe('/dev/usb/lp*', () => {
  const failing = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));

  /** Without paper it takes nothing more, not even a question (NAK on bulk OUT). */
  const startUsbPrinter = () => {
    const answers: Uint8Array[] = [];
    let isGone = false;
    let writes = 0;
    const sim = createTicketPrinterSimulator(
      { send: (bytes) => answers.push(bytes) },
      { clock, settings: { lineMs: 20 } },
    );
    const file: LpFile = {
      read(buffer) {
        if (isGone) return failing('ENODEV');
        const next = answers.shift();
        if (!next) return failing('EAGAIN');
        buffer.set(next);
        return Promise.resolve({ bytesRead: next.length });
      },
      write(bytes, offset, length) {
        if (isGone) return failing('ENODEV');
        if (sim.look().paper === 'out') return failing('EAGAIN');
        writes += 1;
        sim.receive(bytes.subarray(offset, offset + length));
        return Promise.resolve({ bytesWritten: length });
      },
      close: () => Promise.resolve(),
    };
    return {
      sim,
      transport: createLpTransport(
        { type: 'lp', path: '/dev/usb/lp-none' },
        { openFile: () => (isGone ? failing('ENOENT') : Promise.resolve(file)) },
      ),
      writes: () => writes,
      plug: (isIn: boolean) => (isGone = !isIn),
      tickets: () => sim.look().tickets as PrintedTicket[],
    };
  };

  test('what the bus calls the printer is its model until it says so itself', async () => {
    const far = startUsbPrinter();
    far.sim.knobs.fault?.turn('noProcessId');
    const device = startPrinter({
      name: 'lp',
      async open() {
        const opened = await far.transport.open();
        return opened.ok
          ? { ok: true, value: { ...opened.value, info: { product: 'T-80', serialNumber: '7' } } }
          : opened;
      },
    });
    await until(isOnline(device));
    expect(device.identity()).toMatchObject({ model: 'T-80', serialNumber: '7' });
  });

  test('paper out in the middle, and no question gets through: it waits, goes on by itself, one ticket', async () => {
    const far = startUsbPrinter();
    const device = startPrinter(far.transport);
    await until(isOnline(device));
    far.sim.knobs.fault?.turn('paperOutMidJob');
    const notices: string[] = [];
    device.onNotice(({ type }) => notices.push(type));
    const result = print(device);
    await until(() => notices.includes('waitingForPaper'));
    await clock.advance(90_000);
    expect(device.status()).toMatchObject({ state: 'userError', faults: [{ code: 'paperOut', who: 'hall' }] });
    const writesBefore = far.writes();
    far.sim.knobs.loadPaper?.turn();
    expect(await settle(result)).toEqual(printed);
    await until(isOnline(device));
    expect(far.tickets()).toMatchObject([{ qr: ['https://a.cn/1'], cut: true }]);
    // A minute and a half without paper leaves a few questions in the line, not ninety.
    expect(far.writes() - writesBefore).toBeLessThan(30);
    expect(device.status().faults).toEqual([]);
    expect(notices).toEqual(['firstByteSent', 'waitingForPaper', 'resumed']);
  });

  test('paper out while idle, and it takes no more questions: the hall still sees that paper is wanted', async () => {
    const far = startUsbPrinter();
    const device = startPrinter(far.transport);
    await until(isOnline(device));
    far.sim.knobs.removePaper?.turn();
    await until(() => device.status().faults.length > 0);
    await clock.advance(120_000);
    expect(device.status().faults[0]).toEqual({ code: 'paperOut', who: 'hall' });
    far.sim.knobs.loadPaper?.turn();
    await until(isOnline(device));
    expect(await settle(print(device))).toEqual(printed);
  });

  test('unplugged while it waits for paper: fails for the paper, and nothing comes out after', async () => {
    const far = startUsbPrinter();
    const device = startPrinter(far.transport);
    await until(isOnline(device));
    far.sim.knobs.fault?.turn('paperOutMidJob');
    const result = print(device);
    await until(() => device.status().faults.length > 0);
    far.plug(false);
    expect(await settle(result)).toMatchObject({ ok: false, error: { code: 'paperOut' } });
    await until(() => device.status().state === 'noDevice');
    // Without its supply the printer forgets what it held.
    far.sim.knobs.fault?.turn('powerCycle');
    far.sim.knobs.loadPaper?.turn();
    far.plug(true);
    await until(isOnline(device));
    expect(await settle(print(device))).toEqual(printed);
    expect(far.tickets().filter(({ qr }) => qr.length > 0)).toHaveLength(1);
  });

  test('unplugged while a question is asked after the whole ticket was taken: not called cut short', async () => {
    const far = startUsbPrinter();
    const device = startPrinter(far.transport);
    await until(isOnline(device));
    far.sim.knobs.fault?.turn('noProcessId');
    const result = print(device);
    const asked = device.statistics().bytesIn ?? 0;
    await until(() => (device.statistics().bytesIn ?? 0) > asked + 3);
    far.plug(false);
    expect(await settle(result)).toEqual({ ok: true, value: { type: 'unconfirmed', reason: 'connectionLost' } });
  });
});
