import { expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import { createTrustedTime } from './trusted-time.ts';

const issued = Date.UTC(2026, 10, 22);
const hour = 3_600_000;
const tenYears = 3650 * 24 * hour;

const timeWith = (ownMs: number, offsetMs: number | undefined, floorMs = issued) => {
  const clock = createFakeClock(ownMs);
  let passed = 0;
  const time = createTrustedTime({ clock, monotonicMs: () => passed, offsetMs: () => offsetMs, floorMs });
  return { time, pass: (ms: number) => void (passed += ms) };
};

it('a clock ten years behind, or one that was set back, cannot make the time earlier than the newest file', () => {
  expect(timeWith(issued - tenYears, undefined).time.now()).toEqual({ atMs: issued });
  expect(timeWith(issued + hour, -tenYears).time.now().atMs).toBe(issued);
});

it('a clock ten years ahead is right again as soon as the centre was heard', () => {
  expect(timeWith(issued + tenYears, undefined).time.now().atMs).toBe(issued + tenYears);
  expect(timeWith(issued + tenYears + hour, -tenYears).time.now().atMs).toBe(issued + hour);
});

it('a line that lies about the time does not stop it: what has passed since counts', () => {
  const { time, pass } = timeWith(issued, 0);
  pass(5 * hour);
  expect(time.now().atMs).toBe(issued + 5 * hour);
  time.seen(issued + hour);
  expect(time.now().atMs).toBe(issued + 5 * hour);
});

it('new keys may say that the time of the old ones was wrong', () => {
  const { time } = timeWith(issued, 0, issued + tenYears);
  expect(time.now().atMs).toBe(issued + tenYears);
  time.forget(issued);
  expect(time.now().atMs).toBe(issued);
});
