// The commands on top of the bus: open a cell, wait for a door, ask all doors. Pure; machine.ts tells which cells were heard of.
//
//   openCell:  check ──closed──▶ open ──pulse sent──▶ confirm ──open──▶ opened
//                └─open─▶ doorAlreadyOpen                ├─3 s─▶ doorDidNotOpen
//                                                        └─no contact to ask─▶ unconfirmed

import { fail, ok, type Result, type Who } from '../kit/result.ts';
import type { Fault } from '../kit/status.ts';
import type { LockerCommand, LockerReply } from './api.ts';
import { lockerFaults, silentBoardCode } from './faults.ts';
import {
  allowedOpenMs,
  closedPollMs,
  confirmEveryMs,
  confirmLimitMs,
  type BusState,
  type Job,
  type Turn,
} from './state.ts';

export const jobOf = (id: string, command: LockerCommand, cells: readonly number[]): Job => {
  switch (command.type) {
    case 'openCell':
      return { type: 'openCell', id, cell: command.cell, step: 'check', pulsedAtMs: 0, isWaiting: false };
    case 'awaitClosed':
      return { type: 'awaitClosed', id, cell: command.cell, isWaiting: false };
    case 'queryCells':
      return { type: 'queryCells', id, all: cells, remaining: cells, isWaiting: false };
    default:
      return command satisfies never;
  }
};

const complete = (turn: Turn, result: Result<LockerReply>): void => {
  const { job } = turn.state;
  if (!job) return;
  turn.state = { ...turn.state, job: undefined };
  turn.effects.push({ type: 'clearTimer', name: 'job' }, { type: 'complete', id: job.id, result });
};

const wait = (turn: Turn, job: Job, delayMs: number): void => {
  turn.state = { ...turn.state, job: { ...job, isWaiting: true } };
  turn.effects.push({ type: 'timer', name: 'job', delayMs });
};

/** Whether the coil may have moved. */
const isPulsed = (job: Job): boolean => job.type === 'openCell' && job.step === 'confirm';

/** Ends the command in hand, if there is one. Once the pulse is out the only honest failure is "unknown". */
export const failJob = (turn: Turn, code: string, who: Who, message: string): void => {
  const { job } = turn.state;
  if (!job) return;
  if (isPulsed(job)) complete(turn, fail('outcomeUnknown', 'hall', `the open command was sent, then: ${message}`));
  else complete(turn, fail(code, who, message));
};

export const cancelJob = (turn: Turn, reason: 'timeOut' | 'canceled'): void => {
  const { job, doors, phase } = turn.state;
  if (job?.type === 'awaitClosed' && reason === 'timeOut' && phase === 'ready' && doors[job.cell] === 'open') {
    // From here on the open door is nobody's: it stands as `doorAjar`.
    const { [job.cell]: _left, ...asked } = turn.state.askedAtMs;
    turn.state = { ...turn.state, askedAtMs: asked };
    complete(turn, fail('doorLeftOpen', 'citizen', `the door of cell ${job.cell} is still open`));
    return;
  }
  failJob(turn, reason, 'system', reason === 'timeOut' ? 'the deadline passed' : 'the caller gave up');
};

/** What the command in hand wants on the bus now. Asking for `open` moves the command on: the pulse is sent exactly once. */
export const requestOfJob = (turn: Turn): { type: 'open' | 'query'; cell: number } | undefined => {
  const { job, lastPulseAtMs } = turn.state;
  if (!job || job.isWaiting) return undefined;
  if (job.type === 'queryCells')
    return job.remaining[0] === undefined ? undefined : { type: 'query', cell: job.remaining[0] };
  if (job.type !== 'openCell' || job.step !== 'open') return { type: 'query', cell: job.cell };
  // A clock that was set back would hold every door for as long: then the whole gap is kept from now on.
  if (lastPulseAtMs > turn.now) turn.state = { ...turn.state, lastPulseAtMs: turn.now };
  const restMs = Math.min(lastPulseAtMs, turn.now) + turn.pulseGapMs - turn.now;
  if (restMs > 0) {
    wait(turn, job, restMs);
    return undefined;
  }
  const pulsed: Job = { ...job, step: 'confirm', pulsedAtMs: turn.now };
  // Without a contact there is nothing to ask later: the answer to the command is all there will be.
  if (turn.hasContacts) wait(turn, pulsed, confirmEveryMs);
  else turn.state = { ...turn.state, job: { ...pulsed, isWaiting: true } };
  return { type: 'open', cell: job.cell };
};

