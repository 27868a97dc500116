// UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness, so ids made later sort later.

import { createHash, randomBytes } from 'node:crypto';

/** Clocks before 1970 or after the year 10889 are held to what 48 bits can say. */
export const uuidV7 = (nowMs: number): string => {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.min(Math.max(0, Math.floor(nowMs)), 2 ** 48 - 1), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

const v7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** The centre refuses an event whose id is another kind: it must be found before the row is written, not a week later. */
export const isUuidV7 = (id: string): boolean => v7.test(id);

/** The id of an act of a visit, whose own id is a UUIDv7: the same however often it is asked, so that what is told again is told once. */
export const actId = (visitId: string, act: string): string =>
  `${visitId.slice(0, 24)}${createHash('sha256').update(`${visitId}|${act}`).digest('hex').slice(0, 12)}`;
