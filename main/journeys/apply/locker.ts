// Originals go into a locker cell: opened, confirmed open, closed, recorded. The pick-up code is already on the receipt.

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
      return withStep(
        withApplication(present, { deposit: { ...deposit, state: 'open' } }),
        { type: 'locker', phase: 'open', attempt: step.attempt },
        [{ type: 'awaitCellClosed', attempt: step.attempt, cell: deposit.cell }],
      );
    case 'cellClosed':
      return withStep(present, { type: 'locker', phase: 'closed', attempt: step.attempt }, [
        { type: 'storeDeposit', depositId: deposit.depositId },
      ]);
    case 'depositStored':
      return stay(withApplication(session, { deposit: { ...deposit, state: 'stored' } }));
    case 'cellFailed':
      return withStep(
        present,
        { ...step, phase: step.phase === 'open' ? 'open' : 'failed', trouble: event.trouble },
        step.phase === 'open'
          ? [
              // The door stands open: it is watched until it is shut, whatever was answered so far.
              { type: 'awaitCellClosed', attempt: step.attempt, cell: deposit.cell },
            ]
          : [],
      );
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
      if (step.phase !== 'failed') return stay(session);
      const { session: counted, attempt } = attemptOf(session);
      return withStep(counted, { type: 'locker', phase: 'opening', attempt }, [
        { type: 'openCell', attempt, cell: deposit.cell },
      ]);
    }
    case 'next':
      if (step.phase === 'closed') return enterRate(session, part);
      return step.phase === 'failed' ? decline(session, part) : stay(session);
    default:
      return stay(session);
  }
};

const decline = (session: Session, part: Part): Outcome => {
  const deposit = session.application?.deposit;
  if (!deposit) return enterRate(session, part);
  const moved = enterRate(withApplication(session, { deposit: { ...deposit, state: 'cancelled' } }), part);
  return { ...moved, effects: [{ type: 'cancelDeposit', depositId: deposit.depositId }, ...moved.effects] };
};
