// A whole copy of a store while it is in use.
//
//   open database ─backup API─▶ FILE.part ─one file, integrity_check─▶ flushed ─▶ FILE

import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { storageFailureOf, type StorageCode } from './failure.ts';

/** SQLite's own bound for one step. */
const everyPage = 0x7fffffff;

export const flush = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Puts a finished file in its place so that a power cut leaves the old or the new one, never half of either. */
export const moveInto = (part: string, target: string): void => {
  chmodSync(part, 0o600);
  flush(part);
  renameSync(part, target);
  flush(dirname(target));
};

/** A database file with what SQLite keeps beside it. */
export const dropDatabase = (path: string): void => {
  for (const name of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) rmSync(name, { force: true });
};

/**
 * Copies what is committed while others go on writing. `atOnce` copies in one step, for a connection beside a running kiosk: writes
 * of another process would make a slow copy start again and again. The kiosk itself copies a little at a time and stays awake.
 */
export const backUp = async (
  db: Database.Database,
  target: string,
  { atOnce = false }: { atOnce?: boolean } = {},
): Promise<Result<void, StorageCode>> => {
  const part = `${target}.part`;
  try {
    dropDatabase(part);
    await (atOnce ? db.backup(part, { progress: () => everyPage }) : db.backup(part));
    const copy = new Database(part);
    try {
      // A copy is one file that can be carried away, not three that belong together.
      copy.pragma('journal_mode = DELETE');
      const verdict = copy.pragma('integrity_check(1)', { simple: true });
      if (verdict !== 'ok') return fail('storeDamaged', 'engineer', `the copy is bad: ${String(verdict)}`);
    } finally {
      copy.close();
    }
    moveInto(part, target);
    return ok(undefined);
  } catch (error) {
    const failure = storageFailureOf(error, target);
    if (failure) return { ok: false, error: failure };
    return fail('storeFailed', 'engineer', `the backup cannot be written: ${String(error)}`);
  } finally {
    dropDatabase(part);
  }
};
