// A new machine key for a store that stands still. Everything that hangs from the old key is sealed again in ONE transaction, so that
// a stop at any moment leaves a store of the old key or a store of the new one; both key files lie there until it is clear which.
//
//   KEY.next written ─▶ store taken alone ─▶ [ seal again · key check · audit line ] commit ─▶ log folded ─▶ KEY.next becomes KEY
//   ─▶ old key overwritten
//
// The keys of the audit chain and of the pick-up codes stay: they prove what was given away long ago. They lie sealed under the new key.

import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { createAudit } from './audit.ts';
import { hallTimeZone } from './day.ts';
import { createSealer } from './envelope.ts';
import { freeBytesAt, storageFailureOf, type OpenCode } from './failure.ts';
import { knownIdentity, rekeyIdentity, type Identity } from './identity.ts';
import { reseal, type Resealed } from './key-reseal.ts';
import {
  exchangeKeys,
  isRotationOpen,
  keepNextKey,
  keyHolderOf,
  nextPathOf,
  shredFile,
  shredOldKey,
  type KeyFileCode,
  type KeyHolder,
} from './machine-key-file.ts';
import { machineKeyPlace } from './machine-key-source.ts';
import { shortIdOf } from './receipt-number.ts';
import { checkTables, migrate, newestVersion } from './schema.ts';

export type RotationCode = OpenCode | KeyFileCode | 'storeMissing' | 'storeInUse';

/** In the order in which they are reached; a kill test stops at each. */
export const rotationSteps = [
  'nextKept',
  'caseKeys',
  'events',
  'bundles',
  'committing',
  'committed',
  'oldLinked',
  'exchanged',
  'done',
] as const;
export type RotationStep = (typeof rotationSteps)[number];

export type RotationOptions = {
  storePath: string;
  kioskId: string;
  holder: KeyHolder;
  /** Who asked for it, for the audit log. */
  who: string;
  clock?: Clock;
  onStep?: (step: RotationStep) => void;
};

/** `resealed` is absent when an earlier, interrupted run had done that part. */
export type Rotated = { resealed?: Resealed };

const takeAlone = (path: string): Database.Database => {
  const db = new Database(path, { fileMustExist: true, timeout: 500 });
  // Before anything is read: then nobody else has the file open, and nobody can open it until this connection ends.
  db.pragma('locking_mode = EXCLUSIVE');
  db.exec('BEGIN EXCLUSIVE; COMMIT');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  db.pragma('temp_store = MEMORY');
  return db;
};

/** The sealed rows stand in the log a second time until it is folded into the file. */
const bytesNeeded = (db: Database.Database): number =>
  3 * (db.prepare<[], number>('SELECT coalesce(sum(length(sealed) + 400), 0) FROM outbox').pluck().get() ?? 0);

const noteInLog = (
  db: Database.Database,
  identity: Identity,
  { storePath, kioskId, who, ...options }: RotationOptions,
) =>
  createAudit({
    ...identity,
    db,
    path: storePath,
    kioskId,
    clock: options.clock ?? systemClock,
    timeZone: hallTimeZone,
    shortId: shortIdOf(kioskId),
    monotonicMs: () => performance.now(),
    reserve: undefined,
    bootId: randomUUID(),
    sealer: createSealer(kioskId, identity.sealEpoch),
    // Already inside the one transaction.
    transact: (act) => act(),
    whenUndone: () => undefined,
    repairedTriggers: [],
  }).audit({ who, role: 'system', act: 'machineKeyRotated', detail: '', ok: true });

