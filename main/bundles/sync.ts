// Fetches what the centre has for this kiosk: roots, manifest, then the bundles that are new. Runs at the end of the sender's rounds, so
// only when the line is good, and no more often than every few minutes. Whatever does not hold leaves everything as it was.
//
//   root n+1 … ─▶ manifest (304: nothing new) ─▶ delta or whole file ─▶ signature, place, time, hash ─▶ contents load ─▶ one transaction

import type { Clock } from '../../devices/kit/clock.ts';
import {
  bundleChannels,
  bundlePaths,
  isBundleChannel,
  largestManifestBytes,
  largestRootBytes,
  type BundleChannel,
  type BundleRefusal,
  type Manifest,
  type ManifestEntry,
  type RefusedFile,
  type Root,
} from '../contract/bundles.ts';
import type { BundleTrust, Bundles, HeldBundle } from '../store/bundles.ts';
import type { Store } from '../store/open.ts';
import { delayAfter } from '../sync/back-off.ts';
import { endpointOf } from '../sync/central-client.ts';
import type { ContentChecks } from './contents.ts';
import { download, type Downloaded, type Line, type LineCode } from './download.ts';
import { readBundle, type Place, type Wanted } from './read-bundle.ts';
import { sha256Of } from './signed-file.ts';
import { createTrustedTime, type TrustedTime } from './trusted-time.ts';
import { hasOtherKeys, isAhead, isTimely, manifestDigest, readFirstRoot, readManifest, readNextRoot } from './trust.ts';

export type BundleSyncOptions = {
  store: Pick<Store, 'note'> & Bundles;
  central: { url: string; kioskKey: string; requestTimeoutMs: number };
  place: Place;
  /** The first root, as the configuration has it. */
  root: Uint8Array;
  checks: ContentChecks;
  clock: Clock;
  monotonicMs(): number;
  random?: () => number;
  log(event: string, detail?: Record<string, unknown>): void;
  /** Something was taken and waits for `switchBundles`. */
  onTaken(channels: readonly BundleChannel[]): void;
  /** News: written down in the store already. */
  onRefused(refused: {
    refusalId: string;
    file: RefusedFile;
    version?: number;
    reason: BundleRefusal;
    refusedAtMs: number;
  }): void;
};

export type Refusal = { file: RefusedFile; version?: number; reason: BundleRefusal; message: string };
export type SyncReport = { taken: BundleChannel[]; refused: Refusal[]; failure?: LineCode };

export type BundleSync = {
  /** Called often; does a round when one is due. */
  maybeRun(line: Line): Promise<SyncReport | undefined>;
  run(line: Line): Promise<SyncReport>;
  time: TrustedTime;
  rootVersion(): number;
  /** The manifest that holds. */
  manifest(): BundleTrust['manifest'];
};

export const roundEveryMs = 5 * 60 * 1000;
const longestPauseMs = 60 * 60 * 1000;
/** Roots that may have been missed, a round. */
const rootsARound = 16;
/** A refused file is not fetched again before this, unless the manifest names another. */
const refusedAgainMs = 60 * 60 * 1000;

