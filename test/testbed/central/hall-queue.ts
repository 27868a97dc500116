// People waiting in the hall, as a platform with counters would see them: every ticket adds one, the open counters take one each
// per average service time.

import type { QueueState } from '../../../main/contract/intake.ts';
import type { Books, Statements, Transaction } from './books.ts';

export type Business = { code: string; openCounters: number; averageServiceSec: number };

export type HallQueue = {
  setUp(business: Business, atMs: number): Promise<void>;
  state(atMs: number): Promise<QueueState>;
};

type Row = { code: string; open_counters: number; average_service_sec: number; waiting: number; as_of_ms: number };

/** Who changes the queue of a business holds this for the transaction. */
export const queueLock = (code: string): string => `queue:${code}`;

const waitingAt = (row: Row, atMs: number): number => {
  const served = (Math.max(0, atMs - row.as_of_ms) / 1000 / row.average_service_sec) * row.open_counters;
  return Math.max(0, row.waiting - served);
};

const rowOf = async (on: Statements, code: string, atMs: number): Promise<Row> =>
  (await on.get<Row>('SELECT * FROM queue WHERE code = ?', code)) ?? {
    code,
    open_counters: 1,
    average_service_sec: 600,
    waiting: 0,
    as_of_ms: atMs,
  };

const put = (on: Statements, row: Row): Promise<void> =>
  on.run(
    `INSERT INTO queue (code, open_counters, average_service_sec, waiting, as_of_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (code) DO UPDATE SET open_counters = excluded.open_counters,
       average_service_sec = excluded.average_service_sec, waiting = excluded.waiting, as_of_ms = excluded.as_of_ms`,
    row.code,
    row.open_counters,
    row.average_service_sec,
    row.waiting,
    row.as_of_ms,
  );

/** A business is known from the first ticket on, with one counter unless it was set up. */
export const joinQueue = async (
  transaction: Transaction,
  code: string,
  people: number,
  atMs: number,
): Promise<void> => {
  const row = await rowOf(transaction, code, atMs);
  await put(transaction, { ...row, waiting: waitingAt(row, atMs) + people, as_of_ms: atMs });
};

export const createHallQueue = (books: Books): HallQueue => ({
  setUp: ({ code, openCounters, averageServiceSec }, atMs) =>
    books.transaction(async (transaction) => {
      await transaction.lock([queueLock(code)]);
      const waiting = waitingAt(await rowOf(transaction, code, atMs), atMs);
      await put(transaction, {
        code,
        open_counters: openCounters,
        average_service_sec: averageServiceSec,
        waiting,
        as_of_ms: atMs,
      });
    }),
  async state(atMs) {
    const rows = await books.all<Row>('SELECT * FROM queue ORDER BY code');
    return {
      asOf: new Date(atMs).toISOString(),
      businesses: rows.map((row) => ({
        code: row.code,
        waiting: Math.ceil(waitingAt(row, atMs)),
        openCounters: row.open_counters,
        averageServiceSec: row.average_service_sec,
      })),
    };
  },
});