const moveStore = (
  db: Database.Database,
  options: RotationOptions,
  current: Result<Buffer, KeyFileCode>,
  next: Buffer,
): Result<Resealed | undefined, RotationCode> => {
  const { kioskId, storePath, onStep = () => undefined } = options;
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > newestVersion())
    return fail('storeNewer', 'engineer', `the store has version ${version}, this software knows ${newestVersion()}`);
  const verdict = db.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') return fail('storeDamaged', 'engineer', `the store is damaged: ${String(verdict)}`);
  migrate(db);
  const tables = checkTables(db);
  if (!tables.ok) return tables;
  const ofNext = knownIdentity(db, { machineKey: next, kioskId });
  if (ofNext.ok && ofNext.value) return ok(undefined);
  if (!current.ok) return current;
  const known = knownIdentity(db, { machineKey: current.value, kioskId });
  if (!known.ok) return known;
  const old = known.value;
  if (!old) return fail('storeDamaged', 'engineer', 'the store does not say whose it is');
  const needed = bytesNeeded(db);
  if (freeBytesAt(storePath) < needed)
    return fail('diskFull', 'engineer', `sealing again needs ${Math.ceil(needed / 1024 / 1024)} MB of free space`);
  const resealed = db
    .transaction(() => {
      const fresh = rekeyIdentity(db, { machineKey: next, kioskId }, old);
      const done = reseal(db, createSealer(kioskId, old.sealEpoch), old.keys, fresh.keys, onStep);
      const noted = noteInLog(db, fresh, options);
      if (!noted.ok) throw new Error(`the audit log takes no line: ${noted.error.message}`);
      onStep('committing');
      return done;
    })
    .exclusive();
  return ok(resealed);
};

/** Begins a rotation or brings an interrupted one to its end. The kiosk must not run. */
export const rotateMachineKey = (options: RotationOptions): Result<Rotated, RotationCode> => {
  const { storePath, holder, onStep = () => undefined } = options;
  if (!existsSync(storePath)) return fail('storeMissing', 'engineer', `there is no store at ${storePath}`);
  let db: Database.Database | undefined;
  try {
    db = takeAlone(storePath);
    // An earlier run had exchanged the files and was stopped before the old key was gone.
    const isOnlyOldLeft = isRotationOpen(holder.path) && !existsSync(nextPathOf(holder.path));
    if (isOnlyOldLeft) {
      const key = holder.read(holder.path);
      if (!key.ok) return key;
      const known = knownIdentity(db, { machineKey: key.value, kioskId: options.kioskId });
      if (!known.ok) return known;
      shredOldKey(holder);
      onStep('done');
      return ok({});
    }
    const isFresh = !existsSync(nextPathOf(holder.path));
    const next = keepNextKey(holder);
    if (!next.ok) return next;
    onStep('nextKept');
    const moved = moveStore(db, options, holder.read(holder.path), next.value);
    if (!moved.ok) {
      // Refused before anything hung from it.
      if (isFresh) shredFile(nextPathOf(holder.path));
      return moved;
    }
    // The old sealings stand in the log until it is folded into the file, whose free space is overwritten (`secure_delete`).
    db.pragma('wal_checkpoint(TRUNCATE)');
    onStep('committed');
    exchangeKeys(holder, onStep);
    shredOldKey(holder);
    onStep('done');
    return ok(moved.value ? { resealed: moved.value } : {});
  } catch (error) {
    const failure = storageFailureOf(error, storePath);
    if (failure?.code === 'storeBusy') return fail('storeInUse', 'engineer', `another process has ${storePath} open`);
    if (failure) return { ok: false, error: failure };
    const { code, message } = error as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
      return fail(
        'keyFileUnreadable',
        'engineer',
        `the key files beside ${holder.path} cannot be exchanged: ${message}`,
      );
    throw error;
  } finally {
    db?.close();
  }
};

/** At the start of the host, before the key is opened: ends what was interrupted. Nothing when there was nothing to end. */
export const finishRotation = ({
  keyFile,
  ...options
}: Pick<RotationOptions, 'storePath' | 'kioskId' | 'clock'> & { keyFile: string }):
  | Result<Rotated, RotationCode>
  | undefined => {
  // The service manager's copy is of before the exchange; only the sealed file can be looked after.
  const place = machineKeyPlace(keyFile, {});
  if (!isRotationOpen(place.path)) return undefined;
  const holder = keyHolderOf(place);
  return holder && rotateMachineKey({ ...options, holder, who: 'system' });
};
