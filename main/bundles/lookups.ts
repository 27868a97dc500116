// Questions that the host asks of a channel's contents. Pure.

import { timingSafeEqual } from 'node:crypto';
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

/** A result that the centre's list names: what it is, in which cell, until when. */
export type ListedResult = { pickUpId: string; cell: number; name: Text; untilMs: number };

export type PickUp =
  | ({ state: 'waiting' | 'revoked' | 'expired' } & ListedResult)
  /**
   * `unclear`: the code fits two results that wait, and nobody knows whose door to open. `noList`: none ever came; `listOver`: the one
   * that is here counts no more. Nothing is opened by any of them.
   */
  | { state: 'unknown' | 'unclear' | 'noList' | 'listOver' };

/** What a code opens. Every entry is compared, each in constant time: how long it takes says nothing about a guess. */
export const findPickUp = (codes: PickUpCodes, code: string, nowMs: number): PickUp => {
  const fitting = codes.codes.filter(({ salt, hash }) =>
    timingSafeEqual(Buffer.from(sha256Of(`${salt}|${code}`), 'hex'), Buffer.from(hash, 'hex')),
  );
  const revoked = new Set(codes.revoked);
  const found = fitting.map(({ pickUpId, cell, name, until }) => {
    const untilMs = Date.parse(until);
    const state = revoked.has(pickUpId) ? 'revoked' : untilMs <= nowMs ? 'expired' : 'waiting';
    return { state, pickUpId, cell, name, untilMs } as const;
  });
  const waiting = found.filter(({ state }) => state === 'waiting');
  if (waiting.length > 1) return { state: 'unclear' };
  // A code that was given again under a new number: the old one is revoked, the new one waits.
  return waiting[0] ?? found[0] ?? { state: 'unknown' };
};
