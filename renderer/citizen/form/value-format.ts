// How an answer looks while it is typed, and what is sent of it. Pure: text of the keyboard in, text for the eye and value out.
// Before it: the on-screen keyboard or a paste. After it: `setField` with the value, the host's schema decides whether it is right.

import type { FormField } from '../../../main/contract/catalogue.ts';
import type { Language } from '../../../main/contract/text.ts';

export type FieldKind = FormField['kind'];
export type FieldValue = string | number | boolean | null;

/** Sizes of the groups in which a number is read: ID 6-8-4, phone 3-4-4, credit code as GB 32100 divides it. */
const groups: Partial<Record<FieldKind, readonly number[]>> = {
  citizenId: [6, 8, 4],
  phone: [3, 4, 4],
  uscc: [2, 6, 9, 1],
};

/** The contract takes answers up to 20,000 characters; the host refuses what is too long for the field and says so. */
export const mostCharacters = 20_000;

/** Full-width digits and letters of a Chinese keyboard become plain ones. */
const narrow = (text: string): string =>
  text.replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCodePoint(c.codePointAt(0)! - 0xfee0)).replaceAll('\u3000', ' ');

/** What is kept of typed or pasted text. Only separators are dropped; a wrong character stays, so that it can be seen. */
export const cleanTyped = (kind: FieldKind, typed: string): string => {
  switch (kind) {
    case 'citizenId':
    case 'uscc':
      return narrow(typed).replace(/[\s-]/g, '').toUpperCase();
    case 'phone':
      return narrow(typed).replace(/[\s-]/g, '');
    case 'number':
    case 'money':
      return narrow(typed).replace(/[\s,]/g, '');
    case 'date':
      return narrow(typed)
        .replace(/[\s日]/g, '')
        .replace(/[年月./]/g, '-');
    case 'text':
    case 'personName':
    case 'address':
      // One line: a pasted line break would hide the rest of the answer.
      return typed.replace(/[\r\n\t]+/g, ' ');
    case 'choice':
    case 'yesNo':
      return typed;
    default:
      return kind satisfies never;
  }
};

/** Cuts `text` into groups; what is left over after the last group stays visible as a group of its own. */
const inGroups = (text: string, sizes: readonly number[]): string[] => {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= text.length) return parts;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
};

/** The same text with gaps where people pause. Never changes a character. */
export const groupTyped = (kind: FieldKind, text: string): string => {
  const sizes = groups[kind];
  // Masked or very long text is not a number to be read in groups.
  if (!sizes || text.length > 40) return text;
  return inGroups(text, sizes).join(' ');
};

/** Text of a value that the host pushed, as one would have typed it. */
export const typedOf = (value: FieldValue): string =>
  value === null || typeof value === 'boolean' ? '' : String(value);

/** What `setField` gets. A number that is none yet is sent as its text, so that the host can refuse it beside the field. */
export const valueOf = (kind: FieldKind, typed: string): FieldValue => {
  const text = cleanTyped(kind, typed).trim();
  if (text === '') return null;
  switch (kind) {
    case 'number':
    case 'money':
      return /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : text.slice(0, mostCharacters);
    case 'yesNo':
      return text === 'true';
    case 'date': {
      const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
      const loose = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
      const [, year, month, day] = compact ?? loose ?? [];
      return year && month && day
        ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
        : text.slice(0, mostCharacters);
    }
    case 'text':
    case 'personName':
    case 'citizenId':
    case 'phone':
    case 'uscc':
    case 'address':
    case 'choice':
      return text.slice(0, mostCharacters);
    default:
      return kind satisfies never;
  }
};

/** A large sum as it is said, so that a missing zero is noticed: 300000 → `30 万`, `300,000`. Undefined where it helps nobody. */
export const spokenSum = (value: FieldValue, language: Language): string | undefined => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 10_000) return undefined;
  if (language === 'en') return value.toLocaleString('en-GB');
  return value >= 1e8 ? `${Math.round(value / 1e4) / 1e4} 亿` : `${Math.round(value) / 1e4} 万`;
};

/** Keyboard layout for a kind, per language of the screen. Choice and yes/no are buttons and have none. */
export const keyboardLayouts = {
  text: { zh: 'pinyin', en: 'latin' },
  personName: { zh: 'pinyin', en: 'latin' },
  address: { zh: 'pinyin', en: 'latin' },
  uscc: { zh: 'latin', en: 'latin' },
  citizenId: { zh: 'idNumber', en: 'idNumber' },
  phone: { zh: 'phone', en: 'phone' },
  number: { zh: 'digits', en: 'digits' },
  money: { zh: 'digits', en: 'digits' },
  date: { zh: 'date', en: 'date' },
  choice: undefined,
  yesNo: undefined,
} as const satisfies Record<FieldKind, { zh: string; en: string } | undefined>;

const isGrouped = (kind: FieldKind, text: string): boolean => groups[kind] !== undefined && text.length <= 40;

/** Where the caret stands in the grouped text, for a caret in the typed one (both in UTF-16 units). */
export const shownCaret = (kind: FieldKind, text: string, caret: number): number =>
  isGrouped(kind, text) ? groupTyped(kind, text.slice(0, caret)).length : caret;

/** The way back: a place in the grouped text as a place in the typed one. */
export const typedCaret = (kind: FieldKind, text: string, shown: number): number =>
  isGrouped(kind, text) ? groupTyped(kind, text).slice(0, shown).replaceAll(' ', '').length : shown;
