// Looks at a store's file from outside, through a connection that cannot write and sees one moment of it: also while the kiosk runs.

import { accessSync, constants, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { createSealer, type Sealer } from './envelope.ts';
import { storageFailureOf, type OpenCode } from './failure.ts';
import { knownIdentity, type Identity } from './identity.ts';
import { newestVersion } from './schema.ts';

export type InspectCode =
  | OpenCode
  | 'storeMissing'
  /** Not readable for this user. */
  | 'storeForbidden'
  /** Written by an older version: the tables differ until the kiosk was started once. */
  | 'storeOlder';

export type StoreFile = { path: string; machineKey: Uint8Array; kioskId: string };

export type Inspected = Identity &
  Disposable & { db: Database.Database; path: string; kioskId: string; version: number; sealer: Sealer };

const busyTimeoutMs = 2000;

/** Whether the file is there and ours; its contents are not judged yet. */
export const inspectFile = ({ path, machineKey, kioskId }: StoreFile): Result<Inspected, InspectCode> => {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0)
    return fail('storeMissing', 'engineer', `there is no store at ${path}`);
  try {
    accessSync(path, constants.R_OK);
  } catch {
    return fail('storeForbidden', 'engineer', `${path} cannot be read by this user`);
  }
  let db: Database.Database | undefined;
  const refuse = (failure: Result<never, InspectCode>): Result<never, InspectCode> => {
    db?.close();
    return failure;
  };
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    // One moment of the file for everything that follows.
    db.exec('BEGIN');
    const version = Number(db.pragma('user_version', { simple: true }));
    const newest = newestVersion();
    if (version > newest)
      return refuse(fail('storeNewer', 'engineer', `the store has version ${version}, this software knows ${newest}`));
    if (version < newest)
      return refuse(fail('storeOlder', 'engineer', `the store has version ${version}, this software writes ${newest}`));
    const identity = knownIdentity(db, { machineKey, kioskId });
    if (!identity.ok) return refuse(identity);
    if (!identity.value) return refuse(fail('storeDamaged', 'engineer', 'the store does not say whose it is'));
    const open = db;
    return ok({
      ...identity.value,
      db,
      path,
      kioskId,
      version,
      sealer: createSealer(kioskId, identity.value.sealEpoch),
      [Symbol.dispose]: () => void open.close(),
    });
  } catch (error) {
    db?.close();
    const failure = storageFailureOf(error, path);
    if (failure) return { ok: false, error: failure };
    throw error;
  }
};