export const createBundleSync = (options: BundleSyncOptions): BundleSync | { error: string } => {
  const { store, central, place, checks, clock, monotonicMs, random = Math.random, log } = options;
  const first = readFirstRoot(options.root);
  if (!first.ok) return { error: `${first.error.code}: ${first.error.message}` };
  const firstRootSha256 = sha256Of(options.root);

  let trust = store.bundleTrust();
  if (trust && trust.firstRootSha256 !== firstRootSha256) {
    log('bundleRootReplaced');
    store.forgetBundles();
    trust = undefined;
  }
  trust ??= { firstRootSha256, roots: [], versions: {}, timeFloorMs: Date.parse(first.value.issuedAt) };
  let root: Root = first.value;
  for (const [index, kept] of trust.roots.entries()) {
    const next = readNextRoot(root, Buffer.from(kept, 'base64'));
    if (!next.ok) {
      trust.roots = trust.roots.slice(0, index);
      break;
    }
    root = next.value;
  }

  const time = createTrustedTime({
    clock,
    monotonicMs,
    offsetMs() {
      const note = store.note('serverOffsetMs');
      return note === undefined ? undefined : Number(note);
    },
    floorMs: trust.timeFloorMs,
  });

  let notBeforeMs = 0;
  let isRunning = false;
  let failures = 0;
  let etag: string | undefined;
  const setAside = new Map<string, number>();

  const refusalsOf = (file: RefusedFile, reason: BundleRefusal, message: string, version?: number): Refusal => ({
    file,
    reason,
    message,
    ...(version === undefined ? {} : { version }),
  });

  const get = async (line: Line, path: string, largestBytes: number, tag?: string): Promise<Downloaded> => {
    const got = await download({
      ...line,
      clock,
      url: endpointOf(central.url, path),
      kioskKey: central.kioskKey,
      largestBytes,
      timeoutMs: central.requestTimeoutMs,
      ...(tag === undefined ? {} : { etag: tag }),
    });
    // The store may be closed by now: nothing that comes late may touch it.
    return line.signal.aborted ? { type: 'failed', code: 'stopped', message: 'the kiosk is stopping' } : got;
  };

  const save = (known: BundleTrust, bundles: readonly HeldBundle[]): boolean => {
    const fresh = { ...known, timeFloorMs: time.floorMs() };
    const kept = store.takeBundles(fresh, bundles);
    if (kept.ok) trust = fresh;
    else log('bundlesNotKept', { code: kept.error.code });
    return kept.ok;
  };

  type Step<T> = { value: T } | { refused: Refusal } | { failure: Extract<Downloaded, { type: 'failed' }> };

  /** Follows the roots as far as there are any. Each is kept at once: a rotation is never gone back on. */
  const followRoots = async (line: Line, known: BundleTrust): Promise<Step<BundleTrust>> => {
    let held = known;
    for (let count = 0; count < rootsARound; count += 1) {
      const got = await get(line, bundlePaths.root(root.version + 1), largestRootBytes);
      if (got.type === 'failed' && got.code === 'notThere') break;
      if (got.type === 'failed') return { failure: got };
      if (got.type === 'unchanged') break;
      if (got.type === 'refused') return { refused: refusalsOf('root', got.reason, got.message) };
      const next = readNextRoot(root, got.bytes);
      if (!next.ok) return { refused: refusalsOf('root', next.error.code, next.error.message) };
      const isFromFuture = isAhead(next.value, time.now());
      if (isFromFuture) return { refused: refusalsOf('root', isFromFuture.code, isFromFuture.message) };
      const isManifestFreed = hasOtherKeys(root, next.value, 'manifest');
      const areVersionsFreed = isManifestFreed || hasOtherKeys(root, next.value, 'bundle');
      const issuedAtMs = Date.parse(next.value.issuedAt);
      if (isManifestFreed) time.forget(issuedAtMs);
      else time.seen(issuedAtMs);
      held = {
        ...held,
        roots: [...held.roots, got.bytes.toString('base64')],
        ...(areVersionsFreed ? { versions: {} } : {}),
      };
      if (isManifestFreed) delete held.manifest;
      if (!save(held, [])) break;
      log('bundleRoot', { version: next.value.version, isManifestFreed, areVersionsFreed });
      root = next.value;
      etag = undefined;
    }
    const untimely = isTimely(root, time.now());
    if (untimely && !untimely.ok)
      return { refused: refusalsOf('root', untimely.error.code, untimely.error.message, root.version) };
    return { value: held };
  };

  const accept = (
    bytes: Buffer,
    wanted: Wanted,
    held: HeldBundle | undefined,
  ): { held: HeldBundle } | { reason: BundleRefusal; message: string } => {
    const read = readBundle(root, bytes, wanted, { place, now: time.now(), ...(held ? { held } : {}) });
    if (!read.ok) return { reason: read.error.code, message: read.error.message };
    const checked = checks[wanted.channel](read.value.value);
    return checked.ok ? { held: read.value.held } : { reason: checked.error.code, message: checked.error.message };
  };

  const fetchBundle = async (line: Line, channel: BundleChannel, entry: ManifestEntry): Promise<Step<HeldBundle>> => {
    const { version, sha256: wholeSha256 } = entry;
    const held = store.newestBundle(channel);
    const delta = entry.deltas?.find(({ base, bytes }) => base === held?.version && bytes < entry.bytes);
    const ways = [
      ...(delta ? [{ ...delta, path: bundlePaths.delta(channel, version, delta.base, place.kioskId) }] : []),
      { ...entry, path: bundlePaths.full(channel, version, place.kioskId) },
    ];
    let refused = refusalsOf(channel, 'missing', 'the manifest names no file', version);
    for (const { path, bytes, sha256 } of ways) {
      const got = await get(line, path, bytes);
      if (got.type === 'failed' && got.code !== 'notThere') return { failure: got };
      if (got.type === 'file') {
        const accepted = accept(got.bytes, { channel, version, bytes, sha256, wholeSha256 }, held);
        if ('held' in accepted) return { value: accepted.held };
        refused = refusalsOf(channel, accepted.reason, accepted.message, version);
      } else if (got.type === 'refused') refused = refusalsOf(channel, got.reason, got.message, version);
      // When the whole file is not there either, what was wrong with the delta says more.
      else if (refused.reason === 'missing')
        refused = refusalsOf(channel, 'missing', 'the manifest names a file that is not there', version);
      // A delta that does not fit costs one more request, never the update.
      log('bundleFileRefused', { channel, version, reason: refused.reason, isDelta: path !== ways.at(-1)?.path });
    }
    return { refused };
  };

  /** New versions of the manifest, each by itself: a catalogue with a mistake in it must not hold up a revocation. */
  const fetchAll = async (
    line: Line,
    manifest: Manifest,
  ): Promise<{ taken: HeldBundle[] } & Omit<SyncReport, 'taken'>> => {
    const taken: HeldBundle[] = [];
    const refused: Refusal[] = [];
    for (const channel of bundleChannels) {
      const entry = manifest.channels[channel];
      if (!entry) continue;
      const held = store.newestBundle(channel);
      if (held?.version === entry.version && trust?.versions[channel] === entry.version) {
        if (held.fileSha256 !== entry.sha256)
          refused.push(
            refusalsOf(
              channel,
              'sameVersionOtherContents',
              'this version came with other contents before',
              entry.version,
            ),
          );
        continue;
      }
      const key = `${channel} ${entry.sha256}`;
      if ((setAside.get(key) ?? 0) > monotonicMs()) {
        refused.push(refusalsOf(channel, 'contentsInvalid', 'refused before', entry.version));
        continue;
      }
      const step = await fetchBundle(line, channel, entry);
      if ('failure' in step) return { taken, refused, failure: step.failure.code };
      if ('value' in step) taken.push(step.value);
      else {
        refused.push(step.refused);
        if (step.refused.reason === 'contentsInvalid') setAside.set(key, monotonicMs() + refusedAgainMs);
      }
    }
    return { taken, refused };
  };

  const round = async (line: Line): Promise<SyncReport & { retryAfterMs?: number }> => {
    const nothing = { taken: [], refused: [] };
    const known = trust;
    if (!known) return nothing;
    const failure = ({ code, retryAfterMs }: Extract<Downloaded, { type: 'failed' }>) => ({
      ...nothing,
      failure: code,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    const roots = await followRoots(line, known);
    if ('failure' in roots) return failure(roots.failure);
    if ('refused' in roots) return { ...nothing, refused: [roots.refused] };
    const got = await get(line, bundlePaths.manifest(place.kioskId), largestManifestBytes, etag);
    if (got.type === 'failed') return failure(got);
    if (got.type === 'unchanged') return nothing;
    if (got.type === 'refused') return { ...nothing, refused: [refusalsOf('manifest', got.reason, got.message)] };
    const before = roots.value;
    const read = readManifest(root, got.bytes, {
      kioskId: place.kioskId,
      ...(before.manifest ? { known: before.manifest } : {}),
      now: time.now(),
      heldVersion: (channel) => before.versions[channel] ?? 0,
    });
    if (!read.ok) return { ...nothing, refused: [refusalsOf('manifest', read.error.code, read.error.message)] };
    const manifest = read.value;
    const issuedAtMs = Date.parse(manifest.issuedAt);
    time.seen(issuedAtMs);
    const fetched = await fetchAll(line, manifest);
    if (line.signal.aborted) return { ...nothing, failure: 'stopped' };
    const { version } = manifest;
    const isNew = before.manifest?.version !== version || fetched.taken.length > 0;
    const versions = Object.fromEntries(fetched.taken.map((bundle) => [bundle.channel, bundle.version]));
    const noted = {
      version,
      sha256: manifestDigest(got.bytes),
      issuedAtMs,
      expiresAtMs: Date.parse(manifest.expiresAt),
    };
    if (isNew && !save({ ...before, manifest: noted, versions: { ...before.versions, ...versions } }, fetched.taken))
      return nothing;
    etag = fetched.refused.length === 0 && fetched.failure === undefined ? got.etag : undefined;
    return { ...fetched, taken: fetched.taken.map(({ channel }) => channel).filter(isBundleChannel) };
  };

  const run = async (line: Line): Promise<SyncReport> => {
    const { retryAfterMs, ...report } = await round(line);
    if (line.signal.aborted) return report;
    const isGood = report.failure === undefined || report.failure === 'notThere';
    failures = isGood ? 0 : failures + 1;
    const pause = isGood
      ? Math.round(roundEveryMs * (0.5 + random()))
      : delayAfter(failures, { baseDelayMs: roundEveryMs, maxDelayMs: longestPauseMs }, random(), retryAfterMs);
    notBeforeMs = monotonicMs() + pause;
    for (const { file, version, reason, message } of report.refused) {
      const detail = { file, reason, detail: message, ...(version === undefined ? {} : { version }) };
      const news = store.noteBundleRefusal(detail);
      if (!news.ok || !news.value) continue;
      log('bundleRefused', detail);
      options.onRefused(news.value);
    }
    if (report.taken.length > 0) {
      log('bundlesTaken', { channels: report.taken });
      options.onTaken(report.taken);
    }
    return report;
  };

  return {
    run,
    async maybeRun(line) {
      if (isRunning || monotonicMs() < notBeforeMs) return undefined;
      isRunning = true;
      return run(line).finally(() => {
        isRunning = false;
      });
    },
    time,
    rootVersion: () => root.version,
    manifest: () => trust?.manifest,
  };
};
