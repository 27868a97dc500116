import { describe, expect, test } from 'vitest';
import {
  checkCitizenId,
  checkUscc,
  isCitizenId,
  isCnPhone,
  isDate,
  isForeignerCardNumber2017,
  isUscc,
} from './formats.ts';

const today = '2026-01-01';

describe('citizen ID, GB 11643-1999', () => {
  // The first two are the standard's own examples, then one number for every remainder 0…10, permits, a foreigner, a leap day.
  test.each([
    '11010519491231002X',
    '440524188001010014',
    '110101199003070011',
    '110101199003070070',
    '11010119900307002X',
    '110101199003070089',
    '110101199003070038',
    '110101199003070097',
    '110101199003070046',
    '110101199003070185',
    '110101199003070054',
    '110101199003070193',
    '110101199003070062',
    '810000199001010019',
    '820000199001010029',
    '830000199001010039',
    '910000198512310012',
    '650100200002290017',
  ])('%s is valid', (number) => {
    // 440524188001010014 was born in 1880: valid by the standard, too old for anybody alive in 2026.
    expect(isCitizenId(number, number.startsWith('440524') ? '1990-01-01' : today)).toBe(true);
  });

  test.each([
    ['110101199003070012', 'checkDigit'],
    ['110101199002300014', 'birthDate'],
    ['110101199013010012', 'birthDate'],
    ['11010121000101001X', 'futureBirth'],
    ['11010119900307002', 'length'],
    ['1101011990030700AB', 'characters'],
    ['11010119900307X02X', 'characters'],
    ['440524188001010014', 'tooOld'],
    ['130503670401001', 'length'],
    ['', 'length'],
    [' 11010519491231002X', 'characters'],
    ['1101051949123100\uFF12X', 'characters'],
  ])('%s is refused for its %s', (number, fault) => {
    expect(checkCitizenId(number, today)).toEqual({ ok: false, fault });
  });

  test('lower-case x is taken and stored as X', () => {
    expect(checkCitizenId('11010519491231002x', today)).toEqual({ ok: true, value: '11010519491231002X' });
  });

  test('a child born today is old enough, one born tomorrow is not; 130 years is the limit', () => {
    expect(isCitizenId('11010121000101001X', '2100-01-01')).toBe(true);
    expect(isCitizenId('11010121000101001X', '2099-12-31')).toBe(false);
    expect(isCitizenId('440524188001010014', '2010-12-31')).toBe(true);
    expect(isCitizenId('440524188001010014', '2011-01-01')).toBe(false);
  });

  test('every single wrong digit and every swap of neighbours is noticed', () => {
    const number = '11010519491231002X';
    const places = Array.from({ length: 17 }, (_, at) => at);
    const oneWrong = places.flatMap((at) =>
      Array.from('0123456789', (digit) => number.slice(0, at) + digit + number.slice(at + 1)),
    );
    const swapped = places.map(
      (at) => number.slice(0, at) + (number[at + 1] ?? '') + (number[at] ?? '') + number.slice(at + 2),
    );
    const wrong = [...oneWrong, ...swapped].filter((other) => other !== number);
    expect(wrong.length).toBeGreaterThan(160);
    expect(wrong.filter((other) => isCitizenId(other, today))).toEqual([]);
  });
});

describe('unified social credit code, GB 32100-2015', () => {
  test.each([
    '91350100M000100Y43',
    '91110000600037341L',
    '91110101MA00000A9B',
    '111101010000131275',
    '913100001234567883',
    '52110101MJ0000018G',
    '93440106MA59ABCD1F',
  ])('%s is valid, its organisation code too', (code) => {
    expect(checkUscc(code)).toEqual({ ok: true, value: code });
    expect(isUscc(code.toLowerCase())).toBe(true);
  });

  test.each([
    ['91350100M000100Y44', 'checkDigit'],
    ['91350100I000100Y43', 'characters'],
    ['91350100M000100Y4', 'length'],
    ['', 'length'],
  ])('%s is refused for its %s', (code, fault) => {
    expect(checkUscc(code)).toEqual({ ok: false, fault });
  });

  test('a wrong organisation code inside only warns', () => {
    // M000100Y-4 changed to M000100Y-5, the outer check computed anew.
    expect(checkUscc('91350100M000100Y56')).toEqual({
      ok: true,
      value: '91350100M000100Y56',
      warning: 'organisationCode',
    });
  });
});

describe('telephone numbers', () => {
  test.each([
    '13800138000',
    '19912345678',
    '010-66012345',
    '01066012345',
    '027-87654321',
    '0711-3381234',
    '07113381234',
    '0755-82345678',
  ])('%s is one', (phone) => expect(isCnPhone(phone)).toBe(true));
  test.each([
    '',
    '1380013800',
    '138001380000',
    '12800138000',
    '66012345',
    '010-6601234',
    '0711-123456',
    '+8613800138000',
    '138 0013 8000',
    '1380013800\uFF10',
  ])('%s is none', (phone) => expect(isCnPhone(phone)).toBe(false));
});

test('dates are real days of the calendar', () => {
  for (const date of ['2024-02-29', '2000-02-29', '2026-12-31']) expect(isDate(date)).toBe(true);
  for (const date of [
    '2023-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '0000-01-01',
    '2026-01-01T00:00',
  ])
    expect(isDate(date)).toBe(false);
});

test('numbers of foreigners’ cards of 2017 have three letters and twelve digits', () => {
  expect(isForeignerCardNumber2017('USA110000001234')).toBe(true);
  expect(isForeignerCardNumber2017('US1100000012345')).toBe(false);
});
