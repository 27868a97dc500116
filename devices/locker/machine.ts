// The board as a pure machine: one request on the bus at a time, a sweep over the doors when nobody wants anything, and the
// citizen's command in front of it. States (README.md has the picture):
//
//   down ──opened──▶ hello ──valid answer──▶ ready ──two misses──▶ (silent: reopen │ garbled: ask again in 2 s)
//
// An open command is sent once. Whatever happens to its answer, the contact is asked and only the contact is believed.

import type { DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import type { DoorState, LockerCommand, LockerNotice, LockerReply } from './api.ts';
import { doorOfContact, doorOfStatus, encodeOpen, encodeQuery, encodeQueryAll, type BoardFrame } from './codec.ts';
import { lockByCell, type Board8a80Config } from './config.ts';
import { advanceJob, cancelJob, failJob, faultsOf, jobOf, requestOfJob } from './jobs.ts';
import {
  heartbeatMs,
  openTimeoutMs,
  queryTimeoutMs,
  recoverMs,
  turnaroundMs,
  understandRetryMs,
  type BoardState,
  type Target,
  type Turn,
} from './state.ts';

const initial: BoardState = {
  phase: 'down',
  doors: {},
  askedAtMs: {},
  stuck: [],
  unreported: [],
  echoes: false,
  isPausing: false,
  sweep: [],
  heardNoise: false,
  lastPulseAtMs: 0,
  told: '',
};

type Step = DeviceStep<BoardState, LockerReply, LockerNotice>;
type BoardEvent = DeviceEvent<BoardFrame, LockerCommand>;

/** The machine of one board. Source of the timing: RS-485 practice for this board family, see README.md. */
export const createBoardMachine = (
  config: Board8a80Config,
): DeviceMachine<BoardState, BoardFrame, LockerCommand, LockerReply, LockerNotice> => {
  const locks = lockByCell(config);
  const cells = [...locks.keys()];
  const cellByLock = new Map([...locks].map(([cell, lock]) => [lock, cell]));
  /** What one round over the doors has to ask. */
  const round: readonly Target[] = config.statusBy === 'all' ? ['all'] : cells;
  const targetOf = (cell: number): Target => (config.statusBy === 'all' ? 'all' : cell);

  const learnDoor = (turn: Turn, cell: number, door: DoorState): void => {
    const { state } = turn;
    const isUnreported = state.unreported.includes(cell);
    if (door === 'unknown' && !isUnreported) turn.state = { ...turn.state, unreported: [...state.unreported, cell] };
    if (door !== 'unknown' && isUnreported)
      turn.state = { ...turn.state, unreported: state.unreported.filter((other) => other !== cell) };
    if (door === 'open' && state.stuck.includes(cell))
      turn.state = { ...turn.state, stuck: state.stuck.filter((other) => other !== cell) };
    if (state.doors[cell] === door) return;
    turn.state = { ...turn.state, doors: { ...state.doors, [cell]: door } };
    if (door === 'closed') {
      const { [cell]: _closed, ...asked } = turn.state.askedAtMs;
      turn.state = { ...turn.state, askedAtMs: asked };
    }
    turn.effects.push({ type: 'notice', notice: { type: 'door', cell, door } });
  };

  /** A valid answer to the outstanding request: the bus is free again after the turn-around. */
  const finishRequest = (turn: Turn): void => {
    turn.state = { ...turn.state, request: undefined, isPausing: true, heardNoise: false };
    turn.effects.push({ type: 'clearTimer', name: 'reply' }, { type: 'timer', name: 'pause', delayMs: turnaroundMs });
  };

  const answered = (turn: Turn, target: Target): void => {
    finishRequest(turn);
    const wasSweeping = turn.state.sweep.length > 0;
    const sweep = turn.state.sweep.filter((other) => other !== target);
    const { suspect } = turn.state;
    const isWitness = suspect !== undefined && suspect.target !== target;
    turn.state = {
      ...turn.state,
      phase: 'ready',
      witness: target,
      sweep,
      // The board is alive: the silent lock is asked a last time.
      suspect: isWitness ? { ...suspect, isLastAsked: true } : undefined,
      again: isWitness ? { target: suspect.target, attempt: 2 } : undefined,
    };
    if (wasSweeping && sweep.length === 0)
      turn.effects.push({ type: 'timer', name: 'heartbeat', delayMs: heartbeatMs });
    advanceJob(turn, target === 'all' ? cells : [target]);
  };

  const onFrame = (turn: Turn, frame: BoardFrame): void => {
    const { request } = turn.state;
    switch (frame.type) {
      case 'queryEcho':
        if (!turn.state.echoes) turn.state = { ...turn.state, echoes: true };
        return;
      case 'report': {
        const cell = cellByLock.get(frame.lock);
        if (cell === undefined) return;
        learnDoor(turn, cell, doorOfContact(frame.contact, config.feedback));
        advanceJob(turn, [cell]);
        return;
      }
      case 'openReply': {
        if (request?.type !== 'open' || locks.get(request.cell) !== frame.lock) break;
        // On an echoing adapter the first such frame is our own command: exactly that one is taken off.
        if (request.awaitsEcho && frame.contact === 'made') {
          turn.state = { ...turn.state, request: { ...request, awaitsEcho: false } };
          return;
        }
        finishRequest(turn);
        return;
      }
      case 'lockReply': {
        const cell = cellByLock.get(frame.lock);
        if (request?.type !== 'query' || cell === undefined || request.target !== cell) break;
        learnDoor(turn, cell, doorOfContact(frame.contact, config.feedback));
        answered(turn, cell);
        return;
      }
      case 'allReply':
        if (request?.type !== 'query' || request.target !== 'all') break;
        for (const [cell, lock] of locks) learnDoor(turn, cell, doorOfStatus(frame.status, lock, config));
        answered(turn, 'all');
        return;
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
  const settleSuspect = (turn: Turn, cell: number): void => {
    learnDoor(turn, cell, 'unknown');
    const sweep = turn.state.sweep.filter((other) => other !== cell);
    turn.state = { ...turn.state, suspect: undefined, sweep };
    if (sweep.length === 0) turn.effects.push({ type: 'timer', name: 'heartbeat', delayMs: heartbeatMs });
    advanceJob(turn, [cell]);
  };

  const queryMissed = (turn: Turn, target: Target): void => {
    const { phase, suspect, witness } = turn.state;
    if (target !== 'all' && suspect?.target === target && suspect.isLastAsked) settleSuspect(turn, target);
    else if (target === 'all' || suspect || phase !== 'ready' || witness === undefined || witness === target)
      giveUp(turn);
    // One lock is not answered for. Whether the board is dead or merely has no such lock, a lock that did answer will tell.
    else
      turn.state = {
        ...turn.state,
        suspect: { target, isLastAsked: false },
        again: { target: witness, attempt: 1 },
      };
  };

  const onReplyTimeout = (turn: Turn): void => {
    const { request } = turn.state;
    if (!request) return;
    turn.state = { ...turn.state, request: undefined, isPausing: true };
    turn.effects.push(
      { type: 'count', name: 'missedReplies' },
      { type: 'resetDecoder' },
      { type: 'timer', name: 'pause', delayMs: recoverMs },
    );
    if (request.type === 'open') return;
    if (request.attempt === 1) turn.state = { ...turn.state, again: { target: request.target, attempt: 2 } };
    else queryMissed(turn, request.target);
  };

  const ask = (turn: Turn, target: Target, attempt: 1 | 2): void => {
    turn.state = { ...turn.state, again: undefined, request: { type: 'query', target, attempt } };
    const bytes =
      target === 'all' ? encodeQueryAll(config.board) : encodeQuery(config.board, locks.get(target) ?? target);
    turn.effects.push(
      { type: 'send', bytes, label: target === 'all' ? 'query all' : `query cell ${target}` },
      { type: 'timer', name: 'reply', delayMs: queryTimeoutMs },
    );
  };

  const pulse = (turn: Turn, cell: number): void => {
    const { state, now } = turn;
    turn.state = {
      ...state,
      request: { type: 'open', cell, awaitsEcho: state.echoes },
      lastPulseAtMs: now,
      askedAtMs: { ...state.askedAtMs, [cell]: now },
    };
    turn.effects.push(
      { type: 'send', bytes: encodeOpen(config.board, locks.get(cell) ?? cell), label: `open cell ${cell}` },
      { type: 'timer', name: 'reply', delayMs: openTimeoutMs },
    );
  };

  /** Puts the next request on the bus when it is free: a repeated query, the command, the round over the doors. */
  const pump = (turn: Turn): void => {
    const { phase, request, isPausing, again, sweep } = turn.state;
    if (phase === 'down' || request || isPausing) return;
    if (again) {
      ask(turn, again.target, again.attempt);
      return;
    }
    const wanted = phase === 'ready' ? requestOfJob(turn) : undefined;
    if (wanted?.type === 'open') pulse(turn, wanted.cell);
    else if (wanted) ask(turn, targetOf(wanted.cell), 1);
    else if (sweep[0] !== undefined) ask(turn, sweep[0], 1);
  };

  const handle = (turn: Turn, event: BoardEvent): void => {
    switch (event.type) {
      case 'opened':
        turn.state = {
          ...turn.state,
          phase: 'hello',
          echoes: false,
          heardNoise: false,
          unreported: [],
          sweep: round,
          told: '',
        };
        turn.effects.push({
          type: 'identity',
          identity: {
            model: '8A/80 lock board',
            capabilities: ['openCell', 'awaitClosed', 'queryCells', ...cells.map((cell) => `cell:${cell}`)],
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
          witness: undefined,
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
          turn.state = { ...turn.state, sweep: round };
        }
        return;
      case 'command':
        if (event.command.type !== 'queryCells' && !locks.has(event.command.cell)) {
          const result = {
            ok: false,
            error: { code: 'unknownCell', who: 'engineer', message: `no cell ${event.command.cell}` },
          } as const;
          turn.effects.push({ type: 'complete', id: event.id, result });
          return;
        }
        turn.state = { ...turn.state, job: jobOf(event.id, event.command, cells) };
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
    initial,
    next(state, event, now): Step {
      const turn: Turn = { state, effects: [], now };
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
