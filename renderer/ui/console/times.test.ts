import { describe, expect, test } from 'vitest';
import { formatBytes, formatClock, formatInstant, formatSpan, formatWireTime } from './times.ts';

const at = new Date(2026, 10, 2, 4, 5, 6, 7).getTime();

test('moments are exact to the second, those of the wire to the millisecond', () => {
  expect(formatInstant(at)).toBe('2026-11-02 04:05:06');
  expect(formatClock(at)).toBe('04:05:06');
  expect(formatWireTime(at)).toBe('04:05:06.007');
});

describe('how long', () => {
  test.each([
    [0, '0 秒', '0 s'],
    [-5000, '0 秒', '0 s'],
    [59_999, '59 秒', '59 s'],
    [60_000, '1 分', '1 min'],
    [725_000, '12 分 5 秒', '12 min 5 s'],
    [3_600_000 + 59_000, '1 小时', '1 h'],
    [2 * 86_400_000 + 3 * 3_600_000 + 59 * 60_000, '2 天 3 小时', '2 d 3 h'],
  ])('%i ms', (spanMs, zh, en) => {
    expect([formatSpan(spanMs, 'zh'), formatSpan(spanMs, 'en')]).toEqual([zh, en]);
  });
});

test.each([
  [734, '734 B'],
  [1536, '1.5 KB'],
  [500 * 1024 * 1024, '500 MB'],
  [128_849_018_880, '120 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
