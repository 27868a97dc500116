// Does an event cost more when many wait? The same 1,000 events put in and sent off, once with 1,000 rows in the outbox and once with a
// million: each to the disk, then over HTTP to the reference server until its signed receipt is kept.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import { openStore, type Store } from '../../main/store/open.ts';
import { rating } from '../../main/store/store-fixture.ts';
import { startSender } from '../../main/sync/sender.ts';
import { startCentral } from '../testbed/central/central.ts';
import { figure, percentile, say, type Figure } from './figure.ts';

const kioskId = 'BENCH-01';
const kioskKey = 'a-key-for-the-bench';
const measured = 1000;
const backlogs = [1000, 1_000_000] as const;
const perCommit = 10_000;

const put = (store: Store): void => {
  const done = store.enqueue('rating.given', rating());
  if (!done.ok) throw new Error(done.error.message);
};

const fillTo = (store: Store, rows: number): void => {
  for (let missing = rows - store.depth(); missing > 0; missing -= perCommit)
    store.transact(() => {
      for (let row = Math.min(perCommit, missing); row > 0; row -= 1) put(store);
      return ok(undefined);
    });
};

/** Milliseconds of each durable enqueue. */
const enqueue = (store: Store): number[] =>
  Array.from({ length: measured }, () => {
    const startedMs = performance.now();
    put(store);
    return performance.now() - startedMs;
  });

/** Microseconds an event, from the end of the first batch, with the start behind it, until so many more are gone. */
const send = async (store: Store, url: string): Promise<number> => {
  const before = store.depth();
  const sender = startSender({
    store,
    central: { url, kioskKey, requestTimeoutMs: 10_000, firstDelayMs: 1, maxDelayMs: 10 },
    kioskId,
    clock: systemClock,
    log: () => undefined,
  });
  const us = await new Promise<number>((resolve) => {
    let first: { ms: number; depth: number } | undefined;
    sender.onChange(({ depth }) => {
      if (depth === before) return;
      const ms = performance.now();
      first ??= { ms, depth };
      const gone = first.depth - depth;
      if (gone >= measured) resolve(((ms - first.ms) * 1000) / gone);
    });
  });
  await sender.stop();
  return us;
};

export const measureBacklog = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-bench-'));
  const central = await startCentral({ directory: join(folder, 'central'), kioskKeys: { [kioskId]: kioskKey } });
  const figures: Figure[] = [];
  try {
    const opened = openStore({ path: join(folder, 'kiosk.db'), machineKey: Buffer.alloc(32, 7), kioskId });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    // The code is warm before the first figure, as it is after a week.
    fillTo(store, 3 * measured);
    await send(store, central.url);
    for (const rows of backlogs) {
      fillTo(store, rows);
      const tookMs = enqueue(store);
      fillTo(store, Math.max(rows, 2 * measured));
      const sentUs = await send(store, central.url);
      const name = rows.toLocaleString('en');
      const note = `${measured} events with ${name} waiting`;
      figures.push(
        figure(`enqueue at ${name}`, percentile(tookMs, 0.5) * 1000, 'µs', {
          note: `${note}; p50, p99 ${(percentile(tookMs, 0.99) * 1000).toFixed(0)} µs`,
        }),
        figure(`send at ${name}`, sentUs, 'µs', { note }),
      );
      say(`  ${name} rows done`);
    }
    store.close();
    return figures;
  } finally {
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
