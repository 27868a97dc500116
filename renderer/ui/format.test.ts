import { describe, expect, test } from 'vitest';
import { formatCode, formatDate, formatIdNumber, formatMoment, formatMoney, formatPhone } from './format.ts';

describe('numbers are read in groups', () => {
  test('a masked citizen ID keeps its mask and breaks as 6-8-4', () => {
    expect(formatIdNumber('420*************12')).toBe('420*** ******** **12');
  });
  test('a number of another length is left alone', () => {
    expect(formatIdNumber('E12345678')).toBe('E12345678');
  });
  test('a mobile number breaks as 3-4-4', () => {
    expect(formatPhone('13800138000')).toBe('138 0013 8000');
  });
  test('a code with separators of its own is left alone', () => {
    expect(formatCode('ABCD12345')).toBe('ABCD 1234 5');
    expect(formatCode('K01-20261122-0007')).toBe('K01-20261122-0007');
  });
});

describe('money', () => {
  test('nothing to pay is said in a word', () => {
    expect(formatMoney(0, 'zh')).toBe('免费');
  });
  test('fen are shown only where there are any', () => {
    expect(formatMoney(2000, 'zh')).toBe('20 元');
    expect(formatMoney(2050, 'en')).toBe('20.50 yuan');
  });
});

describe('moments are told from now', () => {
  const now = new Date(2026, 10, 22, 23, 50).getTime();
  test('today and tomorrow by name, across midnight', () => {
    expect(formatMoment(new Date(2026, 10, 22, 14, 30).getTime(), now, 'zh')).toBe('今天 14:30');
    expect(formatMoment(new Date(2026, 10, 23, 0, 5).getTime(), now, 'zh')).toBe('明天 00:05');
    expect(formatMoment(new Date(2026, 10, 21, 9, 0).getTime(), now, 'en')).toBe('Yesterday 09:00');
  });
  test('further days by date', () => {
    expect(formatMoment(new Date(2026, 10, 25, 9, 0).getTime(), now, 'zh')).toBe('11月25日 09:00');
    expect(formatMoment(new Date(2026, 10, 25, 9, 0).getTime(), now, 'en')).toBe('25 Nov 09:00');
  });
  test('the date names its weekday', () => {
    expect(formatDate(now, 'zh')).toBe('11月22日 星期日');
    expect(formatDate(now, 'en')).toBe('Sunday 22 November');
  });
});
