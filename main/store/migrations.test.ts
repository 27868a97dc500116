// Every schema that this software ever had is opened with today's: rows that an older version could have written are there, whole, and go
// on their way. The rows come from a store of today, as far as the older tables had room for them.

import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkFile } from './check.ts';
import { inspectFile } from './inspection.ts';
import type { Store } from './open.ts';
import {
  codeOf,
  createPlace,
  kioskId,
  machineKey,
  morningMs,
  page,
  rating,
  submission,
  valueOf,
  type Place,
} from './store-fixture.ts';

const folder = new URL('./migrations/', import.meta.url);
const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => ({ version: Number(name.slice(0, 4)), sql: readFileSync(new URL(name, folder), 'utf8') }));
const earlier = migrations.slice(0, -1).map(({ version }) => version);

type Ids = { caseId: string; ticketId: string; scan: string };

/** Something in every table. */
const fill = (store: Store): Ids => {
  const scan = page(3000);
  const given = submission([scan]);
  const { receiptNumber } = valueOf(store.submitCase(given));
  valueOf(store.enqueue('rating.given', rating({ caseId: given.caseId }), { bind: { caseId: given.caseId } }));
  const request = { businessCode: 'TAX', prefix: 'A', priority: 'none', atMs: morningMs, dayKey: '2026-11-22' };
  const { ticketId } = valueOf(store.takeNumber(request));
  const settled = valueOf(store.enqueue('rating.given', rating()));
  const [last] = valueOf(store.nextBatch(1, undefined, settled.seq - 1));
  const receipt = {
    receivedAt: new Date(morningMs).toISOString(),
    payloadSha256: last?.payloadSha256 ?? '',
    signature: 'c2ln',
  };
  valueOf(store.settle(settled.eventId, { eventId: settled.eventId, status: 'accepted', receipt }));
  const dead = valueOf(store.enqueue('rating.given', rating()));
  valueOf(store.bury({ eventId: dead.eventId }, 'refused'));
  const originals = ['租赁合同'];
  valueOf(
    store.reserveCell({ cells: [1], caseId: given.caseId, receiptNumber, originals, keepUntilMs: morningMs + 1000 }),
  );
  valueOf(store.assign('printer', '/dev/ttyS3'));
  valueOf(store.addStatistics('printer', { tickets: 41 }));
  valueOf(store.seedAccounts([{ account: 'wang', name: '王', role: 'manager', pinHash: '$argon2id$x' }]));
  valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: 'cell 1', ok: true }));
  valueOf(store.setNote('receiptPublicKey', 'MCowBQYDK2VwAyEA'));
  return { caseId: given.caseId, ticketId, scan: scan.sha256 };
};

const readAll = (store: Store, { caseId, ticketId, scan }: Ids): Record<string, unknown> => ({
  case: store.caseStatus(caseId),
  scan: valueOf(store.readBlob(scan)).toString('base64'),
  events: valueOf(store.nextBatch(10)).map(({ seq, kind, payloadSha256 }) => ({ seq, kind, payloadSha256 })),
  dead: store.deadLetters().map(({ seq, kind, reason }) => ({ seq, kind, reason })),
  ticket: store.ticket(ticketId),
  cells: store.cellsInUse(),
  assignments: store.assignments(),
  statistics: store.statistics('printer'),
  accounts: store.accounts(),
  lines: store.auditLines({ limit: 10 }),
  note: store.note('receiptPublicKey'),
});

/** The parts that tables of an older version had no room for. */
const since: Record<string, number> = {
  ticket: 2,
  cells: 2,
  assignments: 2,
  statistics: 2,
  accounts: 2,
  lines: 3,
};

const columnsOf = (db: Database.Database, schema: string, table: string): string[] =>
  db.prepare<[string, string], string>('SELECT name FROM pragma_table_info(?, ?)').pluck().all(table, schema);

/** A file as that version left it, with the rows of today's. */
const makeOlder = (place: Place, today: string, version: number): void => {
  const db = new Database(place.path);
  for (const migration of migrations.filter((one) => one.version <= version)) db.exec(migration.sql);
  db.pragma(`user_version = ${version}`);
  db.prepare('ATTACH ? AS today').run(today);
  // A table refers to another that may come later by its name.
  db.pragma('foreign_keys = OFF');
  const tables = db.prepare<[], string>("SELECT name FROM main.sqlite_schema WHERE type = 'table'").pluck().all();
  for (const table of tables) {
    const theirs = new Set(columnsOf(db, 'today', table));
    const columns = columnsOf(db, 'main', table).filter((column) => theirs.has(column));
    const list = columns.map((column) => `"${column}"`).join(', ');
    db.exec(`INSERT INTO main."${table}" (${list}) SELECT ${list} FROM today."${table}"`);
  }
  db.close();
};

describe('a store of an earlier schema', () => {
  it.each(earlier)('%i is brought up to date with everything that stood in it', (version) => {
    using today = createPlace();
    const source = valueOf(today.open());
    const ids = fill(source);
    const wanted = readAll(source, ids);
    source.close();
    using place = createPlace();
    makeOlder(place, today.path, version);
    const store = valueOf(place.open());
    const seen = readAll(store, ids);
    const known = ([part]: [string, unknown]): boolean => (since[part] ?? 0) <= version;
    expect(Object.entries(seen).filter(known)).toEqual(Object.entries(wanted).filter(known));
    expect(valueOf(store.enqueue('rating.given', rating())).seq).toBeGreaterThan(5);
    store.close();
    using file = valueOf(inspectFile({ path: place.path, machineKey, kioskId }));
    // What an older version did not write down, nobody misses.
    expect(
      checkFile(file).problems.filter((problem) => version >= 3 || !JSON.stringify(problem).includes('audit')),
    ).toEqual([]);
  });

  it('stays as it was when a step cannot be made', () => {
    using place = createPlace();
    const [first, second] = migrations;
    if (!first || !second) throw new Error('there should be two');
    const db = new Database(place.path);
    db.exec(first.sql);
    // In the way of the second step, at its end.
    const [taken] = [...second.sql.matchAll(/CREATE TABLE (\w+)/g)].toReversed();
    db.exec(`CREATE TABLE ${taken?.[1] ?? ''} (x)`);
    db.pragma('user_version = 1');
    db.close();
    expect(codeOf(place.open())).toBe('storeDamaged');
    const after = new Database(place.path, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(1);
    const tables = after.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    after.close();
    expect(tables).not.toContain('tickets');
  });
});
