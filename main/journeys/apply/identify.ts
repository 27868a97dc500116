// Who applies: the card is placed, read, shown masked, and taken back.

import type { Outcome } from '../events.ts';
import { attemptOf, stay, withStep } from '../moves.ts';
import type { Session, Step } from '../state.ts';
import type { Part } from './part.ts';
import { enterForm } from './form.ts';

type IdentifyStep = Extract<Step, { type: 'identify' }>;

const readAgain = (session: Session, now: number): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  return withStep(counted, { type: 'identify', attempt, phase: 'waiting', sinceMs: now }, [
    { type: 'cancelDevices' },
    { type: 'readCard', attempt },
  ]);
};

export const identifyNext = ({ session, application, item, event, now }: Part, step: IdentifyStep): Outcome => {
  if ('attempt' in event && event.attempt !== step.attempt) return stay(session);
  switch (event.type) {
    case 'resumed':
      return step.phase === 'done' ? stay(session) : readAgain(session, now);
    case 'cardPresent':
      return withStep({ ...session, lastActMs: now }, { ...step, phase: 'working', sinceMs: now });
    case 'cardTrouble':
      return withStep(
        { ...session, lastActMs: now },
        { ...step, phase: 'waiting', sinceMs: now, trouble: event.trouble },
      );
    case 'deviceFailed':
      return withStep(session, { ...step, phase: 'failed', sinceMs: now, trouble: event.trouble });
    case 'cardRead': {
      const { photo: _photo, photoFormat: _format, fingerprint: _neverKept, ...person } = event.card;
      const { trouble: _over, ...rest } = step;
      return withStep(
        { ...session, lastActMs: now, person, card: 'onReader' },
        { ...rest, phase: 'done', sinceMs: now },
        [{ type: 'awaitCardRemoval', attempt: step.attempt }],
      );
    }
    case 'intent':
      break;
    default:
      return stay(session);
  }
  switch (event.intent.type) {
    case 'retry': {
      const { person: _other, ...rest } = session;
      return readAgain(rest, now);
    }
    case 'back':
      return withStep(session, { type: 'guide' }, [{ type: 'cancelDevices' }]);
    case 'next':
      return step.phase === 'done' && session.person
        ? enterForm(session, application, item, session.person)
        : stay(session);
    default:
      return stay(session);
  }
};
