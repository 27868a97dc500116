// Lives of kiosks in a process of their own, a few at a time, each over the same bad line. Tasks come and reports go by IPC.

import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { createRandom, seedOf } from '../random.ts';
import { liveKiosk, type KioskReport, type KioskTask } from './kiosk-life.ts';
import { pickFault } from './line-faults.ts';
import { startProxy, type FaultKind } from './proxy.ts';

export type WorkerMessage =
  | { type: 'ready' }
  | { type: 'done'; report: KioskReport }
  | { type: 'end'; faults: Partial<Record<FaultKind, number>>; requests: number; rssMb: number };

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    books: { type: 'string', default: '' },
    port: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    'fault-one-in': { type: 'string', default: '5' },
    'stall-ms': { type: 'string', default: '300' },
    'patience-ms': { type: 'string', default: '600000' },
  },
});

const tell = (message: WorkerMessage): void => void process.send?.(message);
const offline = new Set<string>();
const faults: Partial<Record<FaultKind, number>> = {};
const lineRandom = createRandom(seedOf(`${values.seed} line ${values.folder}`));
let rssMb = 0;

const count = (kind: FaultKind): void => {
  faults[kind] = (faults[kind] ?? 0) + 1;
};

const proxy = await startProxy({
  target: () => ({ host: '127.0.0.1', port: Number(values.port) }),
  decide(seen) {
    const fault = offline.has(seen.kiosk)
      ? ({ kind: 'offline' } as const)
      : pickFault(lineRandom, Number(values['fault-one-in']), seen);
    if (fault) count(fault.kind);
    return fault;
  },
});
const books = new Database(values.books, { readonly: true });

/** A kiosk that never gets through is a failure and must not hold the campaign up for ever. */
const inTime = async <T>(work: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const patienceMs = Number(values['patience-ms']);
  const timer = setTimeout(() => reject(new Error(`not through after ${patienceMs / 1000} s`)), patienceMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const live = async (task: KioskTask): Promise<void> => {
  const life = liveKiosk(task, {
    folder: values.folder,
    centralUrl: proxy.url,
    books,
    random: createRandom(seedOf(`${values.seed} ${task.kioskId}`)),
    stallMs: Number(values['stall-ms']),
    setOffline: (kioskId, isOffline) => void (isOffline ? offline.add(kioskId) : offline.delete(kioskId)),
    flush: proxy.flush,
  });
  const report = await inTime(life).catch((error: unknown): KioskReport => ({
    acknowledged: 0,
    lost: task.messages,
    duplicated: 0,
    orderErrors: 0,
    left: task.messages,
    restarts: 0,
    failures: [`${task.kioskId}: ${String(error)}`],
  }));
  rssMb = Math.max(rssMb, Math.round(process.memoryUsage().rss / 1024 / 1024));
  tell({ type: 'done', report });
};

process.on('message', (message: KioskTask | 'end') => {
  if (message !== 'end') {
    void live(message);
    return;
  }
  tell({ type: 'end', faults, requests: proxy.requests(), rssMb });
  books.close();
  // A kiosk that was given up still has timers and sockets.
  void proxy.stop().then(() => process.exit(0));
});
tell({ type: 'ready' });
