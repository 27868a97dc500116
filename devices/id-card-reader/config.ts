// Settings of the drivers of SAM_A / SAM_V readers. The link (port, baud rate, HID numbers) is configured beside them.

import { z } from 'zod';
import type { ModuleBaudRate } from './codec.ts';

const photoDecoderSchema = z.strictObject({
  /** Program and arguments, without a shell. WLT data on its standard input, a PNG, JPEG or BMP on its standard output. */
  command: z.array(z.string().min(1)).min(1).max(32),
  /** The card does not wait longer for its picture. */
  timeoutMs: z.int().min(100).max(10_000).default(2000),
});

const moduleSettings = {
  /** Ask for the fingerprint templates too (30 10 instead of 30 01). A module without that command is read without them. */
  withFingerprint: z.boolean().default(false),
  /** Give the templates to the caller, unread. Otherwise they end in the driver. */
  handOverFingerprint: z.boolean().default(false),
  /** Ask for the address appended to the chip after a move (30 03). Costs one more exchange. */
  withNewestAddress: z.boolean().default(false),
  /**
   * How `awaitRemoval` asks. `reset`: reset the module, then find; right for modules that do not find a card again once it was
   * read. `find`: find alone, for modules that find such a card again and take the reset badly.
   */
  removal: z.enum(['reset', 'find']).default('reset'),
  /** An external program that makes a picture of the photo. Absent: the photo is handed over as WLT data. */
  photoDecoder: photoDecoderSchema.optional(),
};

const rates = [115_200, 57_600, 38_400, 19_200, 9600] as const satisfies readonly ModuleBaudRate[];

export const samSerialConfigSchema = z
  .strictObject({
    ...moduleSettings,
    /** When nothing answers at the configured rate, try the others that the module can be set to. No use on a serial server. */
    probeBaudRates: z.boolean().default(true),
    /** Set the module to this rate (60 xx) wherever it is found at another. No use on a serial server. */
    moduleBaudRate: z.union(rates.map((rate) => z.literal(rate))).optional(),
  })
  .refine(({ moduleBaudRate, probeBaudRates }) => moduleBaudRate === undefined || probeBaudRates, {
    path: ['moduleBaudRate'],
    // Without probing a module whose rate was changed and lost again could never be found.
    message: 'moduleBaudRate needs probeBaudRates',
  });

export const samHidConfigSchema = z.strictObject({
  ...moduleSettings,
  /** Data bytes of a written report; absent: as the device's descriptor says, 64 where it says nothing. */
  reportBytes: z.int().min(16).max(1024).optional(),
  /** Number of the written reports; absent: as the descriptor says, none where it says nothing. */
  reportNumber: z.int().min(0).max(255).optional(),
});

export type SamSerialConfig = z.infer<typeof samSerialConfigSchema>;
export type SamHidConfig = z.infer<typeof samHidConfigSchema>;
export type PhotoDecoderConfig = z.infer<typeof photoDecoderSchema>;
