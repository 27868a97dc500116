// The payload hash as the centre computes it. Written apart from the kiosk's own, so that a mistake in one of them is seen.

import { createHash, type Hash } from 'node:crypto';

/** Feeds the text piece by piece: keys in code unit order, no spaces, members without a value left out. */
const feed = (hash: Hash, value: unknown): void => {
  if (Array.isArray(value)) {
    hash.update('[');
    for (let index = 0; index < value.length; index++) {
      if (index > 0) hash.update(',');
      feed(hash, value[index]);
    }
    hash.update(']');
  } else if (value !== null && typeof value === 'object') {
    hash.update('{');
    let count = 0;
    const members = new Map<string, unknown>(Object.entries(value));
    for (const key of [...members.keys()].toSorted()) {
      if (members.get(key) === undefined) continue;
      if (count > 0) hash.update(',');
      hash.update(`${JSON.stringify(key)}:`);
      feed(hash, members.get(key));
      count += 1;
    }
    hash.update('}');
  } else {
    hash.update(JSON.stringify(value), 'utf8');
  }
};

/** SHA-256 over canonical JSON, hexadecimal. */
export const payloadHash = (payload: unknown): string => {
  const hash = createHash('sha256');
  feed(hash, payload);
  return hash.digest('hex');
};
