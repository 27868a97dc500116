// This project's own outbox and reference server: every row is sealed, flushed (`synchronous = FULL`) on both sides, and leaves the
// outbox on a receipt whose signature was checked.

import { join } from 'node:path';
import { systemClock } from '../../../devices/kit/clock.ts';
import { ok } from '../../../devices/kit/result.ts';
import { openStore } from '../../../main/store/open.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { startCentral } from '../../testbed/central/central.ts';
import type { Contender } from './contender.ts';

const kioskId = 'BENCH-01';
const kioskKey = 'a-key-for-the-bench';
const perCommit = 500;

export const ours: Contender = {
  async serve(folder) {
    const central = await startCentral({ directory: join(folder, 'central'), kioskKeys: { [kioskId]: kioskKey } });
    return { url: central.url, count: async () => (await central.counts()).ratings };
  },
  async fill(folder, url, documents) {
    const opened = openStore({ path: join(folder, 'kiosk.db'), machineKey: Buffer.alloc(32, 7), kioskId });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    for (let at = 0; at < documents.length; at += perCommit) {
      const done = store.transact(() => {
        for (const document of documents.slice(at, at + perCommit)) {
          const put = store.enqueue('rating.given', document);
          if (!put.ok) return put;
        }
        return ok(undefined);
      });
      if (!done.ok) throw new Error(done.error.message);
    }
    return {
      async drain() {
        const sender = startSender({
          store,
          central: { url, kioskKey, requestTimeoutMs: 10_000, firstDelayMs: 1, maxDelayMs: 10 },
          kioskId,
          clock: systemClock,
          log: () => undefined,
        });
        await new Promise<void>((resolve) => {
          const look = (): void => {
            if (sender.status().depth === 0) resolve();
          };
          sender.onChange(look);
          look();
        });
        await sender.stop();
        store.close();
      },
    };
  },
};
