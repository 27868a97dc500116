// Chinese identity numbers of 18 characters (GB 11643-1999): area, date of birth, sequence, check character.
// Used by the card parser, and by whoever lets a person type a number. Pure.
//
//   110101 19900307 002 X
//   area   birth    seq check (ISO 7064 MOD 11-2)

import { fail, ok, type Result } from '../kit/result.ts';

export type CitizenId = {
  /** Upper case. */
  number: string;
  /** YYYY-MM-DD. */
  birthDate: string;
  /** An odd sequence number is male. */
  sex: 'male' | 'female';
};

export type CitizenIdProblem = 'wrongForm' | 'wrongCheckDigit' | 'impossibleDate' | 'futureDate' | 'tooOld';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';
export const oldestAgeYears = 130;

/** The check character for the first 17 digits (ISO 7064 MOD 11-2). */
export const checkCharacterOf = (digits: string): string => {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return checkCharacters[sum % 11] ?? '';
};

/** `20200229` → `2020-02-29`; undefined when the calendar has no such day. */
export const readDate = (compact: string): string | undefined => {
  if (!/^\d{8}$/.test(compact)) return undefined;
  const iso = `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6, 8)}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
};

/** The calendar day in China (UTC+8, no summer time) at `now`, YYYY-MM-DD. */
export const chinaDay = (now: number): string => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);

/**
 * Checks form, check character and date of birth. `today` is YYYY-MM-DD. Lower-case `x` is taken. The area code is not looked
 * up: codes of abolished areas stay valid for life. Numbers of HK/Macau/Taiwan permits (81…83) and of the 2023 foreigner card
 * (9…) follow the same rule.
 */
export const checkCitizenId = (text: string, today: string): Result<CitizenId, CitizenIdProblem> => {
  const number = text.trim().toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return fail('wrongForm', 'citizen', 'not 17 digits and a check character');
  if (checkCharacterOf(number) !== number[17]) return fail('wrongCheckDigit', 'citizen', 'the check character differs');
  const birthDate = readDate(number.slice(6, 14));
  if (birthDate === undefined) return fail('impossibleDate', 'citizen', 'the calendar has no such birthday');
  if (birthDate > today) return fail('futureDate', 'citizen', 'born after today');
  const oldest = `${String(Number(today.slice(0, 4)) - oldestAgeYears).padStart(4, '0')}${today.slice(4)}`;
  if (birthDate < oldest) return fail('tooOld', 'citizen', `older than ${oldestAgeYears} years`);
  return ok({ number, birthDate, sex: Number(number[16]) % 2 === 1 ? 'male' : 'female' });
};
