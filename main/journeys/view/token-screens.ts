// Screens of the signed codes: showing one to the reader, collecting what lies in a cell, leaving papers in one.

import type { CoachPhase, ScreenOf } from '../../contract/view.ts';
import type { World } from '../events.ts';
import { depositDocument } from '../paper.ts';
import type { Session, Step } from '../state.ts';
import { coach } from './apply-screens.ts';
import { printState } from './visit-screens.ts';

export const showTokenScreen = (
  step: Extract<Step, { type: 'showToken' }>,
  world: World,
  now: number,
): ScreenOf<'showToken'> => {
  const reader = world.devices['qr-reader'];
  const phase: CoachPhase = step.phase === 'waiting' && !reader.available ? 'unavailable' : step.phase;
  return {
    type: 'showToken',
    purpose: step.purpose,
    deposits: step.purpose === 'pickUp' && world.tokens.deposit,
    coach: coach(phase, reader.place, step.sinceMs, now, reader.fault),
    ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
  };
};

export const pickUpScreen = (step: Extract<Step, { type: 'pickUp' }>, world: World): ScreenOf<'pickUp'> => ({
  type: 'pickUp',
  phase: step.phase,
  what: step.result ? 'result' : 'originals',
  cell: world.cellName(step.cell),
  place: world.devices.locker.place,
  // The names of originals were kept in the language of the case.
  papers: step.result ? [step.result.name] : step.originals.map((name) => ({ zh: name, en: name })),
  ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
});

/** The same screen as for the originals of a case, with the number that the papers belong to. */
export const depositScreen = (
  { deposit }: Session,
  step: Extract<Step, { type: 'deposit' }>,
  world: World,
): ScreenOf<'locker'> => ({
  type: 'locker',
  phase: step.phase,
  place: world.devices.locker.place,
  originals: [],
  ...(deposit ? { cell: world.cellName(deposit.cell), number: deposit.number } : {}),
  ...(deposit && !step.trouble ? { pickUpCode: deposit.pickUpCode } : {}),
  ...(deposit && step.printing
    ? { print: printState(step.printing, depositDocument(deposit, world, false), world) }
    : {}),
  ...(step.trouble ? { failure: world.faultText(step.trouble) } : {}),
});
