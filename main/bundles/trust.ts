// Which root and which manifest hold. Pure: bytes and what is known go in, what holds or a refusal comes out.
//
//   root n ─(its threshold and the new one's own)─▶ root n+1 ─▶ manifest ─▶ versions, sizes and hashes of the bundles
//
// Against rollback: versions only grow. Against fast-forward: a root that changes a role's keys frees the versions that they gave.

import { ok, type Failure, type Result } from '../../devices/kit/result.ts';
import {
  largestManifestBytes,
  largestRootBytes,
  manifestSchema,
  rootSchema,
  type BundleRefusal,
  type FileRole,
  type Manifest,
  type Root,
} from '../contract/bundles.ts';
import { isSignedBy, openFile, readSigned, refuse, sha256Of, type Refused } from './signed-file.ts';
import type { Moment } from './trusted-time.ts';

/** The centre's clock and a file's date may differ so much. */
export const datesAheadMs = 24 * 60 * 60 * 1000;

/** A file of days that are still to come: it would move the earliest possible time there. */
export const isAhead = ({ issuedAt }: { issuedAt: string }, now: Moment): Failure<'notYet'> | undefined =>
  now.correctedMs !== undefined && Date.parse(issuedAt) > now.correctedMs + datesAheadMs
    ? { code: 'notYet', who: 'system', message: `issued ${issuedAt}, which is still to come` }
    : undefined;

/** Neither from days that are still to come nor run out. */
export const isTimely = (file: { issuedAt: string; expiresAt: string }, now: Moment): Refused | undefined => {
  const ahead = isAhead(file, now);
  if (ahead) return { ok: false, error: ahead };
  if (Date.parse(file.expiresAt) <= now.atMs) return refuse('expired', `expired ${file.expiresAt}`);
  return undefined;
};

/** Keys that exist, thresholds that can be met. */
const isUsable = (root: Root): boolean =>
  Object.values(root.roles).every(
    ({ keyIds, threshold }) =>
      new Set(keyIds).size === keyIds.length &&
      threshold <= keyIds.length &&
      keyIds.every((keyId) => Object.hasOwn(root.keys, keyId)),
  );

const readRoot = (
  bytes: Uint8Array,
  signers: (root: Root) => readonly Pick<Root, 'keys' | 'roles'>[],
): Result<Root, BundleRefusal> => {
  const file = openFile(bytes, largestRootBytes);
  if (!file.ok) return file;
  const root = readSigned(file.value, 'root', rootSchema);
  if (!root.ok) return root;
  if (!isUsable(root.value)) return refuse('badShape', 'the root names keys or thresholds that cannot be met');
  if (!signers(root.value).every((signer) => isSignedBy(file.value, signer, 'root')))
    return refuse('badSignature', 'not enough of the root keys signed this root');
  return root;
};

/** The root that the configuration names. It is trusted because a person put it there; it must still be one, signed by itself. */
export const readFirstRoot = (bytes: Uint8Array): Result<Root, BundleRefusal> => readRoot(bytes, (root) => [root]);

/** The next root: exactly one version on, signed by the old threshold and by its own. Its expiry counts for the newest one only. */
export const readNextRoot = (known: Root, bytes: Uint8Array): Result<Root, BundleRefusal> => {
  // Signatures of the root that holds come first: nothing of a stranger's file is read.
  const file = openFile(bytes, largestRootBytes);
  if (!file.ok) return file;
  if (!isSignedBy(file.value, known, 'root')) return refuse('badSignature', 'not signed by the root that holds');
  const next = readRoot(bytes, (root) => [known, root]);
  if (!next.ok) return next;
  if (next.value.version !== known.version + 1)
    return refuse('wrongVersion', `root ${next.value.version} does not follow ${known.version}`);
  return next;
};

/** Whether another set of keys speaks for a role: then what the old ones counted to is forgotten. */
export const hasOtherKeys = (before: Root, after: Root, role: FileRole): boolean => {
  const [old, fresh] = [before, after].map((root) => [...root.roles[role].keyIds].sort().join(' '));
  return old !== fresh;
};

export type KnownManifest = { version: number; sha256: string };

export const readManifest = (
  root: Root,
  bytes: Uint8Array,
  context: { kioskId: string; known?: KnownManifest; now: Moment; heldVersion(channel: string): number },
): Result<Manifest, BundleRefusal> => {
  const { kioskId, known, now, heldVersion } = context;
  const file = openFile(bytes, largestManifestBytes);
  if (!file.ok) return file;
  if (!isSignedBy(file.value, root, 'manifest')) return refuse('badSignature', 'not enough manifest keys signed it');
  const read = readSigned(file.value, 'manifest', manifestSchema);
  if (!read.ok) return read;
  const manifest = read.value;
  if (manifest.kioskId !== kioskId) return refuse('wrongKiosk', 'this manifest is for another kiosk');
  if (known && manifest.version < known.version)
    return refuse('rollback', `manifest ${manifest.version} is older than ${known.version}`);
  if (known && manifest.version === known.version && sha256Of(file.value.signed) !== known.sha256)
    return refuse('sameVersionOtherContents', `manifest ${manifest.version} came with other contents before`);
  for (const [channel, { version }] of Object.entries(manifest.channels))
    if (version < heldVersion(channel)) return refuse('rollback', `${channel} ${version} is older than ours`);
  return isTimely(manifest, now) ?? ok(manifest);
};

/** What a manifest is remembered by: the signed bytes, whichever of several valid signatures came with them. */
export const manifestDigest = (bytes: Uint8Array): string => {
  const file = openFile(bytes, largestManifestBytes);
  return file.ok ? sha256Of(file.value.signed) : '';
};
