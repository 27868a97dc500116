// What is left when everything is left out: the same documents from one SQLite file to another over plain HTTP, flushed on both sides. No
// seal, no hash, no order, no identity, no receipt, no contract. No peer; it says what this machine gives at most.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Contender } from './contender.ts';

/** As large as the other sides' batches. */
const batchSize = 1000;

const openIn = (folder: string): Database.Database => {
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE documents (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL)');
  return db;
};

const bodyOf = async (request: IncomingMessage): Promise<{ id: string; document: string }[]> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string; document: string }[];
};

export const bare: Contender = {
  async serve(folder) {
    const db = openIn(join(folder, 'server'));
    const insert = db.prepare('INSERT INTO documents (id, document) VALUES (?, ?)');
    const take = db.transaction((rows: { id: string; document: string }[]) => {
      for (const { id, document } of rows) insert.run(id, document);
    });
    const server = createServer((request, response) => {
      void bodyOf(request).then(
        (rows) => {
          take(rows);
          response.end(JSON.stringify(rows.map(({ id }) => id)));
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const count = db.prepare<[], number>('SELECT count(*) FROM documents').pluck();
    return { url: `http://127.0.0.1:${port}/`, count: () => count.get() ?? 0 };
  },
  fill(folder, url, documents) {
    const db = openIn(join(folder, 'kiosk'));
    const insert = db.prepare('INSERT INTO documents (id, document) VALUES (?, ?)');
    db.transaction(() => {
      for (const document of documents) insert.run(document.ratingId, JSON.stringify(document));
    })();
    const read = db.prepare<[number], { id: string; document: string }>(
      'SELECT id, document FROM documents ORDER BY seq LIMIT ?',
    );
    const remove = db.prepare('DELETE FROM documents WHERE id = ?');
    const removeAll = db.transaction((ids: string[]) => {
      for (const id of ids) remove.run(id);
    });
    return Promise.resolve({
      async drain() {
        for (let rows = read.all(batchSize); rows.length > 0; rows = read.all(batchSize)) {
          const answer = await fetch(url, { method: 'POST', body: JSON.stringify(rows) });
          removeAll((await answer.json()) as string[]);
        }
      },
    });
  },
};
