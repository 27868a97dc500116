// Which cell is which lock on which board, and which question tells of it. Fixed for the life of a device.

import { boardsOf, placesOf, type BusConfig } from './bus.ts';
import type { LockProtocol, Place, Target } from './protocol.ts';

export type Layout = {
  cells: readonly number[];
  /** Boards that have cells. One without any is never asked, so it cannot vouch for the bus. */
  boards: readonly number[];
  placeOf(cell: number): Place | undefined;
  cellAt(board: number, lock: number): number | undefined;
  cellsOf(board: number): readonly number[];
  cellsOfTarget(target: Target): readonly number[];
  /** The question that tells of one cell. */
  targetOf(cell: number): Target;
  /** All questions that tell of a board, beginning with number `from` and going round. */
  targetsOf(board: number, from?: number): readonly Target[];
};

export const createLayout = ({ statusBy }: Pick<LockProtocol, 'statusBy'>, config: BusConfig): Layout => {
  const places = placesOf(config);
  const cells = [...places.keys()];
  const cellsOf = (board: number): readonly number[] => cells.filter((cell) => places.get(cell)?.board === board);
  const cellAt = (board: number, lock: number): number | undefined =>
    cells.find((cell) => places.get(cell)?.board === board && places.get(cell)?.lock === lock);
  const targetOf = (cell: number): Target => {
    const { board, lock } = places.get(cell) ?? { board: 0, lock: cell };
    return statusBy === 'board' ? { board, lock: 'all' } : { board, lock };
  };
  return {
    cells,
    boards: boardsOf(config).filter((board) => cellsOf(board).length > 0),
    placeOf: (cell) => places.get(cell),
    cellAt,
    cellsOf,
    cellsOfTarget({ board, lock }) {
      if (lock === 'all') return cellsOf(board);
      const cell = cellAt(board, lock);
      return cell === undefined ? [] : [cell];
    },
    targetOf,
    targetsOf(board, from = 0) {
      if (statusBy === 'board') return [{ board, lock: 'all' }];
      const targets = cellsOf(board).map(targetOf);
      const first = from % targets.length;
      return [...targets.slice(first), ...targets.slice(0, first)];
    },
  };
};
