// The store: one SQLite file that must survive. This file puts its topics together; each stands in a file of its own.
//
//   vault (drafts under a session key) · cases ─▶ uploads + outbox ─▶ sync · queue · lockers · settings · staff · audit
//
// Writes answer with a `Result`: a full disk or a damaged file is expected. Plain reads of a file that broke while it was open
// throw; the host restarts and `openStore` then says what is wrong.

import { chmodSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import Database from 'better-sqlite3';
import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { createAudit, type Audit } from './audit.ts';
import { createCaseKeys } from './case-keys.ts';
import { createCases, type Cases } from './cases.ts';
import { createCommands, type Commands } from './command-memory.ts';
import { openDatabase, type Transact } from './database.ts';
import { dayKeyAt, hallTimeZone } from './day.ts';
import { freeBytesAt, storageFailureOf, type OpenCode, type StorageCode } from './failure.ts';
import { createLockers, type Lockers } from './lockers.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createQueue, type Queue } from './queue.ts';
import { shortIdOf } from './receipt-number.ts';
import { createSettings, type Settings } from './settings.ts';
import { createStaff, type Staff } from './staff.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { createVaultStore, type VaultStore } from './vault.ts';

export type StoreOptions = {
  path: string;
  /** From `loadMachineKey`. */
  machineKey: Uint8Array;
  kioskId: string;
  clock?: Clock;
  timeZone?: string;
  /** Head of the receipt numbers, `A-Z0-9`; made from the kiosk's id when absent. */
  shortId?: string;
  maxBytes?: number;
  monotonicMs?: () => number;
};

export type Store = VaultStore &
  Cases &
  Outbox &
  Omit<Uploads, 'storeBlob' | 'releaseCase'> &
  Queue &
  Lockers &
  Commands &
  Settings &
  Staff &
  Audit & {
    readonly path: string;
    readonly kioskId: string;
    /** UUID of this install; sequences count within it. */
    readonly epoch: string;
    readonly bootId: string;
    /** Several writes as one: all or none, on disk when it returns. `act` must not await. */
    transact: Transact;
    /** A whole, consistent copy by SQLite's backup API, checked before it counts. An existing file is replaced. */
    backup(path: string): Promise<Result<void, StorageCode>>;
    /** Forgets what nobody needs any more: old tickets, command answers, receipts of the centre. Once a day is enough. */
    prune(): Result<void, StorageCode>;
    /** Free space where the store lives. */
    freeBytes(): number;
    close(): void;
  };

const dayMs = 24 * 60 * 60 * 1000;
/** How long what stays: the centre dedupes for half a year, so we remember as long what it signed. */
export const keepDays = { tickets: 31, commands: 7, receipts: 190 } as const;

export const openStore = (options: StoreOptions): Result<Store, OpenCode> => {
  const clock = options.clock ?? systemClock;
  const timeZone = options.timeZone ?? hallTimeZone;
  const shortId = options.shortId ?? shortIdOf(options.kioskId);
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const opened = openDatabase({ ...options, clock, timeZone, shortId, monotonicMs });
  if (!opened.ok) return opened;
  const context = opened.value;
  const { db, transact, path, kioskId, epoch, bootId } = context;

  const caseKeys = createCaseKeys(context);
  const { storeBlob, releaseCase, ...uploads } = createUploads(context, caseKeys);
  const { outbox, ...events } = createOutbox(context, caseKeys, releaseCase);

  const pruneTickets = db.prepare<[string]>('DELETE FROM tickets WHERE day_key < ?');
  const pruneReceipts = db.prepare<[number]>('DELETE FROM central_receipts WHERE settled_ms < ?');
  const commands = createCommands(context);

  const store: Store = {
    path,
    kioskId,
    epoch,
    bootId,
    transact,
    ...createVaultStore(context),
    ...uploads,
    ...outbox,
    ...createCases(context, caseKeys, events, { storeBlob }),
    ...createQueue(context, events),
    ...createLockers(context, events),
    ...commands,
    ...createSettings(context),
    ...createStaff(context),
    ...createAudit(context),
    async backup(target) {
      try {
        rmSync(target, { force: true });
        await db.backup(target);
        chmodSync(target, 0o600);
        const copy = new Database(target, { readonly: true });
        try {
          const verdict = copy.pragma('quick_check(1)', { simple: true });
          return verdict === 'ok'
            ? ok(undefined)
            : fail('storeDamaged', 'engineer', `the copy is bad: ${String(verdict)}`);
        } finally {
          copy.close();
        }
      } catch (error) {
        const failure = storageFailureOf(error, target);
        if (failure) return { ok: false, error: failure };
        return fail('storeFailed', 'engineer', `the backup cannot be written: ${String(error)}`);
      }
    },
    prune: () =>
      transact((): Result<void, StorageCode> => {
        const now = clock.now();
        pruneTickets.run(dayKeyAt(now - keepDays.tickets * dayMs, timeZone));
        pruneReceipts.run(now - keepDays.receipts * dayMs);
        const pruned = commands.pruneCommands(now - keepDays.commands * dayMs);
        return pruned.ok ? ok(undefined) : pruned;
      }),
    freeBytes: () => freeBytesAt(path),
    close() {
      if (!db.open) return;
      try {
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch (error) {
        // On a full disk the commits stay in the log, where the next run finds them.
        if (!storageFailureOf(error, path)) throw error;
      } finally {
        db.close();
      }
    },
  };
  return ok(store);
};
