// A cell that a depositor had opened, as the centre hears of it: also of an opening after which nothing was put in. Openings for
// collectors are told together with the spent code (token-acts.ts), those by staff from their console.

import type { Session } from '../../journeys/state.ts';
import { actId } from '../../store/uuid.ts';

export type DepositorOpening = {
  by: 'depositor';
  cell: number;
  depositId: string;
  caseId: string;
  /** The same when a host that was killed hears of the opening once more. */
  openingId: string;
};

/** Nothing for an attempt that is not the one that this visit waits for. */
export const depositorOpening = (session: Session | undefined, attempt: string): DepositorOpening | undefined => {
  if (session?.step.type !== 'locker' || session.step.attempt !== attempt || !session.application?.deposit)
    return undefined;
  const { caseId, deposit } = session.application;
  const { depositId, cell } = deposit;
  return { by: 'depositor', cell, depositId, caseId, openingId: actId(session.id, attempt) };
};
