// The lines of a machine-readable zone → a document, or the first field that is wrong. Pure.
//
// Source: ICAO Doc 9303, part 3 (4.9 check digits, 4.6 names), part 4 (TD3), part 5 (TD1), part 6 (TD2). Positions in comments
// count from 1, as the standard does. Nothing is corrected: an O that may be a 0 is a swipe that is done again.

import type { DocumentField, DocumentFormat, TravelDocument, UnreadReason } from './api.ts';

/** A document as its zone says it: dates still YYMMDD, `<` where the document leaves them open. */
export type ZoneDocument = Omit<TravelDocument, 'birthDate' | 'expiryDate'> & { birth: string; expiry: string };

export type ZoneFailure = { reason: Exclude<UnreadReason, 'incomplete'>; field: DocumentField };

export type ZoneResult = { ok: true; document: ZoneDocument } | { ok: false; failure: ZoneFailure };

export const shapes: readonly { format: DocumentFormat; lines: number; length: number }[] = [
  { format: 'TD1', lines: 3, length: 30 },
  { format: 'TD2', lines: 2, length: 36 },
  { format: 'TD3', lines: 2, length: 44 },
];

const weights = [7, 3, 1] as const;

/** 0–9 as they are, A–Z = 10–35, filler = 0. */
const valueOf = (character: string): number => {
  if (character === '<') return 0;
  return /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55;
};

/** Part 3, 4.9: weights 7, 3, 1, modulo 10. */
export const checkDigitOf = (text: string): string => {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum += valueOf(text.charAt(index)) * (weights[index % 3] ?? 1);
  return String(sum % 10);
};

/** Characters `from` to `to` of a line, counted from 1, both included. */
const at = (line: string, from: number, to: number): string => line.slice(from - 1, to);

const withoutFillers = (text: string): string => text.replace(/<+$/, '');

/** The parts of a zone by meaning, whatever the layout. */
type Zone = {
  type: string;
  issuer: string;
  number: string;
  numberCheck: string;
  /** Where a number longer than nine characters goes on (TD1, TD2). */
  overflow?: string;
  nationality: string;
  birth: string;
  birthCheck: string;
  sex: string;
  expiry: string;
  expiryCheck: string;
  /** Only TD3 has a digit of its own for it. */
  optional?: { data: string; check: string };
  names: string;
  composite: { data: string; check: string };
};

const zoneOf = (format: DocumentFormat, lines: readonly string[]): Zone => {
  const [first = '', second = '', third = ''] = lines;
  if (format === 'TD1')
    return {
      type: at(first, 1, 2),
      issuer: at(first, 3, 5),
      number: at(first, 6, 14),
      numberCheck: at(first, 15, 15),
      overflow: at(first, 16, 30),
      birth: at(second, 1, 6),
      birthCheck: at(second, 7, 7),
      sex: at(second, 8, 8),
      expiry: at(second, 9, 14),
      expiryCheck: at(second, 15, 15),
      nationality: at(second, 16, 18),
      names: third,
      composite: {
        data: at(first, 6, 30) + at(second, 1, 7) + at(second, 9, 15) + at(second, 19, 29),
        check: at(second, 30, 30),
      },
    };
  const common = {
    type: at(first, 1, 2),
    issuer: at(first, 3, 5),
    names: first.slice(5),
    number: at(second, 1, 9),
    numberCheck: at(second, 10, 10),
    nationality: at(second, 11, 13),
    birth: at(second, 14, 19),
    birthCheck: at(second, 20, 20),
    sex: at(second, 21, 21),
    expiry: at(second, 22, 27),
    expiryCheck: at(second, 28, 28),
  };
  if (format === 'TD2')
    return {
      ...common,
      overflow: at(second, 29, 35),
      composite: { data: at(second, 1, 10) + at(second, 14, 20) + at(second, 22, 35), check: at(second, 36, 36) },
    };
  return {
    ...common,
    optional: { data: at(second, 29, 42), check: at(second, 43, 43) },
    composite: { data: at(second, 1, 10) + at(second, 14, 20) + at(second, 22, 43), check: at(second, 44, 44) },
  };
};

/**
 * Number and its check digit. Longer than nine characters: the digit's place holds a filler, the rest and then the digit begin
 * the optional data (part 5, 4.2.2; part 6, 4.2.2).
 */
const numberOf = (zone: Zone): { number: string; check: string } => {
  const rest = zone.numberCheck === '<' && zone.overflow !== undefined ? (/^[^<]*/.exec(zone.overflow)?.[0] ?? '') : '';
  if (rest.length < 2) return { number: withoutFillers(zone.number), check: zone.numberCheck };
  return { number: zone.number + rest.slice(0, -1), check: rest.slice(-1) };
};

/** Days that no calendar has are a misreading; `<<` is the issuer's way to say "not known". */
const isDate = (text: string): boolean => {
  const match = /^(\d{2}|<<)(\d{2}|<<)(\d{2}|<<)$/.exec(text);
  if (!match) return false;
  const month = match[2] === '<<' ? 1 : Number(match[2]);
  const day = match[3] === '<<' ? 1 : Number(match[3]);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
};

