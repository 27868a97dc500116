// For this folder's tests only: the driver and the simulated module on the two ends of a memory transport, under a fake clock.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import type { DeviceLog } from '../kit/device.ts';
import type { Knob, Simulator } from '../kit/simulator.ts';
import { createMemoryTransport, type MemoryTransport } from '../kit/transports/memory.ts';
import type { IdCardCommand, IdCardNotice, IdCardReader, IdCardReply } from './api.ts';
import { samHidConfigSchema, samSerialConfigSchema } from './config.ts';
import { samHidDriver, samSerialDriver } from './driver.ts';
import { createSamHidSimulator } from './simulator-hid.ts';
import { createSamSimulator } from './simulator.ts';
import { ok, type Result } from '../kit/result.ts';
import type { PortInfo, Transport } from '../kit/transport.ts';

export type Rig = {
  clock: FakeClock;
  device: IdCardReader;
  sim: Simulator;
  transport: MemoryTransport;
  notices: IdCardNotice[];
  logged: Parameters<DeviceLog>[0][];
  turn(knob: string, argument?: string): void;
  /** Labels of what the driver sent, oldest first. */
  sent(): string[];
  /** Lets the clock run until the command is done. */
  run(command: IdCardCommand, timeoutMs?: number): Promise<Result<IdCardReply>>;
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
};

type RigOptions = {
  config?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  /** Serial when absent. */
  wire?: 'serial' | 'hid';
  /** What the port says of itself. */
  info?: PortInfo;
  /** The module's rate at power-up: it hears no other; the port's configured rate is 115200. */
  moduleBaudRate?: number;
  /** How a reply reaches the driver. */
  deliver?(bytes: Uint8Array, send: (chunk: Uint8Array) => void, clock: FakeClock): void;
};

const withInfo = (transport: Transport, info: PortInfo): Transport => ({
  name: transport.name,
  async open(options) {
    const opened = await transport.open(options);
    return opened.ok ? ok({ ...opened.value, info }) : opened;
  },
});

let nextId = 0;

export const startRig = async (options: RigOptions = {}): Promise<Rig> => {
  const clock = createFakeClock();
  const deliver = options.deliver ?? ((bytes, send) => send(bytes));
  const transport: MemoryTransport = createMemoryTransport((bytes, _peer, baudRate = 115_200) => {
    if (sim.look()['baudRate'] === baudRate) sim.receive(bytes);
  });
  const { wire = 'serial', info, config = {}, moduleBaudRate = 115_200 } = options;
  const createSimulator = wire === 'hid' ? createSamHidSimulator : createSamSimulator;
  const sim = createSimulator(
    { send: (bytes) => deliver(bytes, (chunk) => transport.peer()?.send(chunk), clock) },
    { clock, settings: { baudRate: moduleBaudRate, ...options.settings } },
  );
  const logged: Parameters<DeviceLog>[0][] = [];
  const dependencies = {
    id: 'reader',
    clock,
    log: (entry: Parameters<DeviceLog>[0]) => void logged.push(entry),
    transport: info ? withInfo(transport, info) : transport,
  };
  const device =
    wire === 'hid'
      ? samHidDriver.start(samHidConfigSchema.parse(config), dependencies)
      : samSerialDriver.start(samSerialConfigSchema.parse(config), dependencies);
  const notices: IdCardNotice[] = [];
  device.onNotice((notice) => notices.push(notice));
  const until = async <T>(promise: Promise<T>, limitMs = 60_000): Promise<T> => {
    const watch = { isDone: false };
    const mark = (): void => {
      watch.isDone = true;
    };
    promise.then(mark, mark);
    for (let spentMs = 0; spentMs <= limitMs; spentMs += 5) {
      if (watch.isDone) return promise;
      await clock.advance(5);
    }
    throw new Error(`not settled within ${limitMs} ms of the fake clock`);
  };
  await clock.advance(0);
  return {
    clock,
    device,
    sim,
    transport,
    notices,
    logged,
    turn: (knob, argument) => {
      const found: Knob | undefined = sim.knobs[knob];
      if (!found) throw new Error(`no such knob: ${knob}`);
      found.turn(argument);
    },
    sent: () => device.trace().flatMap((entry) => (entry.direction === 'out' ? [entry.label] : [])),
    run: (command, timeoutMs = 5000) => {
      nextId += 1;
      return until(device.execute(command, { id: `rig-${nextId}`, timeoutMs }));
    },
    until,
  };
};

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
