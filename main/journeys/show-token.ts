// A signed code is shown to the reader: an appointment's for a number, a pick-up's or a deposit's for a locker cell. The code
// itself says which of the two. The host verifies it, with or without a network; here stands only what the person sees of it.
//
//   queue or home ─▶ waiting ─code─▶ working ─┬─ an appointment ─▶ ticket
//                       ▲                     ├─ a pick-up ─▶ pickUp (the door)
//                       │                     ├─ a deposit ─▶ deposit (the door)
//                       └────── refused ──────┘   the reader waits again: the right code is simply shown

import { enterDeposit } from './deposit/deposit.ts';
import type { JourneyEffect, JourneyEvent, Outcome, World } from './events.ts';
import { attemptOf, stay, withStep } from './moves.ts';
import { ticketDocument } from './paper.ts';
import { enterPickUp } from './pick-up/pick-up.ts';
import { startPrinting } from './printing.ts';
import type { Session, Step, Trouble } from './state.ts';

type ShowTokenStep = Extract<Step, { type: 'showToken' }>;

export const openShowToken = (
  session: Session,
  purpose: ShowTokenStep['purpose'],
  now: number,
  trouble?: Trouble,
): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  return withStep(
    counted,
    { type: 'showToken', purpose, attempt, phase: 'waiting', sinceMs: now, ...(trouble ? { trouble } : {}) },
    [{ type: 'cancelDevices' }, { type: 'readCode', attempt }],
  );
};

/** `code`: a signed one from the reader, or the digits of a receipt. */
const findCell = (
  session: Session,
  step: ShowTokenStep,
  code: string,
  now: number,
  before: JourneyEffect[] = [],
): Outcome => {
  const { trouble: _over, ...rest } = step;
  return withStep(session, { ...rest, phase: 'working', sinceMs: now }, [
    ...before,
    { type: 'findCell', attempt: step.attempt, token: code },
  ]);
};

export const showTokenNext = (
  session: Session,
  event: JourneyEvent,
  now: number,
  world: World,
  newId: string,
): Outcome => {
  const { step } = session;
  if (step.type !== 'showToken') return stay(session);
  if ('attempt' in event && event.attempt !== step.attempt) return stay(session);
  const present = { ...session, lastActMs: now };
  switch (event.type) {
    case 'resumed':
      // What was being checked may have been spent: the same visit gets the same number for it.
      return step.phase === 'failed' ? stay(session) : openShowToken(session, step.purpose, now, step.trouble);
    case 'codeTrouble':
      return withStep(present, { ...step, trouble: event.trouble });
    case 'deviceFailed':
      return withStep(present, { ...step, phase: 'failed', sinceMs: now, trouble: event.trouble });
    case 'codeRead': {
      if (step.purpose === 'pickUp') return findCell(present, step, event.text, now);
      const { trouble: _over, ...rest } = step;
      return withStep(present, { ...rest, phase: 'working', sinceMs: now }, [
        { type: 'checkIn', attempt: step.attempt, token: event.text },
      ]);
    }
    case 'tokenRefused':
      return openShowToken(present, step.purpose, now, event.trouble);
    case 'pickUpFound':
      return step.purpose === 'pickUp' ? enterPickUp(present, event, newId) : stay(session);
    case 'depositReserved':
      return step.purpose === 'pickUp' ? enterDeposit(present, event, newId) : stay(session);
    case 'numberTaken': {
      if (step.purpose !== 'appointment' || step.phase !== 'working') return stay(session);
      const { ticket } = event;
      const { printing, effects } = startPrinting(session, world, 0, ticketDocument(ticket, world, false));
      return withStep({ ...present, ticket }, { type: 'ticket', ticket, printing }, effects);
    }
    case 'intent':
      break;
    default:
      return stay(session);
  }
  switch (event.intent.type) {
    case 'retry':
      return openShowToken(session, step.purpose, now);
    case 'typeCode':
      if (step.purpose !== 'pickUp' || step.phase === 'working') return stay(session);
      return findCell(session, step, event.intent.code, now, [{ type: 'cancelDevices' }]);
    case 'back':
      return step.purpose === 'appointment'
        ? withStep(session, { type: 'queue', priority: session.mode === 'elder' ? 'elder' : 'none', taking: false }, [
            { type: 'cancelDevices' },
          ])
        : withStep(session, { type: 'home', page: 0 }, [{ type: 'cancelDevices' }]);
    default:
      return stay(session);
  }
};
