// The SAM reader's driver as a pure machine: strictly one request, then its reply or its time-out. The README has the diagram.
//
//   opened ─▶ self test ─▶ SAM id ─▶ online ─▶ [ find ─▶ select ─▶ read ─▶ address ] or [ reset ─▶ find ] or heartbeat
//                │ silent      │ other rate        │ time-out
//                │             └─▶ set rate        └─▶ drain ─▶ resync (a request whose reply looks like no other)
//                └─▶ next baud rate
//
// What a reply means for the citizen's command is decided in reading.ts, which baud rate comes next in rates.ts.

import type { DeviceEvent } from '../kit/machine.ts';
import { fail, type Result } from '../kit/result.ts';
import { samCapabilities, type IdCardCommand, type IdCardReply } from './api.ts';
import { drainMs, encodeRequest, formatSamId, sw3, type RequestName, type SamFrame } from './codec.ts';
import {
  answers,
  findIntervalMs,
  healthOf,
  heartbeatMs,
  isFrameError,
  isRead,
  probeReopenMs,
  rateSettleMs,
  timeoutOf,
  type Exchange,
  type Health,
} from './exchange.ts';
import { nextProbe, rateAct } from './rates.ts';
import { readingStep, removalIntervalMs, type Job, type Outcome } from './reading.ts';
import {
  initial,
  isAbandoned,
  isCutOff,
  withEffects,
  type Effect,
  type SamMachine,
  type SamOptions,
  type SamState,
  type Step,
} from './state.ts';

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
      { type: 'timer', name: 'reply', delayMs: timeoutOf(exchange, options.pace, state.baudRate) },
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
            ...(state.model === undefined ? {} : { model: state.model }),
            ...(state.samId === undefined ? {} : { serialNumber: state.samId }),
            capabilities: samCapabilities,
          },
        },
        { type: 'status', state: 'online', faults: [] },
      ],
      resume({ ...state, link: 'ready', health: 'ok', triedRates: 0 }, now),
    );

  const identify = (state: SamState, now: number): Step =>
    send({ ...state, health: 'ok' }, { request: 'readSamId', purpose: 'identify', isResend: false }, now);

  /** The module said who it is. */
  const settleRate = (state: SamState, now: number): Step => {
    const step = rateAct(state, options);
    switch (step.act) {
      case 'none':
        return goOnline({ ...state, rateChange: undefined }, now);
      case 'refused':
        return refuseRate(state, now);
      case 'request':
        return send(state, { request: step.request, purpose: 'setRate', isResend: false }, now);
      default:
        return step satisfies never;
    }
  };

  const refuseRate = (state: SamState, now: number): Step =>
    withEffects(
      state.rateChange === 'refused' ? [] : [{ type: 'count', name: 'rateRefused' }],
      goOnline({ ...state, rateChange: 'refused' }, now),
    );

  /** Also when its answer was lost: where it went is found out by probing. */
  const changeRate = (state: SamState): Step => ({
    state: { ...state, rateChange: 'asked', triedRates: 0 },
    effects: [
      { type: 'count', name: 'rateChanges' },
      {
        type: 'reopen',
        reason: 'closed',
        delayMs: rateSettleMs,
        ...(options.moduleBaudRate === undefined ? {} : { baudRate: options.moduleBaudRate }),
      },
    ],
  });

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
    const next = nextProbe(state, options);
    if (next)
      return {
        state: { ...state, triedRates: next.tried },
        effects: [{ type: 'reopen', reason: 'silent', baudRate: next.baudRate, delayMs: probeReopenMs }],
      };
    const first = nextProbe({ triedRates: 0 }, options);
    return {
      state: { ...state, triedRates: 0 },
      effects: [
        { type: 'status', state: 'offline', faults: [{ code: 'deviceSilent', who: 'engineer' }] },
        { type: 'reopen', reason: 'silent', ...(first ? { baudRate: first.baudRate } : {}) },
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
        return settleRate({ ...state, samId: formatSamId(frame.data) }, now);
      case 'setRate':
        return frame.sw3 === sw3.ok ? changeRate(state) : refuseRate(state, now);
      case 'heartbeat':
        if (state.health === 'ok') return resume(state, now);
        return state.samId === undefined ? identify(state, now) : goOnline(state, now);
      case 'resync':
        return resume(state, now);
      case 'job': {
        if (!job || job.id !== exchange.jobId) return resume(state, now);
        const withFingerprint = options.withFingerprint && state.hasNoPrintCommand !== true;
        const outcome = readingStep(job, exchange.request, frame, { ...options, withFingerprint }, now);
        const step = apply(state, outcome, now);
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
        return withEffects([clear], settleRate(free, now));
      case 'setRate':
        return withEffects([clear], frame ? refuseRate(free, now) : changeRate(free));
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
        const hasNoPrintCommand = exchange.request === 'readWithPrint' && frame?.sw3 === sw3.badCommand;
        const next: SamState = hasNoPrintCommand ? { ...free, hasNoPrintCommand } : free;
        return withEffects([clear], retryJob(next, job, exchange.request, 'protocolError', now));
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
        return resume(
          { ...state, job: { ...job, needsReset: options.removal === 'reset', restMs: removalIntervalMs } },
          now,
        );
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
      case 'setRate':
        return changeRate(state);
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
    const needsReset = isRemoval ? options.removal === 'reset' : state.hasUndelivered === true;
    const job: Job = { id, command, needsReset, restMs: findIntervalMs };
    const needsCard = isRemoval || command.type === 'readCard';
    if (state.health !== 'ok' && needsCard)
      return finish(state, job, fail(state.health, 'engineer', 'the module takes no commands'), now);
    return withEffects(
      [{ type: 'clearTimer', name: 'heartbeat' }],
      resume({ ...state, job, hasUndelivered: needsCard ? false : state.hasUndelivered }, now),
    );
  };

  const next = (state: SamState, event: DeviceEvent<SamFrame, IdCardCommand>, now: number): Step => {
    switch (event.type) {
      case 'opened':
        return send(
          {
            ...state,
            link: 'hello',
            baudRate: event.baudRate,
            ...(event.info?.product === undefined ? {} : { model: event.info.product }),
          },
          { request: 'selfTest', purpose: 'probe', isResend: false },
          now,
        );
      case 'lost': {
        const { triedRates, baudRate } = state;
        // Another power-up is another try: whether the module keeps its rate over one is not documented.
        const rateChange = event.reason === 'unplugged' ? undefined : state.rateChange;
        const hasUndelivered = state.hasUndelivered === true || isCutOff(state);
        return { state: { ...initial, triedRates, baudRate, rateChange, hasUndelivered }, effects: [] };
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
