// A code reader's driver as a pure machine. Codes come when they come; commands are few and one at a time. What the reader can be
// told, and how, is data (protocol.ts).
//
//   opened ─▶ (question ─▶ reply ─▶ set up) ─▶ online ─▶ code ─▶ wanted? ─▶ complete
//                 │ silent                                   └──▶ notice: nobodyWaits, repeated
//                 └─▶ offline, open again

import type { DeviceEffect, DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import { fail, type Result } from '../kit/result.ts';
import type { PortInfo } from '../kit/transport.ts';
import type { QrCommand, QrNotice, QrReply, ScannedCode } from './api.ts';
import type { ReaderIdentity } from './identity.ts';
import { nameOf, type Purpose, type QrFrame, type QrProtocol } from './protocol.ts';

/** A reader stops by itself after its own time-out, or after a code that was not taken: reading is switched on again. */
export const retriggerMs = 5000;

type Exchange = {
  purpose: Purpose;
  /** The command that asked; a reply never completes another one. */
  jobId?: string;
  sends: number;
  /** What the reader said of itself while the reply is outstanding. */
  identity?: ReaderIdentity;
};

type Job = { id: string; command: QrCommand; hasTrigger?: boolean };

export type QrState = {
  link: 'closed' | 'hello' | 'ready';
  protocol: QrProtocol;
  exchange?: Exchange;
  /** Commands to send as soon as the line is free, oldest first. */
  toSend: readonly Purpose[];
  lastSentAtMs?: number;
  isAwake?: boolean;
  job?: Job;
  /** Hex of the code that was handed over last, until it has been gone for `debounceMs`. */
  lastCode?: string;
  identity?: ReaderIdentity;
};

export type QrOptions = { debounceMs: number; heartbeatMs: number };

type Effect = DeviceEffect<QrReply, QrNotice>;
type Step = DeviceStep<QrState, QrReply, QrNotice>;
type Reply = Extract<QrFrame, { type: 'reply' }>;
export type QrMachine = DeviceMachine<QrState, QrFrame, QrCommand, QrReply, QrNotice>;

const withEffects = (before: readonly Effect[], { state, effects }: Step): Step => ({
  state,
  effects: [...before, ...effects],
});

const keyOf = (code: ScannedCode): string => Buffer.from(code.bytes).toString('hex');

/** What the technician sees in the trace and no screen is told of; a damaged packet is sent again by the reader itself. */
const silentReasons: ReadonlySet<string> = new Set([
  'tooLongRest',
  'otherReport',
  'emptyReport',
  'echo',
  'damagedPacket',
]);

/** `protocolFor` is asked at every opening: what a HID device says of its reports is known only then. */
export const createQrMachine = (options: QrOptions, protocolFor: (info?: PortInfo) => QrProtocol): QrMachine => {
  const initial: QrState = { link: 'closed', protocol: protocolFor(), toSend: [] };

  const wait = (protocol: QrProtocol): Effect => ({ type: 'timer', name: 'reply', delayMs: protocol.replyTimeoutMs });

  /** Sends what waits, when no reply is outstanding and the last command is old enough. */
  const pump = (state: QrState, now: number): Step => {
    const { protocol } = state;
    const [purpose, ...toSend] = state.toSend;
    if (purpose === undefined || state.exchange || state.link === 'closed') return { state, effects: [] };
    const bytes = protocol.commands[nameOf(purpose)];
    if (!bytes) return pump({ ...state, toSend }, now);
    const waitMs = state.lastSentAtMs === undefined ? 0 : state.lastSentAtMs + protocol.gapMs - now;
    if (waitMs > 0) return { state, effects: [{ type: 'timer', name: 'pump', delayMs: waitMs }] };
    if (protocol.wakeUp && state.isAwake !== true) {
      const send: Effect = { type: 'send', bytes: protocol.wakeUp, label: 'wakeUp' };
      const woken: QrState = { ...state, isAwake: true, lastSentAtMs: now };
      return { state: woken, effects: [send, { type: 'timer', name: 'pump', delayMs: protocol.gapMs }] };
    }
    const sent: QrState = { ...state, toSend, lastSentAtMs: now, isAwake: false };
    const send: Effect = { type: 'send', bytes, label: purpose };
    if (!protocol.answered.includes(nameOf(purpose))) {
      const { job } = sent;
      const isJob = purpose === 'beep' && job?.command.type === 'beep';
      return withEffects([send], isJob ? endJob(sent, job.id, done, now) : pump(sent, now));
    }
    const jobId = purpose === 'hello' || purpose === 'heartbeat' || purpose === 'setUp' ? undefined : state.job?.id;
    const exchange: Exchange = { purpose, sends: 1, ...(jobId === undefined ? {} : { jobId }) };
    return {
      state: { ...sent, exchange },
      effects: [{ type: 'clearTimer', name: 'heartbeat' }, send, wait(protocol)],
    };
  };

  const enqueue = (state: QrState, purpose: Purpose, now: number): Step => {
    const others = state.toSend.filter((waiting) => waiting !== purpose);
    return pump({ ...state, toSend: [...others, purpose] }, now);
  };

  const rest = (state: QrState): Effect[] =>
    state.protocol.commands.question && !state.job && state.link === 'ready'
      ? [{ type: 'timer', name: 'heartbeat', delayMs: options.heartbeatMs }]
      : [];

  const triggerOn = (state: QrState, now: number): Step => {
    if (!state.protocol.commands.triggerOn || state.job?.command.type !== 'readCode') return { state, effects: [] };
    return withEffects([{ type: 'timer', name: 'retrigger', delayMs: retriggerMs }], enqueue(state, 'triggerOn', now));
  };

  const done: Result<QrReply> = { ok: true, value: { type: 'done' } };

  const finish = (state: QrState, id: string, result: Result<QrReply>): Step => {
    const free: QrState = {
      ...state,
      job: undefined,
      toSend: state.toSend.filter((purpose) => purpose !== 'triggerOn' && purpose !== 'query' && purpose !== 'beep'),
    };
    return {
      state: free,
      effects: [{ type: 'clearTimer', name: 'retrigger' }, { type: 'complete', id, result }, ...rest(free)],
    };
  };

  /** `finish`, and what else waits goes out. */
  const endJob = (state: QrState, id: string, result: Result<QrReply>, now: number): Step => {
    const step = finish(state, id, result);
    return withEffects(step.effects, pump(step.state, now));
  };

  const goOnline = (state: QrState, now: number): Step => {
    const { commands } = state.protocol;
    const capabilities = ['readCode', ...(commands.beep ? ['beep'] : []), ...(commands.question ? ['query'] : [])];
    const ready: QrState = { ...state, link: 'ready' };
    const effects: Effect[] = [
      { type: 'identity', identity: { ...state.identity, capabilities } },
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
    const taken = finish({ ...state, lastCode: options.debounceMs > 0 ? key : undefined }, job.id, {
      ok: true,
      value: { type: 'code', code },
    });
    return withEffects([{ type: 'count', name: 'codesRead' }, ...(options.debounceMs > 0 ? [forget] : [])], taken);
  };

  const sendAgain = (state: QrState, exchange: Exchange, bytes: Uint8Array): Step => ({
    state: { ...state, exchange: { ...exchange, sends: exchange.sends + 1 } },
    effects: [
      { type: 'count', name: 'sentAgain' },
      { type: 'send', bytes, label: exchange.purpose },
      wait(state.protocol),
    ],
  });

  /** The form in which an unanswered command goes out once more; undefined when it had its chances. */
  const againOf = ({ protocol }: QrState, { purpose, sends }: Exchange): Uint8Array | undefined =>
    protocol.again && sends <= protocol.again.times ? protocol.again.commands[nameOf(purpose)] : undefined;

  const onReply = (state: QrState, frame: Reply, now: number): Step => {
    const { exchange, job, protocol } = state;
    const unexpected: Step = { state, effects: [{ type: 'count', name: 'unexpectedReplies' }] };
    if (!exchange) return unexpected;
    const identity: ReaderIdentity = { ...exchange.identity, ...frame.identity };
    // Lines of what a reader tells of itself carry no status and end nothing.
    if (frame.status === 'none') return { state: { ...state, exchange: { ...exchange, identity } }, effects: [] };
    const isQuestion = nameOf(exchange.purpose) === 'question';
    const isTold = frame.identity !== undefined;
    if (protocol.isQuestionAnsweredByIdentity === true && frame.status === 'ack' && isQuestion !== isTold)
      return unexpected;
    const again = frame.status === 'again' ? againOf(state, exchange) : undefined;
    if (again) return sendAgain(state, exchange, again);
    // Sent twice, it may be answered twice: the next command waits until the reader has answered a question after both.
    const isDoubled = exchange.sends > 1 && !isQuestion;
    const toSend: readonly Purpose[] = isDoubled ? ['heartbeat', ...state.toSend] : state.toSend;
    const free: QrState = { ...state, exchange: undefined, toSend };
    const clear: Effect = { type: 'clearTimer', name: 'reply' };
    const go = (): Step => withEffects([clear, ...rest(free)], pump(free, now));
    switch (exchange.purpose) {
      case 'hello': {
        // Even a refusal was said by somebody.
        const known: QrState = { ...free, identity };
        if (protocol.commands.setUp)
          return withEffects([clear], pump({ ...known, toSend: ['setUp', ...known.toSend] }, now));
        const online = goOnline(known, now);
        return withEffects([clear, ...online.effects], pump(online.state, now));
      }
      case 'setUp': {
        // A refusal leaves the reader as it is set by its bar codes, and that may well do.
        const refused: Effect[] = frame.status === 'ack' ? [] : [{ type: 'count', name: 'setUpRefused' }];
        const online: Step = state.link === 'ready' ? { state: free, effects: rest(free) } : goOnline(free, now);
        return withEffects([clear, ...refused, ...online.effects], pump(online.state, now));
      }
      case 'heartbeat':
      case 'triggerOff':
        return go();
      case 'query':
        return job && job.id === exchange.jobId ? withEffects([clear], endJob(free, job.id, done, now)) : go();
      case 'beep': {
        if (!job || job.id !== exchange.jobId) return go();
        const refusal = fail('commandRefused', 'engineer', `the reader answered ${frame.status}`);
        return withEffects([clear], endJob(free, job.id, frame.status === 'ack' ? done : refusal, now));
      }
      case 'triggerOn': {
        if (!job || job.id !== exchange.jobId) return go();
        const ready: QrState = { ...free, job: { ...job, hasTrigger: true } };
        // A reader that reads already may refuse to be switched on again.
        if (frame.status === 'ack' || job.hasTrigger === true) return withEffects([clear], pump(ready, now));
        const refusal = fail('triggerRefused', 'engineer', `the reader answered ${frame.status}`);
        return withEffects([clear], endJob(free, job.id, refusal, now));
      }
      default:
        return exchange.purpose satisfies never;
    }
  };

  const onCommand = (state: QrState, id: string, command: QrCommand, now: number): Step => {
    const busy: QrState = { ...state, job: { id, command } };
    const { commands } = state.protocol;
    const clear: Effect = { type: 'clearTimer', name: 'heartbeat' };
    switch (command.type) {
      case 'readCode':
        return withEffects([clear], triggerOn(busy, now));
      case 'beep':
        if (!commands.beep)
          return finish(busy, id, fail('unsupportedCommand', 'engineer', 'this reader has no command for a beep'));
        if (state.link !== 'ready')
          return finish(busy, id, fail('deviceNotReady', 'hall', 'the reader has not answered yet'));
        return withEffects([clear], enqueue(busy, 'beep', now));
      case 'query':
        if (!commands.question)
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
        const again = state.exchange && againOf(state, state.exchange);
        if (state.exchange && again) return sendAgain(state, state.exchange, again);
        const reopen: Effect = { type: 'reopen', reason: 'silent' };
        if (state.link === 'ready') return { state, effects: [reopen] };
        const status: Effect = {
          type: 'status',
          state: 'offline',
          faults: [{ code: 'deviceSilent', who: 'engineer' }],
        };
        return { state, effects: [status, reopen] };
      }
    }
  };

  const onDiscarded = (state: QrState, reason: string, length: number, now: number): Step => {
    const { nak } = state.protocol;
    if (reason === 'wrongChecksum' && nak) return { state, effects: [{ type: 'send', bytes: nak, label: 'nak' }] };
    if (silentReasons.has(reason)) return { state, effects: [{ type: 'count', name: 'passedOver' }] };
    const told = reason === 'tooLong' ? 'tooLong' : 'unreadableText';
    const notice: Effect = { type: 'notice', notice: { type: 'discardedCode', reason: told, length } };
    // A reader that sends plain text where packets were agreed on has started anew and lost its settings.
    const settings = reason === 'rawText' ? enqueue(state, 'setUp', now) : { state, effects: [] };
    return withEffects([notice, ...settings.effects], triggerOn(settings.state, now));
  };

  const next = (state: QrState, event: DeviceEvent<QrFrame, QrCommand>, now: number): Step => {
    switch (event.type) {
      case 'opened': {
        const opened: QrState = { ...initial, protocol: protocolFor(event.info), link: 'hello' };
        return opened.protocol.commands.question ? enqueue(opened, 'hello', now) : goOnline(opened, now);
      }
      case 'lost':
        return { state: initial, effects: [] };
      case 'frame': {
        const { frame } = event;
        const answer: Effect[] = frame.answer ? [{ type: 'send', ...frame.answer }] : [];
        if (frame.type === 'part') return { state, effects: answer };
        return withEffects(answer, frame.type === 'code' ? onCode(state, frame.code, now) : onReply(state, frame, now));
      }
      case 'discarded':
        return onDiscarded(state, event.reason, event.length, now);
      case 'timer':
        return onTimer(state, event.name, now);
      case 'command':
        return onCommand(state, event.id, event.command, now);
      case 'cancel': {
        const { job } = state;
        if (!job || job.id !== event.id) return { state, effects: [] };
        const text = event.reason === 'timeOut' ? 'no code was shown in time' : 'the caller gave up';
        const isTriggered = state.protocol.commands.triggerOff && job.command.type === 'readCode';
        const step = finish(state, job.id, fail(event.reason, 'citizen', text));
        return isTriggered ? withEffects(step.effects, enqueue(step.state, 'triggerOff', now)) : step;
      }
      default:
        return event satisfies never;
    }
  };

  return { initial, next };
};
