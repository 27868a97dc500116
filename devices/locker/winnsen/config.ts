// Settings of Winnsen lock boards.

import { z } from 'zod';
import { busFields, checkBus } from '../bus.ts';

/** The masks of the protocol have 16 bits. */
export const lockLimit = 16;

export const winnsenConfigSchema = z
  .strictObject({
    /** The manual calls it the station. */
    ...busFields({ lowestAddress: 0, highestAddress: 99, defaultAddress: 1, locks: lockLimit }),
    /** What a set status bit says. The sources agree on `open`. */
    statusBit: z.enum(['open', 'closed']).default('open'),
  })
  .superRefine(checkBus);

export type WinnsenConfig = z.infer<typeof winnsenConfigSchema>;
