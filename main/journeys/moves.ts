// Moves that every part of a journey makes: stay, go on, say goodbye, wipe.

import type { JourneyEffect, Outcome, World } from './events.ts';
import type { Session, Step } from './state.ts';

export const stay = (session: Session, effects: JourneyEffect[] = []): Outcome => ({ state: { session }, effects });

export const withStep = (session: Session, step: Step, effects: JourneyEffect[] = []): Outcome =>
  stay({ ...session, step }, effects);

export const fresh = (newId: string, now: number): Omit<Session, 'step'> => ({
  id: newId,
  visitId: newId,
  language: 'zh',
  mode: 'standard',
  startedAtMs: now,
  lastActMs: now,
  card: 'none',
  camera: 'unknown',
  paperOut: false,
  counter: 0,
});

/** A fresh attempt id: answers to earlier attempts no longer fit. */
export const attemptOf = (session: Session): { session: Session; attempt: string } => ({
  session: { ...session, counter: session.counter + 1 },
  attempt: `${session.id}-${session.counter + 1}`,
});

/** Cells that were promised and never used: they are free again. */
const freed = ({ application, deposit }: Session): JourneyEffect[] =>
  [application?.deposit, deposit].flatMap((held) =>
    held?.state === 'reserved' ? [{ type: 'cancelDeposit', depositId: held.depositId }] : [],
  );

export const goodbye = (session: Session, now: number, world: World): Outcome => {
  const effects: JourneyEffect[] = [{ type: 'cancelDevices', except: ['ticket-printer'] }, ...freed(session)];
  if (session.card === 'onReader') effects.push({ type: 'awaitCardRemoval', attempt: `${session.id}-goodbye` });
  return withStep(session, { type: 'goodbye', endsAtMs: now + world.session.goodbyeMs }, effects);
};

export const wipe = (session: Session): Outcome => {
  const effects: JourneyEffect[] = [{ type: 'cancelDevices' }, ...freed(session)];
  return { state: { session: undefined }, effects: [...effects, { type: 'wipe', sessionId: session.id }] };
};
