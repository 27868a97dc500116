// What is known of the doors, and who is told when it changes.

import type { DoorState } from './api.ts';
import type { Turn } from './state.ts';

/** The door as it is now known; a change is told. */
export const setDoor = (turn: Turn, cell: number, door: DoorState): void => {
  if (turn.state.doors[cell] === door) return;
  turn.state = { ...turn.state, doors: { ...turn.state.doors, [cell]: door } };
  if (door === 'closed') {
    const { [cell]: _closed, ...asked } = turn.state.askedAtMs;
    turn.state = { ...turn.state, askedAtMs: asked };
  }
  turn.effects.push({ type: 'notice', notice: { type: 'door', cell, door } });
};

/** A board that answers said this of a door; `unknown`: it has no contact for that lock. */
export const learnDoor = (turn: Turn, cell: number, door: DoorState): void => {
  const { state } = turn;
  const isUnreported = state.unreported.includes(cell);
  if (door === 'unknown' && !isUnreported) turn.state = { ...turn.state, unreported: [...state.unreported, cell] };
  if (door !== 'unknown' && isUnreported)
    turn.state = { ...turn.state, unreported: state.unreported.filter((other) => other !== cell) };
  if (door === 'open' && state.stuck.includes(cell))
    turn.state = { ...turn.state, stuck: state.stuck.filter((other) => other !== cell) };
  setDoor(turn, cell, door);
};
