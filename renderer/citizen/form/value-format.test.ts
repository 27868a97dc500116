import { describe, expect, it } from 'vitest';
import { intentSchema } from '../../../main/contract/intents.ts';
import {
  cleanTyped,
  groupTyped,
  mostCharacters,
  shownCaret,
  spokenSum,
  typedCaret,
  typedOf,
  valueOf,
} from './value-format.ts';

describe('while typing', () => {
  it('an ID number stands 6-8-4 from the first digit on', () => {
    expect(groupTyped('citizenId', '420703')).toBe('420703');
    expect(groupTyped('citizenId', '4207031')).toBe('420703 1');
    expect(groupTyped('citizenId', '42070319900307123X')).toBe('420703 19900307 123X');
  });

  it('one digit too many is seen, not swallowed', () => {
    expect(groupTyped('citizenId', '42070319900307123X5')).toBe('420703 19900307 123X 5');
    expect(groupTyped('phone', '138001380001')).toBe('138 0013 8000 1');
  });

  it('a phone number stands 3-4-4, a credit code 2-6-9-1', () => {
    expect(groupTyped('phone', '13800138000')).toBe('138 0013 8000');
    expect(groupTyped('uscc', '91350100M000100Y43')).toBe('91 350100 M000100Y4 3');
  });

  it('full-width digits of a Chinese keyboard and pasted separators become plain', () => {
    expect(cleanTyped('phone', '\uFF11\uFF13\uFF18 0013-8000')).toBe('13800138000');
    expect(cleanTyped('citizenId', '420703\u300019900307 123\uFF58')).toBe('42070319900307123X');
    expect(cleanTyped('money', '300\uFF0C000')).toBe('300000');
    expect(cleanTyped('date', '2026年3月7日')).toBe('2026-3-7');
  });

  it('pasted lines become one line and nothing is cut off', () => {
    expect(cleanTyped('address', '滨湖路\r\n12号')).toBe('滨湖路 12号');
    const long = '长'.repeat(10_000);
    expect(cleanTyped('text', long)).toBe(long);
    expect(groupTyped('phone', '1'.repeat(10_000))).toHaveLength(10_000);
  });
});

describe('what is sent', () => {
  it('an empty answer is none', () => {
    expect(valueOf('text', '  ')).toBeNull();
    expect(valueOf('money', '')).toBeNull();
  });

  it('numbers become numbers; what is none yet goes as its text and is refused beside the field', () => {
    expect(valueOf('money', '300,000.5')).toBe(300000.5);
    expect(valueOf('number', '12')).toBe(12);
    expect(valueOf('number', '12.')).toBe('12.');
    expect(valueOf('number', '1e99')).toBe('1e99');
    expect(valueOf('number', '9'.repeat(400))).toBe('9'.repeat(400));
  });

  it('dates are sent as ISO dates however they were typed', () => {
    for (const typed of ['20260307', '2026-3-7', '2026年03月07日', '2026/3/7', '2026.3.7'])
      expect(valueOf('date', typed)).toBe('2026-03-07');
    expect(valueOf('date', '2026-03')).toBe('2026-03');
  });

  it('10,000 pasted characters go whole, 50,000 still make an intent that the contract takes', () => {
    expect(valueOf('address', '路'.repeat(10_000))).toHaveLength(10_000);
    const value = valueOf('address', '路'.repeat(50_000));
    expect(value).toHaveLength(mostCharacters);
    expect(intentSchema.safeParse({ type: 'setField', fieldId: 'address', value }).success).toBe(true);
  });
});

it('a pushed value is shown as one would have typed it', () => {
  expect(typedOf(300000)).toBe('300000');
  expect(typedOf(null)).toBe('');
  expect(typedOf('420***********123X')).toBe('420***********123X');
});

it('large sums are said in 万 and 亿, or with commas, small ones not', () => {
  expect(spokenSum(300_000, 'zh')).toBe('30 万');
  expect(spokenSum(123_456_789, 'zh')).toBe('1.2346 亿');
  expect(spokenSum(128_000, 'en')).toBe('128,000');
  expect(spokenSum(9_999, 'zh')).toBeUndefined();
  expect(spokenSum('300000', 'zh')).toBeUndefined();
});

describe('the caret', () => {
  it('stands after the gap only once the next group has begun', () => {
    expect(shownCaret('phone', '13800138000', 3)).toBe(3);
    expect(shownCaret('phone', '13800138000', 4)).toBe(5);
    expect(shownCaret('phone', '13800138000', 11)).toBe(13);
    expect(shownCaret('text', '滨湖路', 2)).toBe(2);
  });

  it('comes back to where it was from every place', () => {
    const id = '42070319900307123X';
    for (let caret = 0; caret <= id.length; caret++)
      expect(typedCaret('citizenId', id, shownCaret('citizenId', id, caret))).toBe(caret);
  });
});
