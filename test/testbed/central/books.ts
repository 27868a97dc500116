// The centre's books as a port: the same SQL over SQLite (one process, a file) or PostgreSQL (any number of processes, one database).
// Statements are written with `?`. Whatever a decision depends on stands in here; the processes keep nothing of their own.
//
//   intake, counts, queue, kiosks, uploads ─▶ Books ─▶ books-sqlite ─▶ central.db
//                                               └────▶ books-postgres ─▶ DATABASE_URL

import { openPostgresBooks } from './books-postgres.ts';
import { openSqliteBooks } from './books-sqlite.ts';

export type Value = string | number | null;

/** Rows are objects with the names of the columns; whole numbers come as numbers. */
export type Statements = {
  get<Row>(sql: string, ...values: readonly Value[]): Promise<Row | undefined>;
  all<Row>(sql: string, ...values: readonly Value[]): Promise<Row[]>;
  run(sql: string, ...values: readonly Value[]): Promise<void>;
};

export type Transaction = Statements & {
  /**
   * Until the end of the transaction nobody else holds one of these names; whoever did before has committed. All in one call and
   * first of all, so that two transactions never wait for each other.
   */
  lock(names: readonly string[]): Promise<void>;
  insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
};

export type Books = Statements & {
  /** Commits when `work` is done, rolls back when it throws. It may run several times, each time from the start: no other effects. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Work on one thing at a time, over all processes; lets go when the work ends or the process dies. */
  alone<Result>(name: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

const longestList = 512;

/**
 * Rows of `SELECT … WHERE column IN (…)` for any number of values. Lists are filled up to a power of two with their last value, so
 * that a handful of prepared statements does for all of them.
 */
export const allIn = async <Row>(
  on: Statements,
  sql: (list: string) => string,
  before: readonly Value[],
  values: readonly Value[],
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += longestList) {
    const part = values.slice(at, at + longestList);
    const size = 2 ** Math.ceil(Math.log2(part.length));
    const full = [...part, ...Array.from({ length: size - part.length }, () => part.at(-1) ?? null)];
    rows.push(...(await on.all<Row>(sql(full.map(() => '?').join(', ')), ...before, ...full)));
  }
  return rows;
};

export const openBooks = (directory: string, databaseUrl: string | undefined): Promise<Books> =>
  databaseUrl === undefined ? openSqliteBooks(directory) : openPostgresBooks(databaseUrl);
