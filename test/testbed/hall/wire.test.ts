// The cable: its speed and its faults, with a clock that the test moves; and a real tty behind a path that stays.

import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import type { Simulator, SimulatorFactory, Wire } from '../../../devices/kit/simulator.ts';
import { createSerialTransport } from '../../../devices/kit/transports/serial.ts';
import { openTcpPort, openTtyPort, type OnBytes, type Port } from './port.ts';
import { createPacer, startWire } from './wire.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

/** A simulator that says what it is told to say and keeps what it hears. */
const createBench = async (baudRate?: number) => {
  const clock = createFakeClock();
  const heard: number[] = [];
  const driver: { atMs: number; bytes: number[] }[] = [];
  let wire: Wire | undefined;
  let toDevice: OnBytes = () => undefined;
  let isPlugged = true;
  const port: Port = {
    path: 'memory',
    get isPlugged() {
      return isPlugged;
    },
    write: (bytes) => driver.push({ atMs: clock.now() - began, bytes: [...bytes] }),
    async unplug() {
      isPlugged = false;
    },
    async plug() {
      isPlugged = true;
    },
  };
  const factory: SimulatorFactory = (given): Simulator => {
    wire = given;
    return {
      receive: (bytes) => heard.push(...bytes),
      knobs: { poke: { title: { zh: '戳', en: 'Poke' }, turn: () => undefined } },
      look: () => ({}),
      stop: () => undefined,
    };
  };
  const began = clock.now();
  const wired = await startWire({
    clock,
    factory,
    ...(baudRate === undefined ? {} : { baudRate }),
    openPort: (onBytes) => {
      toDevice = onBytes;
      return port;
    },
  });
  stops.push(() => wired.stop());
  return {
    clock,
    heard,
    driver,
    wired,
    say: (...bytes: number[]) => wire?.send(Uint8Array.from(bytes)),
    write: (...bytes: number[]) => toDevice(Uint8Array.from(bytes)),
    arrived: () => driver.flatMap(({ bytes }) => bytes),
  };
};

test('a burst takes the wire’s own time, in small chunks', async () => {
  const clock = createFakeClock();
  const began = clock.now();
  const chunks: { atMs: number; length: number }[] = [];
  const pacer = createPacer(
    clock,
    (bytes) => chunks.push({ atMs: clock.now() - began, length: bytes.length }),
    115_200,
  );
  pacer.send(new Uint8Array(1295));
  await clock.advance(200);
  // 1295 bytes of 10 bits at 115200 baud take 112.4 ms.
  expect(chunks.at(-1)?.atMs).toBe(113);
  expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(1295);
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(12);
  for (const [index, { atMs }] of chunks.entries()) {
    const sent = chunks.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0);
    expect(sent).toBeLessThanOrEqual(atMs * 11.52);
  }
});

