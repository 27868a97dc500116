import { expect, test } from 'vitest';
import { z } from 'zod';
import { createFakeClock, type FakeClock } from '../clock.ts';
import type { DriverDefinition, Probe, UsbIdentity } from '../device.ts';
import type { DeviceKind } from '../status.ts';
import type { LinkConfig, LinkType, OpenFailure } from '../transport.ts';
import { createMemoryTransport, type MemoryPeer } from '../transports/memory.ts';
import { candidatesFor, createIdentifier, identifyPort, type IdentifyProgress } from './identify.ts';
import type { FoundPort } from './ports.ts';

const tty: FoundPort = { type: 'serial', node: '/dev/ttyUSB0', names: ['/dev/serial/by-id/x'] };
const scannerHid: FoundPort = {
  type: 'hid',
  node: '/dev/hidraw0',
  names: [],
  usb: { vendorId: 0x0c2e, productId: 0x0b61 },
  usages: [{ usagePage: 0x8c, usage: 2 }],
};

const probeOf = (question: number, answer: number, baudRates: number[]): Probe => ({
  baudRates,
  ask: [Uint8Array.of(question)],
  waitMs: 200,
  recognise: (heard) => (heard.includes(answer) ? { model: `M${answer}`, capabilities: [] } : undefined),
});

const driver = (
  name: string,
  kind: DeviceKind,
  links: readonly LinkType[],
  more: { probe?: Probe; usb?: readonly UsbIdentity[] } = {},
): DriverDefinition => ({
  driver: name,
  kind,
  title: { zh: name, en: name },
  configSchema: z.never(),
  links,
  triedOn: [],
  commands: [],
  start: () => {
    throw new Error('nothing is started while asking');
  },
  ...more,
});

const reader = driver('reader', 'id-card-reader', ['serial'], { probe: probeOf(0x11, 0xaa, [115_200, 9600]) });
const board = driver('board', 'locker', ['serial', 'tcp'], { probe: probeOf(0x80, 0xbb, [9600]) });
const printer = driver('printer', 'ticket-printer', ['serial', 'lp'], { probe: probeOf(0x10, 0xcc, [9600, 19_200]) });
const mute = driver('mute', 'qr-reader', ['serial', 'hid']);
const drivers = [reader, board, printer, mute];

type Answer = (bytes: Uint8Array, peer: MemoryPeer, baudRate: number | undefined) => void;

/** A port with something at its far end, and a log of what it was asked. */
const stage = (answer: Answer = () => undefined, onOpen: (peer: MemoryPeer) => void = () => undefined) => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const opened: LinkConfig[] = [];
  let refusal: OpenFailure | undefined;
  const options = {
    drivers,
    assigned: [] as readonly FoundPort[],
    clock,
    transportOf: (link: LinkConfig) => {
      opened.push(link);
      const memory = createMemoryTransport((bytes, peer, baudRate) => {
        asked.push(`${[...bytes].map((byte) => byte.toString(16)).join(' ')} @${baudRate}`);
        answer(bytes, peer, baudRate);
      });
      memory.refuse(refusal);
      return {
        name: 'memory',
        open: async (given?: { baudRate?: number }) => {
          const connection = await memory.open(given);
          const peer = memory.peer();
          if (peer) clock.after(1, () => onOpen(peer));
          return connection;
        },
      };
    },
  };
  return { clock, asked, opened, options, refuse: (reason: OpenFailure) => (refusal = reason) };
};

const run = async <T>(clock: FakeClock, work: Promise<T>): Promise<T> => {
  let isDone = false;
  void work.finally(() => (isDone = true));
  for (let left = 200; left > 0 && !isDone; left -= 1) await clock.advance(100);
  return work;
};

test('printers are asked first, then lock boards, then the rest; each at all its rates', () => {
  expect(candidatesFor(tty, drivers).map(({ driver: { driver: name }, baudRate }) => `${name} ${baudRate}`)).toEqual([
    'printer 9600',
    'printer 19200',
    'board 9600',
    'reader 115200',
    'reader 9600',
  ]);
});

test('the first recognition ends it: nothing more is asked', async () => {
  const { clock, asked, opened, options } = stage(([byte], peer) => {
    if (byte === 0x80) peer.send(Uint8Array.of(0xbb));
  });
  expect(await run(clock, identifyPort(tty, options))).toEqual({
    outcome: 'recognised',
    confidence: 'answered',
    identity: { model: 'M187', capabilities: [] },
    suggestions: [
      {
        driver: 'board',
        kind: 'locker',
        title: { zh: 'board', en: 'board' },
        link: expect.objectContaining({ type: 'serial', path: '/dev/serial/by-id/x', baudRate: 9600 }),
      },
    ],
  });
  expect(asked).toEqual(['10 @9600', '10 @19200', '80 @9600']);
  // Opened by the node that was listed, a fresh transport each time.
  expect(opened.map((link) => 'path' in link && link.path)).toEqual(Array(4).fill('/dev/ttyUSB0'));
});

test('what speaks by itself is heard and not asked', async () => {
  const { clock, asked, options } = stage(undefined, (peer) => peer.send(Uint8Array.of(0xbb)));
  expect(await run(clock, identifyPort(tty, options))).toMatchObject({ outcome: 'recognised', confidence: 'spoke' });
  expect(asked).toEqual([]);
});

