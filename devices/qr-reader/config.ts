// Settings of code readers in line mode, and what all protocols share. The link (port, baud rate) is configured beside them.

import { z } from 'zod';

/** What every code reader is set up with, whatever its protocol. */
export const commonSettings = {
  /** How the bytes of a code are read. `auto`: UTF-8, else GB18030; what is neither is no text. */
  encoding: z.enum(['auto', 'utf-8', 'gb18030']).default('auto'),
  /** A code that was just read is ignored until it has been gone for this long. */
  debounceMs: z.int().min(0).max(10_000).default(1000),
  /** How often an idle reader is asked again, where it can be asked. */
  heartbeatMs: z.int().min(2000).max(600_000).default(10_000),
} as const;

/** How a code ends on a wire that knows no packets. */
export const lineSettings = {
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
} as const;

export const lineQrConfigSchema = z
  .strictObject({
    ...commonSettings,
    ...lineSettings,
    /** How the reader is asked whether it is there. `none`: it cannot be asked; an open port counts as online. */
    hello: z.enum(['none', 'honeywell', 'newland']).default('none'),
    /** How reading is switched on for one code. `none`: the reader reads by itself (presentation mode). */
    trigger: z.enum(['none', 'honeywell', 'newland']).default('none'),
  })
  .refine((config) => config.hello === 'none' || config.trigger === 'none' || config.hello === config.trigger, {
    message: 'hello and trigger must name the same maker',
    path: ['trigger'],
  });

export type LineQrConfig = z.infer<typeof lineQrConfigSchema>;

const makerSettings = {
  ...commonSettings,
  ...lineSettings,
  /** The reader is switched on for one code and off again. `false`: it reads by itself (presentation mode). */
  isTriggered: z.boolean().default(true),
} as const;

export const honeywellQrConfigSchema = z.strictObject(makerSettings);
export type HoneywellQrConfig = z.infer<typeof honeywellQrConfigSchema>;

export const newlandQrConfigSchema = z.strictObject({
  ...makerSettings,
  /**
   * Tell the reader at every connection in which mode to scan, in memory that a power cut clears. `false`: as it was set by its
   * bar codes.
   */
  setsMode: z.boolean().default(false),
});
export type NewlandQrConfig = z.infer<typeof newlandQrConfigSchema>;
