// What every lock board's rehearsal asks for and how its answers are judged, so that a protocol's rehearsal holds only its own
// frames. Door `openDoor` stands open from the start; everybody else is shut.

import { isDeepStrictEqual } from 'node:util';
import type { RehearsedCommand } from '../kit/rehearsal.ts';

type Stage = { cells: number; openDoor: number; tryCell: number };

const pulsesOf = (look: Record<string, unknown>): number => Number(look['pulses']);

/** Whether a decoded frame has all that `expected` has, to the same values. */
export const frameSays =
  (expected: Record<string, unknown>) =>
  (frame: unknown): boolean =>
    Object.entries(expected).every(([key, value]) => {
      const said = (frame as Record<string, unknown>)[key];
      if (key !== 'doors' || !Array.isArray(value)) return isDeepStrictEqual(said, value);
      return value.every((door) => (said as unknown[]).some((each) => isDeepStrictEqual(each, door)));
    });

/** Open a shut cell, look at all, wait for the open door to be shut. */
export const lockCommands = ({ cells, openDoor, tryCell }: Stage): readonly RehearsedCommand[] => [
  {
    name: 'openCell',
    command: { type: 'openCell', cell: tryCell },
    timeoutMs: 8000,
    tidy: [{ knob: 'shutDoor', argument: String(tryCell) }],
    isRight: (reply) => isDeepStrictEqual(reply, { type: 'opened', cell: tryCell }),
    acts: pulsesOf,
  },
  {
    name: 'queryCells',
    command: { type: 'queryCells' },
    timeoutMs: 20_000,
    isRight(reply) {
      const said = reply as { type?: unknown; cells?: readonly { cell: number; door: string }[] };
      const doors = said.cells ?? [];
      // A board that did not answer in time leaves its cells unknown: honest. What is said of a door has to be so.
      const isTrue = doors.every(({ cell, door }) => door === 'unknown' || (door === 'open') === (cell === openDoor));
      return said.type === 'cells' && doors.length === cells && doors.some(({ door }) => door !== 'unknown') && isTrue;
    },
    acts: pulsesOf,
  },
  {
    name: 'awaitClosed',
    command: { type: 'awaitClosed', cell: openDoor },
    timeoutMs: 20_000,
    hand: [{ knob: 'shutDoor', argument: String(openDoor), afterMs: 1500 }],
    tidy: [{ knob: 'openDoor', argument: String(openDoor) }],
    isRight: (reply) => isDeepStrictEqual(reply, { type: 'closed', cell: openDoor }),
    acts: pulsesOf,
  },
];

/** Doors as a table of status bits has them: lock 1 is the lowest bit of the first byte. */
export const bitDoors = (bytes: readonly number[], setBit: 'open' | 'closed'): { lock: number; door: string }[] => {
  const clearBit = setBit === 'open' ? 'closed' : 'open';
  return bytes.flatMap((byte, index) =>
    [1, 2, 4, 8, 16, 32, 64, 128].map((weight, bit) => ({
      lock: index * 8 + bit + 1,
      door: Math.floor(byte / weight) % 2 === 1 ? setBit : clearBit,
    })),
  );
};
