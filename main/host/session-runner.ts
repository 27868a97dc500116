// Runs the journey machine: one event at a time, state stored before effects run, a view pushed when it changed.
//
//   dispatch(event) ─▶ next ─▶ vault.putState ─▶ effects ─▶ view to every screen, once a turn

import { randomBytes } from 'node:crypto';
import { steadyNow, type Clock } from '../../devices/kit/clock.ts';
import type { Intent } from '../contract/intents.ts';
import type { Screen, View } from '../contract/view.ts';
import type { JourneyEffect, JourneyEvent, World } from '../journeys/events.ts';
import { initialState, next } from '../journeys/machine.ts';
import type { KioskState, Session } from '../journeys/state.ts';
import { viewOf } from '../journeys/view/view.ts';
import type { Store } from '../store/open.ts';
import type { Vault } from '../store/vault.ts';

export type SessionRunnerOptions = {
  store: Store;
  clock: Clock;
  world(): World;
  newId(): string;
  /** The shell keeps the running session's key, so that a killed host can resume. */
  onSessionBegan(sessionId: string, key: Buffer): void;
  onSessionEnded(sessionId: string): void;
  /** Effects come with the session and the vault that they belong to. */
  perform(effect: JourneyEffect, session: Session | undefined, vault: Vault | undefined): void;
  log(event: string, detail?: Record<string, unknown>): void;
  /** A live session from before a restart, with its key. */
  resume?: { sessionId: string; key: Buffer };
};

export type SessionRunner = {
  dispatch(event: JourneyEvent): boolean;
  /** An intent from a screen that showed the view of that revision. */
  intend(intent: Intent, revision: number): boolean;
  view(): View;
  onView(listener: (view: View) => void): () => void;
  /** How many listen for views. */
  watchers(): number;
  session(): Session | undefined;
  vault(): Vault | undefined;
  /** The world changed (a device, the network): redraw. */
  refresh(): void;
  stop(): void;
};

const tickMs = 1000;

/**
 * Acts of the store alone, which answer within the same turn: the state is written once, with their answer. A crash in between leaves
 * what a crash after them would leave, because a restart does not ask for them again.
 */
const answersAtOnce = new Set<JourneyEffect['type']>(['takeNumber', 'checkIn', 'findCell']);

const isSignOfLife = (event: JourneyEvent): boolean =>
  event.type === 'intent' && (event.intent.type === 'touch' || event.intent.type === 'extend');

/** Every intent of a citizen who is here is a sign of life, also one that does not fit the step: that alone changes nothing. */
const isSameButForTime = (before: Session | undefined, after: Session | undefined): boolean => {
  if (!before || !after) return before === after;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Session>;
  names.delete('lastActMs');
  return [...names].every((name) => before[name] === after[name]);
};

/** These mean the same on every screen, or carry what was typed: they are never too late. */
const timeless = new Set<Intent['type']>([
  'touch',
  'extend',
  'setLanguage',
  'setMode',
  'setField',
  'cameraState',
  'callHelp',
  'leave',
]);

/** Two views with the same key show the same question. */
const questionOf = (screen: Screen): string => {
  switch (screen.type) {
    case 'form':
      return `form ${screen.page}`;
    case 'materials':
      return `materials ${screen.current?.materialId ?? ''} ${screen.current?.way ?? ''}`;
    case 'queue':
      return `queue ${screen.chosen ?? ''}`;
    case 'locker':
    case 'pickUp':
      return `${screen.type} ${screen.phase}`;
    default:
      return screen.type;
  }
};

