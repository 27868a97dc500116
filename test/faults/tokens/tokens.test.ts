import { expect, it } from 'vitest';
import { forgeryNames } from './forgeries.ts';
import { isTokensClean, runTokens } from './tokens.ts';

it('of 400 forged codes, 200 of each algorithm, none is taken; of 400 genuine ones each is taken once', () => {
  const report = runTokens(400, 1);
  expect(report).toMatchObject({
    tokens: 400,
    genuineRefused: 0,
    forged: 400,
    accepted: 0,
    spent: 400,
    doubleSpent: 0,
    untold: 0,
    failures: [],
  });
  expect(Object.keys(report.byForgery)).toEqual(forgeryNames);
  expect(isTokensClean(report)).toBe(true);
  for (const count of ['genuineRefused', 'accepted', 'doubleSpent', 'untold'] as const)
    expect(isTokensClean({ ...report, [count]: 1 })).toBe(false);
});
