// Settings of one 8A/80 lock board. Everything that differs between cabinets and cannot be asked of the board stands here;
// the driver (machine.ts) reads it and never guesses.

import { z } from 'zod';

/** Highest lock number that a published 8A/80 board has (50-way). */
export const lockLimit = 50;

export const board8a80ConfigSchema = z
  .strictObject({
    /** DIP switch address of the board. */
    board: z.int().min(1).max(32).default(1),
    /** Number of cells in the cabinet, numbered 1…n as printed on the doors. */
    cells: z.int().min(1).max(lockLimit),
    /** Cell number → lock number on the board; a cell that is not named has the lock of its own number. */
    cellMap: z.record(z.string().regex(/^[1-9]\d?$/), z.int().min(1).max(lockLimit)).default({}),
    /** `closedOnLock` (上锁短路): the contact is made while the door is locked. `closedOnOpen` (开锁短路): the reverse. */
    feedback: z.enum(['closedOnLock', 'closedOnOpen']).default('closedOnLock'),
    /** Which status byte of a query-all answer holds locks 1–8. Manuals disagree: calibrate at installation. */
    queryAllOrder: z.enum(['lastByteFirst', 'firstByteFirst']).default('lastByteFirst'),
    /** What a set bit of a query-all answer says. The published examples fit `open`. */
    queryAllBit: z.enum(['open', 'closed']).default('open'),
    /** `single` asks lock by lock and needs neither byte order nor bit meaning. */
    statusBy: z.enum(['single', 'all']).default('single'),
  })
  .superRefine((config, context) => {
    const locks = new Map<number, number>();
    for (const [cell, lock] of lockByCell(config)) {
      const other = locks.get(lock);
      if (other !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['cellMap'],
          message: `cells ${other} and ${cell} share lock ${lock}`,
        });
      locks.set(lock, cell);
    }
    for (const key of Object.keys(config.cellMap))
      if (Number(key) > config.cells)
        context.addIssue({ code: 'custom', path: ['cellMap', key], message: `there is no cell ${key}` });
  });

export type Board8a80Config = z.infer<typeof board8a80ConfigSchema>;

/** Cell number → lock number, in the order of the cells. */
export const lockByCell = (config: Pick<Board8a80Config, 'cells' | 'cellMap'>): ReadonlyMap<number, number> =>
  new Map(
    Array.from({ length: config.cells }, (_, index) => {
      const cell = index + 1;
      return [cell, config.cellMap[String(cell)] ?? cell];
    }),
  );
