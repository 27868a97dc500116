// Who a store is: its kiosk, its epoch, and the keys that hang from them. The key check proves all three at once.
//
// Sequences count within the epoch. Keys and envelopes hang from the epoch of the first install for good (`sealEpoch`), so that a
// restored copy can get an epoch of its own without a single envelope being sealed again.

import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { headOf, startOf } from './audit-chain.ts';
import { createSealer, deriveKeys, hmacHex, keyBytes, type Keys } from './envelope.ts';

export type Identity = {
  epoch: string;
  sealEpoch: string;
  installedMs: number;
  keys: Keys;
  /** The audit log has a head from the first moment on: without one it was emptied. Files of older software say nothing of it. */
  isHeadKept: boolean;
};

type Owner = { machineKey: Uint8Array; kioskId: string };

type Check = Pick<Identity, 'epoch' | 'sealEpoch' | 'keys' | 'isHeadKept'> & { kioskId: string };

const keyCheckOf = ({ keys, kioskId, sealEpoch, epoch, isHeadKept }: Check): string => {
  const epochs = sealEpoch === epoch ? epoch : `${sealEpoch}|${epoch}`;
  return hmacHex(keys.check, `${kioskId}|${epochs}${isHeadKept ? '|head' : ''}`);
};

/** The head of a log without lines. */
const putFirstHead = (db: Database.Database, { keys, sealEpoch }: Pick<Identity, 'keys' | 'sealEpoch'>): void => {
  const head = headOf({ keys }, 0, startOf({ keys, sealEpoch }));
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('auditHead', ?)").run(head);
};

/**
 * Keys that outlive a rotation: what hangs from them is no secret to seal again but a proof that was given once, to the centre (audit)
 * or to a citizen (pick-up codes). Sealed under the machine key of today.
 */
const keptKeysName = 'keptKeys';
const keptPlace = { seq: 0, kind: keptKeysName };

const keptKeysText = ({ keys, kioskId, sealEpoch }: Omit<Check, 'epoch' | 'isHeadKept'>): string => {
  const both = Buffer.concat([keys.audit, keys.pickUp]);
  return createSealer(kioskId, sealEpoch).seal(keys.wrapping, both, keptPlace).toString('base64');
};

const withKeptKeys = (
  { keys, kioskId, sealEpoch }: Omit<Check, 'epoch' | 'isHeadKept'>,
  text: string | undefined,
): Result<Keys, 'tampered'> => {
  if (text === undefined) return ok(keys);
  const both = createSealer(kioskId, sealEpoch).open(keys.wrapping, Buffer.from(text, 'base64'), keptPlace);
  if (!both.ok) return both;
  return ok({ ...keys, audit: both.value.subarray(0, keyBytes), pickUp: both.value.subarray(keyBytes) });
};

const reader = (db: Database.Database): ((name: string) => string | undefined) => {
  const get = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  return (name) => get.get(name);
};

/** What the file says of itself, proved by the machine key; nothing for a file that was never given an identity. */
export const knownIdentity = (
  db: Database.Database,
  { machineKey, kioskId }: Owner,
): Result<Identity | undefined, 'otherKiosk' | 'wrongKey'> => {
  const read = reader(db);
  const epoch = read('epoch');
  if (epoch === undefined) return ok(undefined);
  const owner = read('kioskId');
  if (owner !== kioskId) return fail('otherKiosk', 'engineer', `the store belongs to ${owner}, not to ${kioskId}`);
  const sealEpoch = read('sealEpoch') ?? epoch;
  const keys = deriveKeys(machineKey, sealEpoch);
  const check = read('keyCheck');
  const isHeadKept = [true, false].find(
    (isKept) => check === keyCheckOf({ keys, kioskId, sealEpoch, epoch, isHeadKept: isKept }),
  );
  if (isHeadKept === undefined)
    return fail('wrongKey', 'engineer', 'the machine key is not the one that this store was made with');
  const kept = withKeptKeys({ keys, kioskId, sealEpoch }, read(keptKeysName));
  if (!kept.ok) return fail('wrongKey', 'engineer', 'the keys that an earlier machine key left do not open');
  return ok({ epoch, sealEpoch, installedMs: Number(read('installedMs')), keys: kept.value, isHeadKept });
};

/** Hangs the identity from another machine key. What the old one sealed is sealed again in the same transaction (key-rotation.ts). */
export const rekeyIdentity = (
  db: Database.Database,
  { machineKey, kioskId }: Owner,
  { keys: { audit, pickUp }, ...old }: Identity,
): Identity => {
  const identity = { ...old, keys: { ...deriveKeys(machineKey, old.sealEpoch), audit, pickUp } };
  const put = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  put.run(keptKeysName, keptKeysText({ ...identity, kioskId }));
  put.run('keyCheck', keyCheckOf({ ...identity, kioskId }));
  return identity;
};

/** A file of older software: from now on an empty audit log has a head too. */
export const keepHead = (db: Database.Database, kioskId: string, identity: Identity): Identity => {
  if (identity.isHeadKept) return identity;
  const kept = { ...identity, isHeadKept: true };
  // With lines there is a head, or there should be: then it is not for us to make one.
  if (db.prepare<[], number>('SELECT count(*) FROM audit').pluck().get() === 0) putFirstHead(db, kept);
  db.prepare("UPDATE meta SET value = ? WHERE name = 'keyCheck'").run(keyCheckOf({ ...kept, kioskId }));
  return kept;
};

/** Gives a new file its identity. */
export const makeIdentity = (db: Database.Database, { machineKey, kioskId }: Owner, nowMs: number): Identity => {
  const epoch = randomUUID();
  const keys = deriveKeys(machineKey, epoch);
  const put = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  put.run('epoch', epoch);
  put.run('kioskId', kioskId);
  const identity = { epoch, sealEpoch: epoch, installedMs: nowMs, keys, isHeadKept: true };
  put.run('keyCheck', keyCheckOf({ ...identity, kioskId }));
  putFirstHead(db, identity);
  put.run('installedMs', String(nowMs));
  put.run('nextSeq', '1');
  return identity;
};

/**
 * Gives a restored copy an epoch of its own: what it counts from now on is not what the lost disk counted after the copy was made,
 * and the centre can tell the two apart. The moment counts as the install, because numbers of today may have been given already.
 */
export const renewEpoch = (
  db: Database.Database,
  { kioskId }: Pick<Owner, 'kioskId'>,
  old: Identity,
  nowMs: number,
) => {
  const epoch = randomUUID();
  const put = db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)');
  put.run('sealEpoch', old.sealEpoch);
  put.run('epoch', epoch);
  put.run('keyCheck', keyCheckOf({ ...old, kioskId, epoch }));
  put.run('installedMs', String(nowMs));
  return { ...old, epoch, installedMs: nowMs };
};
