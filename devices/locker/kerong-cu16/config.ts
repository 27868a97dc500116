// Settings of KERONG KR-CU12 and KR-CU16 boards.

import { z } from 'zod';
import { busFields, checkBus } from '../bus.ts';

export const lockLimit = 16;

export const kerongCu16ConfigSchema = z
  .strictObject({
    /** High nibble of the address byte. 15 is left out: F0h is the broadcast address. */
    ...busFields({ lowestAddress: 0, highestAddress: 14, defaultAddress: 0, locks: lockLimit }),
    /** What a set hook bit says. The sources agree on `closed`; locks with the other contact exist. */
    statusBit: z.enum(['closed', 'open']).default('closed'),
  })
  .superRefine(checkBus);

export type KerongCu16Config = z.infer<typeof kerongCu16ConfigSchema>;
