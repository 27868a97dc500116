// Numbers that carry their own proof: citizen ID (GB 11643-1999), unified social credit code (GB 32100-2015), telephone numbers,
// dates. Pure; `today` is the date in the kiosk's time zone, `YYYY-MM-DD`.

/** Real calendar date `YYYY-MM-DD`, years 1 to 9999. */
export const isDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year > 0 && days !== undefined && day >= 1 && day <= days;
};

export type CitizenIdFault = 'length' | 'characters' | 'checkDigit' | 'birthDate' | 'futureBirth' | 'tooOld';
export type Checked<Fault extends string, Value> = ({ ok: true } & Value) | { ok: false; fault: Fault };

const idCheckDigits = '10X98765432';
const oldestYears = 130;

/**
 * 18 characters: 6 area, 8 birth, 3 sequence (odd: male), 1 check by ISO 7064 MOD 11-2 with weights 2^(18−i) mod 11.
 * Lower-case x is taken and answered as X. The area is not looked up: abolished codes stay valid for life. Permits of Hong Kong,
 * Macao and Taiwan residents (81–83…) and foreigners' cards of 2023 (9…) follow the same rule.
 */
export const checkCitizenId = (text: string, today: string): Checked<CitizenIdFault, { value: string }> => {
  const value = text.toUpperCase();
  if (!/^[0-9X]*$/.test(value)) return { ok: false, fault: 'characters' };
  if (value.length !== 18) return { ok: false, fault: 'length' };
  if (!/^\d{17}[0-9X]$/.test(value)) return { ok: false, fault: 'characters' };
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(value[i]) * (2 ** (17 - i) % 11);
  if (value[17] !== idCheckDigits[sum % 11]) return { ok: false, fault: 'checkDigit' };
  const birth = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`;
  if (!isDate(birth)) return { ok: false, fault: 'birthDate' };
  if (birth > today) return { ok: false, fault: 'futureBirth' };
  const oldest = `${String(Number(today.slice(0, 4)) - oldestYears - 1).padStart(4, '0')}${today.slice(4)}`;
  if (birth <= oldest) return { ok: false, fault: 'tooOld' };
  return { ok: true, value };
};

export const isCitizenId = (text: string, today: string): boolean => checkCitizenId(text, today).ok;

/** Number of a foreigner's permanent residence card issued before December 2023: 3 letters, 12 digits; its check digit is not published. */
export const isForeignerCardNumber2017 = (text: string): boolean => /^[A-Z]{3}\d{12}$/.test(text.toUpperCase());

const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2] as const;

export type UsccFault = 'length' | 'characters' | 'checkDigit';

/** GB 11714: 8 characters weighted, letters count from A = 10, check 11 − Σ mod 11 with 10 → X and 11 → 0. */
const isOrganisationCode = (code: string): boolean => {
  const sum = organisationWeights.reduce((total, weight, i) => total + weight * Number.parseInt(code[i] ?? '0', 36), 0);
  const check = 11 - (sum % 11);
  return code[8] === (check === 10 ? 'X' : check === 11 ? '0' : String(check));
};

/**
 * 18 characters of 31 (no I, O, S, V, Z), check by MOD 31 with weights 3^(i−1) mod 31. Lower case is taken and answered in upper case.
 * `warning`: the organisation code inside (positions 9–17) fails its own check, as a few early registrations really do; not a refusal.
 */
export const checkUscc = (text: string): Checked<UsccFault, { value: string; warning?: 'organisationCode' }> => {
  const value = text.toUpperCase();
  const digits = Array.from(value, (char) => usccAlphabet.indexOf(char));
  if (digits.includes(-1)) return { ok: false, fault: 'characters' };
  if (digits.length !== 18) return { ok: false, fault: 'length' };
  let sum = 0;
  let weight = 1;
  for (const digit of digits.slice(0, 17)) {
    sum += digit * weight;
    weight = (weight * 3) % 31;
  }
  if (digits[17] !== (31 - (sum % 31)) % 31) return { ok: false, fault: 'checkDigit' };
  return isOrganisationCode(value.slice(8, 17))
    ? { ok: true, value }
    : { ok: true, value, warning: 'organisationCode' };
};

export const isUscc = (text: string): boolean => checkUscc(text).ok;

/**
 * Mobile: 11 digits from 13 to 19. Landline with area code, with or without a hyphen: 010 and 02x take 8 digits, 03xx–09xx take
 * 7 or 8.
 */
export const isCnPhone = (text: string): boolean =>
  /^1[3-9]\d{9}$/.test(text) || /^(?:010|02\d)-?[2-9]\d{7}$/.test(text) || /^0[3-9]\d{2}-?[2-9]\d{6,7}$/.test(text);
