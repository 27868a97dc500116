// What can befall a command, besides what a cable does all the time: one reply or write spoiled, the plug pulled at a step, the host gone
// in the middle, a port that will not open, another device at the far end.

import { isDeepStrictEqual } from 'node:util';
import type { Rehearsal, RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import type { OpenFailure } from '../../devices/kit/transport.ts';
import type { Pass, Step } from './fault-wire.ts';
import { deadlineSlackMs, isOnline, onlineLimitMs, performOnce, settle, type Findings } from './findings.ts';
import { createRandom, seedOf, type Random } from './random.ts';
import type { Rehearsed } from './rehearsals.ts';
import type { Stage } from './stage.ts';
import { isOnItsOwnLink, type WireFault } from './wire-faults.ts';

export type Fault = {
  name: string;
  /** The far end at the beginning, when it is not the rehearsal's own. */
  far?: Rehearsal;
  begin?(stage: Stage): void;
  /** Plays the command; by default it is given and waited for. */
  perform?(stage: Stage, command: RehearsedCommand, findings: Findings): Promise<void>;
  /** Once the command has ended. */
  lift(stage: Stage): void;
  isSilence?: boolean;
};

export const ofWire = (wireFault: WireFault, { rehearsal, name }: Rehearsed, command: string): Fault => {
  let release: (() => void) | undefined;
  return {
    name: wireFault.name,
    isSilence: wireFault.name === 'silence' || wireFault.name === 'deafAndDumb',
    begin(stage) {
      const random = createRandom(seedOf(`${name} ${command} ${wireFault.name}`));
      const twist = wireFault.make(random, rehearsal, stage.clock);
      ({ release } = twist);
      stage.wire.twist(twist);
    },
    lift(stage) {
      stage.wire.twist(undefined);
      release?.();
    },
  };
};

/** Where the wire passes what: `write 2` is the second write of the command. */
const atStep = (stage: Stage, step: Step, number: number, act: () => void): void => {
  let seen = 0;
  stage.wire.onStep((happened) => {
    if (happened !== step) return;
    seen += 1;
    if (seen !== number) return;
    stage.wire.onStep(undefined);
    act();
  });
};

export const hangUpAt = (step: Step, number: number): Fault => ({
  name: `hangUp@${step}${number}`,
  begin: (stage) => atStep(stage, step, number, () => stage.wire.hangUp()),
  lift: (stage) => stage.wire.onStep(undefined),
});

type Mishap = 'lost' | 'damaged' | 'cut' | 'late' | 'twice';
const mishapLateMs = 900;

/** What becomes of a reply that one thing happens to; the others are good. */
const spoil = (mishap: Mishap, bytes: Uint8Array, pass: Pass, random: Random): void => {
  switch (mishap) {
    case 'lost':
      return;
    case 'damaged': {
      const damaged = Uint8Array.from(bytes);
      const at = random.below(damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 + random.below(255));
      pass(damaged);
      return;
    }
    case 'cut':
      pass(bytes.subarray(0, Math.floor(bytes.length / 2)));
      return;
    case 'late':
      pass(bytes, mishapLateMs);
      return;
    case 'twice':
      pass(bytes);
      pass(bytes);
      return;
    default:
      mishap satisfies never;
  }
};

/** USB carries a CRC, a toggle and an order of its own: what no check of the protocol guards needs none against lost reports. */
const comesOnceAndInOrder = (rehearsed: Rehearsed): boolean =>
  isOnItsOwnLink(rehearsed) || (rehearsed.rehearsal.wire === 'reports' && rehearsed.rehearsal.codec.check === 'none');

export const mishapsOf = (rehearsed: Rehearsed): Mishap[] => [
  ...(comesOnceAndInOrder(rehearsed) ? [] : (['lost', 'late', 'twice'] as const)),
  ...(rehearsed.rehearsal.codec.check === 'checksum' ? (['damaged'] as const) : []),
  ...(rehearsed.rehearsal.wire === 'stream' ? (['cut'] as const) : []),
];

/** One reply of the command has a mishap. */
export const mishapAt = (mishap: Mishap, number: number, seed: string): Fault => ({
  name: `${mishap}@reply${number}`,
  begin(stage) {
    const random = createRandom(seedOf(`${seed} ${mishap} ${number}`));
    let seen = 0;
    let freeAtMs = 0;
    stage.wire.twist({
      fromDevice(bytes, pass) {
        seen += 1;
        const now = stage.clock.now();
        if (seen === number) {
          if (mishap === 'late') freeAtMs = now + mishapLateMs;
          spoil(mishap, bytes, pass, random);
        }
        // A cable keeps the order: what comes after a late piece waits for it.
        else pass(bytes, Math.max(0, freeAtMs - now));
      },
    });
  },
  lift: (stage) => stage.wire.twist(undefined),
});

/** One write of the command never reaches the device. */
export const lostWriteAt = (number: number): Fault => ({
  name: `lost@write${number}`,
  begin(stage) {
    let seen = 0;
    stage.wire.twist({
      toDevice(bytes, pass) {
        seen += 1;
        if (seen !== number) pass(bytes);
      },
    });
  },
  lift: (stage) => stage.wire.twist(undefined),
});

/** The citizen leaves at that step: the command ends at once, and whatever it did it did once. */
export const cancelAt = (step: Step, number: number): Fault => ({
  name: `cancel@${step}${number}`,
  async perform(stage, command, findings) {
    let isDue = false;
    atStep(stage, step, number, () => {
      isDue = true;
    });
    const first = stage.perform(command, 'first');
    await stage.until(() => isDue || first.settled() !== undefined, command.timeoutMs + deadlineSlackMs);
    first.abort();
    await settle(stage, { ...command, timeoutMs: 0 }, first, findings);
  },
  lift: (stage) => stage.wire.onStep(undefined),
});

/** A message that came twice, at once and afterwards: one act, one result. */
export const sameIdTwice: Fault = {
  name: 'sameIdTwice',
  async perform(stage, command, findings) {
    const first = stage.perform(command, 'first');
    const again = stage.perform({ ...command, hand: [] }, 'first');
    const result = await settle(stage, command, first, findings);
    const repeated = await settle(stage, command, again, findings);
    const late = await settle(stage, command, stage.perform({ ...command, hand: [] }, 'first'), findings);
    if (!isDeepStrictEqual(result, repeated) || !isDeepStrictEqual(result, late))
      findings.wrongData = 'one id, several results';
  },
  lift: () => undefined,
};

/** The plug sits badly: out and in again, several times in a second, in the middle of the command. */
export const looseContact: Fault = {
  name: 'looseContact',
  begin(stage) {
    for (const atMs of [30, 1100, 1250, 2400, 4800]) stage.clock.after(atMs, () => stage.wire.hangUp());
  },
  lift: () => undefined,
};

/** The host ends or dies in the middle, comes back with what it wrote down, and asks for the same command again. */
export const restartAt = (how: 'stop' | 'kill', number: number): Fault => ({
  name: `${how === 'stop' ? 'restart' : 'hostKilled'}@write${number}`,
  async perform(stage, command, findings) {
    let isDue = false;
    atStep(stage, 'write', number, () => {
      isDue = true;
    });
    const first = stage.perform(command, 'first');
    await stage.until(() => isDue || first.settled() !== undefined, command.timeoutMs + deadlineSlackMs);
    await stage.restart(how);
    // A host that ends in order tells its callers; a dead one tells nobody.
    if (how === 'stop') await settle(stage, command, first, findings);
    await stage.until(() => isOnline(stage), onlineLimitMs);
    await settle(stage, command, stage.perform(command, 'first'), findings);
  },
  lift: (stage) => stage.wire.onStep(undefined),
});

export const refusedWith = (reason: OpenFailure, name: string): Fault => ({
  name,
  begin(stage) {
    stage.wire.refuse(reason);
    stage.wire.hangUp();
  },
  lift: (stage) => stage.wire.refuse(undefined),
});

export const wrongModel = (other: Rehearsed, { rehearsal }: Rehearsed): Fault => ({
  name: `wrongModel:${other.name}`,
  far: other.rehearsal,
  async perform(stage, command, findings) {
    await stage.clock.advance(5000);
    await performOnce(stage, command, findings);
  },
  lift(stage) {
    stage.swap(rehearsal);
    stage.wire.hangUp();
  },
});