export const runSessions = (options: SessionRunnerOptions): SessionRunner => {
  const { store, clock, log } = options;
  let state: KioskState = initialState;
  let vault: Vault | undefined;
  let revision = 0;
  /** The revision since which the screen asks what it asks now. */
  let questionRevision = 0;
  const listeners = new Set<(view: View) => void>();
  const keyOf = (view: View): string => JSON.stringify({ ...view, nowMs: 0, revision: 0 });

  /**
   * A visit has one time that runs on evenly: a clock that is set meanwhile neither ends the visit of somebody who stands there nor
   * keeps that of somebody who left. Between visits it follows the clock.
   */
  let setOffMs = 0;
  const now = (): number => {
    const steadyMs = steadyNow(clock);
    if (!state.session) setOffMs = clock.now() - steadyMs;
    return steadyMs + setOffMs;
  };

  const compose = (): View => ({
    ...viewOf(state, options.world(), now()),
    revision,
    visitKey: state.session?.id ?? '',
  });
  let current = compose();
  let currentKey = keyOf(current);

  const push = (): void => {
    const fresh = compose();
    const freshKey = keyOf(fresh);
    if (freshKey === currentKey) return;
    revision += 1;
    if (questionOf(fresh.screen) !== questionOf(current.screen)) questionRevision = revision;
    current = { ...fresh, revision };
    currentKey = freshKey;
    for (const listener of listeners) listener(current);
  };

  const begin = (session: Session): void => {
    const key = randomBytes(32);
    vault = store.vault(session.id, key);
    options.onSessionBegan(session.id, key);
    log('sessionBegan', { sessionId: session.id });
  };

  const end = (sessionId: string): void => {
    vault = undefined;
    const wiped = store.wipeSession(sessionId);
    if (!wiped.ok) log('wipeFailed', { code: wiped.error.code });
    options.onSessionEnded(sessionId);
    log('sessionEnded', { sessionId });
  };

  const queue: JourneyEvent[] = [];
  let isRunning = false;
  let wasAccepted = false;
  const dispatch = (event: JourneyEvent): boolean => {
    queue.push(event);
    if (isRunning) return true;
    isRunning = true;
    wasAccepted = false;
    try {
      for (let head = queue.shift(); head; head = queue.shift()) step(head);
      save();
    } finally {
      isRunning = false;
    }
    push();
    return wasAccepted;
  };

  let isUnsaved = false;
  const save = (): void => {
    const { session } = state;
    if (!isUnsaved || !session || !vault) return;
    isUnsaved = false;
    const saved = vault.putState(session);
    if (!saved.ok) log('draftNotSaved', { code: saved.error.code });
  };

  const step = (event: JourneyEvent): void => {
    const before = state.session;
    const outcome = next(state, event, now(), options.world(), options.newId());
    const after = outcome.state.session;
    if (outcome.effects.length > 0 || isSignOfLife(event) || !isSameButForTime(before, after)) wasAccepted = true;
    state = outcome.state;
    if (after && !before) begin(after);
    if (before && after && before.step.type !== after.step.type)
      log('step', { sessionId: after.id, from: before.step.type, to: after.step.type });
    // Stored before any effect, so that a restart never repeats an act it does not know of. Ticks and signs of life change nothing
    // worth a write: a tap must not wait for the disk to hear that somebody is there.
    isUnsaved ||= !isSameButForTime(before, after);
    if (outcome.effects.some(({ type }) => !answersAtOnce.has(type))) save();
    for (const effect of outcome.effects) {
      if (effect.type === 'wipe') end(effect.sessionId);
      else options.perform(effect, after ?? before, vault);
    }
  };

  const resume = (): void => {
    const { resume: live } = options;
    for (const { sessionId } of store.sessions()) {
      if (sessionId === live?.sessionId) continue;
      store.wipeSession(sessionId);
      log('leftOverWiped', { sessionId });
    }
    if (!live) return;
    const opened = store.vault(live.sessionId, live.key);
    const saved = opened.getState();
    if (!saved.ok || saved.value === undefined) {
      log('resumeFailed', { code: saved.ok ? 'nothingSaved' : saved.error.code });
      store.wipeSession(live.sessionId);
      options.onSessionEnded(live.sessionId);
      return;
    }
    vault = opened;
    const session = saved.value as Session;
    // Time that the host was away is not the citizen's silence.
    state = { session: { ...session, lastActMs: now() } };
    log('sessionResumed', { sessionId: session.id, step: session.step.type });
  };

  resume();
  const stopTicks = ticking();
  function ticking(): () => void {
    let cancel = clock.after(tickMs, tick);
    function tick(): void {
      if (state.session) dispatch({ type: 'tick' });
      else push();
      cancel = clock.after(tickMs, tick);
    }
    return () => cancel();
  }
  if (state.session) queueMicrotask(() => dispatch({ type: 'resumed' }));
  else push();

  return {
    dispatch,
    intend: (intent, seen) =>
      (seen >= questionRevision || timeless.has(intent.type)) && dispatch({ type: 'intent', intent }),
    view: () => ({ ...current, nowMs: now() }),
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchers: () => listeners.size,
    session: () => state.session,
    vault: () => vault,
    refresh: push,
    stop: stopTicks,
  };
};
