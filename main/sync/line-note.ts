// How the line stood, written down: a restart goes on counting from when it was lost, and `sync status` can say so without the sender.

import { z } from 'zod';
import type { Store } from '../store/open.ts';
import { failureCodes, type FailureCode } from './failure-words.ts';

const lineSchema = z.object({
  offlineSinceMs: z.number().optional(),
  failure: z
    .object({ code: z.string().refine((code) => failureCodes.has(code)), message: z.string(), atMs: z.number() })
    .optional(),
});

export type Line = {
  offlineSinceMs?: number;
  failure?: { code: FailureCode; message: string; atMs: number };
};

export const lineText = (line: Line): string => JSON.stringify(line);

/** Nothing when it was never written, or by a version with other words. */
export const lineOf = (text: string | undefined): Line | undefined => {
  const parsed = text === undefined ? undefined : lineSchema.safeParse(JSON.parse(text));
  return parsed?.success === true ? (parsed.data as Line) : undefined;
};

export const lineNote = (store: Pick<Store, 'note'>): Line | undefined => lineOf(store.note('line'));
