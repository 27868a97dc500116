import { describe, expect, it } from 'vitest';
import { splitRows, windowAround } from './fit.ts';

describe('splitting a page of the form', () => {
  it('keeps one page where everything fits', () => {
    expect(splitRows([50, 50, 50], 170, 10, 7)).toEqual([[0, 3]]);
  });

  it('breaks where the next row would not fit, counting gaps', () => {
    expect(splitRows([50, 50, 50], 169, 10, 7)).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('holds the limit of rows of the mode even where there is room', () => {
    expect(splitRows([10, 10, 10, 10, 10], 1000, 0, 4)).toEqual([
      [0, 4],
      [4, 5],
    ]);
  });

  it('a row too high for the screen gets a page of its own, and none is lost', () => {
    expect(splitRows([50, 400, 50], 100, 10, 7)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(splitRows([], 100, 10, 7)).toEqual([]);
  });
});

describe('around the field that is typed', () => {
  const heights = [50, 50, 50, 50, 50];

  it('the active one is always in it, even without room', () => {
    expect(windowAround(heights, 3, 10, 10)).toEqual([3, 4]);
  });

  it('shows what comes next before what was', () => {
    expect(windowAround(heights, 2, 115, 10)).toEqual([2, 4]);
    expect(windowAround(heights, 4, 115, 10)).toEqual([3, 5]);
  });

  it('shows all where all fit', () => {
    expect(windowAround(heights, 2, 290, 10)).toEqual([0, 5]);
  });
});
