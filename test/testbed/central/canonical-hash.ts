// The payload hash as the centre computes it. Written apart from the kiosk's own, so that a mistake in one of them is seen.

import { createHash } from 'node:crypto';

/** Puts the text together piece by piece: keys in code unit order, no spaces, members without a value left out. */
const spell = (pieces: string[], value: unknown): void => {
  if (Array.isArray(value)) {
    pieces.push('[');
    for (let index = 0; index < value.length; index++) {
      if (index > 0) pieces.push(',');
      spell(pieces, value[index]);
    }
    pieces.push(']');
  } else if (value !== null && typeof value === 'object') {
    pieces.push('{');
    let count = 0;
    const members = new Map<string, unknown>(Object.entries(value));
    for (const key of [...members.keys()].toSorted()) {
      if (members.get(key) === undefined) continue;
      if (count > 0) pieces.push(',');
      pieces.push(JSON.stringify(key), ':');
      spell(pieces, members.get(key));
      count += 1;
    }
    pieces.push('}');
  } else {
    pieces.push(JSON.stringify(value));
  }
};

/** SHA-256 over canonical JSON, hexadecimal. */
export const payloadHash = (payload: unknown): string => {
  const pieces: string[] = [];
  spell(pieces, payload);
  return createHash('sha256').update(pieces.join(''), 'utf8').digest('hex');
};
