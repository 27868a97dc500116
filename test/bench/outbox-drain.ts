// After a night without a network: how fast a full outbox goes to the centre, each event until its signed receipt is checked and kept.
// Kiosk and reference server share this process and the machine.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import { openStore } from '../../main/store/open.ts';
import { rating } from '../../main/store/store-fixture.ts';
import { startSender } from '../../main/sync/sender.ts';
import { startCentral } from '../testbed/central/central.ts';
import { figure, type Figure } from './figure.ts';

const events = 1000;
const kioskId = 'BENCH-01';
const kioskKey = 'a-key-for-the-bench';

export const measureDrain = async (): Promise<Figure[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-bench-'));
  const central = await startCentral({ directory: join(directory, 'central'), kioskKeys: { [kioskId]: kioskKey } });
  try {
    const opened = openStore({ path: join(directory, 'kiosk.db'), machineKey: Buffer.alloc(32, 7), kioskId });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    for (let event = 0; event < events; event += 1) store.enqueue('rating.given', rating());
    const startedMs = performance.now();
    const sender = startSender({
      store,
      central: { url: central.url, kioskKey, requestTimeoutMs: 10_000, firstDelayMs: 1, maxDelayMs: 10 },
      kioskId,
      clock: systemClock,
      log: () => undefined,
    });
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (store.depth() === 0) resolve();
      };
      sender.onChange(look);
      look();
    });
    const seconds = (performance.now() - startedMs) / 1000;
    const { ratings } = central.counts();
    await sender.stop();
    store.close();
    if (ratings !== events) throw new Error(`${ratings} of ${events} arrived`);
    return [
      figure('outboxDrain', events / seconds, 'events/s', {
        note: `${events} events against the reference server in the same process, receipts checked`,
      }),
    ];
  } finally {
    await central.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
