// Settings of one SANE scanner. What reaches scanimage's command line is limited here, to forms that cannot redirect its output.

import { z } from 'zod';

/** Long options that are scanimage's own or that the driver sets itself; any unambiguous beginning of them means the same. */
const reservedOptions = [
  'device-name',
  'format',
  'icc-profile',
  'list-devices',
  'formatted-device-list',
  'batch',
  'batch-start',
  'batch-count',
  'batch-increment',
  'batch-double',
  'batch-print',
  'batch-prompt',
  'accept-md5-only',
  'progress',
  'output-file',
  'dont-scan',
  'test',
  'all-options',
  'help',
  'verbose',
  'buffer-size',
  'version',
  'source',
  'mode',
  'resolution',
] as const;

const extraArgumentForm = /^--([a-z][a-z0-9-]*)=[A-Za-z0-9 ._%+-]+$/;

const isAllowedArgument = (argument: string): boolean => {
  const name = extraArgumentForm.exec(argument)?.[1];
  return name !== undefined && !reservedOptions.some((reserved) => reserved.startsWith(name));
};

export const saneConfigSchema = z
  .strictObject({
    /** SANE device name, e.g. `test:0`, `airscan:e0:Name`. Quick, but USB scanners are renumbered when they are plugged in again. */
    device: z
      .string()
      .regex(/^[A-Za-z0-9_]+(:[\x20-\x7e]+)?$/, 'a SANE device name such as backend:device')
      .optional(),
    /** Part of the name, maker or model as `scanimage -L` shows them: searched for at the start, and again when it is missing. */
    find: z.string().min(2).max(100).optional(),
    command: z.string().min(1).default('scanimage'),
    /** Folder with dll.conf; keep it to the one backend in use, so that opening is quick. */
    saneConfigDir: z.string().min(1).optional(),
    /** Options of the backend in the form `--name=value`; scanimage's own options are refused. */
    extraArguments: z
      .array(z.string().refine(isAllowedArgument, 'only backend options of the form --name=value'))
      .max(20)
      .default([]),
    /** Area scanned, cut to what the scanner has. A4. */
    widthMm: z.number().positive().max(500).default(210),
    heightMm: z.number().positive().max(1000).default(297),
    /** Feeder pages in one go, at most. */
    pageLimit: z.int().min(1).max(100).default(50),
  })
  .refine(
    ({ device, find }) => (device === undefined) !== (find === undefined),
    '“device”和“find”必须填一个，且只能填一个 / give either device or find',
  );

export type SaneConfig = z.infer<typeof saneConfigSchema>;
