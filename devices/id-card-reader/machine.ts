// The SAM reader's driver as a pure machine: strictly one request, then its reply or its time-out. The README has the diagram.
//
//   opened ─▶ self test ─▶ SAM id ─▶ online ─▶ [ find ─▶ select ─▶ read ─▶ address ] or [ reset ─▶ find ] or heartbeat
//                │ silent                          │ time-out
//                └─▶ next baud rate                └─▶ drain ─▶ resync (a request whose reply looks like no other)
//
// What a reply means for the citizen's command is decided in reading.ts.

import type { DeviceEffect, DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import { fail, type Result } from '../kit/result.ts';
import type { IdCardCommand, IdCardNotice, IdCardReply } from './api.ts';
import { drainMs, encodeRequest, formatSamId, sw3, type RequestName, type SamFrame } from './codec.ts';
import type { SamSerialConfig } from './config.ts';
import {
  answers,
  findIntervalMs,
  healthOf,
  heartbeatMs,
  isFrameError,
  isRead,
  probeOrder,
  probeReopenMs,
  timeoutOf,
  type Exchange,
  type Health,
} from './exchange.ts';
import { readingStep, removalIntervalMs, type Job, type Outcome } from './reading.ts';

export type SamState = {
  link: 'closed' | 'hello' | 'ready';
  health: Health;
  baudRate?: number;
  /** Rates of `probeOrder` tried since something last answered. */
  triedRates: number;
  samId?: string;
  exchange?: Exchange;
  /** Waiting for silence, and what comes after it. */
  draining?: 'resend' | 'resync';
  job?: Job;
  lastFindAtMs?: number;
  /** The module read a card that was never handed over: only after a reset does it find that card again. */
  hasUndelivered?: boolean;
};

type Effect = DeviceEffect<IdCardReply, IdCardNotice>;
type Step = DeviceStep<SamState, IdCardReply, IdCardNotice>;
export type SamMachine = DeviceMachine<SamState, SamFrame, IdCardCommand, IdCardReply, IdCardNotice>;

export type SamOptions = Pick<SamSerialConfig, 'withFingerprint' | 'withNewestAddress' | 'probeBaudRates'>;

const initial: SamState = { link: 'closed', health: 'ok', triedRates: 0 };

const withEffects = (before: readonly Effect[], { state, effects }: Step): Step => ({
  state,
  effects: [...before, ...effects],
});

/** The command that the outstanding request was sent for has been given up. */
const isAbandoned = ({ exchange, job }: SamState): boolean => exchange?.purpose === 'job' && exchange.jobId !== job?.id;

export const createSamMachine = (options: SamOptions): SamMachine => {
  const send = (state: SamState, exchange: Exchange, now: number): Step => ({
    state: {
      ...state,
      exchange,
      draining: undefined,
      lastFindAtMs: exchange.request === 'find' ? now : state.lastFindAtMs,
    },
    effects: [
      { type: 'clearTimer', name: 'heartbeat' },
      { type: 'clearTimer', name: 'find' },
      { type: 'send', bytes: encodeRequest(exchange.request), label: exchange.request },
      { type: 'timer', name: 'reply', delayMs: timeoutOf(exchange.request, exchange.purpose, state.baudRate) },
    ],
  });

  const sendFor = (state: SamState, job: Job, request: RequestName, now: number): Step =>
    send({ ...state, job }, { request, purpose: 'job', isResend: false, jobId: job.id }, now);

  /** What to do when nothing is outstanding: go on with the job, or rest until the heartbeat. */
  const resume = (state: SamState, now: number): Step => {
    const { job } = state;
    if (state.link !== 'ready' || state.exchange || state.draining) return { state, effects: [] };
    if (!job) return { state, effects: [{ type: 'timer', name: 'heartbeat', delayMs: heartbeatMs }] };
    switch (job.command.type) {
      case 'selfTest':
        return sendFor(state, job, 'selfTest', now);
      case 'readSamId':
        return sendFor(state, job, 'readSamId', now);
      case 'readCard':
      case 'awaitRemoval': {
        const waitMs = state.lastFindAtMs === undefined ? 0 : state.lastFindAtMs + job.restMs - now;
        if (waitMs > 0) return { state, effects: [{ type: 'timer', name: 'find', delayMs: waitMs }] };
        return sendFor(state, job, job.needsReset ? 'reset' : 'find', now);
      }
      default:
        return job.command satisfies never;
    }
  };

  const finish = (state: SamState, job: Job, result: Result<IdCardReply>, now: number): Step =>
    withEffects([{ type: 'complete', id: job.id, result }], resume({ ...state, job: undefined }, now));

  const goOnline = (state: SamState, now: number): Step =>
    withEffects(
      [
        {
          type: 'identity',
          identity: {
            ...(state.samId === undefined ? {} : { serialNumber: state.samId }),
            capabilities: ['readCard', 'awaitRemoval', 'readSamId', 'selfTest'],
          },
        },
        { type: 'status', state: 'online', faults: [] },
      ],
      resume({ ...state, link: 'ready', health: 'ok', triedRates: 0 }, now),
    );

  const identify = (state: SamState, now: number): Step =>
    send({ ...state, health: 'ok' }, { request: 'readSamId', purpose: 'identify', isResend: false }, now);

  const reopenSilent = (state: SamState): Step => ({
    state,
    effects: [
      {
        type: 'reopen',
        reason: 'silent',
        ...(state.baudRate === undefined ? {} : { baudRate: state.baudRate }),
      },
    ],
  });

  const tryNextRate = (state: SamState): Step => {
    const rates = options.probeBaudRates ? probeOrder : [];
    const index = rates.findIndex((rate, at) => at >= state.triedRates && rate !== state.baudRate);
    const baudRate = rates[index];
    if (baudRate !== undefined)
      return {
        state: { ...state, triedRates: index + 1 },
        effects: [{ type: 'reopen', reason: 'silent', baudRate, delayMs: probeReopenMs }],
      };
    return {
      state: { ...state, triedRates: 0 },
      effects: [
        { type: 'status', state: 'offline', faults: [{ code: 'deviceSilent', who: 'engineer' }] },
        { type: 'reopen', reason: 'silent', ...(rates[0] === undefined ? {} : { baudRate: rates[0] }) },
      ],
    };
  };

  /** 60 or 66: the module takes no commands. The heartbeat finds out when that ends. */
  const breakDown = (state: SamState, health: Exclude<Health, 'ok'>, now: number): Step => {
    const { job } = state;
    const broken: SamState = { ...state, link: 'ready', health, exchange: undefined, draining: undefined };
    const effects: Effect[] = [
      { type: 'clearTimer', name: 'reply' },
      { type: 'status', state: 'hardwareError', faults: [{ code: health, who: 'engineer' }] },
    ];
    if (!job) return withEffects(effects, resume(broken, now));
    return withEffects(effects, finish(broken, job, fail(health, 'engineer', 'the module takes no commands'), now));
  };

  const apply = (state: SamState, outcome: Outcome, now: number): Step => {
    const notices = outcome.notices.map((notice): Effect => ({ type: 'notice', notice }));
    const counts = outcome.counts.map((name): Effect => ({ type: 'count', name }));
    const before = [...notices, ...counts];
    switch (outcome.act) {
      case 'request':
        return withEffects(before, sendFor(state, outcome.job, outcome.request, now));
      case 'again':
        return withEffects(before, resume({ ...state, job: outcome.job }, now));
      case 'finish':
        return withEffects(before, finish(state, outcome.job, outcome.result, now));
      default:
        return outcome satisfies never;
    }
  };

  const onFrame = (state: SamState, frame: SamFrame, now: number): Step => {
    const { exchange, job } = state;
    if (state.draining)
      return {
        state,
        effects: [
          { type: 'count', name: 'lateReplies' },
          { type: 'timer', name: 'drain', delayMs: drainMs },
        ],
      };
    if (!exchange) return { state, effects: [{ type: 'count', name: 'unexpectedReplies' }] };
    const health = healthOf(frame.sw3);
    if (health !== 'ok') return breakDown(state, health, now);
    if (isFrameError(frame.sw3)) {
      const count: Effect = { type: 'count', name: 'lineErrors' };
      if (exchange.isResend || isAbandoned(state)) return withEffects([count], giveUp(state, exchange, frame, now));
      return {
        state: { ...state, draining: 'resend' },
        effects: [count, { type: 'clearTimer', name: 'reply' }, { type: 'timer', name: 'drain', delayMs: drainMs }],
      };
    }
    if (!answers(exchange.request, frame)) return { state, effects: [{ type: 'count', name: 'unexpectedReplies' }] };
    const free: SamState = { ...state, exchange: undefined };
    return withEffects([{ type: 'clearTimer', name: 'reply' }], onAnswer(free, exchange, job, frame, now));
  };

  const onAnswer = (state: SamState, exchange: Exchange, job: Job | undefined, frame: SamFrame, now: number): Step => {
    switch (exchange.purpose) {
      case 'probe':
        return identify(state, now);
      case 'identify':
        return goOnline({ ...state, samId: formatSamId(frame.data) }, now);
      case 'heartbeat':
        if (state.health === 'ok') return resume(state, now);
        return state.samId === undefined ? identify(state, now) : goOnline(state, now);
      case 'resync':
        return resume(state, now);
      case 'job': {
        if (!job || job.id !== exchange.jobId) return resume(state, now);
        const step = apply(state, readingStep(job, exchange.request, frame, options, now), now);
        // A self test asked for by hand may find a broken module well again.
        const isWell = state.health !== 'ok' && exchange.request === 'selfTest' && frame.sw3 === sw3.ok;
        return isWell ? withEffects(step.effects, goOnline(step.state, now)) : step;
      }
      default:
        return exchange.purpose satisfies never;
    }
  };

  /** A reply came twice in pieces, or the reader twice did not understand the request. */
  const giveUp = (state: SamState, exchange: Exchange, frame: SamFrame | undefined, now: number): Step => {
    const free: SamState = { ...state, exchange: undefined, draining: undefined };
    const clear: Effect = { type: 'clearTimer', name: 'reply' };
    switch (exchange.purpose) {
      case 'probe':
        return withEffects([clear], tryNextRate(free));
      case 'identify':
        return withEffects([clear], goOnline(free, now));
      case 'heartbeat':
        return withEffects([clear], resume(free, now));
      case 'resync':
        return withEffects([clear], reopenSilent(free));
      case 'job': {
        const { job } = state;
        if (!job || job.id !== exchange.jobId) return withEffects([clear], resume(free, now));
        // Readers without the command answer 21: then there is no appended address to be had.
        if (job.card && frame?.sw3 === sw3.badCommand)
          return withEffects([clear], finish(free, job, { ok: true, value: { type: 'card', card: job.card } }, now));
        return withEffects([clear], retryJob(free, job, exchange.request, 'protocolError', now));
      }
      default:
        return exchange.purpose satisfies never;
    }
  };

  /** From the start of the job. After a read was asked for, only a reset makes the module find a card that still lies there. */
  const retryJob = (
    state: SamState,
    job: Job,
    request: RequestName,
    code: 'protocolError' | 'timeOut',
    now: number,
  ): Step => {
    switch (job.command.type) {
      case 'readCard':
        return resume({ ...state, job: { ...job, card: undefined, needsReset: isRead(request) } }, now);
      case 'awaitRemoval':
        return resume({ ...state, job: { ...job, needsReset: true, restMs: removalIntervalMs } }, now);
      case 'readSamId':
      case 'selfTest':
        return finish(state, job, fail(code, 'engineer', `${request}: ${code}`), now);
      default:
        return job.command satisfies never;
    }
  };

  const onTimeout = (state: SamState, exchange: Exchange, now: number): Step => {
    switch (exchange.purpose) {
      case 'probe':
        return tryNextRate({ ...state, exchange: undefined });
      case 'identify':
      case 'heartbeat':
      case 'resync':
        return reopenSilent(state);
      case 'job': {
        // The exchange stays until the drain is over: it says which reply may still come late.
        const draining: SamState = { ...state, draining: 'resync' };
        const wait: Effect[] = [
          { type: 'count', name: 'timeouts' },
          { type: 'timer', name: 'drain', delayMs: drainMs },
        ];
        const { job } = state;
        if (!job || job.id !== exchange.jobId) return { state: draining, effects: wait };
        return withEffects(wait, retryJob(draining, job, exchange.request, 'timeOut', now));
      }
      default:
        return exchange.purpose satisfies never;
    }
  };

  const onDrained = (state: SamState, now: number): Step => {
    const { exchange, draining } = state;
    if (!exchange || !draining) return resume({ ...state, draining: undefined }, now);
    if (draining === 'resend') return send(state, { ...exchange, isResend: true }, now);
    // Replies come in order, so once this one is here, no older one is on its way. Its data must not look like the late one.
    const request = exchange.request === 'readSamId' ? 'selfTest' : 'readSamId';
    return send(state, { request, purpose: 'resync', isResend: false }, now);
  };

  const onTimer = (state: SamState, name: string, now: number): Step => {
    switch (name) {
      case 'reply':
        return state.exchange ? onTimeout(state, state.exchange, now) : { state, effects: [] };
      case 'drain':
        return onDrained(state, now);
      case 'find':
        return resume(state, now);
      default:
        if (state.exchange || state.job || state.link !== 'ready') return { state, effects: [] };
        return send(state, { request: 'selfTest', purpose: 'heartbeat', isResend: false }, now);
    }
  };

  const onCommand = (state: SamState, id: string, command: IdCardCommand, now: number): Step => {
    const isRemoval = command.type === 'awaitRemoval';
    const needsReset = isRemoval || state.hasUndelivered === true;
    const job: Job = { id, command, needsReset, restMs: findIntervalMs };
    const needsCard = isRemoval || command.type === 'readCard';
    if (state.health !== 'ok' && needsCard)
      return finish(state, job, fail(state.health, 'engineer', 'the module takes no commands'), now);
    return withEffects(
      [{ type: 'clearTimer', name: 'heartbeat' }],
      resume({ ...state, job, hasUndelivered: needsCard ? false : state.hasUndelivered }, now),
    );
  };

  const isCutOff = ({ job, exchange }: SamState): boolean =>
    job?.command.type === 'readCard' && (job.needsReset || (exchange !== undefined && isRead(exchange.request)));

  const next = (state: SamState, event: DeviceEvent<SamFrame, IdCardCommand>, now: number): Step => {
    switch (event.type) {
      case 'opened':
        return send(
          { ...state, link: 'hello', baudRate: event.baudRate },
          { request: 'selfTest', purpose: 'probe', isResend: false },
          now,
        );
      case 'lost': {
        const { triedRates, baudRate } = state;
        const hasUndelivered = state.hasUndelivered === true || isCutOff(state);
        return { state: { ...initial, triedRates, baudRate, hasUndelivered }, effects: [] };
      }
      case 'frame':
        return onFrame(state, event.frame, now);
      case 'discarded': {
        const { exchange } = state;
        if (!exchange || state.draining) return { state, effects: [] };
        if (event.reason !== 'badChecksum' && event.reason !== 'cutShort') return { state, effects: [] };
        const count: Effect = { type: 'count', name: 'lineErrors' };
        if (exchange.isResend || isAbandoned(state))
          return withEffects([count], giveUp(state, exchange, undefined, now));
        // The decoder has already waited for silence.
        return withEffects([count], send(state, { ...exchange, isResend: true }, now));
      }
      case 'timer':
        return onTimer(state, event.name, now);
      case 'command':
        return onCommand(state, event.id, event.command, now);
      case 'cancel': {
        const { job } = state;
        if (!job || job.id !== event.id) return { state, effects: [] };
        const text = event.reason === 'timeOut' ? 'no card was read in time' : 'the caller gave up';
        const stop: Effect = { type: 'clearTimer', name: 'find' };
        const left: SamState = { ...state, hasUndelivered: isCutOff(state) };
        return withEffects([stop], finish(left, job, fail(event.reason, 'citizen', text), now));
      }
      default:
        return event satisfies never;
    }
  };

  return { initial, next };
};
