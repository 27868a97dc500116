// A rating pad described by data. No public protocol for counter pads exists, so nothing about one is in the code.

import { z } from 'zod';
import { padModelNames } from './models.ts';
import { hexBytesPattern, templatePattern } from './pattern.ts';

export const hexBytes = z.string().regex(hexBytesPattern, 'hex bytes with one blank between them, e.g. "02 31 03"');
export const template = z
  .string()
  .regex(templatePattern, 'hex bytes, ??, VALUE/MASK, SUM or XOR with one blank between them');
export const level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
const regex = z
  .string()
  .min(1)
  .refine((source) => {
    try {
      return new RegExp(source) instanceof RegExp;
    } catch {
      return false;
    }
  }, 'not a regular expression');

/** Times that hold for every pad, whatever its wire. */
export const times = {
  /** A prompt that nobody answers ends after this time, if the caller's deadline does not come first. */
  timeoutMs: z.int().min(1000).max(600_000).default(60_000),
  /** Keys so soon after the prompt were pressed before it; the hand of the last citizen must not rate for this one. */
  guardMs: z.int().min(0).max(2000).default(300),
  /** The same key again within this time, counted from its last sign, is a contact that bounces or a finger that stays. */
  bounceMs: z.int().min(0).max(2000).default(200),
};

export const padProtocolSchema = z
  .strictObject({
    /** Sent once after the port was opened. */
    open: z.array(hexBytes).default([]),
    /** Asks the citizen to rate: lamp, voice, whatever the pad does. */
    prompt: z.array(hexBytes).default([]),
    /** Ends the prompt without a rating. */
    cancel: z.array(hexBytes).default([]),
    /**
     * What each key sends. `bytes`: a template. `regex`: matched against the whole of what came between two silences, as
     * Latin-1 text. 5 is 非常满意, 1 is 非常不满意.
     */
    match: z
      .array(z.union([z.strictObject({ bytes: template, level }), z.strictObject({ regex, level })]))
      .min(1)
      .max(40),
    /** A silence of this length ends what a key sends. */
    idleMs: z.int().min(5).max(1000).default(50),
    ...times,
    /** A question that the pad answers by itself. Without one, nobody can know whether a pad hangs on the port. */
    heartbeat: z
      .strictObject({ send: hexBytes, expect: template, everyMs: z.int().min(1000).max(60_000).default(10_000) })
      .optional(),
  })
  .refine(({ match }) => {
    const rules = match.map((rule) => ('bytes' in rule ? rule.bytes.toUpperCase() : `/${rule.regex}/`));
    return new Set(rules).size === rules.length;
  }, 'the same bytes stand for two keys');

export type PadProtocol = z.infer<typeof padProtocolSchema>;

export const padConfigSchema = z
  .strictObject({
    /** One of the examples of models.ts. */
    model: z.enum(padModelNames).optional(),
    protocol: padProtocolSchema.optional(),
  })
  // No default: an example that is taken for the pad at hand would be a pad that never rates, and nobody would know why.
  .refine(
    ({ model, protocol }) => (model === undefined) !== (protocol === undefined),
    '“model”和“protocol”必须填一个，且只能填一个 / give either model or protocol',
  );
export type PadConfig = z.infer<typeof padConfigSchema>;
