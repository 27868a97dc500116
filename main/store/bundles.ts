// Bundles of the centre on disk. Taking a manifest's bundles, switching to them and going back are one transaction each: after a power
// cut the kiosk serves all of the old or all of the new.
//
//   verified ─▶ next ──(no visit runs)──▶ current ──▶ previous
//                                           ▲ └ does not load ┐
//                                           └─────────────────┘

import {
  bundleChannels,
  bundleRefusals,
  isBundleChannel,
  type BundleChannel,
  type BundleRefusal,
  type RefusedFile,
} from '../contract/bundles.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import type { StoreContext } from './database.ts';
import type { StorageCode } from './failure.ts';
import { uuidV7 } from './uuid.ts';

export type HeldBundle = {
  channel: BundleChannel;
  version: number;
  issuedAtMs: number;
  expiresAtMs: number;
  /** Of the whole file that the manifest names for this version. */
  fileSha256: string;
  payloadSha256: string;
  /** JSON as text, as it was verified. */
  payload: string;
};

/** What verification knows beyond the bundles; see `main/bundles/sync.ts`. */
export type BundleTrust = {
  /** SHA-256 of the root in the configuration: with another one everything begins afresh. */
  firstRootSha256: string;
  /** Later roots, as they came, base64. */
  roots: string[];
  manifest?: { version: number; sha256: string; issuedAtMs: number; expiresAtMs: number };
  /** Highest version taken of each channel. */
  versions: Record<string, number>;
  /** It was at least then. */
  timeFloorMs: number;
};

export const bundleSlots = ['current', 'next', 'previous'] as const;
export type BundleSlot = (typeof bundleSlots)[number];

export type BundleRefused = {
  refusalId: string;
  file: RefusedFile;
  version?: number;
  reason: BundleRefusal;
  detail: string;
  refusedAtMs: number;
};

export type Bundles = {
  bundleTrust(): BundleTrust | undefined;
  /** Keeps what was verified together; it serves after `switchBundles`. */
  takeBundles(trust: BundleTrust, bundles: readonly HeldBundle[]): Result<void, StorageCode>;
  /** Everything that waits begins to serve; answers with the channels that changed. Only between two visits. */
  switchBundles(): Result<BundleChannel[], StorageCode>;
  /** What waits to serve, else what serves: the base of a delta, and what a new version is compared with. */
  newestBundle(channel: BundleChannel): HeldBundle | undefined;
  /** What serves now. It may have expired: `channelRules` says whether it still counts. */
  currentBundle(channel: BundleChannel): HeldBundle | undefined;
  /** The one that served before serves again, or none; what did not load is gone. */
  revertBundle(channel: BundleChannel): Result<HeldBundle | undefined, StorageCode>;
  /** True when it is news: the same refusal within a day is not written again. */
  noteBundleRefusal(
    refused: Omit<BundleRefused, 'refusalId' | 'refusedAtMs'>,
  ): Result<BundleRefused | undefined, StorageCode>;
  /** Newest first. */
  bundleRefusals(): BundleRefused[];
  /** No bundle is trusted any more, e.g. because the configuration names another root. */
  forgetBundles(): Result<void, StorageCode>;
};

const dayMs = 24 * 60 * 60 * 1000;
/** A hostile line must not fill the disk with complaints. */
const keptRefusals = 50;

type RefusalRow = {
  refusal_id: string;
  channel: string;
  version: number | null;
  reason: string;
  detail: string;
  refused_ms: number;
};

export const bundleKindOf = (channel: BundleChannel): string => `bundle ${channel}`;
export const bundleTrustKind = 'bundle trust';

export type BundleReader = {
  trust(): BundleTrust | undefined;
  read(channel: BundleChannel, slot: BundleSlot): HeldBundle | undefined;
  /** Newest first. */
  refusals(): BundleRefused[];
};

