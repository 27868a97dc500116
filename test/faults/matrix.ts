// The fault matrix: every rehearsal x every command x every fault, generated. A case is played like this:
//
//   online ─▶ fault on ─▶ command with its person ─▶ settled? right? how many acts? ─▶ fault off ─▶ online again, command succeeds
//
// `control` is the case without a fault; it fails the matrix when a command does not succeed at all, because then the rest proves nothing.

import type { RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import { chaosSeeds, playChaos } from './chaos.ts';
import type { Step } from './fault-wire.ts';
import {
  afterglowMs,
  catchRejections,
  deadlineSlackMs,
  describe,
  isOnline,
  onlineLimitMs,
  performOnce,
  recoverLimitMs,
  settle,
  silenceLimitMs,
  type Findings,
} from './findings.ts';
import type { Rehearsed } from './rehearsals.ts';
import {
  cancelAt,
  hangUpAt,
  looseContact,
  lostWriteAt,
  mishapAt,
  mishapsOf,
  ofWire,
  refusedWith,
  restartAt,
  sameIdTwice,
  wrongModel,
  type Fault,
} from './situations.ts';
import { startStage, type Stage } from './stage.ts';
import { isOnItsOwnLink, wireFaults } from './wire-faults.ts';

/** How long a device is opened in vain. */
const openingMs = 20_000;

/** Long commands have many steps: then so many are taken, evenly. */
export const stepLimit = 10;

export type FaultCase = { name: string; rehearsed: Rehearsed; play(): Promise<Findings> };

/**
 * The command succeeds again, after as many tries as fit into the limit. An act that an earlier command began may be finished now (a
 * ticket that waited for paper), so acts are counted over all commands: `given` before, with the count standing at `before`.
 */
const recover = async (
  stage: Stage,
  command: RehearsedCommand,
  findings: Findings,
  { given, before }: { given: number; before: number },
): Promise<void> => {
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
    const result = await settle(stage, command, stage.perform(command, `again-${attempt}`), findings);
    const acts = stage.acts() - before;
    if (acts > given + attempt) findings.doubleActs = `${acts} acts by ${given + attempt} commands`;
    if (result?.ok) return;
    last = result ? describe(result) : 'it hung';
    await stage.clock.advance(500);
  }
  findings.unrecovered = `${command.name} still fails: ${last}`;
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
    // Another device at the far end has acts of its own.
    await recover(stage, command, findings, fault.far ? { given: 0, before: stage.acts() } : { given: 1, before });
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

/** The fault is there from the beginning: the device must not be taken for online in silence, and comes up when it is over. */
const playOpening = async (rehearsed: Rehearsed, command: RehearsedCommand, fault: Fault): Promise<Findings> => {
  const findings: Findings = {};
  await catchRejections(async () => {
    const stage = startStage(rehearsed);
    fault.begin?.(stage);
    await stage.clock.advance(openingMs);
    if (fault.isSilence && !rehearsed.rehearsal.isMute && isOnline(stage))
      findings.unnoticed = `${stage.device().status().state} although nothing was ever heard`;
    fault.lift(stage);
    await recover(stage, command, findings, { given: 0, before: stage.acts() });
    const left = await stage.end();
    if (left > 0) findings.leaks = `${left} timers after stop`;
  }, findings);
  return findings;
};

/** One far end of another kind and one of the same kind with another driver, of the same sort of wire. */
const othersFor = (own: Rehearsed, all: readonly Rehearsed[]): Rehearsed[] => {
  // A driver that finds its device itself has no cable to put another device on.
  if (isOnItsOwnLink(own)) return [];
  const fitting = all.filter(
    (other) =>
      other.definition.driver !== own.definition.driver &&
      other.rehearsal.wire === own.rehearsal.wire &&
      !isOnItsOwnLink(other),
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
      const why = fault.leftOut?.(rehearsed);
      if (why !== undefined) leftOut.push({ rehearsal: name, fault: fault.name, why });
    }
    const [easiest] = rehearsal.commands;
    if (easiest)
      for (const fault of wireFaults)
        if (fault.leftOut?.(rehearsed) === undefined)
          cases.push({
            name: `${name} opening ${fault.name}`,
            rehearsed,
            play: () => playOpening(rehearsed, easiest, ofWire(fault, rehearsed, 'opening')),
          });
    for (const seed of chaosSeeds)
      cases.push({ name: `${name} chaos ${seed}`, rehearsed, play: () => playChaos(rehearsed, seed, recover) });
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
      const replies = spread(steps.reply);
      const faults: Fault[] = [
        ...wireFaults
          .filter((fault) => fault.leftOut?.(rehearsed) === undefined)
          .map((fault) => ofWire(fault, rehearsed, command.name)),
        ...othersFor(rehearsed, all).map((other) => wrongModel(other, rehearsed)),
        ...writes.map((number) => hangUpAt('write', number)),
        ...replies.map((number) => hangUpAt('reply', number)),
        ...(isOnItsOwnLink(rehearsed) ? [] : writes.map(lostWriteAt)),
        ...mishapsOf(rehearsed).flatMap((mishap) => replies.map((number) => mishapAt(mishap, number, name))),
        ...writes.map((number) => cancelAt('write', number)),
        ...replies.map((number) => cancelAt('reply', number)),
        sameIdTwice,
        looseContact,
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
