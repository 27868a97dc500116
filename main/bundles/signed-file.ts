// A signed file, opened: the bytes that were signed count, never a value that was written again. Nothing of the contents is read
// before enough signatures hold.
//
//   bytes ─▶ UTF-8, strict JSON ─▶ { signed, signatures } ─▶ exact bytes + role ─▶ threshold of Ed25519 ─▶ strict JSON ─▶ schema

import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import {
  fileFormat,
  signedFilePrefix,
  signedFileSchema,
  type BundleRefusal,
  type FileRole,
  type Root,
} from '../contract/bundles.ts';
import { decodeStrict, parseStrictJson } from './strict-json.ts';

export type Refused = Result<never, BundleRefusal>;
export const refuse = (code: BundleRefusal, message: string): Refused => fail(code, 'system', message);

export const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The bytes behind base64 in its one canonical spelling, or nothing. */
const bytesOfBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

const keyCache = new Map<string, KeyObject>();

/** A key of a root; only one whose id is its own hash, so that one key cannot stand under two names. */
const keyOf = (root: Pick<Root, 'keys'>, keyId: string): KeyObject | undefined => {
  const text = Object.hasOwn(root.keys, keyId) ? root.keys[keyId] : undefined;
  const der = text === undefined ? undefined : bytesOfBase64(text);
  if (!der || sha256Of(der) !== keyId) return undefined;
  const known = keyCache.get(keyId);
  if (known) return known;
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return undefined;
    if (keyCache.size > 100) keyCache.clear();
    keyCache.set(keyId, key);
    return key;
  } catch {
    return undefined;
  }
};

export type OpenedFile = { signed: Buffer; signatures: readonly { keyId: string; signature: string }[] };

/** Takes the envelope apart; no signature is looked at yet. */
export const openFile = (bytes: Uint8Array, largestBytes: number): Result<OpenedFile, BundleRefusal> => {
  if (bytes.length > largestBytes) return refuse('tooLarge', `larger than ${largestBytes} bytes`);
  const text = decodeStrict(bytes);
  if (!text.ok) return text;
  const json = parseStrictJson(text.value);
  if (!json.ok) return json;
  const file = signedFileSchema.safeParse(json.value);
  if (!file.success) return refuse('badShape', 'not a signed file');
  const signed = bytesOfBase64(file.data.signed);
  if (!signed) return refuse('badShape', 'the signed bytes are not in canonical base64');
  return ok({ signed, signatures: file.data.signatures });
};

/** Whether enough keys of the role signed these bytes for this role. */
export const isSignedBy = (file: OpenedFile, root: Pick<Root, 'keys' | 'roles'>, role: FileRole): boolean => {
  const { keyIds, threshold } = root.roles[role];
  const text = Buffer.concat([Buffer.from(`${signedFilePrefix(role)}\0`, 'utf8'), file.signed]);
  const held = new Set<string>();
  for (const { keyId, signature } of file.signatures) {
    if (held.has(keyId) || !keyIds.includes(keyId)) continue;
    const key = keyOf(root, keyId);
    const bytes = bytesOfBase64(signature);
    if (key && bytes?.length === 64 && verify(null, text, key, bytes)) held.add(keyId);
    if (held.size >= threshold) return true;
  }
  return false;
};

/** Reads what was signed. A file of a later format is told from one that is broken. */
export const readSigned = <T>(file: OpenedFile, role: FileRole, schema: z.ZodType<T>): Result<T, BundleRefusal> => {
  const text = decodeStrict(file.signed);
  if (!text.ok) return text;
  const json = parseStrictJson(text.value);
  if (!json.ok) return json;
  const value = json.value;
  if (typeof value !== 'object' || value === null) return refuse('badShape', 'not an object');
  if ('type' in value && value.type !== role) return refuse('wrongType', `this is no ${role}`);
  if ('format' in value && value.format !== fileFormat)
    return refuse('formatUnknown', `format ${String(value.format)} needs newer software; this one knows ${fileFormat}`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const fields = parsed.error.issues.slice(0, 5).map(({ path }) => path.map(String).join('.') || '(root)');
  return refuse('badShape', `the ${role} does not fit its schema: ${fields.join(', ')}`.slice(0, 300));
};
