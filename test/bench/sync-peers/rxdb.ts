// RxDB's push replication to a second RxDB behind HTTP, twice. On the one free storage for Node.js that is a file and takes so many
// documents: Deno KV, SQLite with a flush at each commit. And, as a bound that no file reaches, in memory with a journal that is flushed
// before a write counts and that nothing ever reads back.

import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Contender } from './contender.ts';
import { loadPeer, syncSet } from '../peers.ts';

type Instance = { bulkWrite(rows: unknown[], context: string): Promise<{ error: unknown[] }>; close(): Promise<void> };
type Storage = { createStorageInstance(parameters: object): Promise<Instance> };
type Collection = {
  storageInstance: Instance;
  conflictHandler: unknown;
  bulkInsert(documents: readonly object[]): Promise<{ error: unknown[] }>;
  count(): { exec(): Promise<number> };
};
type Database = { token: string; addCollections(of: object): Promise<{ documents: Collection }> };
type Rxdb = {
  createRxDatabase(options: object): Promise<Database>;
  rxStorageInstanceToReplicationHandler(
    instance: Instance,
    conflictHandler: unknown,
    token: string,
  ): { masterWrite(rows: unknown[]): Promise<unknown[]> };
};
type Replication = {
  replicateRxCollection(options: object): {
    awaitInitialReplication(): Promise<void>;
    error$: { subscribe(listener: (error: unknown) => void): unknown };
  };
};

const schema = {
  version: 0,
  primaryKey: 'ratingId',
  type: 'object',
  properties: {
    ratingId: { type: 'string', maxLength: 40 },
    visitId: { type: 'string' },
    itemCode: { type: 'string' },
    level: { type: 'integer' },
    reasons: { type: 'array', items: { type: 'string' } },
    channel: { type: 'string' },
    ratedAt: { type: 'string' },
  },
};
/** Larger than RxDB's default of 100, which is slower here. */
const batchSize = 1000;

/** Documents in one of Deno KV's transactions; with their indexes twice as many are too many for it. */
const denoBatchSize = 100;

type DenoKv = { openKv(path: string, options: { implementation: 'sqlite' }): Promise<unknown> };
type OpenStorage = (folder: string) => Promise<Storage>;

/** RxDB looks for Deno's own global; its maker's package for Node.js stands in. */
const denoKv: OpenStorage = async (folder) => {
  const { openKv } = (await loadPeer(syncSet, '@deno/kv')) as DenoKv;
  Object.assign(globalThis, { Deno: { openKv: (path: string) => openKv(path, { implementation: 'sqlite' }) } });
  const { getRxStorageDenoKV } = (await loadPeer(syncSet, 'rxdb/plugins/storage-denokv')) as {
    getRxStorageDenoKV(settings: object): Storage;
  };
  return getRxStorageDenoKV({
    consistencyLevel: 'strong',
    openKvPath: join(folder, 'kv.db'),
    batchSize: denoBatchSize,
  });
};

const memoryWithJournal: OpenStorage = async (folder) => {
  const { getRxStorageMemory } = (await loadPeer(syncSet, 'rxdb/plugins/storage-memory')) as {
    getRxStorageMemory(): Storage;
  };
  return withJournal(getRxStorageMemory(), folder);
};

const withJournal = (storage: Storage, folder: string): Storage => ({
  ...storage,
  async createStorageInstance(parameters) {
    const instance = await storage.createStorageInstance(parameters);
    const { collectionName } = parameters as { collectionName: string };
    const file = openSync(join(folder, `${collectionName}.journal`), 'a');
    const write = instance.bulkWrite.bind(instance);
    const close = instance.close.bind(instance);
    instance.bulkWrite = (rows, context) => {
      writeSync(file, `${JSON.stringify(rows)}\n`);
      fdatasyncSync(file);
      return write(rows, context);
    };
    instance.close = async () => {
      await close();
      closeSync(file);
    };
    return instance;
  },
});

const openIn = async (
  openStorage: OpenStorage,
  folder: string,
): Promise<{ rxdb: Rxdb; database: Database; documents: Collection }> => {
  mkdirSync(folder, { recursive: true });
  const rxdb = (await loadPeer(syncSet, 'rxdb')) as Rxdb;
  const storage = await openStorage(folder);
  const database = await rxdb.createRxDatabase({ name: folder, storage, multiInstance: false, eventReduce: false });
  const { documents } = await database.addCollections({ documents: { schema } });
  return { rxdb, database, documents };
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
};

const rxdbOn = (openStorage: OpenStorage): Contender => ({
  async serve(folder) {
    const { rxdb: module, database, documents } = await openIn(openStorage, join(folder, 'server'));
    const handler = module.rxStorageInstanceToReplicationHandler(
      documents.storageInstance,
      documents.conflictHandler,
      database.token,
    );
    const server = createServer((request, response) => {
      void bodyOf(request)
        .then((rows) => handler.masterWrite(rows as unknown[]))
        .then(
          (conflicts) => response.end(JSON.stringify(conflicts)),
          (error: unknown) => response.writeHead(500).end(String(error)),
        );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/push`, count: () => documents.count().exec() };
  },
  async fill(folder, url, given) {
    const { documents } = await openIn(openStorage, join(folder, 'kiosk'));
    const put = await documents.bulkInsert(given);
    if (put.error.length > 0) throw new Error('RxDB did not take the documents');
    const { replicateRxCollection } = (await loadPeer(syncSet, 'rxdb/plugins/replication')) as Replication;
    return {
      async drain() {
        const state = replicateRxCollection({
          collection: documents,
          replicationIdentifier: 'bench',
          live: false,
          push: {
            batchSize,
            async handler(rows: unknown[]) {
              const headers = { 'content-type': 'application/json' };
              const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(rows) });
              if (!answer.ok) throw new Error(await answer.text());
              return answer.json();
            },
          },
        });
        state.error$.subscribe((error) => console.error(error));
        await state.awaitInitialReplication();
      },
    };
  },
});

export const rxdb = rxdbOn(denoKv);
export const rxdbInMemory = rxdbOn(memoryWithJournal);
