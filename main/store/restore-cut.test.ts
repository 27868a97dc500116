// A restore that is cut off at any of its steps leaves a store in service: the old one or the new one, never none.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { restore } from './restore.ts';
import { createPlace, kioskId, machineKey, rating, valueOf } from './store-fixture.ts';

const real = { renameSync: fs.renameSync, linkSync: fs.linkSync, copyFileSync: fs.copyFileSync };
const put = (functions: Partial<typeof real>): void => {
  Object.assign(fs, functions);
  syncBuiltinESMExports();
};

/** Lets so many changes of names and copies through, and none after them. */
const cutAfter = (most: number): void => {
  let steps = 0;
  const step =
    <Given extends unknown[], Answer>(act: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      steps += 1;
      if (steps > most) throw new Error('the power is gone');
      return act(...given);
    };
  put({
    renameSync: step(real.renameSync),
    linkSync: step(real.linkSync),
    copyFileSync: step(real.copyFileSync),
  });
};

it('cut off at each step', async () => {
  const seen: { isDone: boolean; depth: number }[] = [];
  while (seen.at(-1)?.isDone !== true) {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.enqueue('rating.given', rating()));
    const from = join(place.folder, 'backup.db');
    valueOf(await store.backup(from));
    valueOf(store.enqueue('rating.given', rating()));
    store.close();
    cutAfter(seen.length);
    const done = restore(from, { path: place.path, machineKey, kioskId }, { clock: place.clock, replace: true });
    put(real);
    seen.push({ isDone: done.ok, depth: valueOf(place.open()).depth() });
  }
  expect(seen.length).toBeGreaterThan(2);
  for (const { isDone, depth } of seen) expect(depth).toBe(isDone ? 1 : 2);
}, 30_000);
