// Whatever is typed: the engine answers, never throws, and only takes letters that can be cut into sounds.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PinyinLexicon } from './lexicon-format.ts';
import { createPinyinEngine, longestInput } from './pinyin.ts';
import lexiconText from './pinyin-lexicon.json?raw';
import { initials, syllables } from './syllables.ts';

const engine = createPinyinEngine(JSON.parse(lexiconText) as PinyinLexicon);
const whole = new Set([
  ...syllables,
  'lue',
  'nue',
  'yv',
  ...['jv', 'qv', 'xv'].flatMap((s) => [s, `${s}an`, `${s}e`, `${s}n`]),
]);

/** An oracle of its own: whole syllables, first sounds, apostrophes, and a beginning of a syllable at the very end. */
const isLegal = (letters: string, isEndOfInput: boolean): boolean => {
  const reached = [true];
  for (let at = 0; at < letters.length; at++) {
    if (reached[at] !== true) continue;
    if (letters[at] === "'") reached[at + 1] = true;
    for (let end = at + 1; end <= Math.min(letters.length, at + 6); end++) {
      const part = letters.slice(at, end);
      const isBeginning = isEndOfInput && end === letters.length && [...whole].some((s) => s.startsWith(part));
      if (whole.has(part) || initials.includes(part) || isBeginning) reached[end] = true;
    }
  }
  return reached[letters.length] === true;
};

const letters = fc.string({ unit: fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz'")), maxLength: 20 });
const sounds = fc
  .array(fc.oneof(fc.constantFrom(...syllables), fc.constantFrom(...initials), fc.constant("'")), { maxLength: 8 })
  .map((parts) => parts.join(''));
const typed = fc.oneof(letters, sounds);

describe('any input', () => {
  it('gives candidates that take at least one letter and never more than there are', () => {
    fc.assert(
      fc.property(typed, fc.boolean(), (input, isFuzzy) => {
        for (const { text, consumed } of engine.candidates(input, 60, { isFuzzy })) {
          expect(consumed).toBeGreaterThanOrEqual(1);
          expect(consumed).toBeLessThanOrEqual(input.length);
          expect(text).toMatch(/^[\u3400-\u9fff]+$/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes only letters that are sounds', () => {
    fc.assert(
      fc.property(typed, (input) => {
        for (const { consumed } of engine.candidates(input, 60)) {
          expect(isLegal(input.slice(0, consumed), consumed === input.length)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('offers no text twice and no more than asked', () => {
    fc.assert(
      fc.property(typed, fc.integer({ min: 0, max: 30 }), (input, limit) => {
        const texts = engine.candidates(input, limit).map(({ text }) => text);
        expect(texts.length).toBeLessThanOrEqual(limit);
        expect(new Set(texts).size).toBe(texts.length);
      }),
      { numRuns: 100 },
    );
  });

  it('finds something for every input that begins with a sound, and can be typed to its end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...syllables), { minLength: 1, maxLength: 5 }), (parts) => {
        let rest = parts.join('');
        while (rest !== '') {
          const [first] = engine.candidates(rest, 1);
          expect(first).toBeDefined();
          rest = rest.slice(first?.consumed ?? rest.length);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('survives what is no pinyin at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (input) => {
        expect(Array.isArray(engine.candidates(input, 10))).toBe(true);
        expect(engine.segment(input).join('').length).toBeLessThanOrEqual(input.length * 3);
      }),
      { numRuns: 200 },
    );
    expect(engine.candidates('', 10)).toEqual([]);
    expect(engine.candidates("''", 10)).toEqual([]);
    expect(engine.candidates('vvv', 10)).toEqual([]);
  });

  it('looks at no more letters than the longest input', () => {
    const long = 'jiangbian'.repeat(20);
    for (const { consumed } of engine.candidates(long, 5)) expect(consumed).toBeLessThanOrEqual(longestInput);
  });
});

describe('composition line', () => {
  it('shows every typed letter, in order', () => {
    fc.assert(
      fc.property(typed, (input) => {
        expect(engine.segment(input).join('')).toBe(input.replaceAll("'", ''));
      }),
      { numRuns: 200 },
    );
  });
});