const sexes: Readonly<Record<string, TravelDocument['sex']>> = { F: 'female', M: 'male', '<': 'unspecified' };

const stateForm = /^[A-Z]{1,3}<{0,2}$/;
const typeForm = /^[A-Z][A-Z<]$/;
const nameForm = /^[A-Z][A-Z<]*$/;

const namesOf = (field: string): Pick<TravelDocument, 'surname' | 'givenNames' | 'areNamesCut'> => {
  const [primary = '', ...secondary] = withoutFillers(field).split('<<');
  const words = (text: string): string => text.split('<').filter(Boolean).join(' ');
  return { surname: words(primary), givenNames: words(secondary.join('<')), areNamesCut: !field.endsWith('<') };
};

/** `lines` have the length and number of `format` and hold A–Z, 0–9 and `<` only. */
export const readZone = (format: DocumentFormat, lines: readonly string[]): ZoneResult => {
  const zone = zoneOf(format, lines);
  const { number, check } = numberOf(zone);
  const fails = (reason: ZoneFailure['reason'], field: DocumentField): ZoneResult => ({
    ok: false,
    failure: { reason, field },
  });
  const fits = (data: string, digit: string): boolean => digit === checkDigitOf(data);

  if (!fits(number, check)) return fails('wrongCheckDigit', 'documentNumber');
  if (!fits(zone.birth, zone.birthCheck)) return fails('wrongCheckDigit', 'birthDate');
  if (!fits(zone.expiry, zone.expiryCheck)) return fails('wrongCheckDigit', 'expiryDate');
  if (zone.optional) {
    // Nothing but fillers: the digit may be 0 or a filler itself (part 4, 4.2.2).
    const isEmpty = withoutFillers(zone.optional.data) === '';
    if (!fits(zone.optional.data, zone.optional.check) && !(isEmpty && zone.optional.check === '<'))
      return fails('wrongCheckDigit', 'optionalData');
  }
  if (!fits(zone.composite.data, zone.composite.check)) return fails('wrongCheckDigit', 'composite');

  // The digits leave misreadings open whose values differ by ten (0 and A, 1 and B …), and cover no name and no state.
  if (!typeForm.test(zone.type)) return fails('wrongCharacters', 'type');
  if (!stateForm.test(zone.issuer)) return fails('wrongCharacters', 'issuer');
  if (number === '' || number.startsWith('<')) return fails('wrongCharacters', 'documentNumber');
  if (!stateForm.test(zone.nationality)) return fails('wrongCharacters', 'nationality');
  if (!isDate(zone.birth)) return fails('wrongCharacters', 'birthDate');
  if (!isDate(zone.expiry)) return fails('wrongCharacters', 'expiryDate');
  const sex = sexes[zone.sex];
  if (sex === undefined) return fails('wrongCharacters', 'sex');
  if (!nameForm.test(zone.names)) return fails('wrongCharacters', 'names');
  return {
    ok: true,
    document: {
      format,
      type: withoutFillers(zone.type),
      issuer: withoutFillers(zone.issuer),
      number,
      nationality: withoutFillers(zone.nationality),
      birth: zone.birth,
      expiry: zone.expiry,
      sex,
      ...namesOf(zone.names),
    },
  };
};

/** From the century that a rule allows: nobody is born tomorrow, and no document runs out more than fifty years from now. */
export const centuries = {
  birth: (year: number, month: number, day: number, now: Date): number => {
    const today = now.getUTCFullYear() * 10_000 + (now.getUTCMonth() + 1) * 100 + now.getUTCDate();
    const inThisCentury = Math.floor(now.getUTCFullYear() / 100) * 100 + year;
    return inThisCentury * 10_000 + month * 100 + day > today ? inThisCentury - 100 : inThisCentury;
  },
  expiry: (year: number, now: Date): number => {
    const inThisCentury = Math.floor(now.getUTCFullYear() / 100) * 100 + year;
    if (inThisCentury > now.getUTCFullYear() + 50) return inThisCentury - 100;
    return inThisCentury <= now.getUTCFullYear() - 50 ? inThisCentury + 100 : inThisCentury;
  },
} as const;

const iso = (year: number, month: number, day: number): string | undefined => {
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 February passes the form of a date, but no calendar has it.
  return date.getUTCMonth() === month - 1 ? date.toISOString().slice(0, 10) : undefined;
};

/** Dates with their century as of `nowMs`; one that the document leaves open is absent. */
export const withDates = ({ birth, expiry, ...rest }: ZoneDocument, nowMs: number): TravelDocument => {
  const now = new Date(nowMs);
  const parts = (text: string): [number, number, number] | undefined =>
    text.includes('<') ? undefined : [Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4, 6))];
  const [born, ends] = [parts(birth), parts(expiry)];
  const birthDate = born && iso(centuries.birth(...born, now), born[1], born[2]);
  const expiryDate = ends && iso(centuries.expiry(ends[0], now), ends[1], ends[2]);
  return { ...rest, ...(birthDate ? { birthDate } : {}), ...(expiryDate ? { expiryDate } : {}) };
};
