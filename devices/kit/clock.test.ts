import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFakeClock, systemClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const dayMs = 24 * 60 * 60_000;

it('the system’s clock waits longer than setTimeout can', () => {
  let acts = 0;
  systemClock.after(60 * dayMs, () => {
    acts += 1;
  });
  vi.advanceTimersByTime(60 * dayMs - 1);
  expect(acts).toBe(0);
  vi.advanceTimersByTime(1);
  expect(acts).toBe(1);
});

it('a long wait is cancelled in its second part too', () => {
  let acts = 0;
  const cancel = systemClock.after(60 * dayMs, () => {
    acts += 1;
  });
  vi.advanceTimersByTime(40 * dayMs);
  cancel();
  vi.advanceTimersByTime(40 * dayMs);
  expect([acts, vi.getTimerCount()]).toEqual([0, 0]);
});

it('the fake clock fires in order, also what was asked for on the way', async () => {
  vi.useRealTimers();
  const clock = createFakeClock();
  const order: string[] = [];
  clock.after(20, () => void order.push('late'));
  clock.after(10, () => {
    order.push('early');
    clock.after(5, () => void order.push('between'));
  });
  await clock.advance(20);
  expect(order).toEqual(['early', 'between', 'late']);
});
