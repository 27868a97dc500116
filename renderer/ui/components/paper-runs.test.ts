import { expect, test } from 'vitest';
import { paperColumns, paperQr, paperRuns, paperSize } from './paper-runs.ts';

test('a Han character takes two columns, a figure one', () => {
  expect(paperColumns('A012 号')).toBe(7);
});

test('full-width punctuation is wide, a half-width dash is not', () => {
  expect(paperColumns('\u3010\u8865\u6253\u3011')).toBe(8);
  expect(paperColumns('----')).toBe(4);
});

test('runs keep the order and every character', () => {
  expect(paperRuns('取号 A1').map((run) => run.text)).toEqual(['取号', ' A1']);
});

test('a number that is printed three times as large is drawn so', () => {
  expect(paperSize(`${' '.repeat(18)}A007`, 48)).toBe(3);
  expect(paperSize(`${' '.repeat(10)}企业开办与变更`, 48)).toBe(2);
  expect(paperSize(`${' '.repeat(15)}排队号 Your number`, 48)).toBe(1);
});

test('lines that are not centred keep their size', () => {
  expect(paperSize('前面等候                12人', 48)).toBe(1);
  expect(paperSize('-'.repeat(48), 48)).toBe(1);
});

test('the place of a QR code is found with its data', () => {
  expect(paperQr('[QR HKQ1|A007]')).toBe('HKQ1|A007');
  expect(paperQr('前面等候')).toBeUndefined();
});
