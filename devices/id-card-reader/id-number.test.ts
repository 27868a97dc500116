import { describe, expect, test } from 'vitest';
import { chinaDay, checkCitizenId } from './id-number.ts';

const today = '2026-01-01';

describe('citizen id numbers', () => {
  test.each([
    // The two examples printed in GB 11643-1999, then one number for each check character.
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
  ])('%s is right', (number) => {
    const day = number.startsWith('440524') ? '1999-01-01' : today;
    expect(checkCitizenId(number, day)).toMatchObject({ ok: true, value: { number } });
  });

  test.each([
    ['110101199003070012', 'wrongCheckDigit'],
    ['110101199002300014', 'impossibleDate'],
    ['110101199013010012', 'impossibleDate'],
    ['11010121000101001X', 'futureDate'],
    ['440524188001010014', 'tooOld'],
    ['11010119900307002', 'wrongForm'],
    ['1101011990030700AB', 'wrongForm'],
    ['', 'wrongForm'],
    ['010101199003070011', 'wrongForm'],
  ])('%s is refused: %s', (number, code) => {
    expect(checkCitizenId(number, today)).toMatchObject({ ok: false, error: { code } });
  });

  test('a small x is taken and stored as X; sex and birthday come from the number', () => {
    expect(checkCitizenId(' 11010119900307002x ', today)).toEqual({
      ok: true,
      value: { number: '11010119900307002X', birthDate: '1990-03-07', sex: 'female' },
    });
    expect(checkCitizenId('110101199003070011', today)).toMatchObject({ value: { sex: 'male' } });
  });

  test('born today is not yet the future; the limit of 130 years is the birthday itself', () => {
    expect(checkCitizenId('110101199003070011', '1990-03-07').ok).toBe(true);
    expect(checkCitizenId('110101199003070011', '1990-03-06').ok).toBe(false);
    expect(checkCitizenId('110101199003070011', '2120-03-07').ok).toBe(true);
    expect(checkCitizenId('110101199003070011', '2120-03-08').ok).toBe(false);
  });

  test('the day is the one in China, not in Greenwich', () => {
    expect(chinaDay(Date.UTC(2026, 0, 1, 15, 59))).toBe('2026-01-01');
    expect(chinaDay(Date.UTC(2026, 0, 1, 16, 0))).toBe('2026-01-02');
  });
});
