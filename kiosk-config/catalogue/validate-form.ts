// A filled-in form against its item: every answer that cannot stay, each with one sentence that says what to do, in the order
// in which the form asks. The rules are the form's JSON Schema; the words are ours.

import type { ErrorObject } from 'ajv';
import type { FormField, Item } from '../../main/contract/catalogue.ts';
import type { Language, Text } from '../../main/contract/text.ts';
import { formValidator, propertiesOf, requiredOf, type FormProperty } from './form-schema.ts';
import {
  checkCitizenId,
  checkUscc,
  isForeignerCardNumber2017,
  type CitizenIdFault,
  type UsccFault,
} from './formats.ts';

export type FormAnswer = string | number | boolean | null;
export type FormProblem = { fieldId: string; text: Text };
export type FormContext = {
  /** Date in the kiosk's time zone, `YYYY-MM-DD`. */
  today: string;
  /** Problems come in both languages; a caller may hand in its whole context all the same. */
  language?: Language;
};

const citizenIdTexts: Record<CitizenIdFault, Text> = {
  length: { zh: '身份证号应为 18 位', en: 'An ID number has 18 characters' },
  characters: {
    zh: '身份证号只有数字，最后一位可以是 X',
    en: 'An ID number has digits only; the last place may be X',
  },
  checkDigit: {
    zh: '身份证号最后一位校验不对，请对照证件检查',
    en: 'The check digit of this ID number does not fit; please compare it with the card',
  },
  birthDate: {
    zh: '身份证号里的出生日期不存在，请对照证件检查',
    en: 'The birth date in this ID number does not exist; please compare it with the card',
  },
  futureBirth: {
    zh: '身份证号里的出生日期还没到，请对照证件检查',
    en: 'The birth date in this ID number is in the future; please compare it with the card',
  },
  tooOld: {
    zh: '身份证号里的出生日期太早，请对照证件检查',
    en: 'The birth date in this ID number is too long ago; please compare it with the card',
  },
};

const usccTexts: Record<UsccFault, Text> = {
  length: { zh: '统一社会信用代码应为 18 位', en: 'A unified social credit code has 18 characters' },
  characters: {
    zh: '统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z',
    en: 'A unified social credit code has digits and capital letters, but no I, O, S, V or Z',
  },
  checkDigit: {
    zh: '统一社会信用代码最后一位校验不对，请对照营业执照检查',
    en: 'The check character of this code does not fit; please compare it with the business licence',
  },
};

const phoneText = (value: string): Text =>
  value.startsWith('0')
    ? {
        zh: '固定电话请带区号，例如 027-87654321',
        en: 'Give a landline with its area code, for example 027-87654321',
      }
    : { zh: '手机号应为 11 位数字', en: 'A mobile number has 11 digits' };

const formatText = (format: string | undefined, value: string, today: string): Text => {
  switch (format) {
    case 'citizen-id': {
      const checked = checkCitizenId(value, today);
      return citizenIdTexts[checked.ok ? 'checkDigit' : checked.fault];
    }
    case 'uscc': {
      const checked = checkUscc(value);
      return usccTexts[checked.ok ? 'checkDigit' : checked.fault];
    }
    case 'cn-phone':
      return phoneText(value);
    case 'date':
      return { zh: '这一天不存在，请按 年-月-日 填写', en: 'There is no such day; write it as year-month-day' };
    default:
      return { zh: '格式不对', en: 'The format is not right' };
  }
};

const lengthOf = (text: string): number => Array.from(text).length;

const textRule = (property: FormProperty, value: string, isTooLong: boolean): Text => {
  const length = lengthOf(value);
  return isTooLong
    ? {
        zh: `最多 ${property.maxLength} 个字，现在有 ${length} 个`,
        en: `At most ${property.maxLength} characters; there are ${length} now`,
      }
    : {
        zh: `至少 ${property.minLength} 个字，现在有 ${length} 个`,
        en: `At least ${property.minLength} characters; there are ${length} now`,
      };
};

const emptyText = (field: FormField): Text => {
  const isChosen = field.kind === 'choice' || field.kind === 'yesNo' || field.kind === 'date';
  return isChosen
    ? { zh: `请选择${field.label.zh}`, en: `Please choose: ${field.label.en}` }
    : { zh: `请填写${field.label.zh}`, en: `Please fill in: ${field.label.en}` };
};

const patternText = (field: FormField): Text => {
  if (field.kind === 'personName') return { zh: '姓名里不能有数字或符号', en: 'A name has no digits or signs in it' };
  return field.hint
    ? { zh: `格式不对。${field.hint.zh}`, en: `The format is not right. ${field.hint.en}` }
    : { zh: '格式不对', en: 'The format is not right' };
};

