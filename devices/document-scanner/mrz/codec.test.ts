// Zones of ICAO's own specimens (fixtures/), whole, in pieces, damaged and among noise.

import { readFileSync } from 'node:fs';
import { array, assert, constantFrom, integer, property, record, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../kit/machine.ts';
import { burstLimit, createMrzDecoder, type MrzFrame } from './codec.ts';
import { centuries, checkDigitOf, readZone, withDates } from './mrz.ts';

type Specimen = { format: 'TD1' | 'TD2' | 'TD3'; lines: string[]; document: Record<string, unknown> };
const { documents, checkDigits } = JSON.parse(
  readFileSync(new URL('fixtures/specimens.json', import.meta.url), 'utf8'),
) as { documents: Specimen[]; checkDigits: [string, string][] };
const passport = documents[0]!;
const td2 = documents[2]!;

const in2026 = Date.UTC(2026, 10, 25);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const sent = (lines: readonly string[], end = '\r'): Uint8Array => bytesOf(lines.map((line) => line + end).join(''));

const decode = (chunks: readonly Uint8Array[], isSilentAfter = true): Decoded<MrzFrame>[] => {
  const decoder = createMrzDecoder({ silenceMs: 300 });
  const decoded = chunks.flatMap((chunk) => decoder.push(chunk));
  return isSilentAfter ? [...decoded, ...(decoder.idle?.() ?? [])] : decoded;
};
const framesOf = (decoded: readonly Decoded<MrzFrame>[]): MrzFrame[] =>
  decoded.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const documentOf = (frame: MrzFrame | undefined): unknown =>
  frame?.type === 'document' ? withDates(frame.document, in2026) : frame;

/** The line with another character at position `at`, counted from 1. */
const altered = (line: string, at: number, to: string): string => line.slice(0, at - 1) + to + line.slice(at);

test.each(checkDigits)('check digit of %s is %s', (text, digit) => {
  expect(checkDigitOf(text)).toBe(digit);
});

describe.each(documents)('$format $lines.1', ({ format, lines, document }) => {
  test.each([
    ['CR', sent(lines)],
    ['CR LF', sent(lines, '\r\n')],
    ['STX … ETX', bytesOf(`\u0002${lines.join('\r')}\u0003`)],
    ['CR CR at the end', bytesOf(`${lines.join('\r')}\r\r`)],
    ['no separators', bytesOf(`${lines.join('')}\r`)],
    ['no last separator', bytesOf(lines.join('\r'))],
  ])('is read with %s', (_name, bytes) => {
    const decoded = decode([bytes]);
    expect(framesOf(decoded).map(documentOf)).toEqual([{ format, ...document }]);
    expect(decoded.filter(({ type }) => type === 'discarded')).toEqual([]);
  });

  test('is read in any chunks', () => {
    const bytes = sent(lines);
    assert(
      property(array(integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(framesOf(decode(chunks)).map(documentOf)).toEqual([{ format, ...document }]);
      }),
      { numRuns: 30 },
    );
  });

  test('is found behind any noise', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), (noise) => {
        const frames = framesOf(decode([noise, sent(lines)]));
        expect(frames.filter(({ type }) => type === 'document').map(documentOf)).toEqual([{ format, ...document }]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a wrong character is told by its field, and nothing is guessed', () => {
  const second = passport.lines[1]!;
  test.each([
    ['documentNumber', altered(second, 3, '0')],
    ['birthDate', altered(second, 14, '8')],
    ['expiryDate', altered(second, 23, '3')],
    ['optionalData', altered(second, 31, '5')],
    ['composite', altered(second, 44, '1')],
  ])('%s', (field, line) => {
    expect(framesOf(decode([sent([passport.lines[0]!, line])]))).toEqual([
      { type: 'unread', reason: 'wrongCheckDigit', field },
    ]);
  });

  test('an O in place of a 0 is not turned back', () => {
    const line = altered(second, 17, 'O');
    expect(framesOf(decode([sent([passport.lines[0]!, line])]))[0]).toMatchObject({ type: 'unread' });
  });

  test.each([
    ['birthDate', altered(second, 18, 'B')],
    ['sex', altered(second, 21, 'H')],
    ['nationality', altered(second, 11, '0')],
  ])('%s: a character that cannot stand there, whatever the digits say', (field, line) => {
    const result = framesOf(decode([sent([passport.lines[0]!, line])]))[0];
    expect(result).toEqual({ type: 'unread', reason: 'wrongCharacters', field });
  });

  test.each([
    ['type', altered(passport.lines[0]!, 1, '9')],
    ['issuer', altered(passport.lines[0]!, 4, '7')],
    ['names', altered(passport.lines[0]!, 9, '1')],
  ])('%s in the first line', (field, line) => {
    expect(framesOf(decode([sent([line, second])]))).toEqual([{ type: 'unread', reason: 'wrongCharacters', field }]);
  });

  test('a fitting digit over a day that no calendar has', () => {
    // 13th month; its own digit and the composite are right.
    const birth = `741312${checkDigitOf('741312')}`;
    const start = `${td2.lines[1]!.slice(0, 13)}${birth}${td2.lines[1]!.slice(20, 35)}`;
    const line = start + checkDigitOf(start.slice(0, 10) + start.slice(13, 20) + start.slice(21, 35));
    expect(readZone('TD2', [td2.lines[0]!, line])).toEqual({
      ok: false,
      failure: { reason: 'wrongCharacters', field: 'birthDate' },
    });
  });

  test('whatever single character of the checked fields is replaced, no other number or date comes out', () => {
    // Positions of TD3 under a digit: 1–10, 14–20, 22–28.
    const checked = [...Array(10).keys(), 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27];
    const alphabet = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<');
    const value = (character: string): number => alphabet.indexOf(character) % 36;
    assert(
      property(record({ at: constantFrom(...checked), to: constantFrom(...alphabet) }), ({ at, to }) => {
        const from = second[at]!;
        const frames = framesOf(decode([sent([passport.lines[0]!, altered(second, at + 1, to)])]));
        // The standard's own gap: characters whose values differ by ten have the same digit. Dates refuse letters.
        if (from === to || ((value(from) - value(to)) % 10 === 0 && at < 9)) return;
        expect(frames.every(({ type }) => type === 'unread')).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe('not a whole document', () => {
  test.each([
    ['half of it', [passport.lines[0]!, passport.lines[1]!.slice(0, 20)]],
    ['one line', [passport.lines[1]!]],
    ['a character too few', [passport.lines[0]!, passport.lines[1]!.slice(1)]],
    ['a character that the reader could not tell', [passport.lines[0]!, altered(passport.lines[1]!, 5, '?')]],
    ['lines of two layouts', [passport.lines[0]!, td2.lines[1]!]],
  ])('%s is one unread swipe', (_name, lines) => {
    expect(framesOf(decode([sent(lines)]))).toEqual([{ type: 'unread', reason: 'incomplete' }]);
  });

  test('a few characters are noise', () => {
    const decoded = decode([bytesOf('READY\r\n')]);
    expect(decoded).toMatchObject([{ type: 'discarded', reason: 'notADocument' }]);
  });

  test('nothing is told before the silence: a bad reading followed by a good one is a good one', () => {
    const bad = sent([passport.lines[0]!, altered(passport.lines[1]!, 14, '8')]);
    expect(framesOf(decode([bad], false))).toEqual([]);
    expect(framesOf(decode([bad, sent(passport.lines)], false)).map(({ type }) => type)).toEqual(['document']);
  });

  test('a line that babbles fills no memory, and a document after it is read', () => {
    const decoder = createMrzDecoder({ silenceMs: 300 });
    let discarded = 0;
    for (let turn = 0; turn < 200; turn += 1)
      for (const item of decoder.push(bytesOf('A'.repeat(100))))
        if (item.type === 'discarded') discarded += item.bytes.length;
    expect(discarded).toBeGreaterThan(200 * 100 - burstLimit);
    expect(framesOf(decoder.push(sent(passport.lines)))).toHaveLength(1);
  });

  test('random bytes never make a document', () => {
    assert(
      property(array(uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
        expect(framesOf(decode(chunks)).some(({ type }) => type === 'document')).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what the zone says', () => {
  test('a name that fills its field may be cut; a single name has no given names', () => {
    const full = passport.lines[0]!.slice(0, 5) + 'NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K'.padEnd(39, 'X');
    expect(framesOf(decode([sent([full, passport.lines[1]!])]))[0]).toMatchObject({
      document: { areNamesCut: true, surname: 'NILAVADHANANANDA', givenNames: 'CHAYAPA DEJTHAMRONG K' },
    });
    const single = `P<UTOARKFREITH${'<'.repeat(30)}`;
    expect(framesOf(decode([sent([single, passport.lines[1]!])]))[0]).toMatchObject({
      document: { surname: 'ARKFREITH', givenNames: '', areNamesCut: false },
    });
  });

  test('a day that the issuer left open is no day', () => {
    const start = 'D231458907UTO74<<<<';
    const birth = checkDigitOf('74<<<<');
    const rest = `${start}${birth}F1204159${'<'.repeat(7)}`;
    const line = rest + checkDigitOf(rest.slice(0, 10) + rest.slice(13, 20) + rest.slice(21, 35));
    const read = readZone('TD2', [td2.lines[0]!, line]);
    if (!read.ok) throw new Error(read.failure.field);
    expect(withDates(read.document, in2026)).not.toHaveProperty('birthDate');
  });

  test('centuries: nobody is born tomorrow; a document runs out within fifty years', () => {
    const now = new Date(in2026);
    expect(centuries.birth(26, 11, 25, now)).toBe(2026);
    expect(centuries.birth(26, 11, 26, now)).toBe(1926);
    expect(centuries.birth(99, 1, 1, now)).toBe(1999);
    expect(centuries.expiry(76, now)).toBe(2076);
    expect(centuries.expiry(77, now)).toBe(1977);
    expect(centuries.expiry(30, now)).toBe(2030);
    expect(centuries.expiry(10, new Date(Date.UTC(2095, 0, 1)))).toBe(2110);
  });
});
