// Opens the file under the store and sees to it that it is sound, ours, current and durable before anybody writes to it.
//
//   look (read-only: header, version, integrity_check) ─▶ open ─▶ pragmas ─▶ migrations ─▶ tables and triggers as they should be
//   ─▶ identity ─▶ counter ─▶ is FULL really FULL?

import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { createSealer, type Keys, type Sealer } from './envelope.ts';
import { storageFailureOf, type OpenCode, type StorageCode } from './failure.ts';
import { keepHead, knownIdentity, makeIdentity, type Identity } from './identity.ts';
import { createReserve, type Reserve } from './reserve.ts';
import { checkTables, migrate, newestVersion, repairTriggers } from './schema.ts';
import { lastSeqOf, nextSeqOf } from './sequence.ts';

export type DatabaseOptions = {
  path: string;
  machineKey: Uint8Array;
  kioskId: string;
  clock: Clock;
  /** The hall's time zone, for numbers that start afresh each day. */
  timeZone: string;
  /** Stands at the head of receipt numbers. */
  shortId: string;
  /** Upper bound of the file, so that the store never eats the space that logs and updates need. */
  maxBytes?: number;
  /** Kept beside the store for the day on which the disk is full; none when absent. */
  reserveBytes?: number;
  onReserveGivenUp?: () => void;
  /** Milliseconds since some fixed moment of this run; never goes back. */
  monotonicMs: () => number;
};

/** What every topic of the store is made with. */
export type StoreContext = Omit<DatabaseOptions, 'machineKey' | 'maxBytes' | 'reserveBytes' | 'onReserveGivenUp'> & {
  db: Database.Database;
  reserve: Reserve | undefined;
  /** UUID that the sequences count within. A restored copy has one of its own; a cloned disk keeps it, and the centre notices. */
  epoch: string;
  /** The epoch that keys and envelopes hang from: that of the first install. */
  sealEpoch: string;
  installedMs: number;
  /** See `identity.ts`. */
  isHeadKept: boolean;
  /** UUID of this run. */
  bootId: string;
  keys: Keys;
  sealer: Sealer;
  /**
   * Runs `act` so that all its writes are committed together, or none when it throws or answers with a failure. Calls nest.
   * Faults of the disk come back as failures from the outermost call; `act` must not await.
   */
  transact: Transact;
  /** For what is remembered of the tables in memory: called whenever writes were taken back. */
  whenUndone(act: () => void): void;
  /** Names of triggers that were gone or changed when the file was opened, and were made again. */
  repairedTriggers: readonly string[];
};

export type Transact = <T, Code extends string>(act: () => Result<T, Code>) => Result<T, Code | StorageCode>;

const busyTimeoutMs = 5000;
const pageBytes = 4096;
const synchronousFull = 2;

const isThere = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * A power cut during the very first opening, before the file is in WAL mode, leaves a rollback journal. SQLite undoes the unfinished
 * change at the next read, but only through a connection that may write.
 */
const finishRollback = (path: string): void => {
  if (!existsSync(`${path}-journal`)) return;
  const db = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
  try {
    db.pragma('schema_version');
  } finally {
    db.close();
  }
};

/**
 * Looks at an existing file through a connection that cannot write. A damaged file is left exactly as it is, for the engineer.
 * The quick check would be quicker but does not compare indexes with their tables: a row that its index forgot is never seen again.
 */
const inspect = (path: string, newest: number): Result<void, OpenCode> => {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > newest)
      return fail(
        'storeNewer',
        'engineer',
        `the store has version ${version}, this software knows versions up to ${newest}: install the newer software again`,
      );
    const verdict = db.pragma('integrity_check(1)', { simple: true });
    if (verdict !== 'ok') return fail('storeDamaged', 'engineer', `the store is damaged: ${String(verdict)}`);
    return ok(undefined);
  } finally {
    db.close();
  }
};

