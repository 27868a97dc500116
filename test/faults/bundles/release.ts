// A release as a good centre would make it, and the places where an attack can put its hand in: before signing, at the signature, in
// the file, on the line.
//
//   bundle ─▶ text ─▶ signed ─▶ file ─┬▶ entry ─▶ manifest ─▶ text ─▶ signed ─▶ file ─▶ line
//                                     └▶ line

import {
  fileFormat,
  type Bundle,
  type BundleChannel,
  type FileRole,
  type Manifest,
  type ManifestEntry,
} from '../../../main/contract/bundles.ts';
import { sha256Hex } from '../../../main/store/canonical.ts';
import { deltaBetween } from '../../testbed/central/bundle-delta.ts';
import { signBytes, type SigningKey } from '../../testbed/central/bundles.ts';
import type { Random } from '../random.ts';
import type { Reply } from './hostile-server.ts';

export type Keys = Record<FileRole, SigningKey[]>;

/** What an attacker has in hand: the good release's parts, everything that was published before, keys of nobody. */
export type Scene = {
  random: Random;
  nowMs: number;
  kioskId: string;
  channel: BundleChannel;
  keys: Keys;
  rootVersion: number;
  /** Keys that no root names. */
  stranger: SigningKey;
  /** Files that were good once. */
  earlier: { manifest?: Buffer; bundle?: Buffer; otherChannel?: Buffer };
  /** What the kiosk holds of the channel. */
  held: { version: number; payload: string; payloadSha256: string };
};

export type Hands = {
  /** Only these channels. */
  channels?: readonly BundleChannel[];
  /** The kiosk must hold this version or a later one. */
  leastVersion?: number;
  /** The next payload, as a value. */
  payload?(payload: unknown, scene: Scene): unknown;
  /** The next payload's text. */
  payloadText?(text: string, scene: Scene): string;
  bundle?(bundle: Bundle, scene: Scene): unknown;
  bundleText?(text: string, scene: Scene): string | Uint8Array;
  signBundle?(bytes: Uint8Array, scene: Scene): Buffer;
  /** The manifest names what comes out. */
  bundleFile?(file: Buffer, scene: Scene): Buffer;
  entry?(entry: ManifestEntry, scene: Scene): ManifestEntry;
  bundleLine?(file: Buffer, scene: Scene): Reply;
  manifest?(manifest: Manifest, scene: Scene): unknown;
  manifestText?(text: string, scene: Scene): string | Uint8Array;
  signManifest?(bytes: Uint8Array, scene: Scene): Buffer;
  manifestLine?(file: Buffer, scene: Scene): Reply;
  /** Served as the next root. */
  root?(scene: Scene): Reply;
  /** A delta beside the whole file; the whole file is missing then, so that nothing else can be taken. */
  delta?(steps: Bundle['delta'], scene: Scene): Partial<Bundle>;
  /** The whole file is there beside the delta. */
  isWholeThere?: boolean;
  /** What the centre's offset makes of the kiosk's clock, in milliseconds. */
  clockShiftMs?: number;
};

export type Release = { replies: Map<string, Reply>; version: number; manifestVersion: number };

export const dayMs = 24 * 60 * 60 * 1000;
export const iso = (ms: number): string => new Date(ms).toISOString();
const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
const fileReply = (bytes: Uint8Array): Reply => ({ type: 'file', bytes });

export const makeRelease = (
  scene: Scene,
  payload: unknown,
  others: Readonly<Record<string, ManifestEntry>>,
  versions: { manifest: number; channel: number },
  hands: Hands,
): Release & { file: Buffer; manifestFile: Buffer; entry: ManifestEntry } => {
  const { channel, keys, nowMs, kioskId, rootVersion } = scene;
  const changed = hands.payload ? hands.payload(payload, scene) : payload;
  const plain = JSON.stringify(changed);
  const text = hands.payloadText ? hands.payloadText(plain, scene) : plain;
  const replies = new Map<string, Reply>();
  const head: Omit<Bundle, 'payload' | 'delta' | 'base'> = {
    type: 'bundle',
    format: fileFormat,
    version: versions.channel,
    issuedAt: iso(nowMs),
    expiresAt: iso(nowMs + 30 * dayMs),
    channel,
    audience: { kiosks: [kioskId] },
    payloadFormat: fileFormat,
    payloadBytes: Buffer.byteLength(text),
    payloadSha256: sha256Hex(text),
  };
  const sealBundle = (bundle: unknown): Buffer => {
    const bundleText = JSON.stringify(bundle);
    const bytes = bytesOf(hands.bundleText ? hands.bundleText(bundleText, scene) : bundleText);
    const file = hands.signBundle ? hands.signBundle(bytes, scene) : signBytes(bytes, 'bundle', keys.bundle);
    return hands.bundleFile ? hands.bundleFile(file, scene) : file;
  };
  const whole: Bundle = { ...head, payload: text };
  const file = sealBundle(hands.bundle ? hands.bundle(whole, scene) : whole);
  const path = `/v1/bundles/file/${channel}/${versions.channel}`;
  let entry: ManifestEntry = { version: versions.channel, bytes: file.length, sha256: sha256Hex(file) };
  if (hands.delta) {
    const base = { version: scene.held.version, payloadSha256: scene.held.payloadSha256 };
    const delta = deltaBetween(scene.held.payload, text);
    const deltaFile = sealBundle({ ...head, base, delta, ...hands.delta(delta, scene) });
    entry = {
      ...entry,
      // Whatever it weighs, it shall be tried.
      bytes: Math.max(entry.bytes, deltaFile.length + 1),
      deltas: [{ base: scene.held.version, bytes: deltaFile.length, sha256: sha256Hex(deltaFile) }],
    };
    replies.set(`${path}/from/${scene.held.version}`, fileReply(deltaFile));
    if (hands.isWholeThere) entry.bytes = file.length;
  }
  if (!hands.delta || hands.isWholeThere)
    replies.set(path, hands.bundleLine ? hands.bundleLine(file, scene) : fileReply(file));
  if (hands.entry) entry = hands.entry(entry, scene);
  const manifest: Manifest = {
    type: 'manifest',
    format: fileFormat,
    version: versions.manifest,
    issuedAt: iso(nowMs),
    expiresAt: iso(nowMs + 7 * dayMs),
    kioskId,
    channels: { ...others, [channel]: entry },
  };
  const manifestText = JSON.stringify(hands.manifest ? hands.manifest(manifest, scene) : manifest);
  const bytes = bytesOf(hands.manifestText ? hands.manifestText(manifestText, scene) : manifestText);
  const manifestFile = hands.signManifest
    ? hands.signManifest(bytes, scene)
    : signBytes(bytes, 'manifest', keys.manifest);
  replies.set(
    '/v1/bundles/manifest',
    hands.manifestLine ? hands.manifestLine(manifestFile, scene) : fileReply(manifestFile),
  );
  if (hands.root) replies.set(`/v1/bundles/root/${rootVersion + 1}`, hands.root(scene));
  return { replies, file, manifestFile, entry, version: versions.channel, manifestVersion: versions.manifest };
};
