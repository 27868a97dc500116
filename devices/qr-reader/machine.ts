// A line-mode code reader's driver as a pure machine. Codes come when they come; commands are few, one at a time and 50 ms apart.
//
//   opened ─▶ (query ─▶ reply) ─▶ online ─▶ code ─▶ wanted? ─▶ complete
//                 │ silent                      └──▶ notice: nobodyWaits, repeated
//                 └─▶ offline, open again

import type { DeviceEffect, DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import { fail, type Result } from '../kit/result.ts';
import type { QrCommand, QrNotice, QrReply, ScannedCode } from './api.ts';
import { honeywell, identityOf, newland, type QrFrame } from './codec.ts';
import type { LineQrConfig } from './config.ts';

/** Newland's field code allows 5 s in the worst case; Honeywell's answers come within a second. */
export const replyTimeoutMs = { newland: 5000, honeywell: 2000 } as const;
/** Between two commands (Newland). */
export const commandGapMs = 50;
/** A reader stops by itself after its own time-out, or after a code that was not taken: reading is switched on again. */
export const retriggerMs = 5000;

type Exchange = { purpose: 'hello' | 'heartbeat' | 'query' | 'triggerOn' | 'triggerOff' };

export type QrState = {
  link: 'closed' | 'hello' | 'ready';
  exchange?: Exchange;
  /** Commands to send as soon as the line is free, oldest first. */
  toSend: readonly Exchange['purpose'][];
  lastSentAtMs?: number;
  job?: { id: string; command: QrCommand };
  /** Hex of the code that was handed over last, until it has been gone for `debounceMs`. */
  lastCode?: string;
};

export type QrOptions = Pick<LineQrConfig, 'hello' | 'trigger' | 'debounceMs' | 'heartbeatMs'>;

type Effect = DeviceEffect<QrReply, QrNotice>;
type Step = DeviceStep<QrState, QrReply, QrNotice>;
export type QrMachine = DeviceMachine<QrState, QrFrame, QrCommand, QrReply, QrNotice>;

const initial: QrState = { link: 'closed', toSend: [] };

const withEffects = (before: readonly Effect[], { state, effects }: Step): Step => ({
  state,
  effects: [...before, ...effects],
});

const keyOf = (code: ScannedCode): string => Buffer.from(code.bytes).toString('hex');

export const createLineQrMachine = (options: QrOptions): QrMachine => {
  const maker = options.hello === 'none' ? options.trigger : options.hello;
  const commands = maker === 'newland' ? newland : honeywell;
  const hasReply = (purpose: Exchange['purpose']): boolean =>
    maker === 'newland' || (purpose !== 'triggerOn' && purpose !== 'triggerOff');

  const bytesFor = (purpose: Exchange['purpose']): Uint8Array => {
    if (purpose === 'triggerOn') return commands.triggerOn;
    return purpose === 'triggerOff' ? commands.triggerOff : commands.query;
  };

  /** Sends what waits, when no reply is outstanding and the last command is old enough. */
  const pump = (state: QrState, now: number): Step => {
    const [purpose, ...toSend] = state.toSend;
    if (purpose === undefined || state.exchange || state.link === 'closed') return { state, effects: [] };
    const waitMs = state.lastSentAtMs === undefined ? 0 : state.lastSentAtMs + commandGapMs - now;
    if (waitMs > 0) return { state, effects: [{ type: 'timer', name: 'pump', delayMs: waitMs }] };
    const sent: QrState = { ...state, toSend, lastSentAtMs: now };
    const send: Effect = { type: 'send', bytes: bytesFor(purpose), label: purpose };
    if (!hasReply(purpose)) return withEffects([send], pump(sent, now));
    const delayMs = replyTimeoutMs[maker === 'newland' ? 'newland' : 'honeywell'];
    return {
      state: { ...sent, exchange: { purpose } },
      effects: [{ type: 'clearTimer', name: 'heartbeat' }, send, { type: 'timer', name: 'reply', delayMs }],
    };
  };

  const enqueue = (state: QrState, purpose: Exchange['purpose'], now: number): Step => {
    const others = state.toSend.filter((waiting) => waiting !== purpose);
    return pump({ ...state, toSend: [...others, purpose] }, now);
  };

  const rest = (state: QrState): Effect[] =>
    options.hello !== 'none' && !state.job && state.link === 'ready'
      ? [{ type: 'timer', name: 'heartbeat', delayMs: options.heartbeatMs }]
      : [];

  const triggerOn = (state: QrState, now: number): Step => {
    if (options.trigger === 'none' || state.job?.command.type !== 'readCode') return { state, effects: [] };
    return withEffects([{ type: 'timer', name: 'retrigger', delayMs: retriggerMs }], enqueue(state, 'triggerOn', now));
  };

  const finish = (state: QrState, id: string, result: Result<QrReply>): Step => {
    const free: QrState = {
      ...state,
      job: undefined,
      toSend: state.toSend.filter((purpose) => purpose !== 'triggerOn' && purpose !== 'query'),
    };
    return {
      state: free,
      effects: [{ type: 'clearTimer', name: 'retrigger' }, { type: 'complete', id, result }, ...rest(free)],
    };
  };

  const goOnline = (state: QrState, identity: ReturnType<typeof identityOf>, now: number): Step => {
    const capabilities = [
      'readCode',
      ...(maker === 'honeywell' ? ['beep'] : []),
      ...(options.hello === 'none' ? [] : ['query']),
    ];
    const ready: QrState = { ...state, link: 'ready' };
    const effects: Effect[] = [
      { type: 'identity', identity: { ...identity, capabilities } },
      { type: 'status', state: 'online', faults: [] },
      ...rest(ready),
    ];
    return withEffects(effects, triggerOn(ready, now));
  };

  const onCode = (state: QrState, code: ScannedCode, now: number): Step => {
    const { job } = state;
    const refuse = (reason: QrNotice['reason']): Effect => ({
      type: 'notice',
      notice: { type: 'discardedCode', reason, length: code.bytes.length },
    });
    const forget: Effect = { type: 'timer', name: 'forget', delayMs: options.debounceMs };
    const key = keyOf(code);
    // Seen again, it has not been gone yet.
    if (key === state.lastCode) return withEffects([refuse('repeated'), forget], triggerOn(state, now));
    if (job?.command.type !== 'readCode') return { state, effects: [refuse('nobodyWaits')] };
    const done = finish({ ...state, lastCode: options.debounceMs > 0 ? key : undefined }, job.id, {
      ok: true,
      value: { type: 'code', code },
    });
    return withEffects([{ type: 'count', name: 'codesRead' }, ...(options.debounceMs > 0 ? [forget] : [])], done);
  };

  const onReply = (state: QrState, frame: Extract<QrFrame, { type: 'reply' }>, now: number): Step => {
    const { exchange, job } = state;
    // Lines of a revision text carry no status and end nothing.
    if (!exchange || frame.status === 'none') return { state, effects: [{ type: 'count', name: 'unexpectedReplies' }] };
    const free: QrState = { ...state, exchange: undefined };
    const clear: Effect = { type: 'clearTimer', name: 'reply' };
    switch (exchange.purpose) {
      case 'hello':
        // Even a refusal was said by somebody.
        return withEffects([clear], goOnline(free, identityOf(frame.text), now));
      case 'heartbeat':
      case 'triggerOff':
        return withEffects([clear, ...rest(free)], pump(free, now));
      case 'query': {
        const isAsked = job?.command.type === 'query';
        const step = isAsked
          ? finish(free, job.id, { ok: true, value: { type: 'done' } })
          : { state: free, effects: [] };
        return withEffects([clear, ...step.effects], pump(step.state, now));
      }
      case 'triggerOn': {
        if (frame.status === 'ack' || job?.command.type !== 'readCode') return withEffects([clear], pump(free, now));
        return withEffects(
          [clear],
          finish(free, job.id, fail('triggerRefused', 'engineer', `the reader answered ${frame.status}`)),
        );
      }
      default:
        return exchange.purpose satisfies never;
    }
  };

  const onCommand = (state: QrState, id: string, command: QrCommand, now: number): Step => {
    const busy: QrState = { ...state, job: { id, command } };
    const clear: Effect = { type: 'clearTimer', name: 'heartbeat' };
    switch (command.type) {
      case 'readCode':
        return withEffects([clear], triggerOn(busy, now));
      case 'beep': {
        if (maker !== 'honeywell')
          return finish(busy, id, fail('unsupportedCommand', 'engineer', 'this reader has no command for a beep'));
        if (state.link !== 'ready')
          return finish(busy, id, fail('deviceNotReady', 'hall', 'the reader has not answered yet'));
        const send: Effect = { type: 'send', bytes: honeywell.beep, label: 'beep' };
        return withEffects(
          [clear, send],
          finish({ ...busy, lastSentAtMs: now }, id, { ok: true, value: { type: 'done' } }),
        );
      }
      case 'query':
        if (options.hello === 'none')
          return finish(busy, id, fail('unsupportedCommand', 'engineer', 'no question is configured for this reader'));
        return withEffects([clear], enqueue(busy, 'query', now));
      default:
        return command satisfies never;
    }
  };

  const onTimer = (state: QrState, name: string, now: number): Step => {
    switch (name) {
      case 'pump':
        return pump(state, now);
      case 'retrigger':
        return triggerOn(state, now);
      case 'forget':
        return { state: { ...state, lastCode: undefined }, effects: [] };
      case 'heartbeat':
        return state.job ? { state, effects: [] } : enqueue(state, 'heartbeat', now);
      default: {
        const reopen: Effect = { type: 'reopen', reason: 'silent' };
        if (state.exchange?.purpose !== 'hello') return { state, effects: [reopen] };
        const status: Effect = {
          type: 'status',
          state: 'offline',
          faults: [{ code: 'deviceSilent', who: 'engineer' }],
        };
        return { state, effects: [status, reopen] };
      }
    }
  };

  const next = (state: QrState, event: DeviceEvent<QrFrame, QrCommand>, now: number): Step => {
    switch (event.type) {
      case 'opened': {
        const opened: QrState = { ...initial, link: 'hello' };
        return options.hello === 'none' ? goOnline(opened, {}, now) : enqueue(opened, 'hello', now);
      }
      case 'lost':
        return { state: initial, effects: [] };
      case 'frame':
        return event.frame.type === 'code' ? onCode(state, event.frame.code, now) : onReply(state, event.frame, now);
      case 'discarded': {
        if (event.reason === 'tooLongRest') return { state, effects: [] };
        const reason = event.reason === 'tooLong' ? 'tooLong' : 'unreadableText';
        const notice: Effect = { type: 'notice', notice: { type: 'discardedCode', reason, length: event.length } };
        return withEffects([notice], triggerOn(state, now));
      }
      case 'timer':
        return onTimer(state, event.name, now);
      case 'command':
        return onCommand(state, event.id, event.command, now);
      case 'cancel': {
        const { job } = state;
        if (!job || job.id !== event.id) return { state, effects: [] };
        const text = event.reason === 'timeOut' ? 'no code was shown in time' : 'the caller gave up';
        const isTriggered = options.trigger !== 'none' && job.command.type === 'readCode';
        const step = finish(state, job.id, fail(event.reason, 'citizen', text));
        return isTriggered ? withEffects(step.effects, enqueue(step.state, 'triggerOff', now)) : step;
      }
      default:
        return event satisfies never;
    }
  };

  return { initial, next };
};
