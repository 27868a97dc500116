import { describe, expect, it } from 'vitest';
import type { Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import { calmMs, createUpkeep } from './upkeep.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const yearMs = 365 * dayMs;
const startMs = Date.UTC(2026, 10, 22);

const createBench = (change: { offset?: string; isOnline?: boolean; isVisited?: boolean } = {}) => {
  const state = { steadyMs: startMs, setOffMs: 0, offset: '0' as string | undefined, isOnline: true, isVisited: false };
  Object.assign(state, change);
  const clock: Clock = {
    now: () => state.steadyMs + state.setOffMs,
    steadyNow: () => state.steadyMs,
    after: () => () => undefined,
  };
  const pruned: number[] = [];
  const setBy: number[] = [];
  const upkeep = createUpkeep({
    store: { prune: (nowMs) => (pruned.push(nowMs), ok(undefined)), note: () => state.offset },
    clock,
    isOnline: () => state.isOnline,
    isVisited: () => state.isVisited,
    onClockSet: (byMs) => setBy.push(byMs),
    log: () => undefined,
  });
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += minuteMs) {
      state.steadyMs += minuteMs;
      upkeep.look();
    }
  };
  return { state, pruned, setBy, pass };
};

it('a clock that was set is told, with how far', () => {
  const { state, setBy, pass } = createBench();
  pass(10 * minuteMs);
  state.setOffMs = -dayMs;
  pass(10 * minuteMs);
  expect(setBy).toEqual([-dayMs]);
});

describe('what is old is forgotten', () => {
  it('once a day, by the centre’s time, and not right after the start', () => {
    const { pruned, pass } = createBench({ offset: '1500' });
    pass(calmMs - minuteMs);
    expect(pruned).toEqual([]);
    pass(3 * dayMs);
    expect(pruned).toHaveLength(3);
    expect(pruned[0]).toBe(startMs + calmMs + 1500);
  });

  it.each<[string, Parameters<typeof createBench>[0]]>([
    ['the centre was never heard', { offset: undefined as unknown as string }],
    ['the line is down', { isOnline: false }],
    ['the two clocks are ten years apart', { offset: String(-10 * yearMs) }],
    ['the offset is no number', { offset: 'soon' }],
    ['somebody is here', { isVisited: true }],
  ])('never while %s', (_name, change) => {
    const { pruned, pass } = createBench(change);
    pass(3 * dayMs);
    expect(pruned).toEqual([]);
  });

  it.each([10 * yearMs, -10 * yearMs, dayMs, -dayMs])(
    'not after the clock was set by %i ms, on the offset of before',
    (byMs) => {
      const { state, pruned, pass } = createBench();
      pass(calmMs - minuteMs);
      state.setOffMs = byMs;
      pass(calmMs);
      expect(pruned).toEqual([]);
      // The next contact brings the offset, and the two disagree for good; until somebody sets it right.
      state.offset = String(-byMs);
      pass(dayMs);
      expect(pruned).toEqual([]);
      Object.assign(state, { setOffMs: 0, offset: '0' });
      pass(calmMs + minuteMs);
      expect(pruned).toHaveLength(1);
    },
  );
});
