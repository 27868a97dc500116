// What is done to a release, after TUF's list of attacks and what parsers fall for. Each would be taken if one check were missing; none
// may be. Where an attack signs, it signs with keys that it could have.

import type { Root } from '../../../main/contract/bundles.ts';
import { makeRoot, signBytes, signValue, type SigningKey } from '../../testbed/central/bundles.ts';
import { sign } from 'node:crypto';
import { dayMs, iso, type Hands, type Scene } from './release.ts';
import type { Reply } from './hostile-server.ts';

const file = (bytes: Uint8Array): Reply => ({ type: 'file', bytes });

const flip = (bytes: Uint8Array, scene: Scene): Buffer => {
  const copy = Buffer.from(bytes);
  const at = scene.random.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << scene.random.below(8));
  return copy;
};

const replaceIn = (bytes: Buffer, from: RegExp, to: string): Buffer =>
  Buffer.from(bytes.toString('utf8').replace(from, to), 'utf8');

/** The next root as its owners would write it. */
const nextRoot = (scene: Scene, change: Partial<Root> = {}): Root => ({
  ...makeRoot({ version: scene.rootVersion + 1, issuedAtMs: scene.nowMs, keys: scene.keys }),
  ...change,
});
const strangers = (scene: Scene, count = 3): SigningKey[] => Array.from({ length: count }, () => scene.stranger);
const strangeKeys = (scene: Scene) => ({ ...scene.keys, root: [scene.stranger] });

const rootAttacks: Record<string, Hands> = {
  rootByStranger: {
    root: (scene) =>
      file(
        signValue(
          makeRoot({
            version: scene.rootVersion + 1,
            issuedAtMs: scene.nowMs,
            keys: { root: [scene.stranger], manifest: [scene.stranger], bundle: [scene.stranger] },
            rootThreshold: 1,
          }),
          'root',
          strangers(scene, 1),
        ),
      ),
  },
  rootBelowThreshold: { root: (scene) => file(signValue(nextRoot(scene), 'root', scene.keys.root.slice(0, 1))) },
  rootOneKeyTwice: {
    root: (scene) => {
      const [key] = scene.keys.root;
      return file(signValue(nextRoot(scene), 'root', key ? [key, key, key] : []));
    },
  },
  rootOneKeyUnderTwoNames: {
    root: (scene) => {
      const [key, other] = scene.keys.root;
      return file(signValue(nextRoot(scene), 'root', key && other ? [key, { ...key, keyId: other.keyId }] : []));
    },
  },
  rootWithoutItsOwnThreshold: {
    root: (scene) =>
      file(
        signValue(
          makeRoot({
            version: scene.rootVersion + 1,
            issuedAtMs: scene.nowMs,
            keys: strangeKeys(scene),
            rootThreshold: 1,
          }),
          'root',
          scene.keys.root,
        ),
      ),
  },
  rootByItsOwnKeysOnly: {
    root: (scene) =>
      file(
        signValue(
          makeRoot({
            version: scene.rootVersion + 1,
            issuedAtMs: scene.nowMs,
            keys: strangeKeys(scene),
            rootThreshold: 1,
          }),
          'root',
          [scene.stranger],
        ),
      ),
  },
  rootSkipsAVersion: {
    root: (scene) => file(signValue(nextRoot(scene, { version: scene.rootVersion + 2 }), 'root', scene.keys.root)),
  },
  rootRepeated: {
    root: (scene) => file(signValue(nextRoot(scene, { version: scene.rootVersion }), 'root', scene.keys.root)),
  },
  rootThatCannotBeMet: {
    root: (scene) => {
      const root = nextRoot(scene);
      root.roles.manifest.threshold = 5;
      return file(signValue(root, 'root', scene.keys.root));
    },
  },
  rootWhoseKeysAreOne: {
    root(scene) {
      const twin = { ...scene.stranger, keyId: scene.stranger.keyId.split('').toReversed().join('') };
      const keys = { ...scene.keys, root: [scene.stranger, twin] };
      const root = makeRoot({ version: scene.rootVersion + 1, issuedAtMs: scene.nowMs, keys });
      return file(signValue(root, 'root', [...scene.keys.root, scene.stranger, twin]));
    },
  },
  rootFromTheFuture: {
    root: (scene) =>
      file(signValue(nextRoot(scene, { issuedAt: iso(scene.nowMs + 400 * dayMs) }), 'root', scene.keys.root)),
  },
  rootOfLaterFormat: { root: (scene) => file(signValue({ ...nextRoot(scene), format: 2 }, 'root', scene.keys.root)) },
  rootSignedAsManifest: {
    root: (scene) => file(signValue(nextRoot(scene), 'manifest', scene.keys.root)),
  },
  // Signed by just enough keys: with one to spare a changed signature would not matter, and should not.
  rootChanged: { root: (scene) => file(flip(signValue(nextRoot(scene), 'root', scene.keys.root.slice(0, 2)), scene)) },
  rootWithoutEnd: { root: () => ({ type: 'endless' }) },
};

