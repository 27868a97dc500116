// The fault matrix: every rehearsal x every command x every fault, generated. A case is played like this:
//
//   online ─▶ fault on ─▶ command with its person ─▶ settled? right? how many acts? ─▶ fault off ─▶ online again, command succeeds
//
// `control` is the case without a fault; it fails the matrix when a command does not succeed at all, because then the rest proves nothing.

import type { Rehearsal, RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import type { Result } from '../../devices/kit/result.ts';
import type { OpenFailure } from '../../devices/kit/transport.ts';
import type { Step } from './fault-wire.ts';
import { createRandom, seedOf } from './random.ts';
import type { Rehearsed } from './rehearsals.ts';
import { startStage, type Performance, type Stage } from './stage.ts';
import { wireFaults, type WireFault } from './wire-faults.ts';

export const onlineLimitMs = 60_000;
export const recoverLimitMs = 60_000;
/** A command must settle at its deadline; this much later it hangs. */
export const deadlineSlackMs = 1000;
/** What still happens at the device after a command has ended. */
export const afterglowMs = 3000;
/** A device that says nothing any more is found within this, unless it is mute by nature. */
export const silenceLimitMs = 90_000;
/** Long commands have many steps: then so many are taken, evenly. */
export const stepLimit = 10;

export const verdictNames = [
  'crashes',
  'hangs',
  'wrongData',
  'doubleActs',
  'unrecovered',
  'unnoticed',
  'leaks',
  'controls',
] as const;
export type VerdictName = (typeof verdictNames)[number];

/** What was wrong in one case; empty when nothing was. */
export type Findings = Partial<Record<VerdictName, string>>;
export type FaultCase = { name: string; rehearsed: Rehearsed; play(): Promise<Findings> };

type Fault = {
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

const describe = (result: Result<unknown>): string =>
  result.ok ? JSON.stringify(result.value).slice(0, 120) : `${result.error.code}: ${result.error.message}`;

const isOnline = (stage: Stage): boolean => {
  const { state } = stage.device().status();
  return state === 'online' || state === 'busy';
};

/** Waits until the command has settled and judges what it said. */
const settle = async (
  stage: Stage,
  command: RehearsedCommand,
  performance: Performance,
  findings: Findings,
): Promise<Result<unknown> | undefined> => {
  const isSettled = await stage.until(() => performance.settled() !== undefined, command.timeoutMs + deadlineSlackMs);
  const result = performance.settled();
  if (!isSettled || !result) {
    findings.hangs = `no result ${command.timeoutMs + deadlineSlackMs} ms after ${command.name}`;
    return undefined;
  }
  if (result.ok && !command.isRight(result.value)) findings.wrongData = describe(result);
  return result;
};

const performOnce = async (stage: Stage, command: RehearsedCommand, findings: Findings): Promise<void> => {
  await settle(stage, command, stage.perform(command, 'first'), findings);
};

/** The command succeeds again, after as many tries as fit into the limit. */
const recover = async (stage: Stage, command: RehearsedCommand, findings: Findings): Promise<void> => {
  const startMs = stage.clock.now();
  const restMs = (): number => recoverLimitMs - (stage.clock.now() - startMs);
  let last = 'never online';
  for (let attempt = 1; restMs() > 0; attempt += 1) {
    stage.tidy(command);
    if (!(await stage.until(() => isOnline(stage), restMs()))) {
      const { state, faults } = stage.device().status();
      findings.unrecovered = `${state} ${faults.map(({ code }) => code).join(' ')} after ${recoverLimitMs} ms; ${last}`;
      return;
    }
    const before = stage.acts();
    const result = await settle(stage, command, stage.perform(command, `again-${attempt}`), findings);
    if (stage.acts() - before > 1) findings.doubleActs = `${stage.acts() - before} acts by one command afterwards`;
    if (result?.ok) return;
    last = result ? describe(result) : 'it hung';
    await stage.clock.advance(500);
  }
  findings.unrecovered = `${command.name} still fails: ${last}`;
};

const crashText = (error: unknown): string =>
  error instanceof Error ? `${error.message} at ${error.stack?.split('\n')[1]?.trim() ?? '?'}` : String(error);

/** Rejections that nobody handles are crashes of the case that is being played. */
const catchRejections = async (act: () => Promise<void>, findings: Findings): Promise<void> => {
  const note = (error: unknown): void => {
    findings.crashes = `unhandled rejection: ${crashText(error)}`;
  };
  process.on('unhandledRejection', note);
  try {
    await act();
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    findings.crashes = crashText(error);
  } finally {
    process.off('unhandledRejection', note);
  }
};

const playCase = async (rehearsed: Rehearsed, command: RehearsedCommand, fault: Fault): Promise<Findings> => {
  const findings: Findings = {};
  await catchRejections(async () => {
    const stage = startStage(rehearsed, fault.far);
    if (!fault.far && !(await stage.until(() => isOnline(stage), onlineLimitMs))) {
      findings.controls = `not online within ${onlineLimitMs} ms: ${stage.device().status().state}`;
      return;
    }
    const before = stage.acts();
    fault.begin?.(stage);
    await (fault.perform ?? performOnce)(stage, command, findings);
    if (findings.hangs === undefined) {
      await stage.clock.advance(afterglowMs);
      if (
        fault.isSilence &&
        !rehearsed.rehearsal.isMute &&
        !(await stage.until(() => !isOnline(stage), silenceLimitMs))
      )
        findings.unnoticed = `still ${stage.device().status().state} after ${silenceLimitMs} ms of silence`;
    }
    const acts = stage.acts() - before;
    if (acts > 1) findings.doubleActs = `${acts} acts by one command`;
    fault.lift(stage);
    await recover(stage, command, findings);
    const left = await stage.end();
    if (left > 0) findings.leaks = `${left} timers after stop`;
  }, findings);
  return findings;
};

const playControl = async (rehearsed: Rehearsed, command: RehearsedCommand): Promise<Findings> => {
  const findings: Findings = {};
  await catchRejections(async () => {
    const stage = startStage(rehearsed);
    if (!(await stage.until(() => isOnline(stage), onlineLimitMs))) {
      findings.controls = `not online within ${onlineLimitMs} ms: ${stage.device().status().state}`;
      return;
    }
    // Twice, so that `tidy` is seen to put the device to rest.
    for (const id of ['first', 'second']) {
      const before = stage.acts();
      const result = await settle(stage, command, stage.perform(command, id), findings);
      await stage.clock.advance(afterglowMs);
      if (result && !result.ok) findings.controls = `${id} time: ${describe(result)}`;
      if (stage.acts() - before > 1) findings.doubleActs = `${stage.acts() - before} acts by one command`;
      stage.tidy(command);
      await stage.clock.advance(afterglowMs);
    }
    const left = await stage.end();
    if (left > 0) findings.leaks = `${left} timers after stop`;
  }, findings);
  return findings;
};

const ofWire = (wireFault: WireFault, { rehearsal, name }: Rehearsed, command: string): Fault => {
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

const hangUpAt = (step: Step, number: number): Fault => ({
  name: `hangUp@${step}${number}`,
  begin: (stage) => atStep(stage, step, number, () => stage.wire.hangUp()),
  lift: (stage) => stage.wire.onStep(undefined),
});

/** The host ends or dies in the middle, comes back with what it wrote down, and asks for the same command again. */
const restartAt = (how: 'stop' | 'kill', number: number): Fault => ({
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

const refusedWith = (reason: OpenFailure, name: string): Fault => ({
  name,
  begin(stage) {
    stage.wire.refuse(reason);
    stage.wire.hangUp();
  },
  lift: (stage) => stage.wire.refuse(undefined),
});

const wrongModel = (other: Rehearsed, { rehearsal }: Rehearsed): Fault => ({
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

/** One far end of another kind and one of the same kind with another driver, of the same sort of wire. */
const othersFor = (own: Rehearsed, all: readonly Rehearsed[]): Rehearsed[] => {
  const fitting = all.filter(
    ({ definition, rehearsal }) => definition.driver !== own.definition.driver && rehearsal.wire === own.rehearsal.wire,
  );
  const at = Math.max(0, all.indexOf(own));
  const pick = (candidates: readonly Rehearsed[]): Rehearsed[] => {
    const chosen = candidates[at % Math.max(1, candidates.length)];
    return chosen ? [chosen] : [];
  };
  return [
    ...pick(fitting.filter(({ definition }) => definition.kind === own.definition.kind)),
    ...pick(fitting.filter(({ definition }) => definition.kind !== own.definition.kind)),
  ];
};

const spread = (count: number): number[] => {
  const taken = Math.min(count, stepLimit);
  return [
    ...new Set(
      Array.from({ length: taken }, (_, index) => 1 + Math.round((index * (count - 1)) / Math.max(1, taken - 1))),
    ),
  ];
};

/** How many writes and replies a command has when nothing goes wrong. */
const countSteps = async (rehearsed: Rehearsed, command: RehearsedCommand): Promise<Record<Step, number>> => {
  const steps = { write: 0, reply: 0 };
  const stage = startStage(rehearsed);
  await stage.until(() => isOnline(stage), onlineLimitMs);
  stage.wire.onStep((step) => {
    steps[step] += 1;
  });
  const performance = stage.perform(command, 'first');
  await stage.until(() => performance.settled() !== undefined, command.timeoutMs + deadlineSlackMs);
  await stage.end();
  return steps;
};

export type LeftOut = { rehearsal: string; fault: string; why: string };

/** All cases of the rehearsals, and what was left out and why. `all`: whose far ends may stand there as the wrong model. */
export const casesOf = async (
  rehearsals: readonly Rehearsed[],
  all: readonly Rehearsed[] = rehearsals,
): Promise<{ cases: FaultCase[]; leftOut: LeftOut[] }> => {
  const cases: FaultCase[] = [];
  const leftOut: LeftOut[] = [];
  for (const rehearsed of rehearsals) {
    const { rehearsal, name } = rehearsed;
    for (const fault of wireFaults) {
      const why = fault.leftOut?.(rehearsal);
      if (why !== undefined) leftOut.push({ rehearsal: name, fault: fault.name, why });
    }
    for (const command of rehearsal.commands) {
      const control = await (async () => {
        const played = await playControl(rehearsed, command);
        return Object.keys(played).length === 0 ? undefined : played;
      })();
      cases.push({
        name: `${name} ${command.name} control`,
        rehearsed,
        play: async () => control ?? {},
      });
      if (control) continue;
      const steps = await countSteps(rehearsed, command);
      const writes = spread(steps.write);
      const faults: Fault[] = [
        ...wireFaults
          .filter((fault) => fault.leftOut?.(rehearsal) === undefined)
          .map((fault) => ofWire(fault, rehearsed, command.name)),
        ...othersFor(rehearsed, all).map((other) => wrongModel(other, rehearsed)),
        ...writes.map((number) => hangUpAt('write', number)),
        ...spread(steps.reply).map((number) => hangUpAt('reply', number)),
        ...writes.map((number) => restartAt('stop', number)),
        ...writes.map((number) => restartAt('kill', number)),
        refusedWith('portBusy', 'portBusy'),
        refusedWith('permissionDenied', 'permissionDenied'),
      ];
      for (const fault of faults)
        cases.push({
          name: `${name} ${command.name} ${fault.name}`,
          rehearsed,
          play: () => playCase(rehearsed, command, fault),
        });
    }
  }
  return { cases, leftOut };
};
