// The books in a SQLite file: one process writes. Writers take turns; whoever reads does so on a connection of its own and sees only
// what is committed. Other programs may read the file at the same time.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Books, Statements, Transaction, Value } from './books.ts';
import { sqliteSchema } from './schema.ts';
import { createTurns, type Turns } from './turns.ts';

/** Statements whose text depends on the size of a batch; more sizes than this are not kept prepared. */
const keptStatements = 2000;

type Prepare = (sql: string) => Database.Statement<Value[]>;

const preparer = (db: Database.Database): Prepare => {
  const prepared = new Map<string, Database.Statement<Value[]>>();
  return (sql) => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = db.prepare<Value[]>(sql);
    if (prepared.size >= keptStatements) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  };
};

const statementsOf = (prepare: Prepare): Statements => {
  // A mistake in a statement is a rejection here, as it is with the other database.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    get: async <Row>(sql: string, ...values: readonly Value[]) => prepare(sql).get(...values) as Row | undefined,
    all: async <Row>(sql: string, ...values: readonly Value[]) => prepare(sql).all(...values) as Row[],
    run: async (sql, ...values) => void prepare(sql).run(...values),
  };
};

const connect = (path: string): Database.Database => {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 5000');
  return db;
};

export const openSqliteBooks = async (directory: string): Promise<Books> => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'central.db');
  const writer = connect(path);
  writer.exec(sqliteSchema);
  const reader = connect(path);
  reader.pragma('query_only = ON');
  const prepare = preparer(writer);
  const [write, read] = [statementsOf(prepare), statementsOf(preparer(reader))];
  const insert: Transaction['insert'] = async (table, columns, rows) => {
    const places = columns.map(() => '?').join(', ');
    const statement = prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`);
    for (const row of rows) statement.run(...row);
  };
  const writing = createTurns();
  const working = new Map<string, { turns: Turns; users: number }>();

  return {
    get: read.get,
    all: read.all,
    run: (sql, ...values) => writing.take(() => write.run(sql, ...values)),
    transaction: (work) =>
      writing.take(async () => {
        writer.exec('BEGIN IMMEDIATE');
        try {
          // There is one writer: what is locked is everything.
          const result = await work({ ...write, insert, lock: () => Promise.resolve() });
          writer.exec('COMMIT');
          return result;
        } catch (error) {
          if (writer.inTransaction) writer.exec('ROLLBACK');
          throw error;
        }
      }),
    async alone(name, signal, work) {
      const place = working.get(name) ?? { turns: createTurns(), users: 0 };
      working.set(name, place);
      place.users += 1;
      try {
        return await place.turns.take(() => {
          signal.throwIfAborted();
          return work();
        });
      } finally {
        place.users -= 1;
        if (place.users === 0) working.delete(name);
      }
    },
    async close() {
      await writing.take(() => Promise.resolve());
      reader.close();
      writer.close();
    },
  };
};