/** One ajv error in words. `field` is the field that it belongs to. */
const textOf = (
  error: ErrorObject,
  field: FormField,
  property: FormProperty,
  value: FormAnswer,
  today: string,
): Text => {
  const unit = { zh: field.unit ? ` ${field.unit.zh}` : '', en: field.unit ? ` ${field.unit.en}` : '' };
  const asText = typeof value === 'string' ? value : '';
  switch (error.keyword) {
    case 'maxLength':
    case 'minLength':
      return textRule(property, asText, error.keyword === 'maxLength');
    case 'format':
      return formatText(property.format, asText, today);
    case 'pattern':
      return patternText(field);
    case 'minimum':
      return {
        zh: `不能小于 ${property.minimum}${unit.zh}`,
        en: `Must not be less than ${property.minimum}${unit.en}`,
      };
    case 'maximum':
      return {
        zh: `不能大于 ${property.maximum}${unit.zh}`,
        en: `Must not be more than ${property.maximum}${unit.en}`,
      };
    case 'enum':
    case 'const':
      return { zh: '请从列出的选项中选', en: 'Please choose one of the answers offered' };
    case 'type':
      if (property.type === 'integer') return { zh: '请填整数', en: 'Enter a whole number' };
      if (property.type === 'number') return { zh: '请填数字', en: 'Enter a number' };
      return emptyText(field);
    default:
      return { zh: '这一项填得不对，请检查', en: 'This answer is not right; please check it' };
  }
};

/** Which of several errors at one field is told: what a person would put right first. */
const keywordOrder = ['type', 'maxLength', 'minLength', 'format', 'pattern', 'enum', 'minimum', 'maximum'];
const rank = (keyword: string): number => {
  const place = keywordOrder.indexOf(keyword);
  return place === -1 ? keywordOrder.length : place;
};

/** What the schema cannot say, because it depends on the day. */
const dayText = (property: FormProperty, value: FormAnswer, today: string): Text | undefined => {
  if (typeof value !== 'string') return undefined;
  if (property.format === 'citizen-id' && !isForeignerCardNumber2017(value)) {
    const checked = checkCitizenId(value, today);
    return checked.ok ? undefined : citizenIdTexts[checked.fault];
  }
  if (property['x-when'] === 'past' && value > today) return { zh: '不能晚于今天', en: 'Must not be later than today' };
  if (property['x-when'] === 'future' && value < today)
    return { zh: '不能早于今天', en: 'Must not be earlier than today' };
  return undefined;
};

const isEmpty = (value: FormAnswer | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/**
 * Every problem of a form, at most one a field, in the order of the form. An empty answer (null, '', blanks) counts as not given.
 * Answers to fields that the form does not have come last.
 */
export const validateForm = (
  item: Pick<Item, 'form'>,
  values: Readonly<Record<string, FormAnswer | undefined>>,
  { today }: FormContext,
): FormProblem[] => {
  const { form } = item;
  const properties = propertiesOf(form);
  const required = requiredOf(form);
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => !isEmpty(value)));
  const validate = formValidator(form.schema);
  const errors = validate(given) ? [] : (validate.errors ?? []);
  const byField = new Map<string, ErrorObject>();
  for (const error of errors) {
    const id = error.instancePath.slice(1);
    const told = byField.get(id);
    if (id !== '' && (!told || rank(error.keyword) < rank(told.keyword))) byField.set(id, error);
  }

  const problems: FormProblem[] = [];
  const fields = form.pages.flatMap((page) => page.fields);
  for (const field of fields) {
    const value = Object.hasOwn(given, field.id) ? (given[field.id] ?? null) : null;
    const property = properties[field.id] ?? {};
    const error = byField.get(field.id);
    const say = (text: Text | undefined): void => {
      if (text) problems.push({ fieldId: field.id, text });
    };
    if (value === null) say(required.has(field.id) ? emptyText(field) : undefined);
    else if (error) say(textOf(error, field, property, value, today));
    // Line breaks and other control characters come from scanners and pasted texts; nobody types them, and they break printing.
    else if (typeof value === 'string' && /\p{Cc}/u.test(value))
      say({
        zh: '里面有看不见的字符，请重新填写',
        en: 'There are invisible characters in it; please fill it in again',
      });
    else say(dayText(property, value, today));
  }
  const known = new Set(fields.map((field) => field.id));
  for (const fieldId of Object.keys(given)) {
    if (known.has(fieldId)) continue;
    problems.push({ fieldId, text: { zh: '表里没有这一项', en: 'The form has no such question' } });
  }
  return problems;
};
