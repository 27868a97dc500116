// The one way to write a JSON value as bytes, so that both ends of the wire hash the same thing: keys sorted by UTF-16 code
// units, no spaces, `undefined` members left out, UTF-8.

import { hash } from 'node:crypto';

/** Throws on what JSON cannot say (NaN, infinities, functions, bigint): that is a bug in the caller. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no JSON form');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`a ${typeof value} has no JSON form`);
};

/** Lower-case hexadecimal; strings are hashed as UTF-8. */
export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data);

/** A value that we wrote as JSON ourselves; `otherwise` when the text is no JSON any more. */
export const parsedOr = <T>(text: string, otherwise: () => T): T => {
  try {
    return JSON.parse(text) as T;
  } catch {
    return otherwise();
  }
};