test('an answer in pieces is put together; noise is not an answer', async () => {
  const { clock, options } = stage(([byte], peer) => {
    if (byte === 0x11) for (const piece of [0x00, 0xaa]) peer.send(Uint8Array.of(piece));
    else peer.send(Uint8Array.of(0x3f, 0x0d));
  });
  expect(await run(clock, identifyPort(tty, options))).toMatchObject({ suggestions: [{ driver: 'reader' }] });
});

test('nobody answered: it says how many questions were asked and how much came that nobody understands', async () => {
  const { clock, options } = stage((_, peer) => peer.send(Uint8Array.of(1, 2)));
  expect(await run(clock, identifyPort(tty, options))).toEqual({ outcome: 'unknown', asked: 5, heardBytes: 10 });
});

test('progress counts the steps, and a cancel ends it before the next question', async () => {
  const { clock, asked, options } = stage();
  const stop = new AbortController();
  const steps: IdentifyProgress[] = [];
  const onProgress = (progress: IdentifyProgress): void => {
    steps.push(progress);
    if (progress.driver === 'board') stop.abort();
  };
  const result = await run(clock, identifyPort(tty, { ...options, onProgress, signal: stop.signal }));
  expect(result).toEqual({ outcome: 'canceled' });
  expect(asked.some((line) => line.startsWith('80'))).toBe(false);
  expect(steps.map(({ step, of, driver: name }) => `${step}/${of} ${name ?? 'listen'}`)).toEqual([
    '1/6 listen',
    '2/6 printer',
    '3/6 printer',
    '4/6 board',
  ]);
});

test.each(['portBusy', 'permissionDenied', 'notFound'] as const)('%s is told, nothing is asked', async (reason) => {
  const { clock, asked, options, refuse } = stage();
  refuse(reason);
  expect(await run(clock, identifyPort(tty, options))).toMatchObject({ outcome: 'cannotOpen', reason });
  expect(asked).toEqual([]);
});

test('pulled out in the middle: gone', async () => {
  const { clock, options } = stage((_, peer) => peer.hangUp());
  expect(await run(clock, identifyPort(tty, options))).toEqual({ outcome: 'gone' });
});

test('a port that a device has is not touched', async () => {
  const { clock, opened, options } = stage();
  expect(await run(clock, identifyPort(tty, { ...options, assigned: [tty] }))).toEqual({ outcome: 'assigned' });
  expect(opened).toEqual([]);
});

test('one probe at a time on a port', async () => {
  const { clock, options } = stage();
  const identify = createIdentifier();
  const first = identify(tty, options);
  expect(await identify(tty, options)).toBeUndefined();
  expect(await run(clock, first)).toMatchObject({ outcome: 'unknown' });
  expect(await run(clock, identify(tty, options))).toMatchObject({ outcome: 'unknown' });
});

const numbers = { vendorId: 0x0c2e, productId: 0x0b61, model: '1602g', confidence: 'singleSource' as const };

test('USB numbers name the model: only its drivers ask, and where none can the numbers stand', async () => {
  const named = driver('named', 'qr-reader', ['hid'], { usb: [{ ...numbers, subsystem: 'hidraw' }] });
  const { clock, asked, options } = stage();
  expect(await run(clock, identifyPort(scannerHid, { ...options, drivers: [...drivers, named] }))).toMatchObject({
    outcome: 'named',
    confidence: 'numbers',
    model: '1602g',
    suggestions: [{ driver: 'named', link: { type: 'hid', vendorId: 0x0c2e, productId: 0x0b61 } }],
  });
  expect(asked).toEqual([]);
});

test('a HID device whose twin is at work is not opened: it might be the twin that answers', async () => {
  const named = driver('named', 'qr-reader', ['hid'], {
    usb: [{ ...numbers, subsystem: 'hidraw' }],
    probe: probeOf(1, 2, []),
  });
  const { clock, opened, options } = stage((_, peer) => peer.send(Uint8Array.of(2)));
  const all = { ...options, drivers: [named] };
  const twin = { ...scannerHid, node: '/dev/hidraw1' };
  expect(await run(clock, identifyPort(scannerHid, { ...all, assigned: [twin] }))).toMatchObject({ outcome: 'named' });
  expect(opened).toEqual([]);
  expect(await run(clock, identifyPort(scannerHid, all))).toMatchObject({ outcome: 'recognised' });
});

test('an unknown HID device is never written to; a bar code usage page says what it is', async () => {
  const asking = driver('asking', 'rating-pad', ['hid'], { probe: probeOf(1, 2, []) });
  const { clock, opened, options } = stage();
  const keyboard: FoundPort = { ...scannerHid, usages: [{ usagePage: 1, usage: 6 }] };
  const all = { ...options, drivers: [...drivers, asking] };
  expect(await run(clock, identifyPort(keyboard, all))).toEqual({ outcome: 'unknown', asked: 0, heardBytes: 0 });
  expect(await run(clock, identifyPort(scannerHid, all))).toMatchObject({
    outcome: 'named',
    confidence: 'usage',
    suggestions: [{ driver: 'mute' }],
  });
  expect(opened).toEqual([]);
});

test('an adapter’s numbers name the chip, not the device: everybody may ask', () => {
  const chip: FoundPort = { ...tty, usb: { vendorId: 0x1a86, productId: 0x7523 } };
  const own = driver('own', 'locker', ['serial'], {
    probe: probeOf(1, 2, [9600]),
    usb: [{ ...numbers, vendorId: 0x1a86, productId: 0x7523, subsystem: 'tty' }],
  });
  expect(candidatesFor(chip, [...drivers, own])).toHaveLength(6);
});
