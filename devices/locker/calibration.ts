// Polarity and byte order from what was heard while a person held a named door shut and then open. Pure. Manuals contradict each
// other and locks are wired both ways, so this is how a cabinet is set up: by looking, not by believing.
//
//   shut: status A ─┐
//                   ├─▶ which bit moved, and to what ─▶ settings
//   open: status B ─┘

import type { CellState, StatusBytes } from './api.ts';
import type { Place } from './protocol.ts';

/** The setting that says how contacts read, as it is now, and its other value. */
export type Wiring = {
  setting: string;
  value: string;
  other: string;
  /** Only where the order of status bytes is a setting and status bytes are asked for: `queryAllOrder`. */
  byteOrder?: 'lastByteFirst' | 'firstByteFirst';
  /** What `value` takes a set bit for; needed with `byteOrder`. */
  setBit?: 'open' | 'closed';
};

/** For protocols whose only doubt is what a set bit says. */
export const bitWiring = ({ statusBit }: { statusBit: 'open' | 'closed' }): Wiring => ({
  setting: 'statusBit',
  value: statusBit,
  other: statusBit === 'open' ? 'closed' : 'open',
});

export type Heard = { cells: readonly CellState[]; statusBytes?: readonly StatusBytes[] };

export type Calibration =
  /** `settings`: what has to be changed, by name; empty when all is right. `isOrderOpen`: this door cannot tell the byte order. */
  | { ok: true; settings: Readonly<Record<string, string>>; isOrderOpen: boolean }
  | { ok: false; code: 'contactDidNotChange' | 'otherLockMoved' | 'lockNotReported'; detail: string };

type Moved = { byte: number; bit: number; isSetWhenOpen: boolean };

const movedBits = (shut: readonly number[], open: readonly number[]): Moved[] =>
  shut.flatMap((before, byte) =>
    Array.from({ length: 8 }, (_, bit) => bit)
      .filter((bit) => (((before ^ (open[byte] ?? before)) >> bit) & 1) === 1)
      .map((bit) => ({ byte, bit, isSetWhenOpen: ((before >> bit) & 1) === 0 })),
  );

const bytesOf = ({ statusBytes }: Heard, board: number): readonly number[] =>
  statusBytes?.find((each) => each.board === board)?.bytes ?? [];

const deriveFromBytes = (place: Place, shut: Heard, open: Heard, wiring: Wiring): Calibration => {
  const before = bytesOf(shut, place.board);
  const moved = movedBits(before, bytesOf(open, place.board));
  const [only] = moved;
  if (!only) return { ok: false, code: 'contactDidNotChange', detail: `no status bit of board ${place.board} moved` };
  const group = Math.floor((place.lock - 1) / 8);
  const isFirst = only.byte === group;
  const isLast = only.byte === before.length - 1 - group;
  if (moved.length > 1 || only.bit !== (place.lock - 1) % 8 || (!isFirst && !isLast))
    return {
      ok: false,
      code: 'otherLockMoved',
      detail: `moved: ${moved.map(({ byte, bit }) => `byte ${byte + 1} bit ${bit}`).join(', ')}`,
    };
  const isOrderOpen = isFirst && isLast;
  const order = isFirst ? 'firstByteFirst' : 'lastByteFirst';
  const isReversed = only.isSetWhenOpen !== (wiring.setBit === 'open');
  return {
    ok: true,
    settings: {
      ...(isReversed ? { [wiring.setting]: wiring.other } : {}),
      ...(isOrderOpen || order === wiring.byteOrder ? {} : { queryAllOrder: order }),
    },
    isOrderOpen,
  };
};

const doorOf = ({ cells }: Heard, cell: number): CellState['door'] =>
  cells.find((each) => each.cell === cell)?.door ?? 'unknown';

/**
 * `cell` at `place` was shut for certain during `shut` and open for certain during `open`; no other door moved in between.
 * Says what in the settings has to change, or why nothing can be said.
 */
export const deriveWiring = (cell: number, place: Place, shut: Heard, open: Heard, wiring: Wiring): Calibration => {
  if (wiring.byteOrder !== undefined) return deriveFromBytes(place, shut, open, wiring);
  const [before, after] = [doorOf(shut, cell), doorOf(open, cell)];
  if (before === 'unknown' || after === 'unknown')
    return { ok: false, code: 'lockNotReported', detail: `the board does not report the lock of cell ${cell}` };
  if (before !== after)
    return { ok: true, settings: before === 'open' ? { [wiring.setting]: wiring.other } : {}, isOrderOpen: false };
  const others = shut.cells.filter((each) => each.door !== doorOf(open, each.cell));
  return others.length === 0
    ? { ok: false, code: 'contactDidNotChange', detail: `cell ${cell} says ${before} both times` }
    : {
        ok: false,
        code: 'otherLockMoved',
        detail: `not cell ${cell} but ${others.map((each) => each.cell).join(', ')} moved`,
      };
};
