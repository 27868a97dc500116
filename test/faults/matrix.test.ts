// The whole matrix over the registry, as `npm run faults -- --kind all` plays it.

import { expect, it } from 'vitest';
import { deviceKinds } from '../../devices/kit/status.ts';
import { playAll } from './matrix-run.ts';
import { casesOf } from './matrix.ts';
import { findRehearsals } from './rehearsals.ts';

const limitMs = 300_000;

it.each(deviceKinds)(
  '%s: every driver x command x fault',
  async (kind) => {
    const { cases } = await casesOf(await findRehearsals({ kind }), await findRehearsals());
    const report = await playAll(cases);
    expect(report.failures).toEqual([]);
    expect(report.cases).toBeGreaterThan(30);
  },
  limitMs,
);
