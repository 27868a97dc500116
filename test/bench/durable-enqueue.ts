// How long a screen waits for "it is safe now": one event into the outbox, flushed to the disk before the call returns.

import { statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../main/store/open.ts';
import { rating } from '../../main/store/store-fixture.ts';
import { figure, percentile, spread, type Figure } from './figure.ts';

const events = 2000;
/** The first writes make files and pages grow. */
const warmUp = 100;
const tmpfsType = 0x0102_1994;

export const measureEnqueue = async (): Promise<Figure[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-bench-'));
  try {
    const opened = openStore({
      path: join(directory, 'kiosk.db'),
      machineKey: Buffer.alloc(32, 7),
      kioskId: 'BENCH-01',
    });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    const tookMs: number[] = [];
    for (let event = 0; event < events + warmUp; event += 1) {
      const payload = rating();
      const startedMs = performance.now();
      const done = store.enqueue('rating.given', payload);
      const ms = performance.now() - startedMs;
      if (!done.ok) throw new Error(done.error.message);
      if (event >= warmUp) tookMs.push(ms);
    }
    store.close();
    const isMemory = statfsSync(directory).type === tmpfsType;
    return [
      figure('durableEnqueueP50', percentile(tookMs, 0.5), 'ms', { note: 'of the same writes' }),
      figure('durableEnqueueP99', percentile(tookMs, 0.99), 'ms', {
        target: 5,
        note: `synchronous = FULL, one transaction an event${isMemory ? '; THIS FOLDER IS MEMORY, no disk was written' : ''}; ${spread(tookMs)}`,
      }),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
