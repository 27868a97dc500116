// People waiting in the hall, as a platform with counters would see them: every ticket adds one, the open counters take one each
// per average service time.

import type Database from 'better-sqlite3';
import type { QueueState } from '../../../main/contract/intake.ts';

export type Business = { code: string; openCounters: number; averageServiceSec: number };

export type HallQueue = {
  /** A business is known from the first ticket on, with one counter unless it was set up. */
  join(code: string, atMs: number): void;
  setUp(business: Business, atMs: number): void;
  state(atMs: number): QueueState;
};

type Row = { code: string; open_counters: number; average_service_sec: number; waiting: number; as_of_ms: number };

const waitingAt = (row: Row, atMs: number): number => {
  const served = (Math.max(0, atMs - row.as_of_ms) / 1000 / row.average_service_sec) * row.open_counters;
  return Math.max(0, row.waiting - served);
};

export const createHallQueue = (db: Database.Database): HallQueue => {
  const all = db.prepare<[], Row>('SELECT * FROM queue ORDER BY code');
  const find = db.prepare<[string], Row>('SELECT * FROM queue WHERE code = ?');
  const put = db.prepare(
    `INSERT INTO queue (code, open_counters, average_service_sec, waiting, as_of_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (code) DO UPDATE SET open_counters = excluded.open_counters,
       average_service_sec = excluded.average_service_sec, waiting = excluded.waiting, as_of_ms = excluded.as_of_ms`,
  );
  const rowOf = (code: string, atMs: number): Row =>
    find.get(code) ?? { code, open_counters: 1, average_service_sec: 600, waiting: 0, as_of_ms: atMs };
  return {
    join(code, atMs) {
      const row = rowOf(code, atMs);
      put.run(code, row.open_counters, row.average_service_sec, waitingAt(row, atMs) + 1, atMs);
    },
    setUp({ code, openCounters, averageServiceSec }, atMs) {
      put.run(code, openCounters, averageServiceSec, waitingAt(rowOf(code, atMs), atMs), atMs);
    },
    state: (atMs) => ({
      asOf: new Date(atMs).toISOString(),
      businesses: all.all().map((row) => ({
        code: row.code,
        waiting: Math.ceil(waitingAt(row, atMs)),
        openCounters: row.open_counters,
        averageServiceSec: row.average_service_sec,
      })),
    }),
  };
};
