// Originals, or a result that the centre had put there, are collected: the code was good, the cell opens, the door shuts on an empty
// cell, the cell is free again.
//
//   opening ─┬─ opened: the code is spent ─▶ open ─ shut: the cell is free ─▶ closed
//            ├─ no sensor feels it ─▶ askOpen        └─ not felt ─▶ askShut
//            └─ it did not move ─▶ failed ─ again ─▶ opening
//
// The code is spent when the door is open and not before: a lock that jams takes nobody's right to the own papers.

import { doorAnswered, doorFailed } from '../door.ts';
import type { JourneyEffect, JourneyEvent, Outcome, World } from '../events.ts';
import { attemptOf, goodbye, stay, withStep } from '../moves.ts';
import type { Collected, Session, Step } from '../state.ts';

type PickUpStep = Extract<Step, { type: 'pickUp' }>;

export const enterPickUp = (
  session: Session,
  found: Extract<JourneyEvent, { type: 'pickUpFound' }>,
  openingId: string,
): Outcome => open(session, { ...found, openingId });

const collectedOf = (of: Collected): Collected => {
  if (of.result) return { result: of.result };
  const { depositId, originals, token } = of;
  return { depositId, originals, token };
};

const open = (session: Session, of: Collected & Pick<PickUpStep, 'cell' | 'openingId'>): Outcome => {
  const { session: counted, attempt } = attemptOf(session);
  const { cell, openingId } = of;
  return withStep(counted, { type: 'pickUp', phase: 'opening', attempt, cell, openingId, ...collectedOf(of) }, [
    { type: 'openCell', attempt, cell },
  ]);
};

const withoutTrouble = ({ trouble: _over, ...step }: PickUpStep): PickUpStep => step;

const spending = (step: PickUpStep): JourneyEffect => {
  const { cell, openingId } = step;
  return step.result
    ? { type: 'spendResult', result: step.result, cell, openingId }
    : { type: 'spendPickUp', depositId: step.depositId, token: step.token, openingId };
};

const opened = (session: Session, step: PickUpStep): Outcome =>
  withStep(session, { ...withoutTrouble(step), phase: 'open' }, [
    spending(step),
    { type: 'awaitCellClosed', attempt: step.attempt, cell: step.cell },
  ]);

const closed = (session: Session, step: PickUpStep): Outcome =>
  withStep(
    session,
    { ...withoutTrouble(step), phase: 'closed' },
    // A result's cell is free by its code being spent.
    step.result ? [] : [{ type: 'releaseCell', depositId: step.depositId }],
  );

export const pickUpNext = (session: Session, event: JourneyEvent, now: number, world: World): Outcome => {
  const { step } = session;
  if (step.type !== 'pickUp') return stay(session);
  if ('attempt' in event && event.attempt !== step.attempt) return stay(session);
  const present = { ...session, lastActMs: now };
  const { phase, attempt, cell } = step;
  switch (event.type) {
    case 'cellOpened':
      return phase === 'opening' ? opened(present, step) : stay(session);
    case 'cellClosed':
      return phase === 'open' ? closed(present, step) : stay(session);
    case 'cellFailed':
      return doorFailed(session, present, step, cell, event);
    case 'resumed':
      // The lock's own memory of commands answers for a door that was opened before: it is not driven twice.
      if (phase === 'opening') return stay(session, [{ type: 'openCell', attempt, cell }]);
      if (phase === 'open') return opened(session, step);
      if (phase === 'closed') return closed(session, step);
      return stay(session);
    case 'intent':
      break;
    default:
      return stay(session);
  }
  switch (event.intent.type) {
    case 'retry':
      return phase === 'failed' ? open(session, step) : stay(session);
    case 'answerDoor':
      return doorAnswered(session, present, step, event.intent.isOpen, {
        opened: () => opened(present, step),
        closed: () => closed(present, step),
      });
    case 'next':
      return phase === 'closed' || phase === 'failed' ? goodbye(session, now, world) : stay(session);
    default:
      return stay(session);
  }
};
