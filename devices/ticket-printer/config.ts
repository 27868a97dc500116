// Settings of one ESC/POS printer. The cable (port, speed, flow control) is configured with the link, not here.

import { z } from 'zod';
import { baudRates } from '../kit/transport.ts';
import { encodings } from './charset.ts';
import { blackMarks, cutters, type BlackMark, type Cutter } from './commands.ts';

export const completions = ['auto', 'processId', 'fence', 'none'] as const;

const cutterNames = Object.keys(cutters) as Cutter[];
const blackMarkNames = Object.keys(blackMarks) as BlackMark[];

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
  /** The presenter takes back what nobody took for so long (GS e 2). 0: it does not, or decides by itself. */
  retractAfterSeconds: z.int().min(0).max(600).default(0),
  /** What cuts the ticket off. `feedPartial` suits most; with marked paper one that does not feed. */
  cutter: z.enum(cutterNames).default('feedPartial'),
  /** Paper with black marks, and the command that finds them. */
  blackMark: z.enum(blackMarkNames).default('none'),
  /**
   * Speed of the cable where it is a real one (RS-232), in bit/s. Used for time-outs, and to know after a lost connection that
   * a ticket cannot have arrived whole. Leave out for USB and network.
   */
  lineBaudRate: z.union(baudRates.map((rate) => z.literal(rate))).optional(),
});
export type EscposConfig = z.infer<typeof escposConfigSchema>;
