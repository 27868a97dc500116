// For this folder's tests only: the driver and the simulated reader on the two ends of a memory transport, under a fake clock.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import type { Result } from '../kit/result.ts';
import type { DeviceDependencies, DriverDefinition } from '../kit/device.ts';
import type { Simulator, SimulatorFactory } from '../kit/simulator.ts';
import type { PortInfo, Transport } from '../kit/transport.ts';
import { createMemoryTransport, type MemoryTransport } from '../kit/transports/memory.ts';
import type { QrCommand, QrNotice, QrReader, QrReply } from './api.ts';
import { lineQrDriver } from './driver.ts';
import { createQrSimulator } from './simulator.ts';

export type Rig = {
  clock: FakeClock;
  device: QrReader;
  sim: Simulator;
  transport: MemoryTransport;
  notices: QrNotice[];
  turn(knob: string, argument?: string): void;
  /** Labels of what the driver sent, oldest first. */
  sent(): string[];
  /** Begins to wait for a code; `summaryOf` the answer once it is there. */
  read(timeoutMs?: number): Promise<Result<QrReply>>;
  run(command: QrCommand, timeoutMs?: number): Promise<Result<QrReply>>;
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
};

let nextId = 0;

export type Bench = {
  /** The driver with its own type of settings forgotten. */
  start(config: unknown, dependencies: DeviceDependencies): QrReader;
  simulator: SimulatorFactory;
  /** What the port says of itself (HID). */
  info?: PortInfo;
};

/** A bench for any driver of this folder. */
export const benchOf = <Config>(
  driver: DriverDefinition<Config, QrReader>,
  simulator: SimulatorFactory,
  info?: PortInfo,
): Bench => ({
  start: (config, dependencies) => driver.start(driver.configSchema.parse(config), dependencies),
  simulator,
  ...(info ? { info } : {}),
});

const lineBench = benchOf(lineQrDriver, createQrSimulator);

export const startRig = async (
  config: Record<string, unknown> = {},
  settings: Record<string, unknown> = {},
  { start, simulator, info }: Bench = lineBench,
): Promise<Rig> => {
  const clock = createFakeClock();
  const transport: MemoryTransport = createMemoryTransport((bytes) => sim.receive(bytes));
  const sim = simulator({ send: (bytes) => transport.peer()?.send(bytes) }, { clock, settings });
  const withInfo: Transport = {
    name: transport.name,
    async open(options) {
      const opened = await transport.open(options);
      return opened.ok && info ? { ok: true, value: { ...opened.value, info } } : opened;
    },
  };
  const device = start(config, { id: 'qr', clock, log: () => undefined, transport: withInfo });
  const notices: QrNotice[] = [];
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
  const execute = (command: QrCommand, timeoutMs: number): Promise<Result<QrReply>> => {
    nextId += 1;
    return device.execute(command, { id: `rig-${nextId}`, timeoutMs });
  };
  // Long enough for a hello and its reply.
  await clock.advance(100);
  return {
    clock,
    device,
    sim,
    transport,
    notices,
    turn: (knob, argument) => {
      const found = sim.knobs[knob];
      if (!found) throw new Error(`no such knob: ${knob}`);
      found.turn(argument);
    },
    sent: () => device.trace().flatMap((entry) => (entry.direction === 'out' ? [entry.label] : [])),
    read: (timeoutMs = 20_000) => execute({ type: 'readCode' }, timeoutMs),
    run: (command, timeoutMs = 8000) => until(execute(command, timeoutMs)),
    until,
  };
};

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** The text that was read, or the code of the failure. */
export const summaryOf = (result: Result<QrReply>): string => {
  if (!result.ok) return result.error.code;
  return result.value.type === 'code' ? result.value.code.text : result.value.type;
};
