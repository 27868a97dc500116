// The session vault: a visit's draft and captured pages, sealed under a key that lives in memory only. Ending the visit drops the
// key (crypto-shredding) and the rows; what a crash leaves behind is noise to the next run unless the shell still holds the key.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import { keyBytes, type Place } from './envelope.ts';
import { storageFailureOf, type StorageCode } from './failure.ts';

export type VaultCode = StorageCode | 'wrongKey' | 'tampered' | 'notFound';

/** One session's items. Every write is durable when it returns. */
export type Vault = {
  /** Any JSON value; replaces the last one. */
  putState(state: unknown): Result<void, VaultCode>;
  /** `undefined` when nothing was put yet. */
  getState(): Result<unknown, VaultCode>;
  putBlob(id: string, bytes: Uint8Array): Result<void, VaultCode>;
  getBlob(id: string): Result<Buffer, VaultCode>;
  removeBlob(id: string): Result<void, VaultCode>;
  listBlobs(): string[];
};

export type VaultStore = {
  /** `key`: 32 bytes, made by the caller for this session and never written down. */
  vault(sessionId: string, key: Uint8Array): Vault;
  sessions(): { sessionId: string; updatedMs: number }[];
  /** Deletes, overwrites and truncates the write-ahead log, so that not even ciphertext stays. Not inside `transact`. */
  wipeSession(sessionId: string): Result<void, StorageCode>;
  wipeAllSessions(): Result<void, StorageCode>;
};

const stateItem = 'state';
const blobItem = (id: string): string => `blob:${id}`;

export const createVaultStore = ({ db, path, sealer, clock, transact }: StoreContext): VaultStore => {
  const keyCheckOf = db.prepare<[string], Buffer>('SELECT key_check FROM vault_sessions WHERE session_id = ?').pluck();
  const touch = db.prepare<[string, Buffer, number]>(
    `INSERT INTO vault_sessions (session_id, key_check, updated_ms) VALUES (?, ?, ?)
     ON CONFLICT (session_id) DO UPDATE SET updated_ms = excluded.updated_ms`,
  );
  const put = db.prepare<[string, string, Buffer]>(
    `INSERT INTO vault_items (session_id, item, sealed) VALUES (?, ?, ?)
     ON CONFLICT (session_id, item) DO UPDATE SET sealed = excluded.sealed`,
  );
  const get = db
    .prepare<[string, string], Buffer>('SELECT sealed FROM vault_items WHERE session_id = ? AND item = ?')
    .pluck();
  const remove = db.prepare<[string, string]>('DELETE FROM vault_items WHERE session_id = ? AND item = ?');
  const list = db
    .prepare<[string], string>(
      "SELECT item FROM vault_items WHERE session_id = ? AND item LIKE 'blob:%' ORDER BY rowid",
    )
    .pluck();
  const listSessions = db.prepare<[], { sessionId: string; updatedMs: number }>(
    'SELECT session_id AS sessionId, updated_ms AS updatedMs FROM vault_sessions ORDER BY updated_ms',
  );
  const wipeOne = db.prepare<[string]>('DELETE FROM vault_sessions WHERE session_id = ?');
  const wipeAll = db.prepare<[]>('DELETE FROM vault_sessions');
  const forgetOne = db.prepare<[string]>('UPDATE cases SET session_id = NULL WHERE session_id = ?');
  const forgetAll = db.prepare<[]>('UPDATE cases SET session_id = NULL WHERE session_id IS NOT NULL');

  const wipe = (act: () => void): Result<void, StorageCode> => {
    const wiped = transact((): Result<void, never> => {
      act();
      return ok(undefined);
    });
    if (!wiped.ok || db.inTransaction) return wiped;
    // The log still holds the frames from before.
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
      return wiped;
    } catch (error) {
      const failure = storageFailureOf(error, path);
      if (!failure) throw error;
      return { ok: false, error: failure };
    }
  };

  return {
    vault(sessionId, key) {
      if (key.length !== keyBytes) throw new RangeError(`a session key has ${keyBytes} bytes`);
      const keyCheck = createHmac('sha256', key).update(`vault|${sessionId}`).digest();
      const placeOf = (item: string): Place => ({ seq: 0, kind: `vault|${sessionId}|${item}` });
      const checkKey = (): Result<void, 'wrongKey'> => {
        const known = keyCheckOf.get(sessionId);
        return known && !timingSafeEqual(known, keyCheck)
          ? fail('wrongKey', 'system', 'the session was sealed with another key')
          : ok(undefined);
      };
      const write = (act: () => void): Result<void, VaultCode> =>
        transact(() => {
          const right = checkKey();
          if (!right.ok) return right;
          touch.run(sessionId, keyCheck, clock.now());
          act();
          return ok(undefined);
        });
      const read = (item: string): Result<Buffer | undefined, VaultCode> => {
        const right = checkKey();
        if (!right.ok) return right;
        const sealed = get.get(sessionId, item);
        return sealed ? sealer.open(key, sealed, placeOf(item)) : ok(undefined);
      };
      return {
        putState: (state) =>
          write(() => {
            const plain = Buffer.from(JSON.stringify(state ?? null), 'utf8');
            const sealed = sealer.seal(key, plain, placeOf(stateItem));
            // Small buffers share memory that lives long after the visit.
            plain.fill(0);
            put.run(sessionId, stateItem, sealed);
          }),
        getState() {
          const plain = read(stateItem);
          if (!plain.ok || !plain.value) return plain;
          return ok(JSON.parse(plain.value.toString('utf8')) as unknown);
        },
        putBlob: (id, bytes) =>
          write(() => {
            const item = blobItem(id);
            put.run(sessionId, item, sealer.seal(key, bytes, placeOf(item)));
          }),
        getBlob(id) {
          const plain = read(blobItem(id));
          if (!plain.ok) return plain;
          return plain.value ? ok(plain.value) : fail('notFound', 'system', 'this session has no such page');
        },
        removeBlob: (id) => write(() => void remove.run(sessionId, blobItem(id))),
        listBlobs: () => list.all(sessionId).map((item) => item.slice(blobItem('').length)),
      };
    },
    sessions: () => listSessions.all(),
    wipeSession: (sessionId) =>
      wipe(() => {
        forgetOne.run(sessionId);
        wipeOne.run(sessionId);
      }),
    wipeAllSessions: () =>
      wipe(() => {
        forgetAll.run();
        wipeAll.run();
      }),
  };
};