const manifestAttacks: Record<string, Hands> = {
  manifestByStranger: { signManifest: (bytes, { stranger }) => signBytes(bytes, 'manifest', [stranger]) },
  manifestByStrangerUnderOurName: {
    signManifest: (bytes, { stranger, keys }) =>
      signBytes(bytes, 'manifest', [{ ...stranger, keyId: keys.manifest[0]?.keyId ?? '' }]),
  },
  manifestByBundleKey: { signManifest: (bytes, { keys }) => signBytes(bytes, 'manifest', keys.bundle) },
  manifestSignedAsBundle: { signManifest: (bytes, { keys }) => signBytes(bytes, 'bundle', keys.manifest) },
  manifestSignedWithoutRole: {
    signManifest(bytes, { keys }) {
      const signatures = keys.manifest.map(({ keyId, key }) => ({
        keyId,
        signature: sign(null, bytes, key).toString('base64'),
      }));
      return Buffer.from(JSON.stringify({ signed: Buffer.from(bytes).toString('base64'), signatures }));
    },
  },
  manifestRollback: { manifestLine: (own, { earlier }) => file(earlier.manifest ?? own.subarray(1)) },
  manifestOlderVersion: { manifest: (manifest) => ({ ...manifest, version: Math.max(1, manifest.version - 2) }) },
  manifestSameVersionOtherContents: { manifest: (manifest) => ({ ...manifest, version: manifest.version - 1 }) },
  manifestFrozen: {
    manifest: (manifest, { nowMs, random }) => ({
      ...manifest,
      issuedAt: iso(nowMs - 20 * dayMs),
      expiresAt: iso(nowMs - 1 - random.below(10 * dayMs)),
    }),
  },
  // Not so far back that the root itself would be of the future.
  manifestFrozenWithClockSetBack: {
    clockShiftMs: (-20 / 24) * dayMs,
    manifest: (manifest, { nowMs }) => ({
      ...manifest,
      issuedAt: iso(nowMs - 8 * dayMs),
      expiresAt: iso(nowMs - dayMs / 24),
    }),
  },
  manifestFromTheFuture: {
    manifest: (manifest, { nowMs }) => ({
      ...manifest,
      issuedAt: iso(nowMs + 400 * dayMs),
      expiresAt: iso(nowMs + 800 * dayMs),
    }),
  },
  manifestOfAnotherKiosk: { manifest: (manifest) => ({ ...manifest, kioskId: 'OTHER-0001' }) },
  channelRollback: {
    leastVersion: 2,
    manifest: (manifest, { channel, held }) => ({
      ...manifest,
      channels: {
        ...manifest.channels,
        [channel]: { ...manifest.channels[channel], version: held.version - 1 },
      },
    }),
  },
  manifestChanged: {
    signManifest: (bytes, scene) => {
      const good = JSON.parse(signBytes(bytes, 'manifest', scene.keys.manifest).toString('utf8')) as { signed: string };
      return Buffer.from(JSON.stringify({ ...good, signed: flip(bytes, scene).toString('base64') }));
    },
  },
  manifestSignatureChanged: {
    signManifest: (bytes, scene) => {
      const good = JSON.parse(signBytes(bytes, 'manifest', scene.keys.manifest).toString('utf8')) as {
        signatures: { keyId: string; signature: string }[];
      };
      const signatures = good.signatures.map((one) => ({
        ...one,
        signature: flip(Buffer.from(one.signature, 'base64'), scene).toString('base64'),
      }));
      return Buffer.from(JSON.stringify({ ...good, signatures }));
    },
  },
  manifestCutShort: {
    manifestLine: (own, { random }) => file(own.subarray(0, random.below(own.length))),
  },
  manifestWithoutEnd: { manifestLine: () => ({ type: 'endless' }) },
  manifestDrips: { manifestLine: (own) => ({ type: 'drip', bytes: own }) },
  manifestConnectionBreaks: { manifestLine: (own) => ({ type: 'cut', bytes: own }) },
  manifestPacked: { manifestLine: () => ({ type: 'packed' }) },
  manifestIsAPage: { manifestLine: () => ({ type: 'page' }) },
  manifestTooLarge: {
    manifestLine: (own) => file(Buffer.concat([own.subarray(0, -1), Buffer.alloc(64 * 1024, 0x20), Buffer.from('}')])),
  },
  manifestNested: {
    manifestLine: (own, { random }) => {
      const depth = 60 + random.below(5000);
      return file(replaceIn(own, /\}$/, `,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`));
    },
  },
  manifestNestedAndSigned: {
    manifestText: (text) => text.replace(/\}$/, `,"x":${'['.repeat(200)}${']'.repeat(200)}}`),
  },
  manifestNotUtf8: { manifestText: (text) => Buffer.concat([Buffer.from(text), Buffer.of(0xc3, 0x28)]) },
  manifestNotUtf8Inside: {
    manifestText: (text, { kioskId }) => {
      const [before = '', after = ''] = text.split(kioskId);
      return Buffer.concat([Buffer.from(`${before}${kioskId.slice(1)}`), Buffer.of(0xff), Buffer.from(after)]);
    },
  },
  manifestKeyTwice: {
    manifestText: (text) => text.replace('{"type"', '{"kioskId":"OTHER-0001","type"'),
  },
  manifestEnvelopeKeyTwice: {
    manifestLine: (own) => file(replaceIn(own, /^\{/, '{"signed":"e30=",')),
  },
  manifestIntoPrototype: {
    manifestText: (text) => text.replace('{"type"', '{"__proto__":{"isTrusted":true},"type"'),
  },
  manifestNumberTooLarge: {
    manifestText: (text) => text.replace(/"version":\d+/, '"version":1e400'),
  },
  manifestNumberRounded: {
    manifestText: (text) => text.replace(/"version":\d+/, '"version":9007199254740993'),
  },
  manifestFastForward: {
    manifest: (manifest) => ({ ...manifest, version: Number.MAX_SAFE_INTEGER }),
  },
  manifestOfLaterFormat: { manifest: (manifest) => ({ ...manifest, format: 2 }) },
  manifestWithMore: { manifest: (manifest) => ({ ...manifest, alsoTrust: 'everybody' }) },
  manifestIsABundle: { manifestLine: (own, { earlier }) => file(earlier.bundle ?? own.subarray(1)) },
  manifestOtherBase64: {
    manifestLine: (own) => file(replaceIn(own, /"signed":"(.{8})/, '"signed":"$1\\n')),
  },
  manifestWithoutSignature: { signManifest: (bytes) => signBytes(bytes, 'manifest', []) },
};

const bundleAttacks: Record<string, Hands> = {
  bundleByStranger: { signBundle: (bytes, { stranger }) => signBytes(bytes, 'bundle', [stranger]) },
  bundleByManifestKey: { signBundle: (bytes, { keys }) => signBytes(bytes, 'bundle', keys.manifest) },
  bundleSignedAsManifest: { signBundle: (bytes, { keys }) => signBytes(bytes, 'manifest', keys.bundle) },
  bundleFromAnEarlierRelease: { bundleLine: (own, { earlier }) => file(earlier.bundle ?? own.subarray(1)) },
  bundleNamedFromAnEarlierRelease: { bundleFile: (own, { earlier }) => earlier.bundle ?? own.subarray(1) },
  bundleOfAnotherChannel: { bundleFile: (own, { earlier }) => earlier.otherChannel ?? own.subarray(1) },
  bundleRenamedChannel: {
    bundle: (bundle) => ({ ...bundle, channel: bundle.channel === 'catalogue' ? 'tokenKeys' : 'catalogue' }),
  },
  bundleOfAnotherKiosk: { bundle: (bundle) => ({ ...bundle, audience: { kiosks: ['OTHER-0001'] } }) },
  bundleOfAnotherHall: { bundle: (bundle) => ({ ...bundle, audience: { halls: ['OTHER-HALL'] } }) },
  bundleForNobody: { bundle: (bundle) => ({ ...bundle, audience: {} }) },
  bundleOfAnotherVersion: { bundle: (bundle) => ({ ...bundle, version: bundle.version + 1 }) },
  bundleExpired: {
    bundle: (bundle, { nowMs }) => ({ ...bundle, issuedAt: iso(nowMs - 90 * dayMs), expiresAt: iso(nowMs - 1) }),
  },
  bundleFromTheFuture: {
    bundle: (bundle, { nowMs }) => ({
      ...bundle,
      issuedAt: iso(nowMs + 400 * dayMs),
      expiresAt: iso(nowMs + 800 * dayMs),
    }),
  },
  bundleOfLaterFormat: { bundle: (bundle) => ({ ...bundle, format: 2 }) },
  bundleContentsOfLaterFormat: { bundle: (bundle) => ({ ...bundle, payloadFormat: 2 }) },
  bundleChanged: { bundleLine: (own, scene) => file(flip(own, scene)) },
  bundleLonger: { bundleLine: (own) => file(Buffer.concat([own, Buffer.from(' ')])) },
  bundleShorter: { bundleLine: (own) => file(own.subarray(0, -1)) },
  bundleWithoutEnd: { bundleLine: () => ({ type: 'endless' }) },
  bundleDrips: { bundleLine: (own) => ({ type: 'drip', bytes: own }) },
  bundleConnectionBreaks: { bundleLine: (own) => ({ type: 'cut', bytes: own }) },
  bundlePacked: { bundleLine: () => ({ type: 'packed' }) },
  bundleMissing: { bundleLine: () => ({ type: 'status', status: 404 }) },
  bundleOtherHash: {
    entry: (entry) => ({ ...entry, sha256: entry.sha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
  },
  bundleSameVersionOtherFile: { entry: (entry, { held }) => ({ ...entry, version: held.version }) },
  bundleOtherSize: { entry: (entry) => ({ ...entry, bytes: entry.bytes + 1 }) },
  payloadOtherHash: {
    bundle: (bundle) => ({
      ...bundle,
      payloadSha256: bundle.payloadSha256.replace(/^./, (c) => (c === '0' ? '1' : '0')),
    }),
  },
  payloadOtherSize: { bundle: (bundle) => ({ ...bundle, payloadBytes: bundle.payloadBytes + 1 }) },
  payloadKeyTwice: { payloadText: (text) => text.replace(/^\{/, '{"x":1,"x":2,') },
  payloadIntoPrototype: { payloadText: (text) => text.replace(/^\{/, '{"__proto__":{"hide":[]},') },
  payloadNumberTooLarge: { payloadText: (text) => text.replace(/^\{/, '{"x":1e999,') },
  payloadNested: { payloadText: (text) => text.replace(/^\{/, `{"x":${'['.repeat(500)}${']'.repeat(500)},`) },
  payloadNotJson: { payloadText: (text) => text.slice(0, -1) },
  payloadWithMore: { payload: (payload) => ({ ...(payload as object), andMore: true }) },
  payloadEmpty: { payloadText: () => '[]' },
  bundleNeitherWholeNorDelta: { bundle: ({ payload: _payload, ...bundle }) => bundle },
  bundleWholeAndDelta: {
    bundle: (bundle, { held }) => ({
      ...bundle,
      base: { version: held.version, payloadSha256: held.payloadSha256 },
      delta: [bundle.payload ?? ''],
    }),
  },
  deltaOfAnotherBase: {
    delta: (_steps, { held }) => ({
      base: { version: held.version, payloadSha256: held.payloadSha256.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
    }),
  },
  deltaBeyondItsBase: { delta: (steps = [], { held }) => ({ delta: [...steps, [held.payload.length - 1, 1000]] }) },
  deltaThatSwells: {
    delta: (_steps, { held }) => ({
      delta: Array.from({ length: 5000 }, () => [0, held.payload.length] as [number, number]),
    }),
  },
  deltaWithAnotherOutcome: { delta: (steps = []) => ({ delta: steps.length > 1 ? steps.slice(0, -1) : ['{}'] }) },
  blocksOverlap: {
    channels: ['queueBlocks'],
    payload: (payload) => {
      const { blocks } = payload as { blocks: object[] };
      return { blocks: [...blocks, ...blocks] };
    },
  },
  configurationMovesTheCentre: {
    channels: ['configuration'],
    payload: (payload) => ({ ...(payload as object), central: { url: 'http://203.0.113.1' } }),
  },
  configurationBringsDevices: {
    channels: ['configuration'],
    payload: (payload) => ({ ...(payload as object), devices: [] }),
  },
  configurationBringsStaff: {
    channels: ['configuration'],
    payload: (payload) => ({ ...(payload as object), staff: { firstAccounts: [] } }),
  },
  configurationAgainstTheRules: {
    channels: ['configuration'],
    payload: (payload) => ({ ...(payload as object), session: { idleWarningSec: 80, idleWipeSec: 81 } }),
  },
  catalogueWithUnknownDepartment: {
    channels: ['catalogue'],
    payload: (payload) => {
      const catalogue = structuredClone(payload) as { items: { lead: string }[] };
      for (const item of catalogue.items) item.lead = 'NOBODY';
      return catalogue;
    },
  },
  noticeTooLong: {
    channels: ['announcements'],
    payload: () => ({ items: [{ id: 'a', text: { zh: '长'.repeat(5000), en: 'long' } }] }),
  },
  tokenKeyWithoutKey: {
    channels: ['tokenKeys'],
    payload: () => ({ keys: [{ id: 'K1', algorithm: 'none', publicKey: 'A'.repeat(60) }] }),
  },
};

export type Attack = { name: string; level: 'root' | 'manifest' | 'bundle'; hands: Hands };

export const attacks: readonly Attack[] = (
  [
    ['root', rootAttacks],
    ['manifest', manifestAttacks],
    ['bundle', bundleAttacks],
  ] as const
).flatMap(([level, table]) => Object.entries(table).map(([name, hands]) => ({ name, level, hands })));
