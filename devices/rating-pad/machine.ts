// The pad's machine. Exactly one key for one prompt; a key without a prompt is nobody's opinion and is ignored.
//
//   closed ─opened─▶ hello ─heartbeat answered─▶ ready ─askRating─▶ prompting ─key──────────────▶ rated
//                      │ (no heartbeat in the        ▲                  │ deadline, cancel, silence
//                      └──data: ready at once)       └──────────────────┴──────────────────────▶ notRated

import { fail, ok } from '../kit/result.ts';
import type { DeviceEffect, DeviceEvent, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import type { PadCommand, PadNotice, PadReply, RatingLevel } from './api.ts';
import type { PortInfo } from '../kit/transport.ts';
import type { PadFrame } from './codec.ts';
import type { PadScript } from './script.ts';

/** For the answer to a heartbeat. */
export const answerTimeoutMs = 1000;
/** After a heartbeat that was not answered. */
export const retryMs = 1000;
export const missLimit = 3;
/** How long a test prompt stands. */
export const testPromptMs = 1500;

export type PadState = {
  phase: 'closed' | 'hello' | 'ready';
  misses: number;
  isAsked: boolean;
  prompt: { id: string; sentAt: number } | undefined;
  /** The connection ended under a prompt: the pad may still be asking, and is told to stop when it is back. */
  isPromptLeft: boolean;
  /** The last key and when it was heard of last, so that a bounce or a finger that stays is one press. */
  last: { level: RatingLevel; at: number } | undefined;
  held: readonly RatingLevel[];
  test: string | undefined;
  linkCheck: string | undefined;
};

type Event = DeviceEvent<PadFrame, PadCommand>;
type Effect = DeviceEffect<PadReply, PadNotice>;
type Step = DeviceStep<PadState, PadReply, PadNotice>;
export type PadMachine = DeviceMachine<PadState, PadFrame, PadCommand, PadReply, PadNotice>;

const initialState: PadState = {
  phase: 'closed',
  misses: 0,
  isAsked: false,
  prompt: undefined,
  isPromptLeft: false,
  last: undefined,
  held: [],
  test: undefined,
  linkCheck: undefined,
};

const step = (state: PadState, ...effects: Effect[]): Step => ({ state, effects });
const sendAll = (lines: readonly Uint8Array[], label: string): Effect[] =>
  lines.map((bytes) => ({ type: 'send', bytes, label }));
const timer = (name: string, delayMs: number): Effect => ({ type: 'timer', name, delayMs });
const clearTimer = (name: string): Effect => ({ type: 'clearTimer', name });
const online: Effect = { type: 'status', state: 'online', faults: [] };
const done = (id: string, value: PadReply): Effect => ({ type: 'complete', id, result: ok(value) });
const failed = (id: string, code: string, message: string): Effect => ({
  type: 'complete',
  id,
  result: fail(code, 'engineer', message),
});

/** Pure. `script` does not change while the machine runs. */
export const createPadMachine = (script: PadScript): PadMachine => {
  const { heartbeat } = script;

  const opened = (state: PadState, info: PortInfo | undefined): Step => {
    const identity: Effect = {
      type: 'identity',
      identity: {
        ...(info?.product ? { model: info.product } : {}),
        ...(info?.serialNumber ? { serialNumber: info.serialNumber } : {}),
        capabilities: ['askRating', ...(heartbeat ? ['heartbeat'] : [])],
      },
    };
    const opening = [
      ...sendAll(script.open, 'open'),
      ...(state.isPromptLeft ? sendAll(script.cancel, 'cancel') : []),
      identity,
    ];
    if (heartbeat) {
      const asked = ask({ ...initialState, phase: 'hello' });
      return step(asked.state, ...opening, ...asked.effects);
    }
    // Nothing more can be known: the port is open. The README and the check `link` say so.
    return step({ ...initialState, phase: 'ready' }, ...opening, online);
  };

  const ask = (state: PadState): Step =>
    heartbeat
      ? step(
          { ...state, isAsked: true },
          ...sendAll([heartbeat.send], 'heartbeat'),
          clearTimer('heartbeat'),
          timer('answer', answerTimeoutMs),
        )
      : step(state);

  const alive = (state: PadState): Step => {
    if (!heartbeat) return step(state);
    const next: PadState = { ...state, phase: 'ready', misses: 0, isAsked: false, linkCheck: undefined };
    return step(
      next,
      clearTimer('answer'),
      timer('heartbeat', heartbeat.everyMs),
      ...(state.prompt || state.test !== undefined ? [] : [online]),
      ...(state.linkCheck === undefined ? [] : [done(state.linkCheck, { type: 'done' })]),
    );
  };

  const missed = (state: PadState): Step => {
    const next: PadState = { ...state, isAsked: false, misses: state.misses + 1, linkCheck: undefined };
    const told = state.linkCheck === undefined ? [] : [failed(state.linkCheck, 'timeOut', 'the pad does not answer')];
    if (next.misses < missLimit) return step(next, ...told, timer('heartbeat', retryMs));
    return step(
      next,
      ...told,
      { type: 'status', state: 'offline', faults: [{ code: 'deviceSilent', who: 'engineer' }] },
      { type: 'reopen', reason: 'silent' },
    );
  };

  const ignored = (state: PadState, reason: PadNotice['reason']): Step =>
    step(
      state,
      { type: 'notice', notice: { type: 'ignoredKey', reason } },
      { type: 'count', name: `ignoredKeys.${reason}` },
    );

  const pressed = (before: PadState, level: RatingLevel, now: number): Step => {
    const { prompt, last } = before;
    const isSamePress = last?.level === level && now - last.at < script.bounceMs;
    const state: PadState = { ...before, last: { level, at: now } };
    if (!prompt || now - prompt.sentAt < script.guardMs || isSamePress) return ignored(state, 'noPrompt');
    return step(
      { ...state, prompt: undefined },
      clearTimer('prompt'),
      online,
      { type: 'count', name: 'ratings' },
      done(prompt.id, { type: 'rated', level }),
    );
  };

  /** Keys that are down. Only one that was not down before is a press; two at once are nobody's choice. */
  const heldNow = (before: PadState, { levels, isUnknown }: PadFrame & { type: 'held' }, now: number): Step => {
    const fresh = levels.filter((level) => !before.held.includes(level));
    const state: PadState = { ...before, held: levels };
    const [level] = fresh;
    if (level !== undefined && fresh.length === 1) return pressed(state, level, now);
    return isUnknown || fresh.length > 1 ? ignored(state, 'unknown') : step(state);
  };

  /** Ends a prompt that nobody answered. No mark is recorded, no default is assumed. */
  const unanswered = (state: PadState, id: string): Step =>
    step(
      { ...state, prompt: undefined },
      clearTimer('prompt'),
      ...sendAll(script.cancel, 'cancel'),
      online,
      { type: 'count', name: 'notRated' },
      done(id, { type: 'notRated' }),
    );

  const endTest = (state: PadState, id: string): Step => {
    const next: PadState = { ...state, test: undefined };
    const ending = [clearTimer('test'), ...sendAll(script.cancel, 'cancel'), online];
    if (!heartbeat) return step(next, ...ending, done(id, { type: 'done' }));
    // Whether it is still there after the prompt is the only thing that can be asked.
    const asked = ask({ ...next, linkCheck: id });
    return step(asked.state, ...ending, ...asked.effects);
  };

  const commanded = (state: PadState, id: string, command: PadCommand, now: number): Step => {
    if (state.phase !== 'ready') return step(state, failed(id, 'deviceNotReady', 'the pad has not answered yet'));
    const promptEffects: Effect[] = [
      // Half a key from before the prompt must not become a whole one.
      { type: 'resetDecoder' },
      clearTimer('answer'),
      ...sendAll(script.prompt, 'prompt'),
      { type: 'status', state: 'busy', faults: [] },
      ...(heartbeat ? [timer('heartbeat', heartbeat.everyMs)] : []),
    ];
    switch (command.type) {
      case 'askRating':
        return step(
          { ...state, prompt: { id, sentAt: now }, isAsked: false },
          ...promptEffects,
          timer('prompt', script.timeoutMs),
        );
      case 'testPrompt':
        return step({ ...state, test: id, isAsked: false }, ...promptEffects, timer('test', testPromptMs));
      case 'checkLink':
        if (!heartbeat) return step(state, failed(id, 'cannotVerify', 'this protocol has no heartbeat'));
        return state.isAsked ? step({ ...state, linkCheck: id }) : ask({ ...state, linkCheck: id });
      default:
        command satisfies never;
        return step(state);
    }
  };

  const timedOut = (state: PadState, name: string): Step => {
    switch (name) {
      case 'answer':
        return missed(state);
      case 'heartbeat':
        // A prompting pad may be deaf; it is asked again afterwards.
        return heartbeat && (state.prompt || state.test !== undefined)
          ? step(state, timer('heartbeat', heartbeat.everyMs))
          : ask(state);
      case 'prompt':
        return state.prompt ? unanswered(state, state.prompt.id) : step(state);
      case 'test':
        return state.test === undefined ? step(state) : endTest(state, state.test);
      default:
        return step(state);
    }
  };

  const canceled = (state: PadState, event: Event & { type: 'cancel' }): Step => {
    if (state.prompt?.id === event.id) return unanswered(state, event.id);
    return step(
      { ...state, test: undefined, linkCheck: undefined },
      clearTimer('test'),
      ...(state.test === event.id ? [...sendAll(script.cancel, 'cancel'), online] : []),
      failed(event.id, event.reason, 'given up'),
    );
  };

  const heard = (state: PadState, frame: PadFrame, now: number): Step => {
    switch (frame.type) {
      case 'alive':
        return alive(state);
      case 'key':
        return pressed(state, frame.level, now);
      case 'held':
        return heldNow(state, frame, now);
      default:
        frame satisfies never;
        return step(state);
    }
  };

  const lost = (state: PadState): Step => {
    const id = state.prompt?.id ?? state.test ?? state.linkCheck;
    const isPromptLeft = state.isPromptLeft || state.prompt !== undefined || state.test !== undefined;
    return step(
      { ...initialState, isPromptLeft },
      ...(id === undefined ? [] : [failed(id, 'connectionLost', 'the connection ended')]),
    );
  };

  return {
    initial: initialState,
    next(state, event, now) {
      switch (event.type) {
        case 'opened':
          return opened(state, event.info);
        case 'lost':
          return lost(state);
        case 'frame':
          return heard(state, event.frame, now);
        case 'discarded':
          return ignored(state, 'unknown');
        case 'timer':
          return timedOut(state, event.name);
        case 'command':
          return commanded(state, event.id, event.command, now);
        case 'cancel':
          return canceled(state, event);
        default:
          event satisfies never;
          return step(state);
      }
    },
  };
};
