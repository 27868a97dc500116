// Blocks that nobody wrote: whatever the bytes are, the parser answers, and no changed digit of a number passes.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAppendedAddress, parseCardText } from './card-text.ts';
import { parseCardData } from './codec.ts';
import vectors from './fixtures/idcard-vectors.json' with { type: 'json' };
import { bytesOf } from './test-rig.ts';

const today = '2026-01-01';
const cards = [vectors.resident, vectors.resident_longterm, vectors.hmt_J, vectors.foreigner2023_Y].map((vector) =>
  bytesOf(vector.text_hex),
);
/** Characters 61 to 78 of the three layouts with an 18-digit number. */
const numberAt = 122;

/** GB 11643: the sum of digits times 2^(18-i) leaves 1 in division by 11, X counting 10. */
const hasGoodCheck = (number: string): boolean => {
  let weight = 1;
  let sum = 0;
  for (const digit of number.split('').toReversed()) {
    sum += weight * (digit === 'X' ? 10 : Number(digit));
    weight = (weight * 2) % 11;
  }
  return sum % 11 === 1;
};

describe('text block', () => {
  test('any bytes get an answer', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 300 }), (block) => {
        const parsed = parseCardText(block, today);
        expect(parsed.ok || ['damagedData', 'unsupportedCard'].includes(parsed.error.code)).toBe(true);
        parseAppendedAddress(block);
        for (const request of ['read', 'readWithPrint'] as const)
          expect(parseCardData(block, request, today).ok).toBe(false);
      }),
      { numRuns: 2000 },
    ));

  test('a good card with any bytes written over any place: what is accepted is a card whose number checks', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...cards),
        fc.nat(255),
        fc.uint8Array({ minLength: 1, maxLength: 12 }),
        (card, at, written) => {
          const block = Uint8Array.from(card);
          block.set(written.subarray(0, 256 - at), at);
          const parsed = parseCardText(block, today);
          if (!parsed.ok || parsed.value.type === 'foreigner2017') return;
          expect(hasGoodCheck(parsed.value.number)).toBe(true);
          expect(parsed.value.number.slice(6, 14)).toBe(parsed.value.birthDate.replaceAll('-', ''));
          expect(parsed.value.name.trim()).not.toBe('');
        },
      ),
      { numRuns: 3000 },
    ));

  test('another digit anywhere in the number is never accepted', () => {
    for (const card of cards)
      for (let place = 0; place < 18; place += 1)
        for (const digit of '0123456789X') {
          const block = Uint8Array.from(card);
          if (block[numberAt + 2 * place] === digit.charCodeAt(0)) continue;
          block[numberAt + 2 * place] = digit.charCodeAt(0);
          expect(parseCardText(block, today).ok).toBe(false);
        }
  });

  test('two neighbouring digits that changed places are never accepted', () => {
    for (const card of cards)
      for (let place = 0; place < 17; place += 1) {
        const [first, second] = [numberAt + 2 * place, numberAt + 2 * place + 2];
        const block = Uint8Array.from(card);
        if (block[first] === block[second]) continue;
        [block[first], block[second]] = [block[second] ?? 0, block[first] ?? 0];
        expect(parseCardText(block, today).ok).toBe(false);
      }
  });
});
