// Settings of code readers over HID. Which device it is (vendor and product number, usage page) is configured beside them.

import { z } from 'zod';
import { commonSettings, lineSettings } from '../config.ts';

export const hidPosQrConfigSchema = z
  .strictObject({
    ...commonSettings,
    /**
     * Where a report holds the code. `auto`: as the device's own report descriptor says, else `aimFirst`. `aimFirst`: Honeywell,
     * Access-IS. `dataFirst`: Newland, IDTech, Unitech.
     */
    layout: z.enum(['auto', 'aimFirst', 'dataFirst']).default('auto'),
    /** How the reader is asked whether it is there. `none`: it cannot be asked; a device that can be opened counts as online. */
    hello: z.enum(['none', 'honeywell']).default('none'),
    /**
     * How reading is switched on for one code. `none`: the reader reads by itself. `honeywell`: by the menu commands in report FD.
     * `report`: by the trigger report of the HID point-of-sale standard.
     */
    trigger: z.enum(['none', 'honeywell', 'report']).default('none'),
  })
  .refine((config) => !(config.hello === 'honeywell' && config.trigger === 'report'), {
    message: 'a reader that is asked by menu commands is triggered by them too',
    path: ['trigger'],
  });

export type HidPosQrConfig = z.infer<typeof hidPosQrConfigSchema>;

/** Symbol's "simple COM port emulation": text in reports, so it ends as text on a serial line does. */
export const symbolHidQrConfigSchema = z.strictObject({ ...commonSettings, ...lineSettings });

export type SymbolHidQrConfig = z.infer<typeof symbolHidQrConfigSchema>;
