// Anything at any moment: commands, citizens who leave, plugs, ports that will not open, spoiled cables and restarts, thrown by a seed.
// What was said is not judged here (a door may stand open from the command before); that nothing breaks, hangs or acts twice is.

import type { RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import { catchRejections, deadlineSlackMs, isOnline, onlineLimitMs, type Findings } from './findings.ts';
import { createRandom } from './random.ts';
import type { Rehearsed } from './rehearsals.ts';
import { startStage, type Performance, type Stage } from './stage.ts';
import { wireFaults } from './wire-faults.ts';

export const chaosSeeds = [1, 2, 3, 4] as const;
const moves = 60;
const longestPauseMs = 1500;

type Given = { performance: Performance; dueMs: number; name: string };

/** Ends what was begun; `commands` says how many were given, each of which may act once. */
const playMoves = async (
  stage: Stage,
  rehearsed: Rehearsed,
  seed: number,
  findings: Findings,
): Promise<{ commands: number }> => {
  const random = createRandom(seed);
  const { rehearsal } = rehearsed;
  const faults = wireFaults.filter((fault) => fault.leftOut?.(rehearsed) === undefined);
  const given: Given[] = [];
  let commands = 0;

  const give = (command: RehearsedCommand): void => {
    commands += 1;
    const dueMs = stage.clock.now() + command.timeoutMs + deadlineSlackMs;
    given.push({ performance: stage.perform(command, `${seed}-${commands}`), dueMs, name: command.name });
  };
  const spoil = (): void => {
    const fault = faults[random.below(faults.length)];
    if (fault) stage.wire.twist(fault.make(random, rehearsal, stage.clock));
  };
  const acts: readonly (() => void | Promise<void>)[] = [
    () => {
      const command = rehearsal.commands[random.below(rehearsal.commands.length)];
      if (command) give(command);
    },
    () => {
      const command = rehearsal.commands[random.below(rehearsal.commands.length)];
      if (command) stage.tidy(command);
    },
    () => given[random.below(Math.max(1, given.length))]?.performance.abort(),
    () => stage.wire.hangUp(),
    () => stage.wire.refuse(random.chance(2) ? 'notFound' : undefined),
    spoil,
    () => stage.wire.twist(undefined),
    async () => {
      if (!random.chance(4)) return;
      // A dead host tells nobody: what was under way there is not waited for.
      given.length = 0;
      await stage.restart(random.chance(2) ? 'kill' : 'stop');
    },
  ];
  for (let move = 0; move < moves; move += 1) {
    await acts[random.below(acts.length)]?.();
    await stage.clock.advance(random.below(longestPauseMs));
    const late = given.find(({ performance, dueMs }) => !performance.settled() && stage.clock.now() > dueMs);
    if (late) {
      findings.hangs = `${late.name} has no result at move ${move}`;
      break;
    }
  }
  stage.wire.twist(undefined);
  stage.wire.refuse(undefined);
  await stage.until(() => given.every(({ performance }) => performance.settled() !== undefined), onlineLimitMs);
  return { commands };
};

export const playChaos = async (
  rehearsed: Rehearsed,
  seed: number,
  recover: (
    stage: Stage,
    command: RehearsedCommand,
    findings: Findings,
    counted: { given: number; before: number },
  ) => Promise<void>,
): Promise<Findings> => {
  const findings: Findings = {};
  await catchRejections(async () => {
    const stage = startStage(rehearsed);
    await stage.until(() => isOnline(stage), onlineLimitMs);
    const before = stage.acts();
    const { commands } = await playMoves(stage, rehearsed, seed, findings);
    // The last person's hands are done, and what they did to the device is put right again.
    const hands = rehearsed.rehearsal.commands.flatMap(({ hand }) => hand ?? []);
    await stage.clock.advance(Math.max(0, ...hands.map(({ afterMs }) => afterMs)));
    for (const command of rehearsed.rehearsal.commands) stage.tidy(command);
    const [easiest] = rehearsed.rehearsal.commands;
    if (easiest && findings.hangs === undefined) await recover(stage, easiest, findings, { given: commands, before });
    const left = await stage.end();
    if (left > 0) findings.leaks = `${left} timers after stop`;
  }, findings);
  return findings;
};
