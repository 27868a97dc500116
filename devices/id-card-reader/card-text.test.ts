import { describe, expect, test } from 'vitest';
import type { IdCard } from './api.ts';
import { parseAppendedAddress, parseCardText } from './card-text.ts';
import { createSamDecoder, parseCardData, type SamFrame } from './codec.ts';
import vectors from './fixtures/idcard-vectors.json' with { type: 'json' };
import samFrames from './fixtures/sam-frames.json' with { type: 'json' };
import { knownPersons } from './known-persons.ts';
import { encodeUcs2, simulatedCards } from './simulated-cards.ts';
import { bytesOf } from './test-rig.ts';

const today = '2026-01-01';

/** By the names of the vectors. */
const expected = {
  resident: knownPersons.resident,
  resident_longterm: knownPersons.residentLongTerm,
  hmt_J: knownPersons.hmtPermit,
  foreigner2017_I: knownPersons.foreigner2017,
  foreigner2023_Y: knownPersons.foreigner2023,
} as const satisfies Record<string, IdCard>;
type VectorName = keyof typeof expected;
const vectorNames = Object.keys(expected) as VectorName[];

const photos = {
  zero: new Uint8Array(1024),
  pattern: Uint8Array.from({ length: 1024 }, (_, i) => (i < 3 ? ([0x57, 0x4c, 0x66][i] ?? 0) : (i * 37 + 11) & 255)),
};

const textOf = (name: VectorName): Uint8Array => bytesOf(vectors[name].text_hex);

/** A reply from foreign parts: the vector's text, the photo, and the checksum that the vector states. */
const reply = (lengthHex: string, headHex: string, parts: Uint8Array[], chk: string): Uint8Array =>
  Uint8Array.from([
    ...bytesOf(`AA AA AA 96 69 ${lengthHex} 00 00 90 ${headHex}`),
    ...parts.flatMap((part) => [...part]),
    ...bytesOf(chk),
  ]);

const only = (bytes: Uint8Array): SamFrame => {
  const items = createSamDecoder().push(bytes);
  if (items.length !== 1 || items[0]?.type !== 'frame') throw new Error('not exactly one frame');
  return items[0].frame;
};

describe('the published cards', () => {
  for (const name of vectorNames) {
    for (const photo of ['zero', 'pattern'] as const) {
      test(`${name} with photo ${photo}`, () => {
        const chk = vectors[name][photo === 'zero' ? 'frame_photo_zero_chk' : 'frame_photo_pattern_chk'];
        const bytes = reply('05 08', '01 00 04 00', [textOf(name), photos[photo]], chk);
        expect(bytes.length).toBe(1295);
        const parsed = parseCardData(only(bytes).data, 'read', today);
        expect(parsed).toEqual({ ok: true, value: { ...expected[name], photo: photos[photo] } });
      });
    }
  }

  test('with a fingerprint of 1024 bytes, and with none', () => {
    const text = textOf('resident');
    const print = new Uint8Array(1024);
    const { residentWithPrint1024Chk, residentWithPrint0Chk } = samFrames.longReplies;
    const long = reply('09 0A', '01 00 04 00 04 00', [text, photos.zero, print], residentWithPrint1024Chk);
    expect(long.length).toBe(2321);
    expect(parseCardData(only(long).data, 'readWithPrint', today)).toEqual({
      ok: true,
      value: { ...expected.resident, photo: photos.zero, fingerprint: print },
    });
    const short = reply('05 0A', '01 00 04 00 00 00', [text, photos.zero], residentWithPrint0Chk);
    expect(short.length).toBe(1297);
    expect(parseCardData(only(short).data, 'readWithPrint', today)).toEqual({
      ok: true,
      value: { ...expected.resident, photo: photos.zero },
    });
  });

  test('the appended address', () => {
    const { appendedAddress, appendedAddressChk } = samFrames.longReplies;
    const bytes = reply('00 4A', '', [encodeUcs2(appendedAddress, 35)], appendedAddressChk);
    expect(bytes.length).toBe(81);
    expect(parseAppendedAddress(only(bytes).data)).toEqual({ ok: true, value: appendedAddress });
    expect(parseAppendedAddress(new Uint8Array(69)).ok).toBe(false);
  });

  test('the simulator’s own writer lays the same persons out byte for byte', () => {
    const pairs = [
      ['resident', 'resident'],
      ['residentLongTerm', 'resident_longterm'],
      ['hmtPermit', 'hmt_J'],
      ['foreigner2017', 'foreigner2017_I'],
      ['foreigner2023', 'foreigner2023_Y'],
    ] as const;
    for (const [simulated, vector] of pairs)
      expect(Buffer.from(simulatedCards[simulated]?.text ?? []).toString('hex')).toBe(vectors[vector].text_hex);
  });
});

