import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plan, planOf, spread } from './plan-places.ts';

describe('spread', () => {
  test('leaves what has room where it is', () => {
    expect(spread([10, 50, 90], 20, 0, 100)).toEqual([10, 50, 90]);
  });
  test('moves neighbours apart and keeps all inside', () => {
    expect(spread([95, 96], 20, 0, 100)).toEqual([80, 100]);
    expect(spread([1, 2], 20, 0, 100)).toEqual([1, 21]);
  });
  test('keeps the order and the gap for any wishes that fit', () => {
    const wishes = array(integer({ min: -20, max: 120 }), { minLength: 1, maxLength: 6 });
    assert(
      property(wishes, (wanted) => {
        const places = spread(wanted, 20, 0, 100);
        const sorted = places.toSorted((a, b) => a - b);
        expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...places)).toBeLessThanOrEqual(100);
        for (let i = 1; i < sorted.length; i++) expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThan(19.9);
        const ranks = wanted
          .map((wish, index) => ({ wish, index }))
          .sort((a, b) => a.wish - b.wish || a.index - b.index);
        expect(ranks.map(({ index }) => places[index])).toEqual(sorted);
      }),
    );
  });
});

const crowded = [
  { edge: 'right', at: 0.8 },
  { edge: 'right', at: 0.82 },
  { edge: 'right', at: 0.3 },
  { edge: 'right', at: 0.2 },
  { edge: 'left', at: 0.5 },
  { edge: 'left', at: 0.85 },
  { edge: 'bottom', at: 0.5 },
  { edge: 'bottom', at: 0.8 },
  { edge: 'top', at: 0.5 },
] as const;

describe.each(['portrait', 'landscape'] as const)('a crowded %s kiosk', (orientation) => {
  test.each([
    ['on all sides', crowded],
    ['with nothing above', crowded.filter(({ edge }) => edge !== 'top')],
    ['with nothing above or below', crowded.filter(({ edge }) => edge !== 'top' && edge !== 'bottom')],
  ])('%s: labels cover neither one another nor the housing, and all is on the plan', (_, places) => {
    const { housing, placed, height } = planOf(places, orientation);
    const all = [...placed.map(({ label }) => ({ ...label, ...plan.label })), housing];
    const covers = all.flatMap((a, i) =>
      all
        .slice(i + 1)
        .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    );
    expect(covers).toEqual([]);
    expect(all.filter((box) => box.x < 0 || box.y < 0 || box.y + box.height > height)).toEqual([]);
  });
});
