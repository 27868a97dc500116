import { describe, expect, it } from 'vitest';
import { isNight, isOpen, localMoment } from './opening-hours.ts';

const shanghai = 'Asia/Shanghai';
/** 2026-11-22, a Sunday, 16:00 UTC is Monday's midnight in the hall. */
const at = (hours: number, minutes = 0): number => Date.UTC(2026, 10, 22, hours, minutes);

describe('the hall’s moment', () => {
  it('is that of its own time zone, also in the minute in which the day changes', () => {
    expect(localMoment(at(15, 59), shanghai)).toEqual({ weekday: 'sun', minutes: 23 * 60 + 59 });
    expect(localMoment(at(16, 0), shanghai)).toEqual({ weekday: 'mon', minutes: 0 });
    expect(localMoment(at(16, 0) - 1, shanghai)).toEqual({ weekday: 'sun', minutes: 23 * 60 + 59 });
  });

  it('is told for each zone, also in the same minute', () => {
    expect(localMoment(at(16), shanghai).weekday).toBe('mon');
    expect(localMoment(at(16), 'UTC').weekday).toBe('sun');
    expect(localMoment(at(16), 'Asia/Kathmandu').minutes).toBe(21 * 60 + 45);
  });

  it('is night from ten to six', () => {
    expect([at(13, 59), at(14, 0), at(21, 59), at(22, 0)].map((ms) => isNight(ms, shanghai))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('a counter', () => {
  const hours = { mon: [{ from: '08:30', to: '12:00' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
  const business = { hours } as unknown as Parameters<typeof isOpen>[0];

  it('is open from its first minute to the one before its last', () => {
    const monday = (hour: number, minute: number): number => Date.UTC(2026, 10, 23, hour - 8, minute);
    expect(
      [monday(8, 29), monday(8, 30), monday(11, 59), monday(12, 0)].map((ms) => isOpen(business, ms, shanghai)),
    ).toEqual([false, true, true, false]);
    expect(isOpen(business, Date.UTC(2026, 10, 22, 1, 0), shanghai)).toBe(false);
  });
});
