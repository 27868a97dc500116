// Hundreds of kiosks in one process, in real time: each with a store in files of its own and the real sender with its circuit and
// back-off. They wait for a centre that is not there, with a backlog each, and go on when it is. Reports go to the campaign by IPC.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { systemClock } from '../../../devices/kit/clock.ts';
import { ok } from '../../../devices/kit/result.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { machineKey, rating, valueOf } from '../../../main/store/store-fixture.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import type { Fetch } from '../../../main/sync/exchange.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { compareWithBooks } from '../sync/kiosk-life.ts';

/** `power`: the electricity is back, every sender starts at this moment. */
export type FleetOrder = 'power' | 'report';
export type FleetMessage =
  /** Every kiosk has its backlog and, if it has power, its sender. */
  | { type: 'ready'; messages: number }
  | { type: 'drained'; kiosks: number }
  | {
      type: 'end';
      lost: number;
      duplicated: number;
      orderErrors: number;
      left: number;
      serverErrors: number;
      rssMb: number;
      failures: string[];
    };

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    books: { type: 'string', default: '' },
    url: { type: 'string', default: '' },
    from: { type: 'string', default: '0' },
    kiosks: { type: 'string', default: '1' },
    backlog: { type: 'string', default: '20' },
    'first-delay-ms': { type: 'string', default: '1000' },
    'max-delay-ms': { type: 'string', default: '300000' },
    'without-power': { type: 'boolean', default: false },
  },
});
const tell = (message: FleetMessage): void => void process.send?.(message);

type Kiosk = { kioskId: string; store: Store; sender?: Sender; acknowledged: string[] };

// One pool of connections for all of them: sockets are not what is tried here.
const own = createFetch();
let serverErrors = 0;
const fetch: Fetch = async (url, init) => {
  const response = await own.fetch(url, init);
  if (response.status >= 500) serverErrors += 1;
  return response;
};
const kiosks: Kiosk[] = [];
let drained = 0;
let toldMs = 0;

const tellDrained = (): void => {
  if (drained < kiosks.length && performance.now() - toldMs < 500) return;
  toldMs = performance.now();
  tell({ type: 'drained', kiosks: drained });
};

const begin = (index: number): Kiosk => {
  const kioskId = `fleet-${String(index).padStart(5, '0')}`;
  const folder = join(values.folder, kioskId);
  mkdirSync(folder, { recursive: true });
  const store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId, clock: systemClock }));
  const acknowledged = valueOf(
    store.transact(() =>
      ok(
        Array.from({ length: Number(values.backlog) }, () => {
          const payload = rating();
          valueOf(store.enqueue('rating.given', payload));
          return String(payload['ratingId']);
        }),
      ),
    ),
  );
  return { kioskId, store, acknowledged };
};

const switchOn = (kiosk: Kiosk): void => {
  const { kioskId, store } = kiosk;
  const sender = startSender({
    store,
    central: {
      url: values.url,
      kioskKey: kioskId,
      requestTimeoutMs: 15_000,
      firstDelayMs: Number(values['first-delay-ms']),
      maxDelayMs: Number(values['max-delay-ms']),
    },
    kioskId,
    clock: systemClock,
    log: () => undefined,
    fetch,
  });
  const forget = sender.onChange(({ depth }) => {
    if (depth > 0) return;
    forget();
    drained += 1;
    tellDrained();
  });
  kiosk.sender = sender;
};

const report = async (): Promise<void> => {
  await Promise.all(kiosks.flatMap(({ sender }) => (sender ? [sender.stop()] : [])));
  const books = new Database(values.books, { readonly: true });
  const sum = { lost: 0, duplicated: 0, orderErrors: 0, left: 0, failures: [] as string[] };
  for (const { kioskId, store, acknowledged } of kiosks) {
    const found = compareWithBooks(books, kioskId, acknowledged);
    sum.lost += found.lost;
    sum.duplicated += found.duplicated;
    sum.orderErrors += found.orderErrors;
    const dead = store.deadLetters();
    sum.left += store.depth() + dead.length;
    for (const { seq, reason } of dead) if (sum.failures.length < 5) sum.failures.push(`${kioskId} #${seq}: ${reason}`);
    store.close();
  }
  books.close();
  await own.close();
  tell({ type: 'end', ...sum, serverErrors, rssMb: Math.round(process.memoryUsage().rss / 1024 / 1024) });
  process.disconnect();
};

process.on('message', (order: FleetOrder) => {
  switch (order) {
    case 'power':
      kiosks.forEach(switchOn);
      break;
    case 'report':
      void report();
      break;
    default:
      order satisfies never;
  }
});
for (let index = 0; index < Number(values.kiosks); index++) {
  const kiosk = begin(Number(values.from) + index);
  kiosks.push(kiosk);
  if (!values['without-power']) switchOn(kiosk);
  // Those that are there already try their line meanwhile.
  if (index % 10 === 9) await new Promise(setImmediate);
}
tell({ type: 'ready', messages: kiosks.length * Number(values.backlog) });
