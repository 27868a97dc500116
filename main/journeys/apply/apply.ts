// Applying for an item or a bundle: dispatches to the part that the session's step belongs to.

import type { JourneyEvent, Outcome, World } from '../events.ts';
import { wipe } from '../moves.ts';
import type { Session } from '../state.ts';
import { identifyNext } from './identify.ts';
import { formNext } from './form.ts';
import { guideNext } from './guide.ts';
import { lockerNext } from './locker.ts';
import { materialsNext } from './materials.ts';
import type { Part } from './part.ts';
import { rateNext } from './rate.ts';
import { receiptNext } from './receipt.ts';
import { signNext } from './sign.ts';

export const applyNext = (session: Session, event: JourneyEvent, now: number, world: World, newId: string): Outcome => {
  const { application } = session;
  const item = world.catalogue.items.find(({ code }) => code === application?.itemCode);
  // The catalogue changed under a resumed session: nothing can be said about this item any more.
  if (!application || !item) return wipe(session);
  const part: Part = { session, application, item, event, now, world, newId };
  switch (session.step.type) {
    case 'guide':
      return guideNext(part);
    case 'identify':
      return identifyNext(part, session.step);
    case 'form':
      return formNext(part, session.step);
    case 'materials':
      return materialsNext(part, session.step);
    case 'review':
    case 'sign':
    case 'submit':
      return signNext(part, session.step);
    case 'receipt':
      return receiptNext(part, session.step);
    case 'locker':
      return lockerNext(part, session.step);
    case 'rate':
      return rateNext(part, session.step);
    default:
      return { state: { session }, effects: [] };
  }
};
