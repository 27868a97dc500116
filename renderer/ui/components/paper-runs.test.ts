import { expect, test } from 'vitest';
import { paperColumns, paperRuns } from './paper-runs.ts';

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
