import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAfter, longestRetryAfterMs, parseRetryAfter } from './back-off.ts';

const backOff = { baseDelayMs: 1000, maxDelayMs: 300_000 };

describe('the pause after failures', () => {
  it('doubles its ceiling up to the longest, and the jitter takes any part of it', () => {
    expect([1, 2, 3, 4, 9, 10, 60].map((failures) => delayAfter(failures, backOff, 1))).toEqual([
      1000, 2000, 4000, 8000, 256_000, 300_000, 300_000,
    ]);
    expect(delayAfter(7, backOff, 0)).toBe(0);
    expect(delayAfter(7, backOff, 0.25)).toBe(16_000);
  });

  it('is never shorter than what the server asked for, nor endless', () => {
    fc.assert(
      fc.property(
        fc.nat(100),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(10 ** 9),
        (failures, random, asked) => {
          const delay = delayAfter(failures, backOff, random, asked);
          expect(delay).toBeGreaterThanOrEqual(Math.min(asked, longestRetryAfterMs));
          expect(delay).toBeLessThanOrEqual(longestRetryAfterMs + backOff.maxDelayMs);
        },
      ),
    );
  });

  it('spreads five thousand kiosks that were told the same second', () => {
    const perSecond = new Map<number, number>();
    for (let kiosk = 0; kiosk < 5000; kiosk++) {
      const second = Math.floor(delayAfter(7, backOff, kiosk / 5000, 60_000) / 1000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.min(...perSecond.keys())).toBe(60);
    expect(Math.max(...perSecond.values())).toBeLessThan(100);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 22, 0, 0, 0);
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 22 Nov 2026 00:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2020 00:00:30 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['99999999999999999999', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %s ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
