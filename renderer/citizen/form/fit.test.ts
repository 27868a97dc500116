import { describe, expect, it } from 'vitest';
import { windowAround } from './fit.ts';

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
