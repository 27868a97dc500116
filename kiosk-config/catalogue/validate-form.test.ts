import { describe, expect, test } from 'vitest';
import type { Item } from '../../main/contract/catalogue.ts';
import { loadCatalogue } from './load.ts';
import { goodAnswers, today } from './test-answers.ts';
import { validateForm, type FormAnswer } from './validate-form.ts';

const itemOf = (code: string): Item => {
  const result = loadCatalogue(new URL('.', import.meta.url).pathname);
  const item = result.ok ? result.value.items.find((candidate) => candidate.code === code) : undefined;
  if (!item) throw new Error(`no item ${code}`);
  return item;
};
const restaurant = itemOf('YSYB-001');
const newborn = itemOf('YSYB-003');

const said = (item: Item, changes: Record<string, FormAnswer>): [string, string, string][] =>
  validateForm(item, { ...goodAnswers(item), ...changes }, { today, language: 'zh' }).map(({ fieldId, text }) => [
    fieldId,
    text.zh,
    text.en,
  ]);

describe('every wrong answer gets one sentence that says what to do', () => {
  test.each<[string, FormAnswer, string, string]>([
    ['phone', '1380013800', '手机号应为 11 位数字', 'A mobile number has 11 digits'],
    [
      'phone',
      '0711338123',
      '固定电话请带区号，例如 027-87654321',
      'Give a landline with its area code, for example 027-87654321',
    ],
    [
      'applicantId',
      '110101199003070071',
      '身份证号最后一位校验不对，请对照证件检查',
      'The check digit of this ID number does not fit; please compare it with the card',
    ],
    ['applicantId', '11010119900307007', '身份证号应为 18 位', 'An ID number has 18 characters'],
    [
      'applicantId',
      '110101199002300014',
      '身份证号里的出生日期不存在，请对照证件检查',
      'The birth date in this ID number does not exist; please compare it with the card',
    ],
    [
      'applicantId',
      '11010121000101001X',
      '身份证号里的出生日期还没到，请对照证件检查',
      'The birth date in this ID number is in the future; please compare it with the card',
    ],
    [
      'applicantId',
      '440524188001010014',
      '身份证号里的出生日期太早，请对照证件检查',
      'The birth date in this ID number is too long ago; please compare it with the card',
    ],
    [
      'landlordUscc',
      '91350100M000100Y44',
      '统一社会信用代码最后一位校验不对，请对照营业执照检查',
      'The check character of this code does not fit; please compare it with the business licence',
    ],
    ['shopName', '长'.repeat(10_000), '最多 60 个字，现在有 10000 个', 'At most 60 characters; there are 10000 now'],
    ['shopName', '馆', '至少 2 个字，现在有 1 个', 'At least 2 characters; there are 1 now'],
    [
      'shopName',
      '江畔\n小馆',
      '里面有看不见的字符，请重新填写',
      'There are invisible characters in it; please fill it in again',
    ],
    ['shopName', ' 　 ', '请填写店铺名称', 'Please fill in: Name of the shop'],
    ['shopName', null, '请填写店铺名称', 'Please fill in: Name of the shop'],
    ['floorArea', 4, '不能小于 5 平方米', 'Must not be less than 5 m²'],
    ['floorArea', 20_001, '不能大于 20000 平方米', 'Must not be more than 20000 m²'],
    ['floorArea', '八十', '请填数字', 'Enter a number'],
    ['diningSeats', 2.5, '请填整数', 'Enter a whole number'],
    ['businessKind', 'disco', '请从列出的选项中选', 'Please choose one of the answers offered'],
    ['businessKind', null, '请选择经营类型', 'Please choose: Kind of business'],
    ['useGas', null, '请选择是否使用燃气', 'Please choose: Is gas used?'],
    ['openDate', '2026-02-30', '这一天不存在，请按 年-月-日 填写', 'There is no such day; write it as year-month-day'],
    ['openDate', '2026-03-11', '不能早于今天', 'Must not be earlier than today'],
    ['applicantName', '张3', '姓名里不能有数字或符号', 'A name has no digits or signs in it'],
  ])('%s: %j', (fieldId, value, zh, en) => {
    expect(said(restaurant, { [fieldId]: value })).toEqual([[fieldId, zh, en]]);
  });

  test('a pattern is explained by the field’s hint, and a birth date cannot lie ahead', () => {
    expect(said(newborn, { birthCertificateNumber: '4200123456', birthDate: '2026-03-13' })).toEqual([
      ['birthDate', '不能晚于今天', 'Must not be later than today'],
      [
        'birthCertificateNumber',
        '格式不对。1 个大写字母加 9 位数字',
        'The format is not right. One capital letter and 9 digits',
      ],
    ]);
  });
});

describe('what people really are called and hold is accepted', () => {
  test.each([
    ['applicantName', '买买提·吐尔逊'],
    ['applicantName', 'SMITH, JOHN EDWARD'],
    // Rare characters come from cards in the private use area.
    ['applicantName', '王\uE863'],
    ['applicantId', '11010119900307002x'],
    ['applicantId', '810000199001010019'],
    ['applicantId', 'USA110000000001'],
    ['phone', '0711-3381234'],
    ['landlordUscc', null],
    ['diningSeats', 0],
    ['openDate', today],
  ])('%s: %j', (fieldId, value) => {
    expect(said(restaurant, { [fieldId]: value })).toEqual([]);
  });
});

test('all problems come at once, in the order of the form, unknown answers last', () => {
  const problems = validateForm(
    restaurant,
    { ...goodAnswers(restaurant), extra: 'x', openDate: null, phone: '1', shopName: '' },
    { today },
  );
  expect(problems.map((problem) => problem.fieldId)).toEqual(['phone', 'shopName', 'openDate', 'extra']);
});

test('a key of Object’s prototype is no answer', () => {
  const answers = JSON.parse('{"__proto__": {"phone": "13800138000"}, "constructor": "x"}') as Record<
    string,
    FormAnswer
  >;
  const ids = validateForm(restaurant, answers, { today }).map((problem) => problem.fieldId);
  expect(ids).toContain('phone');
  expect(ids).toContain('constructor');
});
