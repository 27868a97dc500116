// Settings of 8A/80 lock boards. Everything that differs between cabinets and cannot be asked of the board stands here;
// the driver never guesses.

import { z } from 'zod';
import { busFields, checkBus } from '../bus.ts';

/** Highest lock number that a published 8A/80 board has (50-way). */
export const lockLimit = 50;

export const board8a80ConfigSchema = z
  .strictObject({
    /** DIP switches, 1–32. */
    ...busFields({ lowestAddress: 1, highestAddress: 32, defaultAddress: 1, locks: lockLimit }),
    /** `closedOnLock` (上锁短路): the contact is made while the door is locked. `closedOnOpen` (开锁短路): the reverse. */
    feedback: z.enum(['closedOnLock', 'closedOnOpen']).default('closedOnLock'),
    /** Which status byte of a query-all answer holds locks 1–8. Manuals disagree: calibrate at installation. */
    queryAllOrder: z.enum(['lastByteFirst', 'firstByteFirst']).default('lastByteFirst'),
    /** What a set bit of a query-all answer says. The published examples fit `open`. */
    queryAllBit: z.enum(['open', 'closed']).default('open'),
    /** `single` asks lock by lock and needs neither byte order nor bit meaning. */
    statusBy: z.enum(['single', 'all']).default('single'),
  })
  .superRefine(checkBus);

export type Board8a80Config = z.infer<typeof board8a80ConfigSchema>;
