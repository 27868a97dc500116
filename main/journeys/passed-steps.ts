// Which steps an application went through and when (办理过程信息): written down as they are entered, never afterwards.

import { caseSteps } from '../contract/intake.ts';
import type { Outcome } from './events.ts';
import type { Application, PassedStep, Session } from './state.ts';

/** A visitor who goes to and fro all night fills no case beyond its bounds: the latest steps stay. */
const mostSteps = 200;

const caseStepOf = (session: Session): PassedStep['step'] | undefined =>
  caseSteps.find((step) => step === session.step.type);

export const notePassed = (outcome: Outcome, now: number): Outcome => {
  const { session } = outcome.state;
  const step = session && caseStepOf(session);
  if (!session?.application || step === undefined) return outcome;
  const passed = session.application.passed ?? [];
  if (passed.at(-1)?.step === step) return outcome;
  const application: Application = {
    ...session.application,
    passed: [...passed.slice(1 - mostSteps), { step, atMs: now }],
  };
  return { ...outcome, state: { ...outcome.state, session: { ...session, application } } };
};