const setPragmas = (db: Database.Database, maxBytes: number | undefined): void => {
  db.pragma('journal_mode = WAL');
  // In this build WAL alone would mean NORMAL, which loses the last commits in a power cut.
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = ON');
  // REPLACE would otherwise go round the audit log's delete trigger.
  db.pragma('recursive_triggers = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma(`journal_size_limit = ${4 * 1024 * 1024}`);
  if (maxBytes !== undefined) db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
};

const createTransact = (
  db: Database.Database,
  path: string,
  reserve: Reserve | undefined,
  onUndone: () => void,
): Transact => {
  // Thrown to make SQLite roll back a step that answered with a failure; caught at the same level.
  const undo = new Error('undo');
  const atomically = db.transaction((act: () => boolean) => {
    if (!act()) throw undo;
  });
  return <T, Code extends string>(act: () => Result<T, Code>): Result<T, Code | StorageCode> => {
    const isNested = db.inTransaction;
    if (!isNested) reserve?.beforeWrite();
    let result: Result<T, Code> | undefined;
    try {
      atomically.immediate(() => {
        result = act();
        return result.ok;
      });
    } catch (error) {
      onUndone();
      if (error !== undo) {
        // A full disk may have ended the whole transaction: the levels above must not go on as if theirs were still open.
        const failure = isNested ? undefined : storageFailureOf(error, path);
        if (!failure) throw error;
        // This one is refused; the next, perhaps the same again, finds room.
        if (failure.code === 'diskFull') reserve?.giveUp();
        return { ok: false, error: failure };
      }
    }
    if (!result) throw new Error('the transaction ended without a result');
    return result;
  };
};

const readIdentity = (db: Database.Database, options: DatabaseOptions): Result<Identity, OpenCode> => {
  const known = knownIdentity(db, options);
  if (!known.ok) return known;
  const identity = known.value
    ? keepHead(db, options.kioskId, known.value)
    : makeIdentity(db, options, options.clock.now());
  // A counter behind its own numbers would give one of them to two events.
  const [next, last] = [nextSeqOf(db), lastSeqOf(db)];
  if (Number.isSafeInteger(next) && next > last) return ok(identity);
  return fail('storeDamaged', 'engineer', `the sequence counter says ${next}, but ${last} was given already`);
};

const createReserveOf = ({ path, reserveBytes, onReserveGivenUp }: DatabaseOptions) =>
  reserveBytes === undefined
    ? undefined
    : createReserve(path, reserveBytes, onReserveGivenUp ? { onGivenUp: onReserveGivenUp } : {});

/** Opens or makes the store's file. On a failure nothing stays open and a damaged or newer file is untouched. */
export const openDatabase = (options: DatabaseOptions): Result<StoreContext, OpenCode> => {
  const { path, kioskId, clock, timeZone, shortId, monotonicMs, maxBytes } = options;
  let db: Database.Database | undefined;
  const refuse = <T>(failure: Result<T, OpenCode>): Result<T, OpenCode> => {
    db?.close();
    return failure;
  };
  try {
    const reserve = createReserveOf(options);
    reserve?.beforeStart();
    if (isThere(path)) {
      finishRollback(path);
      const sound = inspect(path, newestVersion());
      if (!sound.ok) return sound;
    } else {
      // Made here, because SQLite would make it with the process's umask; its -wal and -shm files follow this file's mode.
      closeSync(openSync(path, 'a', 0o600));
    }
    db = new Database(path, { timeout: busyTimeoutMs });
    setPragmas(db, maxBytes);
    migrate(db);
    const tables = checkTables(db);
    if (!tables.ok) return refuse(tables);
    const repairedTriggers = repairTriggers(db);
    const whenUndone: (() => void)[] = [];
    const transact = createTransact(db, path, reserve, () => {
      for (const act of whenUndone) act();
    });
    const open = db;
    const identity = transact(() => {
      open.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('openedMs', ?)").run(String(clock.now()));
      return readIdentity(open, options);
    });
    if (!identity.ok) return refuse(identity);
    // Read back after a write: before it SQLite reports what it was told, not what it does.
    const synchronous = db.pragma('synchronous', { simple: true });
    if (synchronous !== synchronousFull || db.pragma('journal_mode', { simple: true }) !== 'wal')
      return refuse(
        fail('notDurable', 'engineer', `SQLite does not flush every commit (synchronous = ${String(synchronous)})`),
      );
    const { epoch, sealEpoch, installedMs, keys, isHeadKept } = identity.value;
    const sealer = createSealer(kioskId, sealEpoch);
    reserve?.tend();
    return ok({
      path,
      kioskId,
      clock,
      timeZone,
      shortId,
      monotonicMs,
      db,
      epoch,
      sealEpoch,
      installedMs,
      isHeadKept,
      bootId: randomUUID(),
      keys,
      sealer,
      transact,
      whenUndone: (act) => void whenUndone.push(act),
      repairedTriggers,
      reserve,
    });
  } catch (error) {
    db?.close();
    const failure = storageFailureOf(error, path);
    if (failure) return { ok: false, error: failure };
    // Our own statements are right on our own tables: what SQLite does not understand here is not what was written.
    if (error instanceof Database.SqliteError)
      return fail('storeDamaged', 'engineer', `the store cannot be understood: ${error.code}: ${error.message}`);
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) {
      const code = error.code === 'ENOSPC' ? 'diskFull' : 'storeFailed';
      return fail(code, 'engineer', `the store ${path} cannot be opened: ${error.code}`);
    }
    throw error;
  }
};
