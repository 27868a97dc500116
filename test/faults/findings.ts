// What a case can find, and how a command is watched while it is played.

import type { RehearsedCommand } from '../../devices/kit/rehearsal.ts';
import type { Result } from '../../devices/kit/result.ts';
import type { Performance, Stage } from './stage.ts';

export const onlineLimitMs = 60_000;
export const recoverLimitMs = 60_000;
/** A command must settle at its deadline; this much later it hangs. */
export const deadlineSlackMs = 1000;
/** What still happens at the device after a command has ended. */
export const afterglowMs = 3000;
/** A device that says nothing any more is found within this, unless it is mute by nature. */
export const silenceLimitMs = 90_000;
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
export const describe = (result: Result<unknown>): string =>
  result.ok ? JSON.stringify(result.value).slice(0, 120) : `${result.error.code}: ${result.error.message}`;

export const isOnline = (stage: Stage): boolean => {
  const { state } = stage.device().status();
  return state === 'online' || state === 'busy';
};

/** Waits until the command has settled and judges what it said. */
export const settle = async (
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

export const performOnce = async (stage: Stage, command: RehearsedCommand, findings: Findings): Promise<void> => {
  await settle(stage, command, stage.perform(command, 'first'), findings);
};

const crashText = (error: unknown): string =>
  error instanceof Error ? `${error.message} at ${error.stack?.split('\n')[1]?.trim() ?? '?'}` : String(error);

/** Rejections that nobody handles are crashes of the case that is being played. */
export const catchRejections = async (act: () => Promise<void>, findings: Findings): Promise<void> => {
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
