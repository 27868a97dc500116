// The platform's own key for receipts: Ed25519, made once in its directory.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Signer = {
  /** SubjectPublicKeyInfo, DER, base64: what `/v1/health` tells and kiosks pin. */
  publicKey: string;
  /** Signature over `eventId|payloadSha256|centralNumber|receivedAt`, base64; an absent number is the empty string. */
  signReceipt(receipt: { eventId: string; payloadSha256: string; centralNumber?: string; receivedAt: string }): string;
};

const readOrMake = (path: string): KeyObject => {
  if (existsSync(path)) return createPrivateKey(readFileSync(path, 'utf8'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return privateKey;
};

export const openSigner = (directory: string): Signer => {
  const key = readOrMake(join(directory, 'receipt-key.pem'));
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    signReceipt({ eventId, payloadSha256, centralNumber = '', receivedAt }) {
      const text = `${eventId}|${payloadSha256}|${centralNumber}|${receivedAt}`;
      return sign(null, Buffer.from(text, 'utf8'), key).toString('base64');
    },
  };
};
