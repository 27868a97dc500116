import { call } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { DriverDefinition } from '../../devices/kit/device.ts';
import type { FoundPort } from '../../devices/kit/finding/ports.ts';
import { linkSchema } from '../../devices/kit/transport.ts';
import { createMemoryTransport } from '../../devices/kit/transports/memory.ts';
import type { HallDevice } from '../host/hall-devices.ts';
import type { Kiosk } from '../host/kiosk.ts';
import type { HostContext } from '../host/roles.ts';
import { createTestKiosk, morningMs, type TestKiosk } from '../host/test-kiosk.ts';
import type { IdentifyEvent } from '../contract/console.ts';
import { createPorts, lookEveryMs, type PortSources } from './ports.ts';
import { consoleRouter } from './router.ts';

let place: TestKiosk;
beforeEach(async () => {
  place = await createTestKiosk();
});
afterEach(() => place.stop());

const printerPort: FoundPort = { type: 'lp', node: '/dev/usb/lp0', names: ['/dev/hall/ticket-printer-7'] };
const boardPort: FoundPort = {
  type: 'serial',
  node: '/dev/ttyUSB0',
  names: ['/dev/serial/by-id/board'],
  usb: { vendorId: 0x1a86, productId: 0x7523, product: 'CH340' },
};

const board: DriverDefinition = {
  driver: 'board',
  kind: 'locker',
  title: { zh: '锁控板', en: 'Lock board' },
  configSchema: z.never(),
  links: ['serial'],
  triedOn: [],
  commands: [],
  probe: {
    baudRates: [9600],
    ask: [Uint8Array.of(0x80)],
    waitMs: 100,
    recognise: (heard) => (heard.includes(0x81) ? { model: 'B1', capabilities: [] } : undefined),
  },
  start: () => {
    throw new Error('nothing is started while asking');
  },
};

/** The kiosk with devices that are only configured, and one driver. */
const kioskWith = (links: Record<string, object>): Kiosk => ({
  ...place.kiosk,
  drivers: [board],
  devices: {
    ...place.kiosk.devices,
    all: () =>
      Object.entries(links).map(
        ([id, link]) => ({ config: { id, link: linkSchema.parse(link) } }) as unknown as HallDevice,
      ),
  },
});

const sourcesOf = (ports: FoundPort[]): PortSources & { asked: string[]; looks(): number } => {
  const asked: string[] = [];
  let looks = 0;
  return {
    asked,
    looks: () => looks,
    list: async () => {
      looks += 1;
      return ports;
    },
    resolve: (path) => ports.find(({ node, names }) => node === path || names.includes(path))?.node,
    transportOf: (link) =>
      createMemoryTransport((bytes, peer) => {
        asked.push(`${'path' in link ? link.path : ''} ${bytes[0]?.toString(16)}`);
        peer.send(Uint8Array.of(0x81));
      }),
  };
};

const printer = { type: 'lp', path: '/dev/hall/ticket-printer-7' };

test('the list says which device has which port, which nobody has, and what is missing', async () => {
  const sources = sourcesOf([printerPort, boardPort]);
  const kiosk = kioskWith({
    printer,
    reader: { type: 'serial', path: '/dev/gone' },
    remote: { type: 'tcp', host: 'a', port: 1 },
  });
  const ports = createPorts(kiosk, sources);
  await ports.refresh();
  expect(ports.list()).toEqual([
    { state: 'assigned', type: 'lp', path: '/dev/hall/ticket-printer-7', assignedTo: 'printer' },
    { state: 'missing', type: 'serial', path: '/dev/gone', assignedTo: 'reader' },
    { state: 'unassigned', type: 'serial', path: '/dev/serial/by-id/board', identity: 'CH340' },
  ]);
});

test('it looks while somebody watches, and not at all afterwards', async () => {
  const sources = sourcesOf([]);
  const ports = createPorts(kioskWith({}), sources);
  const leaves = [ports.watch(() => undefined), ports.watch(() => undefined)];
  await place.clock.advance(2 * lookEveryMs);
  expect(sources.looks()).toBe(3);
  for (const leave of leaves) leave();
  await place.clock.advance(5 * lookEveryMs);
  expect(sources.looks()).toBe(3);
});

test('only a port that is there and that nobody has may be asked', async () => {
  const ports = createPorts(kioskWith({ printer }), sourcesOf([printerPort, boardPort]));
  expect(await ports.unassigned('/dev/hall/ticket-printer-7')).toMatchObject({ error: { code: 'portAssigned' } });
  expect(await ports.unassigned('/dev/serial/by-id/other')).toMatchObject({ error: { code: 'notFound' } });
  expect(await ports.unassigned('/dev/serial/by-id/board')).toMatchObject({ ok: true });
});

const technician = (): HostContext =>
  ({
    channel: { staff: { account: 'engineer', name: 'E', role: 'technician', expiresAtMs: morningMs + 3_600_000 } },
    now: () => place.clock.now(),
  }) as unknown as HostContext;

const identify = async (
  kiosk: Kiosk,
  sources: PortSources,
  path: string,
  stopAfter = Infinity,
): Promise<IdentifyEvent[]> => {
  const router = consoleRouter(kiosk, () => undefined, sources);
  const events: IdentifyEvent[] = [];
  const work = (async () => {
    for await (const event of await call(router.technician.identifyPort, { path }, { context: technician() })) {
      events.push(event);
      if (events.length >= stopAfter) break;
    }
  })();
  let isDone = false;
  void work.finally(() => (isDone = true)).catch(() => undefined);
  for (let left = 100; left > 0 && !isDone; left -= 1) await place.clock.advance(100);
  await work;
  return events;
};

const auditOf = (): string[] =>
  place.store
    .auditLines({ limit: 20 })
    .flatMap(({ act, detail, ok }) => (act === 'identifyPort' ? [`${detail} ${ok}`] : []));

test('a technician asks a port: progress, then what answered; the log has it', async () => {
  const sources = sourcesOf([boardPort]);
  const events = await identify(kioskWith({}), sources, '/dev/serial/by-id/board');
  expect(events).toEqual([
    { type: 'progress', step: 1, of: 2 },
    { type: 'progress', step: 2, of: 2, title: board.title, baudRate: 9600 },
    {
      type: 'result',
      result: {
        outcome: 'recognised',
        confidence: 'answered',
        model: 'B1',
        suggestions: [
          { driver: 'board', kind: 'locker', title: board.title, link: '/dev/serial/by-id/board', baudRate: 9600 },
        ],
      },
    },
  ]);
  expect(sources.asked).toEqual(['/dev/ttyUSB0 80']);
  expect(auditOf()).toEqual(['/dev/serial/by-id/board: recognised by answered: board true']);
});

test('whoever leaves cancels: nothing more is asked, and the log says so', async () => {
  const sources = sourcesOf([boardPort]);
  await identify(kioskWith({}), sources, '/dev/serial/by-id/board', 1);
  expect(sources.asked).toEqual([]);
  expect(auditOf()).toEqual(['/dev/serial/by-id/board: canceled false']);
});

test('a port that a device has is refused and never opened', async () => {
  const sources = sourcesOf([boardPort]);
  const kiosk = kioskWith({ locker: { type: 'serial', path: '/dev/ttyUSB0' } });
  await expect(identify(kiosk, sources, '/dev/serial/by-id/board')).rejects.toMatchObject({
    data: { code: 'portAssigned' },
  });
  expect(sources.asked).toEqual([]);
});
