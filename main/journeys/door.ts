// A locker's door that does not do what it should, or that nothing feels: the same for whoever puts something in or takes it out.
//
//   opening ─┬─ not felt ─▶ askOpen ─ yes ─▶ opened       open ─┬─ left open ─▶ watched on
//            └─ did not move ─▶ failed ◀─ no ─┘                 └─ not felt ─▶ askShut ─ no: asked again, yes ─▶ closed

import type { JourneyEvent, Outcome } from './events.ts';
import { stay, withStep } from './moves.ts';
import type { Session, Step } from './state.ts';

type DoorStep = Extract<Step, { type: 'locker' | 'pickUp' | 'deposit' }>;

const withoutTrouble = ({ trouble: _over, ...step }: DoorStep): DoorStep => step;

/** `present`: the session with somebody in front of it. */
export const doorFailed = (
  session: Session,
  present: Session,
  step: DoorStep,
  cell: number,
  { trouble }: Extract<JourneyEvent, { type: 'cellFailed' }>,
): Outcome => {
  if (step.phase === 'opening')
    // The lock was driven, or may have been, and nothing here feels the door.
    return trouble.code === 'unconfirmed'
      ? withStep(present, { ...withoutTrouble(step), phase: 'askOpen' })
      : withStep(present, { ...step, phase: 'failed', trouble });
  if (step.phase !== 'open') return stay(session);
  // The door stands open: it is watched until it is shut. Where it cannot be watched any more, the person is asked.
  return trouble.code === 'doorLeftOpen'
    ? withStep(present, { ...step, trouble }, [{ type: 'awaitCellClosed', attempt: step.attempt, cell }])
    : withStep(present, { ...withoutTrouble(step), phase: 'askShut' });
};

/** What the person in front of the door says; `opened` and `closed` are what the journey does then. */
export const doorAnswered = (
  session: Session,
  present: Session,
  step: DoorStep,
  isOpen: boolean,
  { opened, closed }: { opened(): Outcome; closed(): Outcome },
): Outcome => {
  if (step.phase === 'askOpen')
    return isOpen
      ? opened()
      : withStep(present, { ...step, phase: 'failed', trouble: { code: 'doorDidNotOpen', kind: 'locker' } });
  if (step.phase !== 'askShut') return stay(session);
  return isOpen ? withStep(present, { ...step, trouble: { code: 'doorLeftOpen', kind: 'locker' } }) : closed();
};
