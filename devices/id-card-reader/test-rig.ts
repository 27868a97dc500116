// For this folder's tests only: the driver and the simulated module on the two ends of a memory transport, under a fake clock.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import type { Knob, Simulator } from '../kit/simulator.ts';
import { createMemoryTransport, type MemoryTransport } from '../kit/transports/memory.ts';
import type { IdCardCommand, IdCardNotice, IdCardReader, IdCardReply } from './api.ts';
import { samSerialConfigSchema } from './config.ts';
import { samSerialDriver } from './driver.ts';
import { createSamSimulator } from './simulator.ts';
import type { Result } from '../kit/result.ts';

export type Rig = {
  clock: FakeClock;
  device: IdCardReader;
  sim: Simulator;
  transport: MemoryTransport;
  notices: IdCardNotice[];
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
  /** The module hears only this rate; the port's configured rate is 115200. */
  moduleBaudRate?: number;
  /** How a reply reaches the driver. */
  deliver?(bytes: Uint8Array, send: (chunk: Uint8Array) => void, clock: FakeClock): void;
};

let nextId = 0;

export const startRig = async (options: RigOptions = {}): Promise<Rig> => {
  const clock = createFakeClock();
  const deliver = options.deliver ?? ((bytes, send) => send(bytes));
  const transport: MemoryTransport = createMemoryTransport((bytes, _peer, baudRate = 115_200) => {
    if (options.moduleBaudRate === undefined || options.moduleBaudRate === baudRate) sim.receive(bytes);
  });
  const sim = createSamSimulator(
    { send: (bytes) => deliver(bytes, (chunk) => transport.peer()?.send(chunk), clock) },
    { clock, settings: options.settings },
  );
  const device = samSerialDriver.start(samSerialConfigSchema.parse(options.config ?? {}), {
    id: 'reader',
    clock,
    log: () => undefined,
    transport,
  });
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
