// Bad roots, manifests and bundles, served over HTTP by a hostile server to the real fetcher with a real store. After each one the old
// bundles must serve, to the byte; in between, good releases must be taken, or the refusals prove nothing.
//
//   attack ─▶ hostile server ─▶ sync ─▶ store ─▶ serving: the same as before?          every few: a good release ─▶ the new one?

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFakeClock, type Clock } from '../../../devices/kit/clock.ts';
import { loadCatalogue } from '../../../kiosk-config/catalogue/load.ts';
import { parseConfig } from '../../../kiosk-config/parse.ts';
import { createContentChecks } from '../../../main/bundles/contents.ts';
import { createServing, type Serving } from '../../../main/bundles/serving.ts';
import { createBundleSync, type BundleSync } from '../../../main/bundles/sync.ts';
import {
  bundleChannels,
  type BundleChannel,
  type FileRole,
  type ManifestEntry,
} from '../../../main/contract/bundles.ts';
import { canonicalJson } from '../../../main/store/canonical.ts';
import { machineKey, morningMs, valueOf } from '../../../main/store/store-fixture.ts';
import { openStore } from '../../../main/store/open.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import { makeRoot, makeSigningKey, signValue, type SigningKey } from '../../testbed/central/bundles.ts';
import { createRandom } from '../random.ts';
import { attacks, type Attack } from './attacks.ts';
import { startHostileServer } from './hostile-server.ts';
import { createPayloads } from './payloads.ts';
import { dayMs, makeRelease, type Hands, type Keys, type Release, type Scene } from './release.ts';

export type BundlesReport = {
  cases: number;
  /** Bad ones that were taken: must be 0. */
  accepted: number;
  refused: number;
  /** Cases after which all channels served what they served before. */
  oldStillServes: number;
  controls: number;
  controlsAccepted: number;
  restarts: number;
  rotations: number;
  attacks: Record<string, number>;
  reasons: Record<string, number>;
  failures: string[];
};

const kioskId = 'TEST-01';
const text = (zh: string, en: string) => ({ zh, en });
const controlEvery = 8;
const restartEvery = 50;
/** Of the good releases, so many bring new keys. */
const rotateEvery = 6;
const tenYearsMs = 3650 * dayMs;
const keptFailures = 20;
const mostAccepted = 5;
/** Longer than any file may take. */
const longStallMs = 30 * 60 * 1000;

const testConfig = () =>
  valueOf(
    parseConfig(
      {
        version: 1,
        kiosk: { id: kioskId, hall: text('大厅', 'Hall'), place: text('一楼', 'Floor'), askAt: text('导办台', 'Desk') },
        central: { url: 'http://127.0.0.1:9', kioskKey: 'a-key-for-the-tests' },
        devices: [],
      },
      { drivers: [] },
    ),
  );

const newKeys = (): Keys => ({
  root: [makeSigningKey(), makeSigningKey(), makeSigningKey()],
  manifest: [makeSigningKey()],
  bundle: [makeSigningKey()],
});