/** The doors of `cells` were just heard of. */
export const advanceJob = (turn: Turn, cells: readonly number[]): void => {
  const { job, doors } = turn.state;
  if (!job) return;
  if (job.type === 'queryCells') {
    const remaining = job.remaining.filter((cell) => !cells.includes(cell));
    turn.state = { ...turn.state, job: { ...job, remaining } };
    if (remaining.length > 0) return;
    const all = job.all.map((cell) => ({ cell, door: doors[cell] ?? 'unknown' }));
    const statusBytes = Object.entries(turn.state.statusBytes).map(([board, bytes]) => ({
      board: Number(board),
      bytes,
    }));
    complete(turn, ok({ type: 'cells', cells: all, ...(statusBytes.length > 0 ? { statusBytes } : {}) }));
    return;
  }
  if (!cells.includes(job.cell)) return;
  const door = doors[job.cell] ?? 'unknown';
  const { cell } = job;
  if (job.type === 'awaitClosed') {
    if (door === 'closed') complete(turn, ok({ type: 'closed', cell }));
    else {
      turn.state = { ...turn.state, askedAtMs: { ...turn.state.askedAtMs, [cell]: turn.now } };
      wait(turn, job, closedPollMs);
    }
    return;
  }
  if (job.step === 'check') {
    if (door === 'open') complete(turn, fail('doorAlreadyOpen', 'hall', `the door of cell ${cell} is open already`));
    else if (door === 'closed' || !turn.hasContacts) turn.state = { ...turn.state, job: { ...job, step: 'open' } };
    else complete(turn, fail('lockNotReported', 'engineer', `the board does not report the lock of cell ${cell}`));
    return;
  }
  if (job.step !== 'confirm' || !turn.hasContacts) return;
  if (door === 'open') complete(turn, ok({ type: 'opened', cell }));
  else if (turn.now - job.pulsedAtMs < confirmLimitMs) wait(turn, job, confirmEveryMs);
  else if (door === 'unknown')
    failJob(turn, 'outcomeUnknown', 'hall', `the board does not report the lock of cell ${cell}`);
  else {
    const stuck = [...turn.state.stuck.filter((other) => other !== cell), cell];
    const { [cell]: _asked, ...askedAtMs } = turn.state.askedAtMs;
    turn.state = { ...turn.state, stuck, askedAtMs };
    complete(turn, fail('doorDidNotOpen', 'hall', `the contact of cell ${cell} did not say open within 3 s`));
  }
};

/** Something moved at `cell`: a command that waits to ask for it asks now. */
export const wakeJob = (turn: Turn, cell: number): void => {
  const { job } = turn.state;
  if (!job?.isWaiting || job.type === 'queryCells' || job.cell !== cell) return;
  turn.state = { ...turn.state, job: { ...job, isWaiting: false } };
  turn.effects.push({ type: 'clearTimer', name: 'job' });
};

/** The board answered the open command, or said nothing in time (undefined). Says nothing of a door that has a contact. */
export const openAnswered = (turn: Turn, verdict: 'taken' | 'refused' | undefined): void => {
  const { job } = turn.state;
  if (job?.type !== 'openCell' || job.step !== 'confirm') return;
  if (verdict === 'refused')
    complete(turn, fail('openRefused', 'engineer', `the board refused to open the lock of cell ${job.cell}`));
  else if (turn.hasContacts) return;
  else if (verdict === 'taken')
    complete(turn, fail('unconfirmed', 'citizen', `cell ${job.cell} was pulsed; the board has no contact to ask`));
  else failJob(turn, 'deviceSilent', 'hall', 'the board did not answer');
};

const faultOf = (code: string): Fault => ({ code, who: lockerFaults[code]?.who ?? 'engineer' });

/** Conditions that stand while the board answers. */
export const faultsOf = (state: BusState, now: number): readonly Fault[] => {
  const isAjar = Object.entries(state.doors).some(([cell, door]) => {
    const askedAtMs = state.askedAtMs[Number(cell)];
    return door === 'open' && (askedAtMs === undefined || now - askedAtMs > allowedOpenMs);
  });
  return [
    ...state.silent.map((board): Fault => ({ code: silentBoardCode(board), who: 'engineer' })),
    ...(isAjar ? [faultOf('doorAjar')] : []),
    ...(state.stuck.length > 0 ? [faultOf('doorDidNotOpen')] : []),
    ...(state.unreported.length > 0 ? [faultOf('lockNotReported')] : []),
  ];
};
