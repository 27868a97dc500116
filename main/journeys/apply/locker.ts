// Originals go into a locker cell: opened, confirmed open, closed, recorded. The pick-up code is already on the receipt.

import { doorAnswered, doorFailed } from '../door.ts';
import type { Outcome } from '../events.ts';
import { attemptOf, stay, withStep } from '../moves.ts';
import type { Session, Step } from '../state.ts';
import { withApplication, type Part } from './part.ts';
import { enterRate } from './rate.ts';

type LockerStep = Extract<Step, { type: 'locker' }>;

export const enterLocker = (session: Session, part: Part): Outcome => {
  const deposit = session.application?.deposit;
  if (deposit?.state !== 'reserved') return enterRate(session, part);
  return withStep(session, { type: 'locker', phase: 'offer', attempt: '' });
};

export const lockerNext = (part: Part, step: LockerStep): Outcome => {
  const { session, application, event } = part;
  const { deposit } = application;
  if (!deposit) return enterRate(session, part);
  const present = { ...session, lastActMs: part.now };
  if ('attempt' in event && event.attempt !== step.attempt) return stay(session);
  switch (event.type) {
    case 'cellOpened':
      return opened(present, part, step);
    case 'cellClosed':
      return closed(present, part, step);
    case 'depositStored': {
      const stored = withApplication(session, { deposit: { ...deposit, state: 'stored' } });
      return step.phase === 'closed'
        ? withStep(stored, { type: 'locker', phase: 'closed', attempt: step.attempt })
        : stay(stored);
    }
    case 'depositNotStored':
      return step.phase === 'closed' && deposit.state !== 'stored'
        ? withStep(session, { ...step, trouble: { code: 'depositNotStored', kind: 'locker' } })
        : stay(session);
    case 'cellFailed':
      return doorFailed(session, present, step, deposit.cell, event);
    case 'resumed':
      if (step.phase === 'opening')
        return stay(session, [{ type: 'openCell', attempt: step.attempt, cell: deposit.cell }]);
      if (step.phase === 'open')
        return stay(session, [{ type: 'awaitCellClosed', attempt: step.attempt, cell: deposit.cell }]);
      if (step.phase === 'closed' && deposit.state !== 'stored')
        return stay(session, [{ type: 'storeDeposit', depositId: deposit.depositId }]);
      return stay(session);
    case 'intent':
      break;
    default:
      return stay(session);
  }
  switch (event.intent.type) {
    case 'useLocker': {
      if (step.phase !== 'offer' && step.phase !== 'failed') return stay(session);
      if (!event.intent.use) return decline(session, part);
      const { session: counted, attempt } = attemptOf(session);
      return withStep(counted, { type: 'locker', phase: 'opening', attempt }, [
        { type: 'openCell', attempt, cell: deposit.cell },
      ]);
    }
    case 'retry': {
      if (step.phase === 'closed' && step.trouble) return closed(present, part, step);
      if (step.phase !== 'failed') return stay(session);
      const { session: counted, attempt } = attemptOf(session);
      return withStep(counted, { type: 'locker', phase: 'opening', attempt }, [
        { type: 'openCell', attempt, cell: deposit.cell },
      ]);
    }
    case 'answerDoor':
      return doorAnswered(session, present, step, event.intent.isOpen, {
        opened: () => opened(present, part, step),
        closed: () => closed(present, part, step),
      });
    case 'next':
      if (step.phase === 'closed') return enterRate(session, part);
      return step.phase === 'failed' ? decline(session, part) : stay(session);
    default:
      return stay(session);
  }
};

const opened = (session: Session, part: Part, step: LockerStep): Outcome => {
  const deposit = part.application.deposit;
  if (!deposit) return enterRate(session, part);
  return withStep(
    withApplication(session, { deposit: { ...deposit, state: 'open' } }),
    { type: 'locker', phase: 'open', attempt: step.attempt },
    [{ type: 'awaitCellClosed', attempt: step.attempt, cell: deposit.cell }],
  );
};

const closed = (session: Session, part: Part, step: LockerStep): Outcome => {
  const deposit = part.application.deposit;
  if (!deposit) return enterRate(session, part);
  return withStep(session, { type: 'locker', phase: 'closed', attempt: step.attempt }, [
    { type: 'storeDeposit', depositId: deposit.depositId },
  ]);
};

const decline = (session: Session, part: Part): Outcome => {
  const deposit = session.application?.deposit;
  if (!deposit) return enterRate(session, part);
  const moved = enterRate(withApplication(session, { deposit: { ...deposit, state: 'cancelled' } }), part);
  return { ...moved, effects: [{ type: 'cancelDeposit', depositId: deposit.depositId }, ...moved.effects] };
};