/** Looks, and writes nothing: also for a file that somebody else has open. */
export const createBundleReader = (
  { db, keys, sealer }: Pick<StoreContext, 'db' | 'keys' | 'sealer'>,
  onDamage: (damage: { where: string; reason: string }) => void,
): BundleReader => {
  const get = db.prepare<[string, string], Buffer>('SELECT sealed FROM bundles WHERE channel = ? AND slot = ?').pluck();
  const getTrust = db.prepare<[], Buffer>('SELECT sealed FROM bundle_trust WHERE id = 1').pluck();
  const listRefusals = db.prepare<[], RefusalRow>('SELECT * FROM bundle_refusals ORDER BY rowid DESC');
  // The slot is not sealed in: a row moves between them. The channel is.
  const open = <T>(kind: string, sealed: Buffer | undefined): T | undefined => {
    if (!sealed) return undefined;
    const opened = sealer.open(keys.outbox, sealed, { seq: 0, kind });
    if (opened.ok) return JSON.parse(opened.value.toString('utf8')) as T;
    // Nothing personal and nothing irreplaceable: the centre has it, the next round brings it again.
    onDamage({ where: kind, reason: opened.error.message });
    return undefined;
  };
  const refusedOf = (row: RefusalRow): BundleRefused[] => {
    const { refusal_id: refusalId, channel: file, version, detail, refused_ms: refusedAtMs } = row;
    const reason = bundleRefusals.find((known) => known === row.reason);
    if (reason === undefined || !(file === 'root' || file === 'manifest' || isBundleChannel(file))) return [];
    return [{ refusalId, file, ...(version === null ? {} : { version }), reason, detail, refusedAtMs }];
  };
  return {
    trust: () => open<BundleTrust>(bundleTrustKind, getTrust.get()),
    read: (channel, slot) => open<HeldBundle>(bundleKindOf(channel), get.get(channel, slot)),
    refusals: () => listRefusals.all().flatMap(refusedOf),
  };
};

export const createBundles = (
  context: StoreContext,
  onDamage: (damage: { where: string; reason: string }) => void,
): Bundles => {
  const { db, clock, keys, sealer, transact } = context;
  const { trust, read, refusals } = createBundleReader(context, onDamage);
  const get = db.prepare<[string, string], Buffer>('SELECT sealed FROM bundles WHERE channel = ? AND slot = ?').pluck();
  const put = db.prepare<[string, string, Buffer]>(
    'INSERT OR REPLACE INTO bundles (channel, slot, sealed) VALUES (?, ?, ?)',
  );
  const drop = db.prepare<[string, string]>('DELETE FROM bundles WHERE channel = ? AND slot = ?');
  const putTrust = db.prepare<[Buffer]>('INSERT OR REPLACE INTO bundle_trust (id, sealed) VALUES (1, ?)');
  const insertRefusal = db.prepare(
    'INSERT INTO bundle_refusals (refusal_id, channel, version, reason, detail, refused_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const sameRefusal = db
    .prepare<[string, number | null, string, number, number], number>(
      'SELECT 1 FROM bundle_refusals WHERE channel = ? AND version IS ? AND reason = ? AND refused_ms BETWEEN ? AND ?',
    )
    .pluck();
  const pruneRefusals = db.prepare<[number]>(
    'DELETE FROM bundle_refusals WHERE refusal_id NOT IN (SELECT refusal_id FROM bundle_refusals ORDER BY rowid DESC LIMIT ?)',
  );

  const seal = (kind: string, value: unknown): Buffer =>
    sealer.seal(keys.outbox, Buffer.from(JSON.stringify(value), 'utf8'), { seq: 0, kind });

  return {
    bundleTrust: trust,
    takeBundles: (known, bundles) =>
      transact(() => {
        putTrust.run(seal(bundleTrustKind, known));
        for (const bundle of bundles) put.run(bundle.channel, 'next', seal(bundleKindOf(bundle.channel), bundle));
        return ok(undefined);
      }),
    switchBundles: () =>
      transact(() => {
        const changed = bundleChannels.filter((channel) => {
          const next = get.get(channel, 'next');
          if (!next) return false;
          const current = get.get(channel, 'current');
          if (current) put.run(channel, 'previous', current);
          put.run(channel, 'current', next);
          drop.run(channel, 'next');
          return true;
        });
        return ok(changed);
      }),
    newestBundle: (channel) => read(channel, 'next') ?? read(channel, 'current'),
    currentBundle: (channel) => read(channel, 'current'),
    revertBundle: (channel) =>
      transact(() => {
        const previous = get.get(channel, 'previous');
        if (previous) put.run(channel, 'current', previous);
        else drop.run(channel, 'current');
        drop.run(channel, 'previous');
        return ok(read(channel, 'current'));
      }),
    noteBundleRefusal({ file, version, reason, detail }) {
      const now = clock.now();
      // Looked up first: a centre that serves the same bad file at every round costs no write.
      if (sameRefusal.get(file, version ?? null, reason, now - dayMs, now + dayMs) !== undefined) return ok(undefined);
      const refusalId = uuidV7(now);
      return transact((): Result<BundleRefused, StorageCode> => {
        insertRefusal.run(refusalId, file, version ?? null, reason, detail.slice(0, 300), now);
        pruneRefusals.run(keptRefusals);
        return ok({ refusalId, file, ...(version === undefined ? {} : { version }), reason, detail, refusedAtMs: now });
      });
    },
    bundleRefusals: refusals,
    forgetBundles: () =>
      transact(() => {
        db.exec('DELETE FROM bundles; DELETE FROM bundle_trust;');
        return ok(undefined);
      }),
  };
};
