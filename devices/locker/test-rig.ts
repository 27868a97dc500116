// A cabinet on a memory wire with a clock that the test moves: any family's driver against its own simulator.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import type { CheckVerdict, CommandMemory } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import type { Simulator, SimulatorFactory } from '../kit/simulator.ts';
import { createMemoryTransport, type MemoryPeer, type MemoryTransport } from '../kit/transports/memory.ts';
import type { Locker, LockerCommand, LockerNotice, LockerReply } from './api.ts';
import { board8a80Driver } from './board-8a80/driver.ts';
import { rehearsals as board8a80 } from './board-8a80/rehearsal.ts';
import { kerongCu16Driver } from './kerong-cu16/driver.ts';
import { rehearsals as kerongCu16 } from './kerong-cu16/rehearsal.ts';
import { kerongCu48Driver } from './kerong-cu48/driver.ts';
import { rehearsals as kerongCu48 } from './kerong-cu48/rehearsal.ts';
import { modbusRelayDriver } from './modbus-relay/driver.ts';
import { rehearsals as modbusRelay } from './modbus-relay/rehearsal.ts';
import { winnsenDriver } from './winnsen/driver.ts';
import { rehearsals as winnsen } from './winnsen/rehearsal.ts';

/** Every family with its driver, its simulator and settings that fit each other; the last number is a cell that can be tried. */
export const families = [
  { driver: board8a80Driver, rehearsals: board8a80, tryCell: 7, lockAt: (hex: string) => hex.slice(4, 6) },
  { driver: kerongCu16Driver, rehearsals: kerongCu16, tryCell: 11, lockAt: (hex: string) => hex.slice(2, 4) },
  { driver: kerongCu48Driver, rehearsals: kerongCu48, tryCell: 41, lockAt: (hex: string) => hex.slice(4, 6) },
  { driver: modbusRelayDriver, rehearsals: modbusRelay, tryCell: 5, lockAt: (hex: string) => hex.slice(6, 8) },
  { driver: winnsenDriver, rehearsals: winnsen, tryCell: 9, lockAt: (hex: string) => hex.slice(8, 10) },
] as const;

export type Rig = {
  clock: FakeClock;
  locker: Locker;
  cabinet: Simulator;
  transport: MemoryTransport;
  notices: LockerNotice[];
  turn(knob: string, argument?: string): void;
  /** Keeps back what the boards say from now on; `release` lets it come, in order. */
  hold(): void;
  release(): void;
  /** Gives the command and moves the clock so far. */
  run(command: LockerCommand, ms?: number, timeoutMs?: number): Promise<Result<LockerReply>>;
  pulses(): number;
  faults(): string[];
};

export type RigOptions = {
  driver: { configSchema: { parse(value: unknown): unknown }; start(config: never, dependencies: never): Locker };
  config: unknown;
  simulator: SimulatorFactory;
  settings?: Record<string, unknown>;
  memory?: CommandMemory;
  settleMs?: number;
};

const started: { locker: Locker; cabinet: Simulator }[] = [];
let commandNumber = 0;

/** For `afterEach`. */
export const stopRigs = async (): Promise<void> => {
  for (const { locker, cabinet } of started.splice(0)) {
    await locker.stop();
    cabinet.stop();
  }
};

export const startRig = async ({
  driver,
  config,
  simulator,
  settings = {},
  memory,
  settleMs = 3000,
}: RigOptions): Promise<Rig> => {
  const clock = createFakeClock();
  let peer: MemoryPeer | undefined;
  let held: Uint8Array[] | undefined;
  const send = (bytes: Uint8Array): void => {
    if (held) held.push(bytes);
    else peer?.send(bytes);
  };
  const cabinet = simulator({ send }, { clock, settings });
  const transport = createMemoryTransport((bytes, to) => {
    peer = to;
    cabinet.receive(bytes);
  });
  const dependencies = {
    id: 'locker-1',
    clock,
    log: () => undefined,
    transport,
    ...(memory ? { commandMemory: memory } : {}),
  };
  const locker = driver.start(driver.configSchema.parse(config) as never, dependencies as never);
  started.push({ locker, cabinet });
  const notices: LockerNotice[] = [];
  locker.onNotice((notice) => notices.push(notice));
  await clock.advance(settleMs);
  return {
    clock,
    locker,
    cabinet,
    transport,
    notices,
    turn: (knob, argument) => cabinet.knobs[knob]?.turn(argument),
    hold() {
      held = [];
    },
    release() {
      const late = held ?? [];
      held = undefined;
      for (const bytes of late) send(bytes);
    },
    async run(command, ms = 5000, timeoutMs = 8000) {
      const result = locker.execute(command, { id: `command-${(commandNumber += 1)}`, timeoutMs });
      await clock.advance(ms);
      return result;
    },
    pulses: () => Number(cabinet.look()['pulses']),
    faults: () => locker.status().faults.map(({ code }) => code),
  };
};

/** A memory on "disk": what one life of the host wrote, the next one reads. */
export const createDiskMemory = (): CommandMemory => {
  const stored = new Map<string, Result<unknown> | 'begun'>();
  const keyOf = (device: string, command: string): string => `${device} ${command}`;
  return {
    get: (device, command) => stored.get(keyOf(device, command)),
    begin: (device, command) => void stored.set(keyOf(device, command), 'begun'),
    finish: (device, command, result) => void stored.set(keyOf(device, command), result),
  };
};

export const codeOf = (result: Result<LockerReply>): string => (result.ok ? result.value.type : result.error.code);

/** Runs a check to its end; `answer` is the person, who may do something before saying yes. */
export const runCheck = async (
  { clock, locker, turn }: Rig,
  name: string,
  {
    answer = () => true,
    shutsDoors = true,
  }: { answer?: (questionNumber: number) => boolean; shutsDoors?: boolean } = {},
): Promise<CheckVerdict | undefined> => {
  const check = locker.checks.find((each) => each.name === name);
  const verdicts: CheckVerdict[] = [];
  let asked = 0;
  const running = check?.run(async () => answer((asked += 1))).then((verdict) => verdicts.push(verdict));
  for (let ms = 0; ms < 70_000 && verdicts.length === 0; ms += 500) {
    await clock.advance(500);
    if (shutsDoors && ms > 2000) turn('shutAll');
  }
  await running;
  return verdicts[0];
};
