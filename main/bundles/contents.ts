// Whether a payload can be served: judged by the loaders that judge the files on the machine. The last thing before a bundle is taken,
// and done again whenever it is loaded.

import type { z } from 'zod';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { parseCatalogue } from '../../kiosk-config/catalogue/load.ts';
import { centralPartSchema, withCentralPart } from '../../kiosk-config/central-part.ts';
import type { ParseOptions } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import {
  announcementsSchema,
  pickUpCodesSchema,
  queueBlocksSchema,
  tokenKeysSchema,
  type Announcements,
  type BundleChannel,
  type PickUpCodes,
  type QueueBlocks,
  type TokenKeys,
} from '../contract/bundles.ts';
import type { Catalogue } from '../contract/catalogue.ts';

export type Contents = {
  catalogue: Catalogue;
  /** The machine's own configuration with the centre's part over it. */
  configuration: KioskConfig;
  announcements: Announcements;
  pickUpCodes: PickUpCodes;
  queueBlocks: QueueBlocks;
  tokenKeys: TokenKeys;
};
export type Checked<C extends BundleChannel> = Result<Contents[C], 'contentsInvalid'>;
export type ContentChecks = { readonly [C in BundleChannel]: (value: unknown) => Checked<C> };

const invalid = (message: string): Result<never, 'contentsInvalid'> =>
  fail('contentsInvalid', 'engineer', message.slice(0, 300));

const bySchema =
  <T>(schema: z.ZodType<T>) =>
  (value: unknown): Result<T, 'contentsInvalid'> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return ok(parsed.data);
    const fields = parsed.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    return invalid(fields.join('; '));
  };

/** Blocks that overlap would give a number twice. */
const checkBlocks = (value: unknown): Checked<'queueBlocks'> => {
  const parsed = bySchema(queueBlocksSchema)(value);
  if (!parsed.ok) return parsed;
  const sorted = parsed.value.blocks.toSorted((a, b) => a.from - b.from);
  for (const [index, block] of sorted.entries()) {
    const clash = sorted
      .slice(index + 1)
      .find(({ day, prefix, from }) => day === block.day && prefix === block.prefix && from <= block.to);
    if (clash) return invalid(`blocks of ${block.day} ${block.prefix} overlap at ${clash.from}`);
  }
  return parsed;
};

/** `isNew`: forms are compiled too, which takes a while; what was checked in full before is not compiled again. */
export const createContentChecks = (
  config: KioskConfig,
  options: ParseOptions & { isNew: boolean },
): ContentChecks => ({
  catalogue(value) {
    const parsed = parseCatalogue(value, { compileForms: options.isNew });
    return parsed.ok ? ok(parsed.value) : invalid(parsed.error.message);
  },
  configuration(value) {
    const part = bySchema(centralPartSchema)(value);
    if (!part.ok) return part;
    const merged = withCentralPart(config, part.value, options);
    return merged.ok ? ok(merged.value) : invalid(merged.error.message);
  },
  announcements: bySchema(announcementsSchema),
  pickUpCodes: bySchema(pickUpCodesSchema),
  queueBlocks: checkBlocks,
  tokenKeys: bySchema(tokenKeysSchema),
});
