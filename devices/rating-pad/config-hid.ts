// A HID pad described by data: a pad with reports of its own, or a keypad whose keys are usages of a standard page.

import { z } from 'zod';
import { hexBytes, level, template, times } from './config.ts';
import { hidPadModelNames } from './models-hid.ts';
import { bytesOfHex, overlap, templateOf } from './pattern.ts';

/** Reports that are sent. The first byte of each is the report number, 00 where the device has none. */
const outputs = {
  /** Sent once after the device was opened. */
  open: z.array(hexBytes).default([]),
  /** Asks the citizen to rate; many keypads have nothing of the kind. */
  prompt: z.array(hexBytes).default([]),
  /** Ends the prompt without a rating. */
  cancel: z.array(hexBytes).default([]),
  /** Bytes of an output report without its number; shorter lines are filled with 00. `0`: sent as they are written. */
  outputLength: z.int().min(0).max(1024).default(64),
  ...times,
};

const reportsSchema = z.strictObject({
  type: z.literal('reports'),
  ...outputs,
  /**
   * What each key sends: a template for the beginning of the report, whose first byte is the report number only where the
   * device numbers its reports. What follows it in the report is not looked at.
   */
  match: z
    .array(z.strictObject({ report: template, level }))
    .min(1)
    .max(40),
  /** Reports that mean nothing: a key let go, a counter, a battery. Others that fit no rule are told as noise. */
  ignore: z.array(template).max(40).default([]),
  /** A question that the pad answers by itself. */
  heartbeat: z
    .strictObject({ send: hexBytes, expect: template, everyMs: z.int().min(1000).max(60_000).default(10_000) })
    .optional(),
});

const usage = z.string().regex(/^[0-9A-Fa-f]{2,4}$/, 'a HID usage in hex, e.g. "1E" for the key 1');

const keypadSchema = z.strictObject({
  type: z.literal('keypad'),
  ...outputs,
  /** Only reports with this number, where the device numbers its reports. */
  reportNumber: z.int().min(1).max(255).optional(),
  /**
   * Where the usages of the pressed keys stand, counted after the report number: a boot keyboard has six of one byte at 2 (HID 1.11,
   * Appendix B.1), a consumer control often one of two bytes at 0.
   */
  array: z
    .strictObject({
      offset: z.int().min(0).max(60),
      bytesPerKey: z.union([z.literal(1), z.literal(2)]),
      count: z.int().min(1).max(30),
    })
    .default({ offset: 2, bytesPerKey: 1, count: 6 }),
  /** Usages of the page that the array is made of: keyboard 0x07 (1…5 are 1E…22, of the number block 59…5D) or consumer 0x0C. */
  keys: z.array(z.strictObject({ usage, level })).min(1).max(40),
  /** Usages that mean nothing, e.g. 28 (Enter) of a pad that sends it after each digit. */
  ignore: z.array(usage).max(40).default([]),
});

const usagesOf = (keys: readonly string[]): number[] => keys.map((hex) => Number.parseInt(hex, 16));

export const hidPadProtocolSchema = z
  .discriminatedUnion('type', [reportsSchema, keypadSchema])
  .refine((protocol) => {
    if (protocol.type === 'keypad') {
      const usages = usagesOf([...protocol.keys.map(({ usage: key }) => key), ...protocol.ignore]);
      return new Set(usages).size === usages.length;
    }
    const rules: { report: string; means: unknown }[] = [
      ...protocol.match.map(({ report, level: means }) => ({ report, means })),
      ...protocol.ignore.map((report) => ({ report, means: 'nothing' })),
      ...(protocol.heartbeat ? [{ report: protocol.heartbeat.expect, means: 'alive' }] : []),
    ];
    return rules.every((rule, index) =>
      rules
        .slice(index + 1)
        .every((other) => other.means === rule.means || !overlap(templateOf(rule.report), templateOf(other.report))),
    );
  }, 'one report or usage stands for two things')
  .refine(
    ({ open, prompt, cancel, outputLength, ...rest }) =>
      outputLength === 0 ||
      [
        ...open,
        ...prompt,
        ...cancel,
        ...(rest.type === 'reports' && rest.heartbeat ? [rest.heartbeat.send] : []),
      ].every((line) => bytesOfHex(line).length <= outputLength + 1),
    'a line is longer than an output report with its number',
  );

export type HidPadProtocol = z.infer<typeof hidPadProtocolSchema>;
export type ReportsProtocol = Extract<HidPadProtocol, { type: 'reports' }>;
export type KeypadProtocol = Extract<HidPadProtocol, { type: 'keypad' }>;

export const hidPadConfigSchema = z
  .strictObject({
    /** One of the examples of models-hid.ts. */
    model: z.enum(hidPadModelNames).optional(),
    protocol: hidPadProtocolSchema.optional(),
  })
  // No default, for the same reason as on a serial line.
  .refine(
    ({ model, protocol }) => (model === undefined) !== (protocol === undefined),
    '“model”和“protocol”必须填一个，且只能填一个 / give either model or protocol',
  );
export type HidPadConfig = z.infer<typeof hidPadConfigSchema>;
