// Settings of Modbus-RTU relay boards: relays pull the locks, inputs feel the doors if somebody wired them.

import { z } from 'zod';
import { busFields, checkBus } from '../bus.ts';

export const lockLimit = 32;

export const modbusRelayConfigSchema = z
  .strictObject({
    ...busFields({ lowestAddress: 1, highestAddress: 247, defaultAddress: 1, locks: lockLimit }),
    /**
     * `flash`: the board times the pulse itself (register 0200h + relay). `coil`: the relay is switched on and the board, set to
     * jog mode, lets go by itself; without jog mode the coil stays on and burns.
     */
    pulse: z.enum(['flash', 'coil']).default('flash'),
    /** Length of the pulse with `flash`, in steps of 100 ms. */
    pulseMs: z.int().min(100).max(3000).multipleOf(100).default(700),
    /** `inputs`: discrete input n is the contact of lock n. `none`: nothing feels the doors, and no opening is ever confirmed. */
    contacts: z.enum(['none', 'inputs']).default('none'),
    /** What a set input says (only with `inputs`): depends on the contact. */
    statusBit: z.enum(['closed', 'open']).default('closed'),
  })
  .superRefine(checkBus);

export type ModbusRelayConfig = z.infer<typeof modbusRelayConfigSchema>;