/** A copy with characters written over at a byte offset. */
const altered = (name: VectorName, offset: number, text: string): Uint8Array => {
  const block = Uint8Array.from(textOf(name));
  block.set(encodeUcs2(text, text.length), offset);
  return block;
};

describe('data that do not validate', () => {
  test.each([
    ['check character', altered('resident', 122 + 34, '1')],
    ['another digit in the number', altered('resident', 122 + 14, '5')],
    ['30 February in the birth date', altered('resident', 36, '19900230')],
    ['birth date that is not the number’s', altered('resident', 36, '19900308')],
    ['month 13 in the validity', altered('resident', 188, '20201301')],
    ['end before the start', altered('resident', 204, '20190101')],
    ['no validity at all', altered('resident', 204, '        ')],
    ['sex', altered('resident', 30, '3')],
    ['ethnicity that is no number', altered('resident', 32, 'A1')],
    ['empty name', altered('resident', 0, ' '.repeat(15))],
    ['control character in the name', altered('resident', 2, '\u0007')],
    ['half a surrogate pair in the address', altered('resident', 60, '\ud840 ')],
    ['permit of no permit area', altered('hmt_J', 122, '110101199003070011')],
    ['foreign number without a country', altered('foreigner2017_I', 122, '123110000000001')],
    ['nationality', altered('foreigner2017_I', 152, '1SA')],
    ['2023 number that does not begin with 9', altered('foreigner2023_Y', 122, '11010119900307002X')],
    ['check character of a 2023 number', altered('foreigner2023_Y', 122 + 34, '3')],
    ['short block', textOf('resident').subarray(0, 254)],
  ])('%s: damagedData', (_, block) => {
    expect(parseCardText(block, today)).toMatchObject({ ok: false, error: { code: 'damagedData' } });
  });

  test('no message repeats what the card says', () => {
    const parsed = parseCardText(altered('resident', 122 + 34, '1'), today);
    expect(parsed.ok ? '' : parsed.error.message).not.toMatch(/1990|张三|110101/);
  });

  test('an unknown type letter is another kind of card', () => {
    expect(parseCardText(altered('resident', 248, 'K'), today)).toMatchObject({ error: { code: 'unsupportedCard' } });
  });

  test.each([
    ['text length', 0, 0xff],
    ['photo length', 3, 0x01],
  ])('%s that does not add up: damagedData', (_, offset, value) => {
    const data = Uint8Array.from([1, 0, 4, 0, ...textOf('resident'), ...photos.zero]);
    data[offset] = value;
    expect(parseCardData(data, 'read', today)).toMatchObject({ ok: false, error: { code: 'damagedData' } });
  });
});

describe('what real cards and kiosks bring', () => {
  test('a card without a photo', () => {
    const data = Uint8Array.from([1, 0, 0, 0, ...textOf('resident')]);
    expect(parseCardData(data, 'read', today)).toEqual({ ok: true, value: expected.resident });
  });

  test('old modules leave the type at zero', () => {
    expect(parseCardText(altered('resident', 248, '\0'), today)).toEqual({ ok: true, value: expected.resident });
  });

  test('a kiosk whose clock stands in 1970 still reads cards', () => {
    expect(parseCardText(textOf('resident'), '1970-01-01').ok).toBe(true);
  });

  test('a dotted Uyghur name stays as the card writes it', () => {
    const parsed = parseCardText(simulatedCards['uyghurWoman']?.text ?? new Uint8Array(), today);
    expect(parsed).toMatchObject({ ok: true, value: { name: '阿依古丽·买买提', ethnicity: { name: '维吾尔' } } });
  });

  test('a rare character outside the basic plane survives', () => {
    const parsed = parseCardText(altered('resident', 0, '𠮷三 '), today);
    expect(parsed).toMatchObject({ ok: true, value: { name: '𠮷三' } });
  });

  test('a foreign card without a Chinese name is called by the Latin one', () => {
    const parsed = parseCardText(altered('foreigner2023_Y', 0, '   '), today);
    expect(parsed).toMatchObject({ ok: true, value: { name: 'SMITH, JOHN EDWARD ALEXANDER MAXIMILIAN' } });
  });

  test('an expired card is read; whether it may be used is for the journey to say', () => {
    expect(parseCardText(textOf('hmt_J'), '2030-01-01').ok).toBe(true);
  });
});
