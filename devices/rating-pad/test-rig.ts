// For this folder's tests only: the driver and the simulated pad on the two ends of a memory transport, under a fake clock.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import { hexOf } from '../kit/trace.ts';
import type { Result } from '../kit/result.ts';
import type { Simulator } from '../kit/simulator.ts';
import { createMemoryTransport, type MemoryTransport } from '../kit/transports/memory.ts';
import type { PadCommand, PadNotice, PadReply, RatingPad } from './api.ts';
import { padConfigSchema } from './config.ts';
import { hidPadConfigSchema } from './config-hid.ts';
import { declarativeHidPadDriver } from './driver-hid.ts';
import { declarativePadDriver } from './driver.ts';
import { hidPadModelNames, type HidPadModelName } from './models-hid.ts';
import type { PadModelName } from './models.ts';
import { createHidPadSimulator } from './simulator-hid.ts';
import { createRatingPadSimulator } from './simulator.ts';

export type Rig = {
  clock: FakeClock;
  pad: RatingPad;
  sim: Simulator;
  transport: MemoryTransport;
  notices: PadNotice[];
  press(level: 1 | 2 | 3 | 4 | 5): void;
  turn(knob: string, argument?: string): void;
  fault(name: string): void;
  sent(): string[];
  execute(command: PadCommand, timeoutMs?: number, signal?: AbortSignal): Promise<Result<PadReply>>;
  /** Lets the clock run until the promise is settled. */
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
};

let lastId = 0;

export const startRig = async (
  options: { model?: PadModelName | HidPadModelName; config?: unknown; fault?: string } = {},
): Promise<Rig> => {
  const model = options.model ?? 'exampleAsciiDigits';
  const isHid = hidPadModelNames.some((name) => name === model);
  const clock = createFakeClock();
  const transport = createMemoryTransport((bytes) => sim.receive(bytes));
  const sim = (isHid ? createHidPadSimulator : createRatingPadSimulator)(
    { send: (bytes) => transport.peer()?.send(bytes) },
    { clock, settings: { model } },
  );
  const turn = (knob: string, argument?: string): void => {
    const found = sim.knobs[knob];
    if (!found) throw new Error(`no knob ${knob}`);
    found.turn(argument);
  };
  if (options.fault !== undefined) turn('fault', options.fault);
  const config = options.config ?? { model };
  const dependencies = { id: 'pad', clock, log: () => undefined, transport };
  const pad = isHid
    ? declarativeHidPadDriver.start(hidPadConfigSchema.parse(config), dependencies)
    : declarativePadDriver.start(padConfigSchema.parse(config), dependencies);
  const notices: PadNotice[] = [];
  pad.onNotice((notice) => notices.push(notice));
  await clock.advance(200);
  return {
    clock,
    pad,
    sim,
    transport,
    notices,
    turn,
    press: (level) => turn('press', String(level)),
    fault: (name) => turn('fault', name),
    sent: () => transport.written().map((bytes) => hexOf(bytes)),
    execute: (command, timeoutMs = 30_000, signal) =>
      pad.execute(command, { id: `command-${++lastId}`, timeoutMs, ...(signal ? { signal } : {}) }),
    async until(promise, limitMs = 60_000) {
      let isSettled = false;
      const settle = (): void => {
        isSettled = true;
      };
      promise.then(settle, settle);
      for (let waited = 0; !isSettled && waited < limitMs; waited += 50) await clock.advance(50);
      if (!isSettled) throw new Error(`not settled within ${limitMs} ms of fake time`);
      return promise;
    },
  };
};
