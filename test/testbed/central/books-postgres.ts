// The books in PostgreSQL: any number of server processes on one database. What must not happen twice at once is held by advisory
// locks of the transaction (a kiosk, a case), what slips past them by the unique keys; then the whole transaction is made again.

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool, TypeOverrides, types, type PoolClient } from 'pg';
import type { Books, Statements, Transaction } from './books.ts';
import { postgresSchema } from './schema.ts';

/** Serialisation failure, deadlock, unique key: another process was faster. Made again, the transaction sees what it did. */
const raceCodes = new Set(['40001', '40P01', '23505']);
const longestRaces = 8;
const connections = 6;
/** Apart from the others: who holds one of these still needs one of those. */
const lockConnections = 6;
/** A statement takes 65,535 values at most. */
const rowsAtOnce = 500;
const schemaLock = 'schema';

const ours = new TypeOverrides();
ours.setTypeParser(types.builtins.INT8, Number);

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** 64 bits of a name's hash, as PostgreSQL's signed number. */
const numberOf = (name: string): bigint => createHash('sha256').update(name, 'utf8').digest().readBigInt64BE(0);

const createNumbering = (): ((sql: string) => { text: string; name: string }) => {
  const known = new Map<string, { text: string; name: string }>();
  return (sql) => {
    const done = known.get(sql);
    if (done) return done;
    let place = 0;
    const text = sql.replaceAll('?', () => `$${++place}`);
    const query = { text, name: createHash('sha256').update(text).digest('hex').slice(0, 32) };
    known.set(sql, query);
    return query;
  };
};

export const openPostgresBooks = async (url: string): Promise<Books> => {
  const pool = new Pool({ connectionString: url, max: connections, types: ours });
  const locks = new Pool({ connectionString: url, max: lockConnections, types: ours });
  // An idle connection that the server ended is replaced at the next use.
  for (const each of [pool, locks]) {
    each.on('error', () => undefined);
    // Of one in use the statement under way fails; that is enough.
    each.on('connect', (client) => void client.on('error', () => undefined));
  }
  const numbered = createNumbering();

  const statementsOn = (on: Pool | PoolClient): Statements => ({
    async get<Row>(sql: string, ...values: readonly unknown[]) {
      return (await on.query({ ...numbered(sql), values: [...values] })).rows[0] as Row | undefined;
    },
    async all<Row>(sql: string, ...values: readonly unknown[]) {
      return (await on.query({ ...numbered(sql), values: [...values] })).rows as Row[];
    },
    async run(sql, ...values) {
      await on.query({ ...numbered(sql), values: [...values] });
    },
  });

  const attempt = async <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      const result = await work({
        ...statementsOn(client),
        async insert(table, columns, rows) {
          const width = columns.length;
          for (let at = 0; at < rows.length; at += rowsAtOnce) {
            const part = rows.slice(at, at + rowsAtOnce);
            const places = part.map(
              (_, row) => `(${columns.map((_column, place) => `$${row * width + place + 1}`).join(', ')})`,
            );
            await client.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${places.join(', ')}`, part.flat());
          }
        },
        async lock(names) {
          const numbers = [...new Set(names.map(numberOf))].toSorted((a, b) => (a < b ? -1 : 1));
          if (numbers.length === 0) return;
          await client.query({
            name: 'lock',
            text: 'SELECT pg_advisory_xact_lock(number) FROM unnest($1::bigint[]) AS number',
            values: [numbers.map(String)],
          });
        },
      });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: unknown) => {
        broken = new Error('the connection is gone', { cause });
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };

  const transaction: Books['transaction'] = async (work) => {
    for (let races = 0; ; races++) {
      try {
        return await attempt(work);
      } catch (error) {
        if (!raceCodes.has(codeOf(error) ?? '') || races >= longestRaces) throw error;
        await pause(Math.random() * 2 ** races);
      }
    }
  };

  const prepare = async (): Promise<void> => {
    await transaction(async ({ lock, run }) => {
      await lock([schemaLock]);
      for (const statement of postgresSchema.split(';')) if (statement.trim() !== '') await run(statement);
    });
  };

  const close = async (): Promise<void> => {
    await Promise.all([pool.end(), locks.end()]);
  };

  try {
    await prepare();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...statementsOn(pool),
    transaction,
    async alone(name, signal, work) {
      const client = await locks.connect();
      const number = String(numberOf(name));
      let isHeld = false;
      try {
        for (let tries = 0; !isHeld; tries++) {
          signal.throwIfAborted();
          const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [number]);
          isHeld = rows[0]?.held === true;
          if (!isHeld) await pause(Math.min(50, 2 ** tries), undefined, { signal });
        }
        return await work();
      } finally {
        // A connection that cannot let go is closed, and its lock with it.
        const error = isHeld
          ? await client.query('SELECT pg_advisory_unlock($1)', [number]).then(
              () => undefined,
              () => new Error('the lock was not let go'),
            )
          : undefined;
        client.release(error);
      }
    },
    close,
  };
};
