// The publishing side of signed bundles: keys made once in the directory, files written once and never changed, so that any process on
// the same directory answers the same. Nothing of it stands in a database.
//
//   DIRECTORY/bundles/keys/ROLE-N.pem     root 1…3 (two must sign), manifest 1, bundle 1
//                    /root/N.json         1.json is what a kiosk's configuration names
//                    /files/CHANNEL/N/    bundle.json, from-BASE.json, about.json (whom it is for)
//                    /manifests/KIOSK/N.json

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bundleChannels,
  fileFormat,
  isBundleChannel,
  signedFilePrefix,
  type Bundle,
  type BundleChannel,
  type FileRole,
  type Manifest,
  type ManifestEntry,
  type Root,
} from '../../../main/contract/bundles.ts';
import { sha256Hex } from '../../../main/store/canonical.ts';
import { deltaBetween } from './bundle-delta.ts';

export type SigningKey = { keyId: string; publicKey: string; key: KeyObject };
type Audience = Bundle['audience'];
export type Publication = { channel: BundleChannel; audience: Audience; payload: unknown; validDays?: number };
/** `keys`: roles that get new keys; the root then signs with the old keys and the new ones. */
export type Rotation = { roles: readonly FileRole[] };

export type Publisher = {
  /** What goes into a kiosk's configuration. */
  rootPath: string;
  publish(publication: Publication): { channel: BundleChannel; version: number; bytes: number };
  rotate(rotation: Rotation): number;
  root(version: number): Buffer | undefined;
  manifest(kiosk: { kioskId: string; hallCode?: string }): Buffer;
  file(channel: string, version: number, base?: number): Buffer | undefined;
};

const dayMs = 24 * 60 * 60 * 1000;
const rootDays = 365;
const manifestDays = 7;
const keysOfRole = { root: 3, manifest: 1, bundle: 1 } as const;
const thresholds = { root: 2, manifest: 1, bundle: 1 } as const;

export const makeSigningKey = (): SigningKey => signingKeyOf(generateKeyPairSync('ed25519').privateKey);

export const signingKeyOf = (key: KeyObject): SigningKey => {
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { keyId: sha256Hex(der), publicKey: der.toString('base64'), key };
};

/** The exact bytes, signed for a role by each of the keys. */
export const signBytes = (bytes: Uint8Array, role: FileRole, keys: readonly SigningKey[]): Buffer => {
  const text = Buffer.concat([Buffer.from(`${signedFilePrefix(role)}\0`, 'utf8'), bytes]);
  const signatures = keys.map(({ keyId, key }) => ({ keyId, signature: sign(null, text, key).toString('base64') }));
  return Buffer.from(JSON.stringify({ signed: Buffer.from(bytes).toString('base64'), signatures }), 'utf8');
};

export const signValue = (value: unknown, role: FileRole, keys: readonly SigningKey[]): Buffer =>
  signBytes(Buffer.from(JSON.stringify(value), 'utf8'), role, keys);

const valueIn = (file: Uint8Array): unknown => {
  const { signed } = JSON.parse(Buffer.from(file).toString('utf8')) as { signed: string };
  return JSON.parse(Buffer.from(signed, 'base64').toString('utf8'));
};

const iso = (ms: number): string => new Date(ms).toISOString();

export const makeRoot = (options: {
  version: number;
  issuedAtMs: number;
  days?: number;
  keys: Readonly<Record<FileRole, readonly SigningKey[]>>;
  rootThreshold?: number;
}): Root => {
  const { version, issuedAtMs, days = rootDays, keys, rootThreshold = thresholds.root } = options;
  const role = (name: FileRole, threshold: number) => ({ keyIds: keys[name].map(({ keyId }) => keyId), threshold });
  return {
    type: 'root',
    format: fileFormat,
    version,
    issuedAt: iso(issuedAtMs),
    expiresAt: iso(issuedAtMs + days * dayMs),
    keys: Object.fromEntries(
      Object.values(keys).flatMap((list) => list.map(({ keyId, publicKey }) => [keyId, publicKey])),
    ),
    roles: {
      root: role('root', rootThreshold),
      manifest: role('manifest', thresholds.manifest),
      bundle: role('bundle', thresholds.bundle),
    },
  };
};

