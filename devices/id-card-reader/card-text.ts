// The 256-byte text block of a card chip → an IdCard, or the reason why not. Stands behind codec.ts (frames), before machine.ts.
// UCS-2 little-endian, padded with spaces. The type letter at byte 248 decides which of the layouts below is read.

import { fail, ok, type Failure, type Result } from '../kit/result.ts';
import type { CardType, IdCard } from './api.ts';
import { ethnicityNames } from './ethnicity.ts';
import { checkCitizenId, readDate } from './id-number.ts';

export type CardProblem = 'unsupportedCard' | 'damagedData';

export const textBlockBytes = 256;
export const addressBytes = 70;
const typeOffset = 248;

/** Byte offset and length of a field. */
type Field = readonly [offset: number, bytes: number];

const residentLayout = {
  name: [0, 30],
  sex: [30, 2],
  /** Blank on the HK/Macau/Taiwan permit. */
  ethnicity: [32, 4],
  birthDate: [36, 16],
  address: [52, 70],
  number: [122, 36],
  issuer: [158, 30],
  validFrom: [188, 16],
  validTo: [204, 16],
  /** Permit only. */
  permitNumber: [220, 18],
  issueCount: [238, 4],
} as const satisfies Record<string, Field>;

const foreigner2017Layout = {
  nameLatin: [0, 120],
  sex: [120, 2],
  number: [122, 30],
  nationality: [152, 6],
  name: [158, 30],
  validFrom: [188, 16],
  validTo: [204, 16],
  birthDate: [220, 16],
} as const satisfies Record<string, Field>;

const foreigner2023Layout = {
  name: [0, 30],
  sex: [30, 2],
  /** Stands where residents have their ethnicity. */
  issueCount: [32, 4],
  birthDate: [36, 16],
  nameLatinStart: [52, 70],
  number: [122, 36],
  validFrom: [188, 16],
  validTo: [204, 16],
  nameLatinEnd: [220, 22],
  nationality: [242, 6],
} as const satisfies Record<string, Field>;

const textDecoder = new TextDecoder('utf-16le', { fatal: true });

/** Spaces pad a field; some old modules pad with U+0000. */
const trim = (text: string): string => text.replace(/^[ \0]+|[ \0]+$/g, '');

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f]/.test(text);

/** Text of a field, or undefined when it holds a broken surrogate or a control character. */
const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return textDecoder.decode(bytes);
  } catch {
    return undefined;
  }
};

const typeOf = (letter: number): CardType | undefined => {
  switch (letter) {
    // Some old modules leave the type of a resident card at zero.
    case 0x0000:
    case 0x0020:
      return 'resident';
    case 0x4a:
      return 'hmtPermit';
    case 0x49:
      return 'foreigner2017';
    case 0x59:
      return 'foreigner2023';
    default:
      return undefined;
  }
};

const damaged = (what: string): { ok: false; error: Failure<'damagedData'> } =>
  fail('damagedData', 'citizen', `the card's data do not validate: ${what}`);

type Common = Pick<IdCard, 'sex' | 'birthDate' | 'validFrom'> & { validTo?: string };

/** Sex and dates, which every layout has. `长期` leaves `validTo` out. */
const readCommon = (sex: string, birth: string, from: string, to: string): Common | string => {
  if (sex !== '0' && sex !== '1' && sex !== '2' && sex !== '9') return 'sex';
  const birthDate = readDate(birth);
  if (birthDate === undefined) return 'birth date';
  const validFrom = readDate(from);
  if (validFrom === undefined) return 'start of validity';
  if (to === '长期') return { sex, birthDate, validFrom };
  const validTo = readDate(to);
  if (validTo === undefined || validTo < validFrom) return 'end of validity';
  return { sex, birthDate, validFrom, validTo };
};

/**
 * Checks a number against the card around it. A kiosk whose clock battery died thinks that it is 1970: the card's own issue
 * date is then the better "today", since no card is issued before its holder is born.
 */
const checkNumber = (number: string, common: Common, today: string): string | undefined => {
  const checked = checkCitizenId(number, today > common.validFrom ? today : common.validFrom);
  if (!checked.ok) return `number: ${checked.error.code}`;
  return checked.value.birthDate === common.birthDate ? undefined : 'number and birth date differ';
};

