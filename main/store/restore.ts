// From a backup to the store in service.
//
//   backup ─copy─▶ kiosk.db.part ─▶ ours? whole? ─▶ own epoch, no drafts, a line in the audit log ─▶ flushed ─▶ kiosk.db
//
// The file that stood there is never deleted: it is kept under a name with the time, and its path is told.

import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { dropDatabase, flush, moveInto } from './backup.ts';
import { storageFailureOf } from './failure.ts';
import { renewEpoch } from './identity.ts';
import { inspectFile, type InspectCode, type StoreFile } from './inspection.ts';
import { openStore } from './open.ts';

export type RestoreCode =
  | InspectCode
  /** A store stands there, and nobody said that it may be put aside. */
  | 'storeThere'
  /** Another process has the store open. */
  | 'storeInUse';

export type Restored = { path: string; epoch: string; /** Where the store from before lies now. */ aside?: string };

/**
 * Whether another process has the file open. A store in service holds a shared lock as long as it is open, so the exclusive one can
 * be had only when there is nobody.
 */
export const isInUse = (path: string): boolean => {
  const db = new Database(path, { fileMustExist: true, timeout: 500 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return false;
  } catch (error) {
    // A file too damaged to be locked is in nobody's use, and is what one restores for.
    return storageFailureOf(error, path)?.code === 'storeBusy';
  } finally {
    db.close();
  }
};

const besideNames = ['-wal', '-shm'] as const;

/** Folds the log into the file, so that the old store is one file. A store that is too damaged for that keeps its log. */
const foldLog = (path: string): void => {
  try {
    const db = new Database(path, { fileMustExist: true, timeout: 500 });
    try {
      db.pragma('journal_mode = DELETE');
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
};

/** A second name for the old file, or a copy where the file system knows no links: the first name stays until the new file takes it. */
const keepUnder = (path: string, aside: string): void => {
  try {
    linkSync(path, aside);
  } catch {
    copyFileSync(path, aside);
    flush(aside);
  }
  flush(dirname(aside));
};

/**
 * Gives the old store a name beside its own. It stays in service until the new file takes its place in one step: a power cut leaves the
 * one or the other. What is left of its log goes aside too, because a foreign log would be read into the new file.
 */
const putAside = (path: string, nowMs: number): string => {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let aside = join(dirname(path), `${basename(path, '.db')}.before-${stamp}.db`);
  for (let count = 2; existsSync(aside); count += 1)
    aside = join(dirname(path), `${basename(path, '.db')}.before-${stamp}-${count}.db`);
  foldLog(path);
  keepUnder(path, aside);
  for (const name of besideNames) if (existsSync(path + name)) renameSync(path + name, aside + name);
  return aside;
};

/** Makes the copy a store of its own: nothing of it can be mistaken for what the lost disk did after the copy was made. */
const prepare = (part: string, owner: StoreFile, clock: Clock, timeZone?: string): Result<string, InspectCode> => {
  // Opened once as the kiosk would, so that an older copy is brought up to date and a damaged one is refused.
  const opened = openStore({ ...owner, path: part, clock, ...(timeZone === undefined ? {} : { timeZone }) });
  if (!opened.ok) return opened;
  const store = opened.value;
  try {
    // Their keys lived in the memory of that day.
    const wiped = store.wipeAllSessions();
    if (!wiped.ok) return wiped;
    const noted = store.audit({ who: 'system', role: 'system', act: 'storeRestored', detail: store.epoch, ok: true });
    if (!noted.ok) return noted;
  } finally {
    store.close();
  }
  const inspected = inspectFile({ ...owner, path: part });
  if (!inspected.ok) return inspected;
  const identity = { ...inspected.value };
  identity.db.close();
  const db = new Database(part);
  try {
    const { epoch } = db.transaction(() => renewEpoch(db, owner, identity, clock.now())).immediate();
    db.pragma('journal_mode = DELETE');
    return ok(epoch);
  } finally {
    db.close();
  }
};

/** Puts a backup into service. `replace` lets a store that stands there be moved aside. */
export const restore = (
  from: string,
  target: StoreFile,
  { replace = false, clock = systemClock, timeZone }: { replace?: boolean; clock?: Clock; timeZone?: string } = {},
): Result<Restored, RestoreCode> => {
  const { path } = target;
  if (!existsSync(from)) return fail('storeMissing', 'engineer', `there is no backup at ${from}`);
  const isThere = existsSync(path);
  if (isThere && isInUse(path)) return fail('storeInUse', 'engineer', `another process has ${path} open`);
  if (isThere && !replace) return fail('storeThere', 'engineer', `a store stands at ${path}`);
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    dropDatabase(part);
    copyFileSync(from, part);
    const prepared = prepare(part, target, clock, timeZone);
    if (!prepared.ok) return prepared;
    const aside = isThere ? putAside(path, clock.now()) : undefined;
    moveInto(part, path);
    return ok({ path, epoch: prepared.value, ...(aside === undefined ? {} : { aside }) });
  } catch (error) {
    const failure = storageFailureOf(error, path);
    if (failure) return { ok: false, error: failure };
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return fail(code === 'ENOSPC' ? 'diskFull' : 'storeFailed', 'engineer', `the store cannot be restored: ${code}`);
  } finally {
    dropDatabase(part);
  }
};
