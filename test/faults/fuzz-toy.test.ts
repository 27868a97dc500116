// The fuzzer itself: a right decoder passes, and every way to be wrong makes its own count rise.

import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../devices/kit/machine.ts';
import type { Rehearsal } from '../../devices/kit/rehearsal.ts';
import { fuzzBatch, isFuzzClean, type FuzzReport } from './fuzz.ts';
import { createToyDecoder, toy } from './toy-device.ts';

const { rehearsal } = toy();
const withDecoder = (createDecoder: () => Decoder<unknown>): Rehearsal => ({
  ...rehearsal,
  codec: { ...rehearsal.codec, createDecoder },
});
const fuzz = (given: Rehearsal): FuzzReport => fuzzBatch('toy-bell', given, 7, 4000);

it('finds nothing at a decoder that is right', () => {
  const report = fuzz(rehearsal);
  expect(report.failures).toEqual([]);
  expect(isFuzzClean(report)).toBe(true);
  expect(report.damaged).toBeGreaterThan(500);
});

it('plays the same streams for the same seed', () => {
  const flawed = withDecoder(() => createToyDecoder('believesAnything'));
  expect(fuzz(flawed)).toEqual(fuzz(flawed));
});

describe('finds', () => {
  it('a decoder that throws', () => {
    expect(fuzz(withDecoder(() => createToyDecoder('throwsOnGarbage'))).crashes).toBeGreaterThan(0);
  });

  it('a decoder that believes damaged frames', () => {
    expect(fuzz(withDecoder(() => createToyDecoder('believesAnything'))).wrongData).toBeGreaterThan(0);
  });

  it('a decoder that reads chunks, not bytes', () => {
    const report = fuzz(
      withDecoder(() => {
        const decoder = createToyDecoder();
        // Forgets what it held at every push.
        return { push: (chunk) => (chunk.length < 5 ? [] : decoder.push(chunk)) };
      }),
    );
    expect(report.chunking).toBeGreaterThan(0);
  });

  it('a decoder that never finds back', () => {
    const report = fuzz(
      withDecoder(() => {
        const decoder = createToyDecoder();
        let isLost = false;
        return {
          push(chunk) {
            const items = isLost ? [] : decoder.push(chunk);
            isLost ||= items.some(({ type }) => type === 'discarded');
            return isLost ? [{ type: 'discarded', bytes: chunk, reason: 'lost' }] : items;
          },
        };
      }),
    );
    expect(report.lostAfterGarbage).toBeGreaterThan(0);
  });

  it('a decoder that loses bytes in silence', () => {
    const report = fuzz(
      withDecoder(() => {
        const decoder = createToyDecoder();
        return { push: (chunk) => decoder.push(chunk).filter(({ type }) => type === 'frame') };
      }),
    );
    expect(report.unaccounted).toBeGreaterThan(0);
  });
});
