// The one machine of the citizen's side: from the attract screen through a journey and back. Pure; the host performs effects.
//
//   attract ─touch─▶ welcome ─▶ home ─┬─▶ guide ─▶ identify ─▶ form ─▶ materials ─▶ review ─▶ sign ─▶ submit ─▶ receipt
//      ▲                              │                                                    locker ◀─────────────┘
//      └──────── goodbye ◀── rate ◀───┼────────────────────────────────────────────────────┘
//                   ▲                 ├─▶ queue ─┬─────────▶ ticket ─┐
//                   │                 │          └▶ showToken ─┘     │
//                   │                 └─▶ showToken ─┬▶ pickUp ──────┤
//                   │                                └▶ deposit ─────┤
//                   └────────────────────────────────────────────────┘

import { applyNext } from './apply/apply.ts';
import { depositNext } from './deposit/deposit.ts';
import { homeNext } from './home.ts';
import { pickUpNext } from './pick-up/pick-up.ts';
import { queueNext } from './queue-ticket/queue-ticket.ts';
import { showTokenNext } from './show-token.ts';
import type { JourneyEvent, Outcome, World } from './events.ts';
import { fresh, goodbye, stay, wipe, withStep } from './moves.ts';
import { notePassed } from './passed-steps.ts';
import type { KioskState, Session } from './state.ts';

export const initialState: KioskState = { session: undefined };

/** Steps in which the machine is at work for somebody who just acted: they are not timed out. */
const workingSteps = new Set(['submit']);

export const next = (state: KioskState, event: JourneyEvent, now: number, world: World, newId: string): Outcome =>
  notePassed(move(state, event, now, world, newId), now);

const move = (state: KioskState, event: JourneyEvent, now: number, world: World, newId: string): Outcome => {
  const { session } = state;
  if (!session) {
    if (event.type === 'intent') return begin(state, event, now, newId);
    return { state, effects: [] };
  }
  if (event.type === 'intent') {
    const present: Session = { ...session, lastActMs: now };
    return anywhere(present, event, now, world, newId) ?? route(present, event, now, world, newId);
  }
  if (event.type === 'tick') {
    const idleMs = now - session.lastActMs;
    if (session.step.type === 'goodbye') return now >= session.step.endsAtMs ? wipe(session) : stay(session);
    if (idleMs >= world.session.idleWipeMs && !workingSteps.has(session.step.type)) return wipe(session);
    return route(session, event, now, world, newId);
  }
  if (event.type === 'cardRemoved' && session.card === 'onReader') return stay({ ...session, card: 'taken' });
  if (event.type === 'caseReceived' && session.application?.caseId === event.caseId && session.application.receipt) {
    const receipt = { ...session.application.receipt, centralNumber: event.centralNumber };
    return stay({ ...session, application: { ...session.application, receipt } });
  }
  return route(session, event, now, world, newId);
};

const begin = (state: KioskState, event: JourneyEvent & { type: 'intent' }, now: number, newId: string): Outcome => {
  const { intent } = event;
  const wakes = intent.type === 'touch' || intent.type === 'setLanguage' || intent.type === 'openQueue';
  if (!wakes || state.outOfService) return { state, effects: [] };
  const session: Session = {
    ...fresh(newId, now),
    language: intent.type === 'setLanguage' ? intent.language : 'zh',
    step: intent.type === 'openQueue' ? { type: 'queue', priority: 'none', taking: false } : { type: 'welcome' },
  };
  return { state: { session }, effects: [{ type: 'count', what: 'session' }] };
};

/** Something that the person takes away, or left here: the visit ends with words about it. */
const hasGot = ({ application, ticket, deposit }: Session): boolean =>
  Boolean(application?.receipt ?? ticket ?? deposit);

/** Intents that mean the same on every screen. */
const anywhere = (
  session: Session,
  event: JourneyEvent & { type: 'intent' },
  now: number,
  world: World,
  newId: string,
): Outcome | undefined => {
  const { intent } = event;
  switch (intent.type) {
    case 'touch':
    case 'extend':
      return stay(session);
    case 'setLanguage':
      return stay({ ...session, language: intent.language });
    case 'setMode':
      return stay({ ...session, mode: intent.mode });
    case 'cameraState':
      return stay({ ...session, camera: intent.state });
    case 'callHelp':
      return stay(
        {
          ...session,
          toast: { id: session.counter + 1, kind: world.isOnline ? 'helpCalled' : 'helpUnreachable' },
          counter: session.counter + 1,
        },
        [{ type: 'callHelp', helpId: newId, where: session.step.type }],
      );
    case 'leave':
      // With nothing begun there is nothing to be reminded of.
      if (session.step.type === 'goodbye' || (session.card !== 'onReader' && !hasGot(session))) return wipe(session);
      return goodbye(session, now, world);
    case 'goHome': {
      // What was submitted stays submitted; a draft is dropped.
      if (session.step.type === 'goodbye' || session.step.type === 'welcome') return undefined;
      if (hasGot(session)) return goodbye(session, now, world);
      const { application: dropped, ...rest } = session;
      const home = withStep({ ...rest, visitId: rest.visitId || newId }, { type: 'home', page: 0 }, [
        { type: 'cancelDevices' },
      ]);
      const blobs = Object.values(dropped?.materials ?? {}).flatMap((held) => held.pages.map((page) => page.id));
      return { ...home, effects: [...home.effects, ...blobs.map((id) => ({ type: 'removeBlob' as const, id }))] };
    }
    default:
      return undefined;
  }
};

const route = (session: Session, event: JourneyEvent, now: number, world: World, newId: string): Outcome => {
  switch (session.step.type) {
    case 'welcome':
    case 'home':
      return homeNext(session, event, now, world, newId);
    case 'guide':
    case 'identify':
    case 'form':
    case 'materials':
    case 'review':
    case 'sign':
    case 'submit':
    case 'receipt':
    case 'locker':
    case 'rate':
      return applyNext(session, event, now, world, newId);
    case 'queue':
    case 'ticket':
      return queueNext(session, event, now, world, newId);
    case 'showToken':
      return showTokenNext(session, event, now, world, newId);
    case 'pickUp':
      return pickUpNext(session, event, now, world);
    case 'deposit':
      return depositNext(session, event, now, world);
    case 'goodbye':
      if (event.type === 'resumed' && session.card === 'onReader')
        return stay(session, [{ type: 'awaitCardRemoval', attempt: `${session.id}-goodbye` }]);
      return stay(session);
    default:
      return session.step satisfies never;
  }
};
