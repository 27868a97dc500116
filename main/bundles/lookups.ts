// Questions that the host asks of a channel's contents. Pure.

import type { Announcements, PickUpCodes, QueueBlocks } from '../contract/bundles.ts';
import type { Text } from '../contract/text.ts';
import { sha256Of } from './signed-file.ts';

/** The first notice whose time it is. */
export const announcementAt = ({ items }: Announcements, nowMs: number): Text | undefined =>
  items.find(
    ({ from, until }) =>
      (from === undefined || Date.parse(from) <= nowMs) && (until === undefined || nowMs < Date.parse(until)),
  )?.text;

/**
 * In the order in which they are used; nothing when the centre reserves none of this letter at all, an empty list when its blocks are
 * for other days: then no number is safe from another kiosk's.
 */
export const blocksOf = (
  { blocks }: QueueBlocks,
  dayKey: string,
  prefix: string,
): { from: number; to: number }[] | undefined => {
  const ofPrefix = blocks.filter((block) => block.prefix === prefix);
  if (ofPrefix.length === 0) return undefined;
  return ofPrefix
    .filter(({ day }) => day === dayKey)
    .map(({ from, to }) => ({ from, to }))
    .toSorted((a, b) => a.from - b.from);
};

export type PickUp =
  | { state: 'waiting'; pickUpId: string; cell: number; name: Text }
  /** `noList`: no list that still counts is here, so nothing is opened by it. */
  | { state: 'unknown' | 'revoked' | 'expired' | 'noList' };

/** What a code opens. */
export const findPickUp = (codes: PickUpCodes | undefined, code: string, nowMs: number): PickUp => {
  if (!codes) return { state: 'noList' };
  const found = codes.codes.find(({ salt, hash }) => sha256Of(`${salt}|${code}`) === hash);
  if (!found) return { state: 'unknown' };
  const { pickUpId, cell, name, until } = found;
  if (codes.revoked.includes(pickUpId)) return { state: 'revoked' };
  return Date.parse(until) <= nowMs ? { state: 'expired' } : { state: 'waiting', pickUpId, cell, name };
};