test('9600 baud: a five byte answer takes 5.2 ms, a second burst begins its own time', async () => {
  const bench = await createBench(9600);
  bench.say(1, 2, 3, 4, 5);
  await bench.clock.advance(100);
  bench.say(6);
  await bench.clock.advance(100);
  expect(bench.arrived()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(bench.driver.map(({ atMs }) => atMs)).toEqual([2, 3, 4, 5, 6, 102]);
});

test('without a rate bytes pass at once', async () => {
  const bench = await createBench();
  bench.say(1, 2, 3);
  expect(bench.driver).toEqual([{ atMs: 0, bytes: [1, 2, 3] }]);
});

test('byte by byte: never two in one chunk', async () => {
  const bench = await createBench(115_200);
  await bench.wired.turn('byteByByte', 'on');
  bench.say(1, 2, 3, 4);
  await bench.clock.advance(50);
  expect(bench.driver.map(({ bytes }) => bytes)).toEqual([[1], [2], [3], [4]]);
});

test('what comes from the driver is kept with its moment, the last pieces only', async () => {
  const bench = await createBench();
  const beganMs = bench.clock.now();
  bench.write(0x1b, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47);
  await bench.clock.advance(30);
  bench.write(0x10, 0x04, 0x01);
  const { received } = bench.wired.look()['link'] as { received: { bytes: number; last: unknown[] } };
  expect(received).toEqual({
    bytes: 12,
    last: [
      { atMs: beganMs, bytes: 9, head: '1b40414243444546' },
      { atMs: beganMs + 30, bytes: 3, head: '100401' },
    ],
  });
  for (let piece = 0; piece < 200; piece += 1) bench.write(0);
  const later = bench.wired.look()['link'] as { received: { bytes: number; last: unknown[] } };
  expect([later.received.bytes, later.received.last.length]).toEqual([212, 64]);
});

test('mute: nothing passes either way, until it is off', async () => {
  const bench = await createBench();
  await bench.wired.turn('mute', 'on');
  bench.say(1);
  bench.write(2);
  await bench.wired.turn('mute', 'off');
  bench.say(3);
  bench.write(4);
  expect([bench.arrived(), bench.heard]).toEqual([[3], [4]]);
});

test('dropNext loses exactly so many bytes', async () => {
  const bench = await createBench();
  await bench.wired.turn('dropNext', '2');
  bench.say(1);
  bench.say(2, 3, 4);
  expect(bench.arrived()).toEqual([3, 4]);
});

test('unplugged: what was on its way is lost, and not delivered after replugging', async () => {
  const bench = await createBench(9600);
  bench.say(...Array.from({ length: 50 }, () => 7));
  await bench.clock.advance(10);
  await bench.wired.turn('unplug');
  const before = bench.arrived().length;
  bench.say(9);
  await bench.wired.turn('replug');
  await bench.clock.advance(200);
  expect(bench.arrived()).toHaveLength(before);
  expect(before).toBeLessThan(50);
});

test('an unknown knob and a wrong value are refused', async () => {
  const bench = await createBench();
  await expect(bench.wired.turn('nothing')).rejects.toThrow('there is no knob nothing');
  await expect(bench.wired.turn('toString')).rejects.toThrow('there is no knob');
  await expect(bench.wired.turn('mute', 'perhaps')).rejects.toThrow('on or off');
});

// That a driver sees the end at once is tested over two processes (hall.test.ts): both ends of one pty in one process do not.
test('a real tty: the path stays over unplugging, is gone meanwhile, and opens again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-port-'));
  stops.push(() => rmSync(folder, { recursive: true }));
  const link = join(folder, 'locker');
  const port = openTtyPort((bytes) => port.write(bytes.map((byte) => byte + 1)), link);
  stops.push(() => port.unplug());
  const transport = createSerialTransport(
    { type: 'serial', path: link, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' },
    9600,
  );
  const echoOf = async (byte: number): Promise<{ echo: number; close(): Promise<void> }> => {
    const opened = await transport.open();
    if (!opened.ok) throw new Error(opened.error.message);
    const connection = opened.value;
    const echo = new Promise<number>((resolve) => connection.onData((bytes) => resolve(bytes[0] ?? -1)));
    await connection.write(Uint8Array.of(byte));
    return { echo: await echo, close: () => connection.close() };
  };
  const first = await echoOf(1);
  expect(first.echo).toBe(2);
  expect(readlinkSync(link)).toMatch(/^\/dev\/pts\//);
  await port.unplug();
  expect(existsSync(link)).toBe(false);
  await first.close();
  expect(await transport.open()).toMatchObject({ ok: false, error: { code: 'notFound' } });
  await port.plug();
  expect(port.path).toBe(link);
  const second = await echoOf(10);
  expect(second.echo).toBe(11);
  await second.close();
});

test('TCP: unplugged it refuses, replugged it is at the same port', async () => {
  const port = await openTcpPort((bytes) => port.write(bytes));
  stops.push(() => port.unplug());
  const number = Number(new URL(port.path.replace('tcp:', 'http:')).port);
  const talk = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(number, '127.0.0.1', () => socket.write('x'));
      socket.on('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    });
  expect(await talk()).toBe('x');
  await port.unplug();
  expect(await talk()).toBe('ECONNREFUSED');
  await port.plug();
  expect(await talk()).toBe('x');
});
