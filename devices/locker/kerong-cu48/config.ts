// Settings of KERONG KR-CU48 boards.

import { z } from 'zod';
import { busFields, checkBus } from '../bus.ts';

export const lockLimit = 48;

export const kerongCu48ConfigSchema = z
  .strictObject({
    ...busFields({ lowestAddress: 0, highestAddress: 31, defaultAddress: 0, locks: lockLimit }),
    /** What a set status bit says. The one source says `closed`. */
    statusBit: z.enum(['closed', 'open']).default('closed'),
  })
  .superRefine(checkBus);

export type KerongCu48Config = z.infer<typeof kerongCu48ConfigSchema>;
