// What can go wrong with the store, as codes that screens and consoles know, and the translation of SQLite's own codes.

import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Failure } from '../../devices/kit/result.ts';

/** Faults of the disk or the file under any write. */
export type StorageCode = 'diskFull' | 'storeDamaged' | 'storeBusy' | 'storeFailed';

/** What opening a store can answer. */
export type OpenCode =
  | StorageCode
  /** Written by a newer version of this software. */
  | 'storeNewer'
  | 'wrongKey'
  /** The file belongs to another kiosk: a disk was swapped or copied. */
  | 'otherKiosk'
  /** SQLite does not flush each commit as it was told to. */
  | 'notDurable';

/** What a single request can answer. */
export type StoreCode =
  | StorageCode
  | 'wrongKey'
  /** An envelope does not open: its bytes were changed or it was moved to another row. */
  | 'tampered'
  | 'notFound'
  /** An idempotency key that is no UUIDv7: the centre would never take the event. */
  | 'invalidId'
  /** The same id with other contents. */
  | 'idReused'
  | 'alreadyRated'
  | 'alreadyDeposited'
  | 'noFreeCell'
  /** The centre reserves queue numbers for each kiosk, and this one's are used up. */
  | 'noNumbersLeft'
  | 'wrongState'
  /** The payload does not fit the intake contract, or a page it names was not handed over. */
  | 'invalidPayload'
  /** The centre's answer lacks its receipt, or the receipt is for other contents. */
  | 'receiptMismatch';

/** Less than this and a failed write is put down to the full disk, whatever SQLite calls it. */
const nearlyFullBytes = 256 * 1024;

export const freeBytesAt = (path: string): number => {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize;
};

/** The failure that a thrown SQLite error stands for; `undefined` for anything else, which is a bug and stays thrown. */
export const storageFailureOf = (error: unknown, path: string): Failure<StorageCode> | undefined => {
  if (!(error instanceof Database.SqliteError)) return undefined;
  const message = `${error.code}: ${error.message}`;
  if (error.code === 'SQLITE_FULL') return { code: 'diskFull', who: 'engineer', message };
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return { code: 'storeDamaged', who: 'engineer', message };
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return { code: 'storeBusy', who: 'system', message };
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH)/.test(error.code)) {
    const isFull = error.code.startsWith('SQLITE_IOERR') && freeBytesAt(path) < nearlyFullBytes;
    return { code: isFull ? 'diskFull' : 'storeFailed', who: 'engineer', message };
  }
  return undefined;
};
