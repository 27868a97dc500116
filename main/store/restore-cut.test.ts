// A restore that is cut off at any of its steps leaves a store in service: the old one or the new one, never none.

import type * as Fs from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { restore } from './restore.ts';
import { createPlace, kioskId, machineKey, rating, valueOf } from './store-fixture.ts';

const cut = vi.hoisted(() => ({ after: Number.POSITIVE_INFINITY, steps: 0 }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof Fs>();
  const step =
    <Given extends unknown[], Answer>(act: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      cut.steps += 1;
      if (cut.steps > cut.after) throw new Error('the power is gone');
      return act(...given);
    };
  return {
    ...real,
    renameSync: step(real.renameSync),
    linkSync: step(real.linkSync),
    copyFileSync: step(real.copyFileSync),
  };
});

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
    Object.assign(cut, { after: seen.length, steps: 0 });
    const done = restore(from, { path: place.path, machineKey, kioskId }, { clock: place.clock, replace: true });
    cut.after = Number.POSITIVE_INFINITY;
    seen.push({ isDone: done.ok, depth: valueOf(place.open()).depth() });
  }
  expect(seen.length).toBeGreaterThan(2);
  for (const { isDone, depth } of seen) expect(depth).toBe(isDone ? 1 : 2);
}, 30_000);
