// Papers go into a cell by a signed code: the code was good, a cell is reserved, opens, shuts on the papers; the person gets the pick-up
// code on the screen and on paper.
//
//   opening ─┬─ opened: the code is spent ─▶ open ─ shut: it is in the books ─▶ closed (paper)
//            ├─ no sensor feels it ─▶ askOpen        └─ not felt ─▶ askShut
//            └─ it did not move ─▶ failed ─ again ─▶ opening, or not now: the cell is free, the code still good
//
// What cannot be written into the books is said: no code is shown for papers that it would not open.
//
// The code is spent when the door is open and not before, as a pick-up's is.

import { doorAnswered, doorFailed } from '../door.ts';
import type { JourneyEffect, JourneyEvent, Outcome, World } from '../events.ts';
import { attemptOf, goodbye, stay, withStep } from '../moves.ts';
import { depositDocument } from '../paper.ts';
import { printingNext, startPrinting } from '../printing.ts';
import type { CodeDeposit, Session, Step } from '../state.ts';

type DepositStep = Extract<Step, { type: 'deposit' }>;

export const enterDeposit = (
  session: Session,
  { number, token, keepUntilMs, depositId, cell, pickUpCode }: Extract<JourneyEvent, { type: 'depositReserved' }>,
  openingId: string,
): Outcome => {
  const deposit = { depositId, cell, pickUpCode, state: 'reserved', number, token, keepUntilMs, openingId } as const;
  return open({ ...session, deposit }, deposit);
};

const open = (session: Session, { cell }: CodeDeposit): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  return withStep(counted, { type: 'deposit', phase: 'opening', attempt }, [{ type: 'openCell', attempt, cell }]);
};

const withState = (session: Session, deposit: CodeDeposit, state: CodeDeposit['state']): Session => ({
  ...session,
  deposit: { ...deposit, state },
});

const opened = (session: Session, step: DepositStep, deposit: CodeDeposit): Outcome => {
  const { attempt } = step;
  const { depositId, token, openingId, cell } = deposit;
  return withStep(withState(session, deposit, 'open'), { type: 'deposit', phase: 'open', attempt }, [
    { type: 'spendDeposit', depositId, token, openingId },
    { type: 'awaitCellClosed', attempt, cell },
  ]);
};

const closed = (session: Session, { attempt }: DepositStep, { depositId }: CodeDeposit): Outcome =>
  withStep(session, { type: 'deposit', phase: 'closed', attempt }, [{ type: 'storeDeposit', depositId }]);

/** In the books: the code on the paper is good from now on. */
const stored = (session: Session, step: DepositStep, deposit: CodeDeposit, world: World): Outcome => {
  if (deposit.state === 'stored') return stay(session);
  const { printing, effects } = startPrinting(session, world, 0, depositDocument(deposit, world, false));
  const { attempt } = step;
  return withStep(
    withState(session, deposit, 'stored'),
    { type: 'deposit', phase: 'closed', attempt, printing },
    effects,
  );
};

const notNow = (session: Session, deposit: CodeDeposit, now: number, world: World): Outcome => {
  const effects: JourneyEffect[] = [{ type: 'cancelDeposit', depositId: deposit.depositId }];
  const left = goodbye(withState(session, deposit, 'cancelled'), now, world);
  return { ...left, effects: [...effects, ...left.effects] };
};

export const depositNext = (session: Session, event: JourneyEvent, now: number, world: World): Outcome => {
  const { step, deposit } = session;
  if (step.type !== 'deposit' || !deposit) return stay(session);
  if ('attempt' in event && event.attempt !== step.attempt) return stay(session);
  const present = { ...session, lastActMs: now };
  const { phase, attempt } = step;
  if (step.printing) {
    const moved = printingNext(session, event, step.printing, world, (isReprint) =>
      depositDocument(deposit, world, isReprint),
    );
    if (moved) {
      const paperOut = session.paperOut || moved.printing.phase === 'printed';
      return withStep({ ...present, paperOut }, { ...step, printing: moved.printing }, moved.effects);
    }
  }
  switch (event.type) {
    case 'cellOpened':
      return phase === 'opening' ? opened(present, step, deposit) : stay(session);
    case 'cellClosed':
      return phase === 'open' ? closed(present, step, deposit) : stay(session);
    case 'cellFailed':
      return doorFailed(session, present, step, deposit.cell, event);
    case 'depositStored':
      return phase === 'closed' && event.depositId === deposit.depositId
        ? stored(session, step, deposit, world)
        : stay(session);
    case 'depositNotStored':
      return phase === 'closed' && deposit.state !== 'stored'
        ? withStep(session, { ...step, trouble: { code: 'depositNotStored', kind: 'locker' } })
        : stay(session);
    case 'resumed':
      // The lock's own memory of commands answers for a door that was opened before: it is not driven twice.
      if (phase === 'opening') return stay(session, [{ type: 'openCell', attempt, cell: deposit.cell }]);
      if (phase === 'open') return opened(session, step, deposit);
      if (phase === 'closed' && deposit.state !== 'stored') return closed(session, step, deposit);
      return stay(session);
    case 'intent':
      break;
    default:
      return stay(session);
  }
  switch (event.intent.type) {
    case 'retry':
      if (phase === 'closed' && step.trouble) return closed(present, step, deposit);
      return phase === 'failed' ? open(session, deposit) : stay(session);
    case 'useLocker':
      return phase === 'failed' && !event.intent.use ? notNow(session, deposit, now, world) : stay(session);
    case 'answerDoor':
      return doorAnswered(session, present, step, event.intent.isOpen, {
        opened: () => opened(present, step, deposit),
        closed: () => closed(present, step, deposit),
      });
    case 'next':
      return phase === 'closed' ? goodbye(session, now, world) : stay(session);
    default:
      return stay(session);
  }
};
