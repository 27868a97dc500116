// Taking a number: choose a business, say whether priority applies, take the ticket. Who has an appointment shows its code instead.

import type { JourneyEvent, Outcome, World } from '../events.ts';
import { goodbye, stay, wipe, withStep } from '../moves.ts';
import { ticketDocument } from '../paper.ts';
import { openShowToken } from '../show-token.ts';
import { printingNext, startPrinting } from '../printing.ts';
import type { Session } from '../state.ts';

export const queueNext = (
  session: Session,
  event: JourneyEvent,
  now: number,
  world: World,
  _newId: string,
): Outcome => {
  const { step } = session;
  if (step.type === 'queue') {
    if (event.type === 'numberTaken' && step.taking) {
      const withTicket = { ...session, ticket: event.ticket, lastActMs: now };
      const { printing, effects } = startPrinting(session, world, 0, ticketDocument(event.ticket, world, false));
      return withStep(withTicket, { type: 'ticket', ticket: event.ticket, printing }, effects);
    }
    if (event.type === 'numberFailed') return withStep(session, { ...step, taking: false, trouble: event.trouble });
    if (event.type === 'resumed' && step.taking) return withStep(session, { ...step, taking: false });
    if (event.type !== 'intent') return stay(session);
    switch (event.intent.type) {
      case 'chooseBusiness': {
        const { code } = event.intent;
        const business = world.queue.businesses.find((candidate) => candidate.code === code);
        return business?.open ? withStep(session, { ...step, chosen: code }) : stay(session);
      }
      case 'openToken':
        return event.intent.purpose === 'appointment' && world.tokens.appointment && !step.taking
          ? openShowToken(session, 'appointment', now)
          : stay(session);
      case 'setPriority':
        return withStep(session, { ...step, priority: event.intent.priority });
      case 'back': {
        if (step.chosen !== undefined) {
          const { chosen: _none, ...rest } = step;
          return withStep(session, rest);
        }
        return session.startedAtMs === session.lastActMs ? wipe(session) : withStep(session, { type: 'home', page: 0 });
      }
      case 'takeNumber':
      case 'next':
        if (step.chosen === undefined || step.taking) return stay(session);
        return withStep(session, { ...step, taking: true }, [
          { type: 'takeNumber', businessCode: step.chosen, priority: step.priority },
        ]);
      default:
        return stay(session);
    }
  }
  if (step.type !== 'ticket') return stay(session);
  if (event.type === 'intent' && event.intent.type === 'next') return goodbye(session, now, world);
  const moved = printingNext(session, event, step.printing, world, (isReprint) =>
    ticketDocument(step.ticket, world, isReprint),
  );
  if (!moved) return stay(session);
  return withStep(
    { ...session, lastActMs: now, paperOut: session.paperOut || moved.printing.phase === 'printed' },
    { ...step, printing: moved.printing },
    moved.effects,
  );
};