/** Written whole or not at all, and never over another process's: the first one of a name counts. */
const writeOnce = (path: string, bytes: Uint8Array): boolean => {
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const numbersIn = (folder: string): number[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => Number(name.replace(/\.json$/, '')))
    .filter((number) => Number.isSafeInteger(number) && number > 0)
    .sort((a, b) => a - b);

const fileIn = (path: string): Buffer | undefined => (existsSync(path) ? readFileSync(path) : undefined);

export const openPublisher = (directory: string, now: () => number = Date.now): Publisher => {
  const top = join(directory, 'bundles');
  const at = (...parts: string[]): string => join(top, ...parts);
  for (const folder of ['keys', 'root', 'files', 'manifests']) mkdirSync(at(folder), { recursive: true, mode: 0o700 });

  const keyAt = (name: string): SigningKey => {
    const path = at('keys', `${name}.pem`);
    const { privateKey } = generateKeyPairSync('ed25519');
    writeOnce(path, Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })));
    return signingKeyOf(createPrivateKey(readFileSync(path, 'utf8')));
  };
  /** Keys of a generation: the version of the root that brought them. */
  const keysOf = (role: FileRole, generation: number): SigningKey[] =>
    Array.from({ length: keysOfRole[role] }, (_, index) => keyAt(`${role}-${generation}-${index + 1}`));
  type Generations = Record<FileRole, number>;
  const generationsAt = (version: number): Generations =>
    JSON.parse(readFileSync(at('root', `${version}.keys`), 'utf8')) as Generations;
  const allKeys = (generations: Generations): Record<FileRole, SigningKey[]> => ({
    root: keysOf('root', generations.root),
    manifest: keysOf('manifest', generations.manifest),
    bundle: keysOf('bundle', generations.bundle),
  });

  const writeRoot = (version: number, generations: Generations, alsoSignedBy: readonly SigningKey[]): void => {
    const keys = allKeys(generations);
    const root = makeRoot({ version, issuedAtMs: now(), keys });
    const signers = new Map([...alsoSignedBy, ...keys.root].map((key) => [key.keyId, key]));
    writeOnce(at('root', `${version}.keys`), Buffer.from(JSON.stringify(generations)));
    writeOnce(at('root', `${version}.json`), signValue(root, 'root', [...signers.values()]));
  };
  const newestRoot = (): number => numbersIn(at('root')).at(-1) ?? 0;
  if (newestRoot() === 0) writeRoot(1, { root: 1, manifest: 1, bundle: 1 }, []);

  const versionsOf = (channel: string): number[] =>
    (existsSync(at('files', channel)) ? readdirSync(at('files', channel)) : [])
      .map(Number)
      .filter(
        (version) => Number.isSafeInteger(version) && existsSync(at('files', channel, String(version), 'about.json')),
      )
      .sort((a, b) => a - b);
  type About = { audience: Audience; payload: string };
  const abouts = new Map<string, About>();
  /** Files never change, so what was read once need not be read for each kiosk that asks. */
  const aboutOf = (channel: string, version: number): About => {
    const path = at('files', channel, String(version), 'about.json');
    const about = abouts.get(path) ?? (JSON.parse(readFileSync(path, 'utf8')) as About);
    abouts.set(path, about);
    return about;
  };
  const refs = new Map<string, { bytes: number; sha256: string }>();
  const refOf = (channel: string, version: number, base?: number): { bytes: number; sha256: string } | undefined => {
    const name = `${channel} ${version} ${base ?? ''}`;
    const known = refs.get(name);
    if (known) return known;
    const file = publisher.file(channel, version, base);
    if (!file) return undefined;
    const ref = { bytes: file.length, sha256: sha256Hex(file) };
    refs.set(name, ref);
    return ref;
  };
  const isFor = (audience: Audience, kiosk: { kioskId: string; hallCode?: string }): boolean =>
    (audience.kiosks?.includes(kiosk.kioskId) ?? false) ||
    (kiosk.hallCode !== undefined && (audience.halls?.includes(kiosk.hallCode) ?? false));

  const publisher: Publisher = {
    rootPath: at('root', '1.json'),
    publish({ channel, audience, payload, validDays = 30 }) {
      const text = JSON.stringify(payload);
      const earlier = versionsOf(channel);
      const version = (earlier.at(-1) ?? 0) + 1;
      const folder = at('files', channel, String(version));
      mkdirSync(folder, { recursive: true });
      const issuedAtMs = now();
      const head = {
        type: 'bundle',
        format: fileFormat,
        version,
        issuedAt: iso(issuedAtMs),
        expiresAt: iso(issuedAtMs + validDays * dayMs),
        channel,
        audience,
        payloadFormat: fileFormat,
        payloadBytes: Buffer.byteLength(text),
        payloadSha256: sha256Hex(text),
      };
      const { bundle: keys } = allKeys(generationsAt(newestRoot()));
      const whole = signValue({ ...head, payload: text }, 'bundle', keys);
      writeOnce(join(folder, 'bundle.json'), whole);
      for (const base of earlier.slice(-2)) {
        const { payload: baseText } = aboutOf(channel, base);
        const delta = deltaBetween(baseText, text);
        const file = signValue(
          { ...head, base: { version: base, payloadSha256: sha256Hex(baseText) }, delta },
          'bundle',
          keys,
        );
        if (file.length < whole.length) writeOnce(join(folder, `from-${base}.json`), file);
      }
      // Last, and in one step: before it nobody sees the version.
      writeFileSync(join(folder, 'about.new'), JSON.stringify({ audience, payload: text }));
      renameSync(join(folder, 'about.new'), join(folder, 'about.json'));
      return { channel, version, bytes: whole.length };
    },
    rotate({ roles }) {
      const version = newestRoot();
      const before = generationsAt(version);
      const after = { ...before, ...Object.fromEntries(roles.map((role) => [role, version + 1])) };
      writeRoot(version + 1, after, keysOf('root', before.root));
      return version + 1;
    },
    root: (version) => fileIn(at('root', `${version}.json`)),
    manifest(kiosk) {
      const { kioskId } = kiosk;
      const folder = at('manifests', kioskId);
      mkdirSync(folder, { recursive: true });
      const rootVersion = newestRoot();
      const channels: Record<string, ManifestEntry> = {};
      for (const channel of bundleChannels) {
        const version = versionsOf(channel).findLast((candidate) => isFor(aboutOf(channel, candidate).audience, kiosk));
        if (version === undefined) continue;
        const whole = refOf(channel, version);
        if (!whole) continue;
        const deltas = versionsOf(channel)
          .slice(-3)
          .flatMap((base) => {
            const ref = refOf(channel, version, base);
            return ref ? [{ base, ...ref }] : [];
          });
        channels[channel] = { version, ...whole, ...(deltas.length > 0 ? { deltas } : {}) };
      }
      // A manifest stands until something is published, the root changes, or half of its days are over.
      const newest = numbersIn(folder).at(-1) ?? 0;
      const known = fileIn(join(folder, `${newest}.json`));
      const basis = JSON.stringify({ channels, rootVersion });
      const kept = fileIn(join(folder, `${newest}.basis`))?.toString('utf8');
      const madeMs = known ? Date.parse((valueIn(known) as Manifest).issuedAt) : 0;
      if (known && kept === basis && now() < madeMs + (manifestDays / 2) * dayMs) return known;
      const version = newest + 1;
      const manifest: Manifest = {
        type: 'manifest',
        format: fileFormat,
        version,
        issuedAt: iso(now()),
        expiresAt: iso(now() + manifestDays * dayMs),
        kioskId,
        channels,
      };
      const bytes = signValue(manifest, 'manifest', allKeys(generationsAt(rootVersion)).manifest);
      writeOnce(join(folder, `${version}.basis`), Buffer.from(basis));
      writeOnce(join(folder, `${version}.json`), bytes);
      return fileIn(join(folder, `${version}.json`)) ?? bytes;
    },
    file(channel, version, base) {
      if (!isBundleChannel(channel) || !Number.isSafeInteger(version)) return undefined;
      return fileIn(at('files', channel, String(version), base === undefined ? 'bundle.json' : `from-${base}.json`));
    },
  };
  return publisher;
};
