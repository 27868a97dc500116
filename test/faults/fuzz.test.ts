// 100,000 streams over the decoders of all drivers, evenly; `npm run faults -- --fuzz 1000000 --kind K` is the long way round.

import { assert, nat, property } from 'fast-check';
import { describe, it } from 'vitest';
import { fuzzBatch, isFuzzClean } from './fuzz.ts';
import { findRehearsals } from './rehearsals.ts';

const streams = 100_000;
const batchCases = 500;

const rehearsals = await findRehearsals();
const numRuns = Math.ceil(streams / rehearsals.length / batchCases);

describe('any stream in any chunks', () => {
  it.each(rehearsals)('$name', ({ name, rehearsal }) => {
    assert(
      property(nat(), (seed) => {
        const report = fuzzBatch(name, rehearsal, seed, batchCases);
        if (!isFuzzClean(report)) throw new Error(report.failures.join('\n'));
      }),
      // Another seed is another campaign, not a smaller one: there is nothing to shrink.
      { numRuns, endOnFailure: true },
    );
  });
});
