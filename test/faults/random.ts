// Numbers that look random and can be had again: every campaign names its seed, and a failure is found again with it.

export type Random = {
  /** A whole number in 0…n-1. */
  below(n: number): number;
  chance(oneIn: number): boolean;
  bytes(length: number): Uint8Array;
};

/** Mulberry32: small, fast, good enough to spread faults (not for secrets). */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (n: number): number => next() % n;
  return {
    below,
    chance: (oneIn) => below(oneIn) === 0,
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) bytes[index] = next() & 0xff;
      return bytes;
    },
  };
};

/** The same number for the same text, to give every case a seed of its own whatever else runs. */
export const seedOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
};
