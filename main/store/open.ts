// The store: one SQLite file that must survive. This file puts its topics together; each stands in a file of its own.
//
//   vault (drafts under a session key) · cases ─▶ uploads + outbox ─▶ sync · queue · lockers · settings · staff · audit
//
// Writes answer with a `Result`: a full disk or a damaged file is expected. Plain reads of a file that broke while it was open
// throw; the host restarts and `openStore` then says what is wrong.

import { performance } from 'node:perf_hooks';
import { systemClock, type Clock } from '../../devices/kit/clock.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import { createAudit, type Audit } from './audit.ts';
import { backUp } from './backup.ts';
import { createBundles, type Bundles } from './bundles.ts';
import { createCaseKeys } from './case-keys.ts';
import { createCases, type Cases } from './cases.ts';
import { createCommands, type Commands } from './command-memory.ts';
import { openDatabase, type Transact } from './database.ts';
import { hallTimeZone } from './day.ts';
import { freeBytesAt, storageFailureOf, type OpenCode, type StorageCode } from './failure.ts';
import { createLockers, type Lockers } from './lockers.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPrune, type Prune } from './prune.ts';
import { createQuarantine, type Damage, type Quarantine } from './quarantine.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRetention } from './retention.ts';
import { shortIdOf } from './receipt-number.ts';
import { createSettings, type Settings } from './settings.ts';
import { createStaff, type Staff } from './staff.ts';
import { createTokens, type Tokens } from './tokens.ts';
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
  /** Kept beside the store for the day on which the disk is full; none when absent. */
  reserveBytes?: number;
  /** Space ran out, and the reserve is in use; for the log. */
  onReserveGivenUp?: () => void;
  monotonicMs?: () => number;
  /** Told of every place on disk that is not what was written there, once a run; for the log. */
  onDamage?: (damage: Damage) => void;
};

export type Store = VaultStore &
  Cases &
  Outbox &
  Omit<Uploads, 'storeBlob' | 'releaseCase'> &
  Queue &
  Lockers &
  Bundles &
  Commands &
  Settings &
  Staff &
  Audit &
  Prune &
  Tokens &
  Pick<Quarantine, 'quarantined'> & {
    readonly path: string;
    readonly kioskId: string;
    /** UUID that the sequences count within; renewed when a backup is restored. */
    readonly epoch: string;
    readonly bootId: string;
    /** Several writes as one: all or none, on disk when it returns. `act` must not await. */
    transact: Transact;
    /** A whole, consistent copy by SQLite's backup API, checked before it counts. A file of that name is replaced at the very end. */
    backup(path: string): Promise<Result<void, StorageCode>>;
    /** Free space where the store lives. */
    freeBytes(): number;
    /** Keeps the reserve again when there is room. Once a minute is enough. */
    tendReserve(): void;
    close(): void;
  };

export { keepDays } from './prune.ts';

export const openStore = (options: StoreOptions): Result<Store, OpenCode> => {
  const clock = options.clock ?? systemClock;
  const timeZone = options.timeZone ?? hallTimeZone;
  const shortId = options.shortId ?? shortIdOf(options.kioskId);
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const opened = openDatabase({ ...options, clock, timeZone, shortId, monotonicMs });
  if (!opened.ok) return opened;
  const context = opened.value;
  const { db, transact, path, kioskId, epoch, bootId } = context;

  const audit = createAudit(context);
  const quarantine = createQuarantine(context, audit.audit, options.onDamage ?? (() => undefined));
  for (const name of context.repairedTriggers)
    quarantine.reportDamage({ where: `trigger ${name}`, reason: 'it was gone or changed, and was made again' });
  const caseKeys = createCaseKeys(context);
  const { storeBlob, releaseCase, ...uploads } = createUploads(context, caseKeys, quarantine);
  const { outbox, ...events } = createOutbox(context, caseKeys, quarantine, releaseCase);

  const settings = createSettings(context);
  const bundles = createBundles(context, quarantine.reportDamage);
  const { pruneTokens, ...tokens } = createTokens(context, events, settings, bundles);
  const commands = createCommands(context, quarantine.reportDamage);

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
    ...bundles,
    ...createLockers(context, events, quarantine.reportDamage),
    ...commands,
    ...settings,
    ...tokens,
    ...createStaff(context),
    ...audit,
    quarantined: quarantine.quarantined,
    backup: (target) => backUp(db, target),
    ...createPrune(context, commands, pruneTokens, createRetention(context, audit)),
    freeBytes: () => freeBytesAt(path),
    tendReserve: () => context.reserve?.tend(),
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
