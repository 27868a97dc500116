// RxDB's push replication to a second RxDB behind HTTP. Its free storage on Node.js is memory only; to be as durable as the others here,
// every bulk write on both sides is appended to a journal and flushed before it counts. That is less work than a real storage would have.

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

const openIn = async (folder: string): Promise<{ rxdb: Rxdb; database: Database; documents: Collection }> => {
  mkdirSync(folder, { recursive: true });
  const rxdb = (await loadPeer(syncSet, 'rxdb')) as Rxdb;
  const { getRxStorageMemory } = (await loadPeer(syncSet, 'rxdb/plugins/storage-memory')) as {
    getRxStorageMemory(): Storage;
  };
  const storage = withJournal(getRxStorageMemory(), folder);
  const database = await rxdb.createRxDatabase({ name: folder, storage, multiInstance: false, eventReduce: false });
  const { documents } = await database.addCollections({ documents: { schema } });
  return { rxdb, database, documents };
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
};

export const rxdb: Contender = {
  async serve(folder) {
    const { rxdb: module, database, documents } = await openIn(join(folder, 'server'));
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
    const { documents } = await openIn(join(folder, 'kiosk'));
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
};
