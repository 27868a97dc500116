// Settings that every lock board shares: which boards hang on the bus, how many locks each has, which cell is which lock.
//
//   { board: 1, cells: 12 }                                     one board; cell n is lock n
//   { boards: [{ address: 1, locks: 12 }, { address: 2, … }] }  several boards on one bus; cells are numbered through

import { z } from 'zod';
import type { Place } from './protocol.ts';

export type BusLimits = {
  lowestAddress: number;
  highestAddress: number;
  defaultAddress: number;
  /** Locks on the largest board of the family. */
  locks: number;
};

/** The shape shared by every family's `strictObject`; `checkBus` holds what one field alone cannot say. */
export const busFields = ({ lowestAddress, highestAddress, defaultAddress, locks }: BusLimits) => {
  const address = z.int().min(lowestAddress).max(highestAddress);
  const lock = z.int().min(1).max(locks);
  return {
    /** Address of the only board. */
    board: address.default(defaultAddress),
    /** Number of cells on the only board, numbered 1…n as printed on the doors. */
    cells: z.int().min(1).max(locks).optional(),
    /** Several boards on one bus, instead of `board` and `cells`: cells are numbered through in this order. */
    boards: z
      .array(z.strictObject({ address, locks: lock }))
      .min(1)
      .max(32)
      .optional(),
    /** Cell → lock number on its board, or board and lock, for cells that are wired otherwise. */
    cellMap: z
      .record(z.string().regex(/^[1-9]\d{0,3}$/), z.union([lock, z.strictObject({ board: address, lock })]))
      .default({}),
    /** How much later answers come than over a direct cable: a serial server on the network adds 20–200 ms. */
    latencyMs: z.int().min(0).max(2000).default(0),
    /** Between two coils, on whatever board: a solenoid draws 1–2 A. Set it to the board's own pulse where that is longer. */
    pulseGapMs: z.int().min(500).max(10_000).default(500),
  };
};

export type BusConfig = {
  board: number;
  cells?: number | undefined;
  boards?: readonly { address: number; locks: number }[] | undefined;
  cellMap: Readonly<Record<string, number | Place>>;
  latencyMs: number;
  pulseGapMs: number;
};

/** Addresses in the order of the settings. */
export const boardsOf = ({ board, boards }: Pick<BusConfig, 'board' | 'boards'>): readonly number[] =>
  boards ? boards.map(({ address }) => address) : [board];

/** Cell → lock, in the order of the cells. */
export const placesOf = (
  config: Pick<BusConfig, 'board' | 'cells' | 'boards' | 'cellMap'>,
): ReadonlyMap<number, Place> => {
  const boards = config.boards ?? [{ address: config.board, locks: config.cells ?? 0 }];
  const inOrder = boards.flatMap(({ address, locks }) =>
    Array.from({ length: locks }, (_, index): Place => ({ board: address, lock: index + 1 })),
  );
  return new Map(
    inOrder.map((place, index) => {
      const mapped = config.cellMap[String(index + 1)];
      return [index + 1, typeof mapped === 'number' ? { ...place, lock: mapped } : (mapped ?? place)];
    }),
  );
};

/** For `superRefine`: either form, no board twice, no lock twice, no cell beyond the last. */
export const checkBus = (config: BusConfig, context: z.core.$RefinementCtx): void => {
  const refuse = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  if (config.boards && config.cells !== undefined)
    refuse(['cells'], 'either `boards` or `cells`, not both: with `boards` the cells follow from the locks');
  if (!config.boards && config.cells === undefined) refuse(['cells'], 'the number of cells is missing');
  const boards = boardsOf(config);
  for (const [index, address] of boards.entries())
    if (boards.indexOf(address) < index) refuse(['boards', index, 'address'], `board ${address} is named twice`);
  const places = placesOf(config);
  const cells = new Map<string, number>();
  for (const [cell, { board, lock }] of places) {
    const key = `${board}/${lock}`;
    const other = cells.get(key);
    if (other !== undefined) refuse(['cellMap'], `cells ${other} and ${cell} share lock ${lock} of board ${board}`);
    cells.set(key, cell);
    if (!boards.includes(board)) refuse(['cellMap', String(cell)], `board ${board} is not on this bus`);
  }
  for (const key of Object.keys(config.cellMap))
    if (!places.has(Number(key))) refuse(['cellMap', key], `there is no cell ${key}`);
};
