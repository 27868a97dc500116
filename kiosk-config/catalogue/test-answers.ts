// One good set of answers to any form, made from its fields, for the tests beside.

import type { FormField, Item } from '../../main/contract/catalogue.ts';
import { propertiesOf } from './form-schema.ts';
import type { FormAnswer } from './validate-form.ts';

/** The day on which the tests fill in forms. */
export const today = '2026-03-12';

/** Texts that follow a pattern of their own. */
const patterned: Readonly<Record<string, string>> = {
  birthCertificateNumber: 'S420012345',
  bankCard: '6217002710001234567',
  invoiceNumber: '25422000000012345678',
  licenceNumber: 'JY24207040012345',
};

const answerTo = (field: FormField, item: Item): FormAnswer => {
  const property = propertiesOf(item.form)[field.id];
  switch (field.kind) {
    case 'text':
      return patterned[field.id] ?? '鄂州市江畔一号院东楼'.slice(0, property?.maxLength);
    case 'personName':
      return '张晓红';
    case 'citizenId':
      return '110101199003070070';
    case 'phone':
      return '13800138000';
    case 'uscc':
      return '91350100M000100Y43';
    case 'address':
      return '湖北省鄂州市鄂城区滨湖南路 8 号';
    case 'number':
    case 'money':
      return property?.minimum ?? 0;
    case 'date':
      return today;
    case 'choice':
      return field.options?.[0]?.value ?? '';
    case 'yesNo':
      return false;
    default:
      return field.kind satisfies never;
  }
};

export const fieldsOf = (item: Item): FormField[] => item.form.pages.flatMap((page) => page.fields);

export const goodAnswers = (item: Item): Record<string, FormAnswer> =>
  Object.fromEntries(fieldsOf(item).map((field) => [field.id, answerTo(field, item)]));