export const runBundles = async (
  count: number,
  seed: number,
  tell: (done: number, of: number) => void = () => undefined,
): Promise<BundlesReport> => {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  const clock = createFakeClock(morningMs);
  const store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId, clock }));
  let clockErrorMs = 0;
  /** The kiosk's own clock, which may be years off. */
  const ownClock: Clock = { now: () => clock.now() + clockErrorMs, after: clock.after };
  const hostile = await startHostileServer();
  const net = createFetch();
  let stalled = Promise.resolve();
  hostile.onStall = () => void (stalled = clock.advance(longStallMs));
  const line = { fetch: net.fetch, signal: new AbortController().signal };
  const config = testConfig();
  const shipped = valueOf(
    loadCatalogue(fileURLToPath(new URL('../../../kiosk-config/catalogue', import.meta.url)), { compileForms: false }),
  );
  const payloadOf = createPayloads(shipped);
  const stranger = makeSigningKey();
  let keys = newKeys();
  const root = signValue(makeRoot({ version: 1, issuedAtMs: morningMs, keys }), 'root', keys.root);

  const report: BundlesReport = {
    cases: 0,
    accepted: 0,
    refused: 0,
    oldStillServes: 0,
    controls: 0,
    controlsAccepted: 0,
    restarts: 0,
    rotations: 0,
    attacks: {},
    reasons: {},
    failures: [],
  };
  const note = (failure: string): void => {
    if (report.failures.length < keptFailures) report.failures.push(`seed ${seed}: ${failure}`);
  };

  let sync: BundleSync;
  let serving: Serving;
  const start = (): void => {
    serving = createServing({
      store,
      clock: ownClock,
      config,
      catalogue: shipped,
      drivers: [],
      log: () => undefined,
      onRefused: () => undefined,
      isVisitResumed: false,
    });
    const made = createBundleSync({
      store,
      central: { url: hostile.url, kioskKey: 'k', requestTimeoutMs: 4000 },
      place: { kioskId, hallCode: 'TEST-HALL' },
      root,
      checks: createContentChecks(config, { drivers: [], isNew: true }),
      clock: ownClock,
      monotonicMs: () => clock.now() - morningMs,
      log: () => undefined,
      onTaken: () => serving.noteTaken(),
      onRefused: () => undefined,
    });
    if ('error' in made) throw new Error(made.error);
    sync = made;
    serving.follow(sync);
  };
  start();

  const entries: Record<string, ManifestEntry> = {};
  const earlier: { manifest?: Buffer; files: Partial<Record<BundleChannel, Buffer>> } = { files: {} };
  let lastManifest: Buffer | undefined;
  const versionOf = (channel: BundleChannel): number => store.newestBundle(channel)?.version ?? 0;

  const sceneOf = (channel: BundleChannel): Scene => {
    const held = store.newestBundle(channel);
    const other = bundleChannels.find((name) => name !== channel && earlier.files[name]);
    return {
      random,
      nowMs: clock.now(),
      kioskId,
      channel,
      keys,
      rootVersion: sync.rootVersion(),
      stranger,
      earlier: {
        ...(earlier.manifest ? { manifest: earlier.manifest } : {}),
        ...(earlier.files[channel] ? { bundle: earlier.files[channel] } : {}),
        ...(other && earlier.files[other] ? { otherChannel: earlier.files[other] } : {}),
      },
      held: held ?? { version: 0, payload: '', payloadSha256: '' },
    };
  };

  const serve = ({ replies }: Release): void => {
    hostile.replies.clear();
    for (const [path, reply] of replies) hostile.replies.set(path, reply);
  };

  /** Everything that a bad file could have changed. */
  const lookAt = (): string =>
    canonicalJson({
      root: sync.rootVersion(),
      channels: bundleChannels.map((channel) => {
        const held = store.currentBundle(channel);
        return held ? [channel, held.version, held.payload] : [channel];
      }),
      serves: [serving.catalogue(), serving.config(), serving.announcement(), serving.tokenKeys()],
    });

  let offsetMs = 0;
  /** What the kiosk has heard of the centre's time; written when it changed, as a round does. */
  const setOffset = (ms: number): void => {
    if (ms !== offsetMs) store.setNote('serverOffsetMs', String(ms));
    offsetMs = ms;
  };
  store.setNote('serverOffsetMs', '0');

  const runRound = async (clockShiftMs = 0): Promise<Awaited<ReturnType<BundleSync['run']>>> => {
    setOffset(clockShiftMs - clockErrorMs);
    const done = await sync.run(line);
    // The clock that gave up on a stalled file goes on to its end before anything else begins.
    await stalled;
    serving.switchOver();
    return done;
  };

  const control = async (channel: BundleChannel, nth: number): Promise<void> => {
    report.controls += 1;
    const isRotating = nth > 0 && nth % rotateEvery === 0;
    const before = keys;
    const scene = sceneOf(channel);
    let rootFile: Buffer | undefined;
    let isFreed = false;
    let isManifestFreed = false;
    if (isRotating) {
      const roles = (['root', 'manifest', 'bundle'] as const).filter(() => random.chance(2));
      isFreed = roles.some((role) => role !== 'root');
      isManifestFreed = roles.includes('manifest');
      const fresh = newKeys();
      keys = { ...keys, ...Object.fromEntries(roles.map((role: FileRole) => [role, fresh[role]])) };
      const next = makeRoot({ version: sync.rootVersion() + 1, issuedAtMs: clock.now(), keys });
      const signers = new Map<string, SigningKey>([...before.root, ...keys.root].map((key) => [key.keyId, key]));
      rootFile = signValue(next, 'root', [...signers.values()]);
      report.rotations += 1;
    }
    const isKnown = scene.held.version > 0;
    const hands: Hands = {
      ...(rootFile ? { root: () => ({ type: 'file' as const, bytes: rootFile }) } : {}),
      // A delta that does not fit must cost a request, not the update.
      ...(isKnown && nth % 3 === 1 ? { delta: () => ({}) } : {}),
      ...(isKnown && nth % 3 === 2
        ? { delta: () => ({ delta: [[0, 1_000_000]] as [number, number][] }), isWholeThere: true }
        : {}),
    };
    // New keys free the versions: a fast-forward that the old ones signed is over.
    const versions = {
      manifest: isManifestFreed ? 1 : (sync.manifest()?.version ?? 0) + 1,
      channel: isFreed ? Math.max(1, scene.held.version - 3) : versionOf(channel) + 1,
    };
    if (isFreed && versions.channel === scene.held.version) versions.channel += 1;
    const others = isFreed ? {} : { ...entries };
    delete others[channel];
    const release = makeRelease({ ...scene, keys }, payloadOf(channel, clock.now(), random), others, versions, hands);
    serve(release);
    // Sometimes the kiosk's own clock is ten years off, and the centre's offset sets it right.
    clockErrorMs = [0, tenYearsMs, 0, -tenYearsMs][nth % 4] ?? 0;
    const done = await runRound();
    clockErrorMs = 0;
    setOffset(0);
    const isTaken =
      done.taken.includes(channel) &&
      store.currentBundle(channel)?.version === versions.channel &&
      done.refused.length === 0;
    if (isTaken) report.controlsAccepted += 1;
    else note(`a good ${channel} ${versions.channel} was not taken: ${JSON.stringify(done)}`);
    if (isFreed) for (const name of Object.keys(entries)) delete entries[name];
    entries[channel] = release.entry;
    if (isFreed) earlier.files = {};
    earlier.files[channel] = release.file;
    // Of the keys that hold, but two releases old.
    if (isFreed) delete earlier.manifest;
    else if (lastManifest) earlier.manifest = lastManifest;
    lastManifest = isFreed ? undefined : release.manifestFile;
  };

  const play = async ({ name, level, hands }: Attack): Promise<void> => {
    const candidates = hands.channels ?? bundleChannels;
    const least = hands.leastVersion ?? 1;
    for (const candidate of candidates)
      for (let tries = 0; versionOf(candidate) < least && tries < least; tries += 1) await control(candidate, 0);
    const allowed = candidates.filter((channel) => versionOf(channel) >= least);
    const channel = allowed[random.below(allowed.length)];
    if (!channel) throw new Error(`nothing is held that ${name} could attack`);
    const scene = sceneOf(channel);
    const others = { ...entries };
    delete others[channel];
    const manifestVersion = sync.manifest()?.version ?? 0;
    const versions = { manifest: manifestVersion + 1, channel: versionOf(channel) + 1 };
    serve(makeRelease(scene, payloadOf(channel, clock.now(), random), others, versions, hands));
    const before = lookAt();
    const done = await runRound(hands.clockShiftMs);
    setOffset(0);
    const isManifestTaken = level !== 'bundle' && sync.manifest()?.version !== manifestVersion;
    const isSame = lookAt() === before;
    report.cases += 1;
    report.attacks[name] = (report.attacks[name] ?? 0) + 1;
    const reason = done.refused[0]?.reason ?? done.failure;
    if (reason !== undefined) report.reasons[reason] = (report.reasons[reason] ?? 0) + 1;
    if (done.taken.length > 0 || isManifestTaken) {
      report.accepted += 1;
      note(`${name} on ${channel} was taken`);
    } else if (reason === undefined) note(`${name} on ${channel} was neither taken nor refused`);
    else report.refused += 1;
    if (isSame) report.oldStillServes += 1;
    else note(`after ${name} on ${channel} something else serves`);
  };

  try {
    let controls = 0;
    for (const channel of bundleChannels) await control(channel, 0);
    for (let index = 0; index < count; index += 1) {
      const attack = attacks[index % attacks.length];
      if (!attack) throw new Error('there is no attack');
      // An earlier release of the same keys must be there to be played back.
      if (index % controlEvery === 0) {
        controls += 1;
        const channel = bundleChannels[controls % bundleChannels.length] ?? 'catalogue';
        await control(channel, controls);
        if (controls % rotateEvery === 0) for (const name of bundleChannels) if (!entries[name]) await control(name, 0);
      }
      if (index % restartEvery === restartEvery - 1) {
        report.restarts += 1;
        start();
      }
      await play(attack);
      // With bad files inside nothing that follows means anything.
      if (report.accepted >= mostAccepted) {
        note(`given up after ${report.cases} of ${count} cases`);
        break;
      }
      tell(index + 1, count);
    }
  } finally {
    await net.close();
    await hostile.stop();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
};

export const areBundlesClean = (report: BundlesReport): boolean =>
  report.cases > 0 &&
  report.accepted === 0 &&
  report.refused === report.cases &&
  report.oldStillServes === report.cases &&
  report.controls > 0 &&
  report.controlsAccepted === report.controls &&
  report.failures.length === 0;
