// One driver on one cable with one simulator, on a fake clock: what every campaign plays its cases on.

import { createFakeClock, type Clock, type FakeClock } from '../../devices/kit/clock.ts';
import type { CommandMemory, Device } from '../../devices/kit/device.ts';
import type { Rehearsal, RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import { fail, type Result } from '../../devices/kit/result.ts';
import type { Simulator } from '../../devices/kit/simulator.ts';
import { createFaultWire, type FaultWire } from './fault-wire.ts';
import type { Rehearsed } from './rehearsals.ts';

/** How far the clock is moved between two looks. */
export const lookEveryMs = 25;

/** A command on its way. */
export type Performance = { settled(): Result<unknown> | undefined; abort(): void; promise: Promise<Result<unknown>> };

export type Stage = {
  readonly clock: FakeClock;
  readonly wire: FaultWire;
  device(): Device;
  simulator(): Simulator;
  /** Irreversible acts of the simulator that stands there now, over all commands of its rehearsal. */
  acts(): number;
  /** What was logged so far, as text. */
  logged(): readonly string[];
  perform(command: RehearsedCommand, id: string): Performance;
  turn(knob: string, argument?: string): void;
  tidy(command: RehearsedCommand): void;
  /** Moves the clock until the condition holds; false when it does not within the limit. */
  until(condition: () => boolean, limitMs: number): Promise<boolean>;
  /** Another device at the far end of the cable. */
  swap(rehearsal: Rehearsal): void;
  /** `stop`: the host ends in order. `kill`: it is dead, and what it still wanted to do never happens. */
  restart(how: 'stop' | 'kill'): Promise<void>;
  /** Ends everything; answers with the number of timers that the device left behind. */
  end(): Promise<number>;
};

/** A clock of one life: killed, nothing of it happens any more. */
const createLife = (clock: Clock) => {
  const running = new Set<() => void>();
  let isDead = false;
  const alive: Clock = {
    now: () => clock.now(),
    after(delayMs, act) {
      if (isDead) return () => undefined;
      const cancel = clock.after(delayMs, () => {
        running.delete(cancel);
        act();
      });
      running.add(cancel);
      return () => {
        running.delete(cancel);
        cancel();
      };
    },
  };
  return {
    clock: alive,
    pending: () => running.size,
    isDead: () => isDead,
    kill() {
      isDead = true;
      for (const cancel of running) cancel();
      running.clear();
    },
  };
};

/** A memory that outlives the device, as the store does; a killed life writes nothing more into it. */
const createMemory = () => {
  const begun = new Set<string>();
  const finished = new Map<string, Result<unknown>>();
  return (isDead: () => boolean): CommandMemory => ({
    get: (_device, id) => finished.get(id) ?? (begun.has(id) ? 'begun' : undefined),
    begin: (_device, id) => {
      if (!isDead()) begun.add(id);
    },
    finish: (_device, id, result) => {
      if (!isDead()) finished.set(id, structuredClone(result));
    },
  });
};

export const actsOf = (rehearsal: Rehearsal, look: Record<string, unknown>): number => {
  // Commands of one rehearsal may count the same thing: the largest count is the whole.
  const counts = rehearsal.commands.map((command) => command.acts?.(look) ?? 0);
  return Math.max(0, ...counts);
};

export const startStage = ({ rehearsal: own, definition }: Rehearsed, far: Rehearsal = own): Stage => {
  const clock = createFakeClock();
  const wire = createFaultWire(clock, own.info);
  const memoryOf = createMemory();
  const config = definition.configSchema.parse(own.config);
  let standing = far;
  const lines: string[] = [];

  const place = (rehearsal: Rehearsal): Simulator => {
    const placed = rehearsal.simulator(
      { send: (bytes) => wire.fromDevice(bytes) },
      { clock, settings: rehearsal.simulatorSettings ?? {} },
    );
    wire.attach((bytes) => placed.receive(bytes));
    return placed;
  };
  let simulator = place(far);

  const begin = () => {
    const life = createLife(clock);
    const start = own.start ?? ((settings, dependencies) => definition.start(settings as never, dependencies));
    const device = start(config, {
      id: 'rehearsed',
      clock: life.clock,
      log: (entry) => void lines.push(JSON.stringify(entry)),
      transport: {
        name: wire.transport.name,
        open: async (options) =>
          life.isDead() ? fail('openFailed', 'system', 'the host is dead') : wire.transport.open(options),
      },
      commandMemory: memoryOf(life.isDead),
    });
    return { life, device };
  };
  let running = begin();

  /** What a person does; nothing at a device that has no such part. */
  const turn = (knob: string, argument?: string): void => {
    const found = Object.hasOwn(simulator.knobs, knob) ? simulator.knobs[knob] : undefined;
    if (!found && standing === own) throw new Error(`the simulator has no knob "${knob}"`);
    try {
      found?.turn(argument);
    } catch (error) {
      if (standing === own) throw error;
    }
  };

  const until = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
    for (let passedMs = 0; ; passedMs += lookEveryMs) {
      if (condition()) return true;
      if (passedMs >= limitMs) return false;
      await clock.advance(lookEveryMs);
    }
  };

  return {
    clock,
    wire,
    device: () => running.device,
    simulator: () => simulator,
    acts: () => actsOf(standing, simulator.look()),
    logged: () => lines,
    perform(command, id) {
      const given = new AbortController();
      const promise = running.device.execute(structuredClone(command.command), {
        id,
        timeoutMs: command.timeoutMs,
        signal: given.signal,
      });
      let result: Result<unknown> | undefined;
      void promise.then((value) => {
        result = value;
      });
      for (const { knob, argument, afterMs } of command.hand ?? [])
        clock.after(afterMs, () => {
          if (!given.signal.aborted) turn(knob, argument);
        });
      return { settled: () => result, abort: () => given.abort(), promise };
    },
    turn,
    tidy(command) {
      for (const { knob, argument } of command.tidy ?? []) turn(knob, argument);
    },
    until,
    swap(rehearsal) {
      simulator.stop();
      standing = rehearsal;
      simulator = place(rehearsal);
    },
    async restart(how) {
      const { life, device } = running;
      if (how === 'kill') {
        life.kill();
        wire.hangUp('closed');
      } else {
        await device.stop();
        life.kill();
      }
      running = begin();
    },
    async end() {
      const { life, device } = running;
      await device.stop();
      await clock.advance(0);
      const left = life.pending();
      life.kill();
      simulator.stop();
      return left;
    },
  };
};
