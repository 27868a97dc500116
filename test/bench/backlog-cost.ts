// Does an event cost more when many wait? Two stores, one with 1,000 rows in the outbox and one with a million, take turns: the same 1,000
// events put in, each to the disk, then sent over HTTP to the reference server until their signed receipts are kept.

import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import { openStore, type Store } from '../../main/store/open.ts';
import { rating } from '../../main/store/store-fixture.ts';
import { startSender } from '../../main/sync/sender.ts';
import { startCentral } from '../testbed/central/central.ts';
import { figure, median, percentile, say, type Figure } from './figure.ts';

const keyOf = (kioskId: string): string => `a-key-for-${kioskId}`;
const kioskOf = (rows: number): string => `BENCH-${rows}`;
const measured = 1000;
const backlogs = [1000, 1_000_000] as const;
const rounds = 31;
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

type Kiosk = { kioskId: string; store: Store; rows: number; enqueueUs: number[]; p99Us: number[]; sendUs: number[] };

const openKiosk = (folder: string, rows: number): Kiosk => {
  const kioskId = kioskOf(rows);
  const path = join(folder, `${kioskId}.db`);
  const opened = openStore({ path, machineKey: Buffer.alloc(32, 7), kioskId });
  if (!opened.ok) throw new Error(opened.error.message);
  fillTo(opened.value, rows);
  // A backlog of a week is on the disk; what is still on its way there would stand before the commits that are measured.
  for (const file of [path, `${path}-wal`]) {
    const descriptor = openSync(file, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
  return { kioskId, store: opened.value, rows, enqueueUs: [], p99Us: [], sendUs: [] };
};

/** Microseconds an event, from the end of the first batch, with the start behind it, until so many more are gone. */
const send = async ({ store, kioskId }: Kiosk, url: string): Promise<number> => {
  const before = store.depth();
  const sender = startSender({
    store,
    central: { url, kioskKey: keyOf(kioskId), requestTimeoutMs: 10_000, firstDelayMs: 1, maxDelayMs: 10 },
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

const measureOne = async (kiosk: Kiosk, url: string): Promise<void> => {
  const { store, rows } = kiosk;
  fillTo(store, rows);
  const tookMs = enqueue(store);
  kiosk.enqueueUs.push(percentile(tookMs, 0.5) * 1000);
  kiosk.p99Us.push(percentile(tookMs, 0.99) * 1000);
  kiosk.sendUs.push(await send(kiosk, url));
};

const figuresOf = ({ rows, enqueueUs, p99Us, sendUs }: Kiosk): Figure[] => {
  const name = rows.toLocaleString('en');
  const note = `${measured} events with ${name} waiting, median of ${rounds} rounds`;
  return [
    figure(`enqueue at ${name}`, median(enqueueUs), 'µs', {
      note: `${note} of p50; of p99 ${median(p99Us).toFixed(0)} µs`,
    }),
    figure(`send at ${name}`, median(sendUs), 'µs', { note }),
  ];
};

/** Each round compares the two stores within a second: what else the machine does weighs on both. */
const growth = (name: string, small: readonly number[] = [], large: readonly number[] = []): Figure =>
  figure(name, median(large.map((us, round) => us / (small[round] ?? Number.NaN))), 'x', {
    target: 1.1,
    note: `a million waiting against a thousand, median of ${rounds} pairs`,
  });

export const measureBacklog = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-bench-'));
  const kioskKeys = Object.fromEntries(backlogs.map(kioskOf).map((id) => [id, keyOf(id)]));
  const central = await startCentral({ directory: join(folder, 'central'), kioskKeys });
  const kiosks: Kiosk[] = [];
  try {
    for (const rows of backlogs) {
      kiosks.push(openKiosk(folder, rows));
      say(`  ${rows.toLocaleString('en')} rows wait`);
    }
    // The first round warms the code, as it is after a week.
    for (let round = 0; round <= rounds; round += 1) {
      // Each goes first in every other round.
      for (const kiosk of round % 2 === 0 ? kiosks : kiosks.toReversed()) await measureOne(kiosk, central.url);
      if (round === 0)
        for (const { enqueueUs, p99Us, sendUs } of kiosks) for (const list of [enqueueUs, p99Us, sendUs]) list.pop();
    }
    const [small, large] = kiosks;
    return [
      ...kiosks.flatMap(figuresOf),
      growth('enqueueGrowth', small?.enqueueUs, large?.enqueueUs),
      growth('sendGrowth', small?.sendUs, large?.sendUs),
    ];
  } finally {
    for (const { store } of kiosks) store.close();
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
