// The part of the configuration that a hall or a city may send down as a signed bundle: what changes with the day's business. Devices,
// keys, addresses, folders and staff accounts stay in the file on the machine, whoever signs.
//
//   kiosk.json ─▶ KioskConfig ─┐
//   configuration bundle ──────┴▶ merged ─▶ the whole of parse.ts again ─▶ KioskConfig

import { z } from 'zod';
import { parseConfig, type ConfigResult, type ParseOptions } from './parse.ts';
import type { KioskConfig } from './schema.ts';

const settings = z.record(z.string(), z.unknown());

export const centralPartSchema = z.strictObject({
  kiosk: z.strictObject({ askAt: z.unknown() }).optional(),
  session: settings.optional(),
  queue: settings.optional(),
  rating: settings.optional(),
  locker: z.strictObject({ keepDays: z.unknown() }).optional(),
  services: z.strictObject({ hide: z.unknown() }).optional(),
});
export type CentralPart = z.infer<typeof centralPartSchema>;

/** The configuration with the centre's part over it; every rule of the file holds for what comes out. */
export const withCentralPart = (config: KioskConfig, part: CentralPart, options: ParseOptions): ConfigResult =>
  parseConfig(
    {
      ...config,
      kiosk: { ...config.kiosk, ...part.kiosk },
      session: { ...config.session, ...part.session },
      queue: { ...config.queue, ...part.queue },
      rating: { ...config.rating, ...part.rating },
      locker: { ...config.locker, ...part.locker },
      services: { ...config.services, ...part.services },
    },
    options,
  );
