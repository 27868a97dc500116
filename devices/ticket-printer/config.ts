// Settings of one ESC/POS printer. The cable (port, speed, flow control) is configured with the link, not here.

import { z } from 'zod';
import { baudRates } from '../kit/transport.ts';
import { encodings } from './charset.ts';

export const completions = ['auto', 'processId', 'fence', 'none'] as const;

export const escposConfigSchema = z.strictObject({
  /** What the printer's character ROM holds. GBK is safe everywhere; GB18030 adds some two-byte signs, e.g. the euro. */
  encoding: z.enum(encodings).default('gbk'),
  paperWidthMm: z.union([z.literal(58), z.literal(80)]).default(80),
  /**
   * How the printer confirms a ticket. `auto` tries GS ( H, then GS r, at every connection. `none`: it cannot, and every ticket
   * ends `unconfirmed`.
   */
  completion: z.enum(completions).default('auto'),
  /** The printer holds the ticket in an outlet and knows when it was taken (answers DLE EOT 14h). */
  hasPresenter: z.boolean().default(false),
  /**
   * Speed of the cable where it is a real one (RS-232), in bit/s. Used for time-outs, and to know after a lost connection that
   * a ticket cannot have arrived whole. Leave out for USB and network.
   */
  lineBaudRate: z.union(baudRates.map((rate) => z.literal(rate))).optional(),
});
export type EscposConfig = z.infer<typeof escposConfigSchema>;
