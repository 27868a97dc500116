// One side of one contender, in a process of its own: `side.ts --peer NAME --side server|kiosk --folder F [--url U] --count N`.
// Says what it has to say by IPC.

import { parseArgs } from 'node:util';
import { benchDocuments, type Contender } from './contender.ts';
import { bare } from './bare.ts';
import { ours } from './ours.ts';
import { pouchdb } from './pouchdb.ts';
import { rxdb, rxdbInMemory } from './rxdb.ts';

export type SideMessage =
  | { type: 'serving'; url: string }
  | { type: 'counted'; count: number }
  | { type: 'filled' }
  | { type: 'drained'; seconds: number }
  | { type: 'failed'; message: string };

const contenders: Readonly<Record<string, Contender>> = { ours, bare, pouchdb, rxdb, rxdbInMemory };

const { values } = parseArgs({
  options: {
    peer: { type: 'string', default: '' },
    side: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
    url: { type: 'string', default: '' },
    count: { type: 'string', default: '0' },
  },
});

const tell = (message: SideMessage): void => void process.send?.(message);
const onOrder = (order: string, act: () => Promise<void>): void => {
  process.on('message', (message) => {
    if (message === order) act().catch(failed);
  });
};
const failed = (error: unknown): void =>
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });

const run = async (): Promise<void> => {
  const contender = contenders[values.peer];
  if (!contender) throw new Error(`there is no contender ${values.peer}`);
  if (values.side === 'server') {
    const served = await contender.serve(values.folder);
    onOrder('count', async () => tell({ type: 'counted', count: await served.count() }));
    tell({ type: 'serving', url: served.url });
    return;
  }
  const kiosk = await contender.fill(values.folder, values.url, benchDocuments(Number(values.count)));
  onOrder('drain', async () => {
    const startedMs = performance.now();
    await kiosk.drain();
    tell({ type: 'drained', seconds: (performance.now() - startedMs) / 1000 });
  });
  tell({ type: 'filled' });
};

run().catch(failed);
