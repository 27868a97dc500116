// What belongs to one citizen never reaches the next. A command is cancelled at each of its steps, as at the end of a session; what the
// device still says of it arrives later, before or while the next session's command waits. That one has nobody's hand in it, so it may
// end only as the same command ends at a device that nobody used before: any other answer is the last person's.

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { deviceKinds, type DeviceKind } from '../../devices/kit/status.ts';
import type { RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import type { Result } from '../../devices/kit/result.ts';
import { afterglowMs, isOnline, onlineLimitMs } from './findings.ts';
import { findRehearsals, type Rehearsed } from './rehearsals.ts';
import { startStage } from './stage.ts';

const rehearsals = await findRehearsals();

/**
 * Kinds whose devices speak when a person does something and not because they were asked. A code or key that comes while the next
 * session asks for one cannot be told from that session's own; only what came before can be kept out.
 */
const speaksFirst: readonly DeviceKind[] = ['qr-reader', 'rating-pad', 'document-scanner'];
const lateMs = 40;
const moments = ['beforeTheNext', 'whileTheNextWaits'] as const;
const stepLimit = 6;

/** Cancels at the reply's number `step`, holds it and all that follow back, and gives the next session the rest. */
const play = async (
  rehearsed: Rehearsed,
  command: RehearsedCommand,
  step: number,
  moment: (typeof moments)[number],
) => {
  const stage = startStage(rehearsed);
  expect(await stage.until(() => isOnline(stage), onlineLimitMs)).toBe(true);
  const before = stage.acts();
  const held: (() => void)[] = [];
  let replies = 0;
  stage.wire.twist({
    fromDevice(bytes, pass) {
      replies += 1;
      if (replies < step) pass(bytes);
      else held.push(() => pass(bytes));
    },
  });
  const first = stage.perform(command, 'first');
  await stage.until(() => held.length > 0 || first.settled() !== undefined, command.timeoutMs);
  const wasCut = first.settled() === undefined && held.length > 0;
  first.abort();
  expect(await stage.until(() => first.settled() !== undefined, 1000)).toBe(true);
  // The last person has gone and took everything along.
  stage.tidy(command);
  const arrive = (): void => {
    stage.wire.twist(undefined);
    for (const deliver of held.splice(0)) deliver();
  };
  if (moment === 'beforeTheNext') {
    arrive();
    await stage.clock.advance(lateMs);
  }
  const next = stage.perform({ ...command, hand: [] }, 'next');
  if (moment === 'whileTheNextWaits') {
    await stage.clock.advance(lateMs);
    arrive();
  }
  await stage.until(() => next.settled() !== undefined, command.timeoutMs + 1000);
  const result = next.settled();
  await stage.clock.advance(afterglowMs);
  const acts = stage.acts() - before;
  await stage.end();
  return { wasCut, result, acts };
};

/** How the command ends when nobody was there before and nobody does anything. */
const playAlone = async (rehearsed: Rehearsed, command: RehearsedCommand): Promise<Result<unknown> | undefined> => {
  const stage = startStage(rehearsed);
  await stage.until(() => isOnline(stage), onlineLimitMs);
  const alone = stage.perform({ ...command, hand: [] }, 'alone');
  await stage.until(() => alone.settled() !== undefined, command.timeoutMs + 1000);
  await stage.end();
  return alone.settled();
};

const isRightAnswer = (command: RehearsedCommand, result: Result<unknown> | undefined): boolean =>
  result?.ok === true && command.isRight(result.value);

const describeResult = (result: Result<unknown> | undefined): string => JSON.stringify(result).slice(0, 200);

/** What the next session got and should not have; undefined when all is well. */
const judge = (
  command: RehearsedCommand,
  alone: Result<unknown> | undefined,
  { result, acts }: Awaited<ReturnType<typeof play>>,
): string | undefined => {
  if (!result) return 'the next command hangs';
  // One of the first command, which may be done after it was given up, and one of the next.
  if (acts > 2) return `${acts} acts by two commands`;
  if (!result.ok) return undefined;
  // Standing facts, such as a shut door, are true for everybody.
  const isFact = isRightAnswer(command, alone) && isRightAnswer(command, result);
  const isSame = alone?.ok === true && isDeepStrictEqual(result.value, alone.value);
  return isFact || isSame ? undefined : `the next session got ${describeResult(result)}`;
};

describe.each(deviceKinds)('%s', (kind) => {
  const ofKind = rehearsals.filter(({ definition }) => definition.kind === kind);
  const cases = ofKind.flatMap((rehearsed) =>
    rehearsed.rehearsal.commands.map((command) => ({ name: `${rehearsed.name} ${command.name}`, rehearsed, command })),
  );
  const asked = moments.filter((moment) => moment === 'beforeTheNext' || !speaksFirst.includes(kind));
  let cuts = 0;

  it.each(cases)('$name', async ({ rehearsed, command }) => {
    const alone = await playAlone(rehearsed, command);
    const findings: string[] = [];
    for (const moment of asked)
      for (let step = 1; step <= stepLimit; step += 1) {
        const played = await play(rehearsed, command, step, moment);
        if (!played.wasCut) break;
        cuts += 1;
        const found = judge(command, alone, played);
        if (found !== undefined) findings.push(`${moment}, reply ${step}: ${found}`);
      }
    expect(findings).toEqual([]);
  });

  it('was cut in the middle at all', () => {
    expect(cuts).toBeGreaterThan(0);
  });
});
