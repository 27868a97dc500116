// PouchDB on LevelDB replicating to express-pouchdb on LevelDB: CouchDB's protocol. LevelDB does not flush its writes by itself; to be as
// durable as the others here, both sides' batches are written with its own `sync` option.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Contender } from './contender.ts';
import { loadPeer, syncSet } from '../peers.ts';

type Callback = (error?: Error | null) => void;
type Level = { _batch(operations: unknown, options: object, done: Callback): void };
type LevelDown = (path: string) => Level;
type Database = {
  bulkDocs(documents: readonly object[]): Promise<{ ok?: boolean }[]>;
  info(): Promise<{ doc_count: number }>;
  replicate: { to(url: string, options: object): Promise<{ ok: boolean; docs_written: number }> };
};
type Pouch = { new (name: string): Database; defaults(options: object): Pouch };

/** PouchDB with LevelDB below it, in the folder. */
const pouchIn = async (folder: string): Promise<Pouch> => {
  mkdirSync(folder, { recursive: true });
  const { default: leveldown } = (await loadPeer(syncSet, 'leveldown')) as { default: LevelDown };
  const { default: pouch } = (await loadPeer(syncSet, 'pouchdb')) as { default: Pouch };
  const flushed = (path: string): Level => {
    const level = leveldown(path);
    const plain = level._batch.bind(level);
    level._batch = (operations, options, done) => plain(operations, { ...options, sync: true }, done);
    return level;
  };
  return pouch.defaults({ prefix: `${folder}/`, db: flushed });
};

/** Larger than PouchDB's default of 100, which is slower here. */
const batchSize = 1000;

export const pouchdb: Contender = {
  async serve(folder) {
    const pouch = await pouchIn(join(folder, 'server'));
    const { default: express } = (await loadPeer(syncSet, 'express')) as {
      default: () => { use(path: string, app: unknown): void } & Parameters<typeof createServer>[1];
    };
    const { default: couch } = (await loadPeer(syncSet, 'express-pouchdb')) as {
      default: (pouch: Pouch, options: object) => unknown;
    };
    const app = express();
    app.use('/', couch(pouch, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
    const server = createServer(app);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/documents`,
      count: async () => (await new pouch('documents').info()).doc_count,
    };
  },
  async fill(folder, url, documents) {
    const pouch = await pouchIn(join(folder, 'kiosk'));
    const database = new pouch('documents');
    const put = await database.bulkDocs(documents.map((document) => ({ _id: document.ratingId, ...document })));
    if (!put.every(({ ok }) => ok === true)) throw new Error('PouchDB did not take the documents');
    return {
      async drain() {
        const done = await database.replicate.to(url, { batch_size: batchSize });
        if (!done.ok || done.docs_written !== documents.length) throw new Error(`${done.docs_written} were written`);
      },
    };
  },
};
