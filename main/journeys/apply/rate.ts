// 好差评: one rating for this case, on the pad or on the screen, whichever comes first. Silence records nothing.

import type { Outcome } from '../events.ts';
import { attemptOf, goodbye, stay, withStep } from '../moves.ts';
import type { Session, Step } from '../state.ts';
import { withApplication, type Part } from './part.ts';

type RateStep = Extract<Step, { type: 'rate' }>;

/** The pad is always asked: one that is still starting (the host has just come back) is asked once it answers. */
export const enterRate = (session: Session, { world }: Part): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  return withStep(counted, { type: 'rate', attempt }, [{ type: 'askPad', attempt, timeoutMs: world.session.ratingMs }]);
};

export const rateNext = (part: Part, step: RateStep): Outcome => {
  const { session, application, event, now, world, newId } = part;
  switch (event.type) {
    case 'padRated': {
      if (event.attempt !== step.attempt || application.rated) return stay(session);
      const done = goodbye(withApplication({ ...session, lastActMs: now }, { rated: true }), now, world);
      return {
        ...done,
        effects: [
          { type: 'saveRating', ratingId: newId, level: event.level, reasons: [], channel: 'ratingPad' },
          ...done.effects,
        ],
      };
    }
    case 'resumed':
      return enterRate(session, part);
    case 'intent':
      break;
    default:
      return stay(session);
  }
  const { intent } = event;
  if (intent.type === 'rate' && !application.rated) {
    const done = goodbye(withApplication(session, { rated: true }), now, world);
    return {
      ...done,
      effects: [
        { type: 'saveRating', ratingId: newId, level: intent.level, reasons: intent.reasons, channel: 'screen' },
        ...done.effects,
      ],
    };
  }
  if (intent.type === 'skipRating' || intent.type === 'next') return goodbye(session, now, world);
  return stay(session);
};
