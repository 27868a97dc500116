// The matrix itself: a right driver passes it, and every flaw of a driver makes the count rise that is meant for it.

import { describe, expect, it } from 'vitest';
import type { VerdictName } from './findings.ts';
import { isClean, playAll } from './matrix-run.ts';
import { casesOf } from './matrix.ts';
import { toy, type ToyFlaw } from './toy-device.ts';

const playToy = async (flaw: ToyFlaw) => {
  const { cases, leftOut } = await casesOf([toy(flaw)], [toy(flaw)]);
  return { report: await playAll(cases), leftOut };
};

it('finds nothing at a driver that is right', async () => {
  const { report, leftOut } = await playToy('none');
  expect(report.failures).toEqual([]);
  expect(isClean(report)).toBe(true);
  expect(report.cases).toBeGreaterThan(40);
  expect(leftOut).toEqual([]);
});

describe('finds each flaw', () => {
  const seen: [ToyFlaw, VerdictName][] = [
    ['throwsOnGarbage', 'crashes'],
    ['neverEnds', 'hangs'],
    ['believesAnything', 'wrongData'],
    ['ringsAgain', 'doubleActs'],
    ['staysDown', 'unrecovered'],
    ['leavesTimers', 'leaks'],
  ];
  it.each(seen)('%s', async (flaw, verdict) => {
    const { report } = await playToy(flaw);
    expect(report[verdict]).toBeGreaterThan(0);
    expect(isClean(report)).toBe(false);
  });
});
