// Settings of a SAM_A / SAM_V reader. The link (port, baud rate) is configured beside them.

import { z } from 'zod';

export const samSerialConfigSchema = z.strictObject({
  /** Read the fingerprint templates too (30 10 instead of 30 01). They are handed over unread and never stored. */
  withFingerprint: z.boolean().default(false),
  /** Ask for the address appended to the chip after a move (30 03). Costs one more exchange. */
  withNewestAddress: z.boolean().default(false),
  /** When nothing answers at the configured rate, try the others that the module can be set to. No use on a serial server. */
  probeBaudRates: z.boolean().default(true),
});

export type SamSerialConfig = z.infer<typeof samSerialConfigSchema>;