/**
 * Reads a text block (256 bytes, exactly). `today` is YYYY-MM-DD. Nothing is repaired: a card whose check character, dates or
 * characters are impossible is `damagedData`, and a type letter that is not known is `unsupportedCard`.
 */
export const parseCardText = (block: Uint8Array, today: string): Result<IdCard, CardProblem> => {
  if (block.length !== textBlockBytes) return damaged('length of the text block');
  const type = typeOf((block[typeOffset] ?? 0) | ((block[typeOffset + 1] ?? 0) << 8));
  if (!type) return fail('unsupportedCard', 'citizen', 'the type letter is not known');
  let isBroken = false;
  const raw = ([offset, bytes]: Field): string => {
    const text = decodeText(block.subarray(offset, offset + bytes));
    if (text === undefined || hasControl(text.replace(/\0+$/, ''))) isBroken = true;
    return text ?? '';
  };
  const card =
    type === 'foreigner2017'
      ? readForeigner2017((field) => trim(raw(field)))
      : type === 'foreigner2023'
        ? readForeigner2023(raw, today)
        : readResident(type, (field) => trim(raw(field)), today);
  if (isBroken) return damaged('characters');
  return typeof card === 'string' ? damaged(card) : ok(card);
};

const readResident = (
  type: 'resident' | 'hmtPermit',
  text: (field: Field) => string,
  today: string,
): IdCard | string => {
  const at = residentLayout;
  const common = readCommon(text(at.sex), text(at.birthDate), text(at.validFrom), text(at.validTo));
  if (typeof common === 'string') return common;
  const number = text(at.number).toUpperCase();
  const problem = checkNumber(number, common, today);
  if (problem) return problem;
  const name = text(at.name);
  if (!name) return 'name';
  const base = { type, name, number, ...common, address: text(at.address), issuer: text(at.issuer) };
  if (type === 'hmtPermit') {
    if (!/^8[123]0000/.test(number)) return 'area of a permit';
    return { ...base, permitNumber: text(at.permitNumber), issueCount: text(at.issueCount) };
  }
  const code = text(at.ethnicity);
  if (code !== '' && !/^\d\d$/.test(code)) return 'ethnicity';
  const people = ethnicityNames[code];
  return people === undefined ? base : { ...base, ethnicity: { code, name: people } };
};

const readForeigner2017 = (text: (field: Field) => string): IdCard | string => {
  const at = foreigner2017Layout;
  const common = readCommon(text(at.sex), text(at.birthDate), text(at.validFrom), text(at.validTo));
  if (typeof common === 'string') return common;
  const number = text(at.number);
  if (!/^[A-Z]{3}\d{12}$/.test(number)) return 'number';
  const nationality = text(at.nationality);
  if (!/^[A-Z]{3}$/.test(nationality)) return 'nationality';
  const nameLatin = text(at.nameLatin);
  const name = text(at.name) || nameLatin;
  if (!name) return 'name';
  return { type: 'foreigner2017', name, nameLatin, number, nationality, ...common };
};

const readForeigner2023 = (raw: (field: Field) => string, today: string): IdCard | string => {
  const at = foreigner2023Layout;
  const text = (field: Field): string => trim(raw(field));
  const common = readCommon(text(at.sex), text(at.birthDate), text(at.validFrom), text(at.validTo));
  if (typeof common === 'string') return common;
  const number = text(at.number).toUpperCase();
  if (!number.startsWith('9')) return 'number';
  const problem = checkNumber(number, common, today);
  if (problem) return problem;
  const nationality = text(at.nationality);
  if (!/^[A-Z\d]{3}$/.test(nationality)) return 'nationality';
  // The name is cut in the middle of a word, wherever character 35 falls: joined before trimming.
  const nameLatin = trim(raw(at.nameLatinStart) + raw(at.nameLatinEnd));
  const name = text(at.name) || nameLatin;
  if (!name) return 'name';
  return { type: 'foreigner2023', name, nameLatin, number, nationality, issueCount: text(at.issueCount), ...common };
};

/** The appended address: 70 bytes, 35 characters. */
export const parseAppendedAddress = (bytes: Uint8Array): Result<string, CardProblem> => {
  const text = bytes.length === addressBytes ? decodeText(bytes) : undefined;
  if (text === undefined || hasControl(text.replace(/\0+$/, ''))) return damaged('appended address');
  return ok(trim(text));
};
