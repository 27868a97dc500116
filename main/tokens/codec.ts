// The text of a token, taken apart and put together. Taking apart answers only for the one spelling that putting together gives: no
// second JSON key, no other order, no loose bits at the end of base64url, so that what is spent by id cannot come again in other clothes.

import {
  longestTokenBytes,
  signedPrefix,
  tokenPayloadSchema,
  tokenVersion,
  type TokenAlgorithm,
  type TokenPayload,
} from '../contract/tokens.ts';
import { canonicalJson } from '../store/canonical.ts';

export const signatureBytes = 64;

export type OpenedToken = { payload: TokenPayload; payloadBytes: Buffer; signature: Buffer };

const base64url = /^[A-Za-z0-9_-]+$/;

const bytesOf = (text: string): Buffer | undefined => {
  if (!base64url.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** `undefined` for everything that is no token of this version, whatever a code reader was shown. */
export const openToken = (text: string): OpenedToken | undefined => {
  if (text.length > longestTokenBytes) return undefined;
  const [version, payloadText = '', signatureText = '', ...more] = text.split('.');
  if (version !== tokenVersion || more.length > 0) return undefined;
  const [payloadBytes, signature] = [bytesOf(payloadText), bytesOf(signatureText)];
  if (!payloadBytes || signature?.length !== signatureBytes) return undefined;
  const payload = tokenPayloadSchema.safeParse(parsed(payloadBytes));
  if (!payload.success || payload.data.n > payload.data.e) return undefined;
  if (!Buffer.from(canonicalJson(payload.data), 'utf8').equals(payloadBytes)) return undefined;
  return { payload: payload.data, payloadBytes, signature };
};

/** The bytes under the signature. The algorithm is part of them: a signature of one kind says nothing under another. */
export const signedBytes = (algorithm: TokenAlgorithm, payloadBytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(signedPrefix(algorithm), 'ascii'), Buffer.of(0), payloadBytes]);

/** Sixteen bytes as a token writes them, as a UUID. */
export const uuidOf = (sixteenBytes: string): string => {
  const hex = Buffer.from(sixteenBytes, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};
