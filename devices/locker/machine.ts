// A bus of lock boards as a pure machine: one request on the bus at a time, a sweep over the doors when nobody wants anything, and
// the citizen's command in front of it. States (README.md has the picture):
//
//   down ──opened──▶ hello ──valid answer──▶ ready ──no board answers──▶ (silent: reopen │ garbled: ask again in 2 s)
//
// An open command is sent once. Whatever happens to its answer, the contact is asked and only the contact is believed. A board
// that falls silent while another one answers takes out its own cells only. Which bytes travel is the protocol's matter.

import type { DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import { lockerCommands, type LockerCommand, type LockerNotice, type LockerReply } from './api.ts';
import type { BusConfig } from './bus.ts';
import { learnDoor, setDoor } from './doors.ts';
import { advanceJob, cancelJob, failJob, faultsOf, jobOf, openAnswered, requestOfJob, wakeJob } from './jobs.ts';
import { owe, payOwed } from './late.ts';
import { createLayout } from './layout.ts';
import { isSameTarget, type LockFrame, type LockProtocol, type Target } from './protocol.ts';
import {
  heartbeatMs,
  initialState,
  openQuietMs,
  openTimeoutMs,
  queryTimeoutMs,
  recoverMs,
  turnaroundMs,
  understandRetryMs,
  type BusState,
  type Turn,
} from './state.ts';

type Step = DeviceStep<BusState, LockerReply, LockerNotice>;
type BusEvent = DeviceEvent<LockFrame, LockerCommand>;

export type LockMachine = DeviceMachine<BusState, LockFrame, LockerCommand, LockerReply, LockerNotice>;

/** The machine of one bus. Source of the timing: RS-485 practice for these board families, see README.md. */
export const createLockMachine = (protocol: LockProtocol, config: BusConfig): LockMachine => {
  const { hasContacts } = protocol;
  const { latencyMs } = config;
  const pulseGapMs = Math.max(config.pulseGapMs, protocol.pulseMs ?? 0);
  const { cells, boards, placeOf, cellAt, cellsOf, cellsOfTarget, targetOf, targetsOf } = createLayout(
    protocol,
    config,
  );
  /** What one round over the doors has to ask. A silent board costs one question. */
  const roundOf = ({ silent, misses }: BusState): readonly Target[] =>
    boards.flatMap((board) => {
      const targets = targetsOf(board, misses[board]);
      return silent.includes(board) ? targets.slice(0, 1) : targets;
    });

  /** A valid answer to the outstanding request: the bus is free again after the turn-around. */
  const finishRequest = (turn: Turn): void => {
    turn.state = { ...turn.state, request: undefined, isPausing: true, heardNoise: false };
    turn.effects.push({ type: 'clearTimer', name: 'reply' }, { type: 'timer', name: 'pause', delayMs: turnaroundMs });
  };

  /** Takes targets out of this round; the next one starts a while after the last. */
  const strike = (turn: Turn, isDone: (target: Target) => boolean): void => {
    if (turn.state.sweep.length === 0) return;
    const sweep = turn.state.sweep.filter((target) => !isDone(target));
    turn.state = { ...turn.state, sweep };
    if (sweep.length === 0) turn.effects.push({ type: 'timer', name: 'heartbeat', delayMs: heartbeatMs });
  };

  const answered = (turn: Turn, target: Target, jobId: string | undefined): void => {
    finishRequest(turn);
    const { suspect, silent, witnesses } = turn.state;
    const { [target.board]: _missed, ...misses } = turn.state.misses;
    const isWitness = suspect !== undefined && suspect.board === target.board && suspect.lock !== target.lock;
    turn.state = {
      ...turn.state,
      phase: 'ready',
      witnesses: { ...witnesses, [target.board]: target.lock },
      misses,
      // The board is alive: the silent lock is asked a last time.
      suspect: isWitness ? { ...suspect, isLastAsked: true } : undefined,
      again: isWitness ? { target: { board: suspect.board, lock: suspect.lock }, attempt: 2 } : undefined,
    };
    if (silent.includes(target.board)) {
      // Back again: the rest of its doors is asked in this round.
      const rest = targetsOf(target.board).filter((other) => !isSameTarget(other, target));
      turn.state = {
        ...turn.state,
        silent: silent.filter((board) => board !== target.board),
        sweep: [...turn.state.sweep, ...rest],
      };
    }
    strike(turn, (other) => isSameTarget(other, target));
    // What was asked for an earlier command, or for none, says how things were before this one.
    if (jobId === turn.state.job?.id) advanceJob(turn, cellsOfTarget(target));
  };

  const onFrame = (turn: Turn, frame: LockFrame): void => {
    const { request } = turn.state;
    switch (frame.type) {
      case 'echo':
        if (!turn.state.echoes) turn.state = { ...turn.state, echoes: true };
        return;
      case 'report': {
        const cell = cellAt(frame.board, frame.lock);
        if (cell === undefined) return;
        learnDoor(turn, cell, frame.door);
        // It may have been on its way since before the command: the command asks for itself.
        wakeJob(turn, cell);
        return;
      }
      case 'openReply': {
        if (request?.type !== 'open') break;
        const place = placeOf(request.cell);
        if (place?.board !== frame.board || (frame.lock !== undefined && frame.lock !== place.lock)) break;
        // On an echoing adapter the first such frame is our own command: exactly that one is taken off.
        if (request.awaitsEcho && frame.mayBeEcho) {
          turn.state = { ...turn.state, request: { ...request, awaitsEcho: false } };
          return;
        }
        if (protocol.openReply === 'unstated') return;
        finishRequest(turn);
        openAnswered(turn, frame.verdict);
        return;
      }
      case 'doors': {
        const isLate = payOwed(turn, frame);
        if (request?.type !== 'query' || !isSameTarget(request.target, frame)) break;
        if (isLate) {
          turn.state = { ...turn.state, request: { ...request, wasLate: true } };
          break;
        }
        if (hasContacts)
          for (const cell of cellsOfTarget(frame)) {
            const lock = placeOf(cell)?.lock;
            learnDoor(turn, cell, frame.doors.find((each) => each.lock === lock)?.door ?? 'unknown');
          }
        if (frame.raw)
          turn.state = { ...turn.state, statusBytes: { ...turn.state.statusBytes, [frame.board]: frame.raw } };
        answered(turn, { board: frame.board, lock: frame.lock }, request.jobId);
        return;
      }
      default:
        frame satisfies never;
    }
    // A late answer to a request that was given up. It must not answer the next one.
    turn.effects.push({ type: 'count', name: 'strayFrames' });
  };

  const giveUp = (turn: Turn): void => {
    failJob(turn, 'deviceNotReady', 'engineer', 'the board does not answer');
    const isGarbled = turn.state.heardNoise;
    turn.state = {
      ...turn.state,
      phase: isGarbled ? 'hello' : 'down',
      request: undefined,
      again: undefined,
      suspect: undefined,
      silent: [],
      sweep: [],
      told: '',
    };
    const code = isGarbled ? 'protocolError' : 'deviceSilent';
    turn.effects.push(
      { type: 'count', name: code },
      { type: 'status', state: 'offline', faults: [{ code, who: 'engineer' }] },
    );
    // A port that brings bytes is not dead; opening it afresh would help neither polarity, address nor noise.
    if (isGarbled) turn.effects.push({ type: 'timer', name: 'hello', delayMs: understandRetryMs });
    else turn.effects.push({ type: 'reopen', reason: 'silent' });
  };

  /** The board answers, but never for this lock: its door is unknown, which is a matter of settings or wiring. */
  const settleSuspect = (turn: Turn, target: Target): void => {
    turn.state = { ...turn.state, suspect: undefined };
    const affected = cellsOfTarget(target);
    for (const cell of affected) learnDoor(turn, cell, 'unknown');
    strike(turn, (other) => isSameTarget(other, target));
    advanceJob(turn, affected);
  };

  /** Nothing from this board. While another one may still answer, only its own cells are out of use. */
  const boardMissed = (turn: Turn, board: number): void => {
    const { misses } = turn.state;
    const silent = [...turn.state.silent.filter((other) => other !== board), board];
    turn.state = { ...turn.state, misses: { ...misses, [board]: (misses[board] ?? 0) + 1 } };
    if (boards.every((each) => silent.includes(each))) {
      giveUp(turn);
      return;
    }
    if (!turn.state.silent.includes(board)) turn.effects.push({ type: 'count', name: 'boardSilent' });
    const affected = cellsOf(board);
    turn.state = {
      ...turn.state,
      silent,
      suspect: undefined,
      again: undefined,
      unreported: turn.state.unreported.filter((cell) => !affected.includes(cell)),
    };
    for (const cell of affected) setDoor(turn, cell, 'unknown');
    strike(turn, (target) => target.board === board);
    const { job } = turn.state;
    if (job?.type === 'queryCells') advanceJob(turn, affected);
    else if (job && affected.includes(job.cell))
      failJob(turn, 'boardSilent', 'engineer', `board ${board} does not answer`);
  };

  const queryMissed = (turn: Turn, { board, lock }: Target): void => {
    const { phase, suspect, silent, witnesses } = turn.state;
    // A board that was silent before has nobody left to speak for it.
    const witness = silent.includes(board) ? undefined : witnesses[board];
    if (lock !== 'all' && suspect?.board === board && suspect.lock === lock && suspect.isLastAsked)
      settleSuspect(turn, { board, lock });
    else if (lock === 'all' || suspect || phase !== 'ready' || witness === undefined || witness === lock)
      boardMissed(turn, board);
    // One lock is not answered for. Whether the board is dead or merely has no such lock, a lock that did answer will tell.
    else
      turn.state = {
        ...turn.state,
        suspect: { board, lock, isLastAsked: false },
        // Where other boards are waiting, three misses in a row have to do.
        again: { target: { board, lock: witness }, attempt: boards.length > 1 ? 2 : 1 },
      };
  };

  const onReplyTimeout = (turn: Turn): void => {
    const { request } = turn.state;
    if (!request) return;
    turn.state = { ...turn.state, request: undefined, isPausing: true };
    turn.effects.push({ type: 'resetDecoder' });
    if (request.type === 'open' && protocol.openReply === 'unstated') {
      turn.effects.push({ type: 'timer', name: 'pause', delayMs: turnaroundMs });
      openAnswered(turn, 'taken');
      return;
    }
    turn.effects.push(
      { type: 'count', name: 'missedReplies' },
      { type: 'timer', name: 'pause', delayMs: recoverMs + latencyMs },
    );
    if (request.type === 'open') {
      openAnswered(turn, undefined);
      return;
    }
    const { target, attempt } = request;
    // The board is there: it answered, if only an earlier question, and this one's answer may have been that.
    if (request.wasLate) {
      turn.state = { ...turn.state, again: { target, attempt } };
      return;
    }
    owe(turn, target);
    if (attempt === 1) turn.state = { ...turn.state, again: { target, attempt: 2 } };
    else queryMissed(turn, target);
  };

  const ask = (turn: Turn, target: Target, attempt: 1 | 2): void => {
    const jobId = turn.state.job?.id;
    turn.state = {
      ...turn.state,
      again: undefined,
      request: { type: 'query', target, attempt, jobId, wasLate: false },
    };
    const [cell] = cellsOfTarget(target);
    turn.effects.push(
      {
        type: 'send',
        bytes: protocol.encodeQuery(target),
        label: target.lock === 'all' ? `query board ${target.board}` : `query cell ${cell}`,
      },
      { type: 'timer', name: 'reply', delayMs: queryTimeoutMs + latencyMs },
    );
  };

  const pulse = (turn: Turn, cell: number): void => {
    const { state, now } = turn;
    const place = placeOf(cell);
    if (!place) throw new RangeError(`no such cell: ${cell}`);
    turn.state = {
      ...state,
      request: { type: 'open', cell, awaitsEcho: state.echoes },
      lastPulseAtMs: now,
      askedAtMs: { ...state.askedAtMs, [cell]: now },
    };
    const delayMs = protocol.openReply === 'stated' ? openTimeoutMs : openQuietMs;
    turn.effects.push(
      { type: 'send', bytes: protocol.encodeOpen(place), label: `open cell ${cell}` },
      { type: 'timer', name: 'reply', delayMs: delayMs + latencyMs },
    );
  };

  /** Puts the next request on the bus when it is free: a repeated query, the command, the round over the doors. */
  const pump = (turn: Turn): void => {
    const { phase, request, isPausing, again, sweep, silent } = turn.state;
    if (phase === 'down' || request || isPausing) return;
    if (again) {
      ask(turn, again.target, again.attempt);
      return;
    }
    // A board that was silent gets no second try: the others are waiting.
    const askFirst = (target: Target): void => ask(turn, target, silent.includes(target.board) ? 2 : 1);
    const wanted = phase === 'ready' ? requestOfJob(turn) : undefined;
    if (wanted?.type === 'open') pulse(turn, wanted.cell);
    else if (wanted) askFirst(targetOf(wanted.cell));
    else if (sweep[0] !== undefined) askFirst(sweep[0]);
  };

  const onCommand = (turn: Turn, id: string, command: LockerCommand): void => {
    const refuse = (code: string, message: string): void => {
      turn.effects.push({ type: 'complete', id, result: { ok: false, error: { code, who: 'engineer', message } } });
    };
    if (command.type !== 'queryCells' && !placeOf(command.cell)) refuse('unknownCell', `no cell ${command.cell}`);
    else if (command.type === 'awaitClosed' && !hasContacts)
      refuse('unsupportedCommand', 'nothing on this board feels the doors');
    else turn.state = { ...turn.state, job: jobOf(id, command, cells) };
  };

  const handle = (turn: Turn, event: BusEvent): void => {
    switch (event.type) {
      case 'opened':
        turn.state = {
          ...turn.state,
          phase: 'hello',
          echoes: false,
          heardNoise: false,
          unreported: [],
          silent: [],
          witnesses: {},
          owed: [],
          sweep: roundOf({ ...turn.state, silent: [] }),
          told: '',
        };
        turn.effects.push({
          type: 'identity',
          identity: {
            model: protocol.model,
            capabilities: [
              ...lockerCommands.filter((name) => hasContacts || name !== 'awaitClosed'),
              ...cells.map((cell) => `cell:${cell}`),
            ],
          },
        });
        return;
      case 'lost':
        // With the pulse out, nobody knows any more; otherwise the runner's "connection lost" is the truth.
        failJob(turn, 'connectionLost', 'hall', 'the connection ended');
        turn.state = {
          ...turn.state,
          phase: 'down',
          request: undefined,
          again: undefined,
          suspect: undefined,
          witnesses: {},
          isPausing: false,
          sweep: [],
        };
        return;
      case 'frame':
        onFrame(turn, event.frame);
        return;
      case 'discarded':
        if (turn.state.request) turn.state = { ...turn.state, heardNoise: true };
        return;
      case 'timer':
        if (event.name === 'reply') onReplyTimeout(turn);
        else if (event.name === 'pause') turn.state = { ...turn.state, isPausing: false };
        else if (event.name === 'job') {
          if (turn.state.job) turn.state = { ...turn.state, job: { ...turn.state.job, isWaiting: false } };
        } else if (event.name === 'heartbeat' || event.name === 'hello') {
          turn.state = { ...turn.state, sweep: roundOf(turn.state) };
        }
        return;
      case 'command':
        onCommand(turn, event.id, event.command);
        return;
      case 'cancel':
        if (turn.state.job?.id === event.id) cancelJob(turn, event.reason);
        return;
      default:
        event satisfies never;
    }
  };

  const tellStatus = (turn: Turn): void => {
    if (turn.state.phase !== 'ready') return;
    const faults = faultsOf(turn.state, turn.now);
    const told = ['online', ...faults.map((fault) => fault.code)].join(' ');
    if (told === turn.state.told) return;
    turn.state = { ...turn.state, told };
    turn.effects.push({ type: 'status', state: 'online', faults });
  };

  return {
    initial: initialState,
    next(state, event, now): Step {
      const turn: Turn = { state, effects: [], now, hasContacts, pulseGapMs };
      handle(turn, event);
      pump(turn);
      tellStatus(turn);
      // The runner drops all timers when it reopens, so nothing may come after that effect.
      const reopen = turn.effects.findIndex((effect) => effect.type === 'reopen');
      if (reopen >= 0) turn.effects.push(...turn.effects.splice(reopen, 1));
      return { state: turn.state, effects: turn.effects };
    },
  };
};
