// Settings of a line-mode code reader. The link (port, baud rate) is configured beside them.

import { z } from 'zod';

export const lineQrConfigSchema = z
  .strictObject({
    /**
     * What ends a code. `auto`: CR, LF, CR LF or silence, whichever comes first. `suffix`: only the suffix below, so codes may
     * hold other line breaks and a stalled line cannot cut one in two. `silence`: only silence, for readers without a suffix.
     */
    frameEnd: z.enum(['auto', 'suffix', 'silence']).default('auto'),
    suffix: z.enum(['cr', 'lf', 'crlf']).default('cr'),
    /** Silence that ends a code. Longer for serial servers on a slow network. */
    silenceMs: z.int().min(50).max(1000).default(80),
    /** The reader puts an AIM identifier such as `]Q1` before every code. */
    hasAimPrefix: z.boolean().default(false),
    /** How the reader is asked whether it is there. `none`: it cannot be asked; an open port counts as online. */
    hello: z.enum(['none', 'honeywell', 'newland']).default('none'),
    /** How reading is switched on for one code. `none`: the reader reads by itself (presentation mode). */
    trigger: z.enum(['none', 'honeywell', 'newland']).default('none'),
    /** A code that was just read is ignored until it has been gone for this long. */
    debounceMs: z.int().min(0).max(10_000).default(1000),
    /** How often an idle reader is asked again; only with a hello. */
    heartbeatMs: z.int().min(2000).max(600_000).default(10_000),
  })
  .refine((config) => config.hello === 'none' || config.trigger === 'none' || config.hello === config.trigger, {
    message: 'hello and trigger must name the same maker',
    path: ['trigger'],
  });

export type LineQrConfig = z.infer<typeof lineQrConfigSchema>;
