// The tables: numbered migrations in SQL, and the proof that a file has exactly the tables they make. A bit that flipped in a table's
// own description would change a rule without changing a row.

import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '../../devices/kit/result.ts';

type Migration = { version: number; name: string; sql: string };

const folder = new URL('./migrations/', import.meta.url);

const readMigrations = (): Migration[] => {
  const migrations = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ version: Number(name.slice(0, 4)), name, sql: readFileSync(new URL(name, folder), 'utf8') }));
  for (const [index, { version, name }] of migrations.entries())
    if (version <= (migrations[index - 1]?.version ?? 0))
      throw new Error(`migration ${name} has a number that is taken`);
  return migrations;
};

let kept: readonly Migration[] | undefined;
/** Read once a run: an update replaces the program with its migrations. */
const migrations = (): readonly Migration[] => (kept ??= readMigrations());

/** The newest version of the tables that this software knows. */
export const newestVersion = (): number => migrations().at(-1)?.version ?? 0;

/** Brings the tables up to date, one transaction a step. */
export const migrate = (db: Database.Database): void => {
  const have = Number(db.pragma('user_version', { simple: true }));
  for (const { version, sql } of migrations().filter((one) => one.version > have))
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }).immediate();
};

type Part = { type: string; name: string; table: string; sql: string | null };

/** As text: in a damaged file a name may have become a number or bytes. */
const partsOf = (db: Database.Database): Part[] =>
  db
    .prepare<[], Part>(
      `SELECT CAST(type AS TEXT) AS type, coalesce(CAST(name AS TEXT), '') AS name, CAST(tbl_name AS TEXT) AS "table",
         CAST(sql AS TEXT) AS sql
       FROM sqlite_schema ORDER BY type, name`,
    )
    .all();

let expected: readonly Part[] | undefined;
const expectedParts = (): readonly Part[] => {
  if (expected === undefined) {
    const fresh = new Database(':memory:');
    migrate(fresh);
    expected = partsOf(fresh);
    fresh.close();
  }
  return expected;
};

const isTrigger = ({ type }: Part): boolean => type === 'trigger';
const textOf = (parts: readonly Part[]): string => JSON.stringify(parts);

/** Whether an up-to-date file has the tables and indexes of the migrations, to the letter. */
export const checkTables = (db: Database.Database): Result<void, 'storeDamaged'> => {
  const [has, should] = [partsOf(db), expectedParts()].map((parts) => textOf(parts.filter((part) => !isTrigger(part))));
  return has === should
    ? ok(undefined)
    : fail('storeDamaged', 'engineer', 'the tables are not those that this version makes');
};

/** Triggers that are gone, changed or not ours. They hold no data, so they can be made again: see `repairTriggers`. */
export const wrongTriggers = (db: Database.Database): string[] => {
  const has = new Map(
    partsOf(db)
      .filter(isTrigger)
      .map((part) => [part.name, textOf([part])]),
  );
  const should = new Map(
    expectedParts()
      .filter(isTrigger)
      .map((part) => [part.name, textOf([part])]),
  );
  return [...new Set([...has.keys(), ...should.keys()])].filter((name) => has.get(name) !== should.get(name));
};

/** Makes the triggers again that keep the audit log append-only, and says which were not as they should be. */
export const repairTriggers = (db: Database.Database): string[] => {
  const wrong = wrongTriggers(db);
  if (wrong.length === 0) return wrong;
  db.transaction(() => {
    for (const name of wrong) db.exec(`DROP TRIGGER IF EXISTS "${name.replaceAll('"', '""')}"`);
    for (const { name, sql } of expectedParts().filter(isTrigger))
      if (wrong.includes(name) && sql !== null) db.exec(sql);
  }).immediate();
  return wrong;
};
