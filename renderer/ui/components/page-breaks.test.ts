import { expect, test } from 'vitest';
import { pageBreaks } from './page-breaks.ts';

test('a list that fits stays on one page, without room for a pager', () => {
  expect(pageBreaks([20, 20, 20], 5, 70, 20, 7)).toEqual([0]);
});

test('a list that does not fit leaves room for the pager on every page', () => {
  expect(pageBreaks([20, 20, 20, 20], 5, 90, 25, 7)).toEqual([0, 2]);
  expect(pageBreaks([20, 20, 20, 20], 5, 90, 20, 7)).toEqual([0, 3]);
});

test('never more rows than the mode allows', () => {
  expect(pageBreaks([5, 5, 5, 5, 5, 5, 5, 5, 5], 0, 1000, 10, 4)).toEqual([0, 4, 8]);
});

test('a row taller than the room gets a page of its own instead of vanishing', () => {
  expect(pageBreaks([20, 200, 20], 5, 60, 20, 7)).toEqual([0, 1, 2]);
});

test('an empty list is one empty page', () => {
  expect(pageBreaks([], 5, 60, 20, 7)).toEqual([0]);
});
