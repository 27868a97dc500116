// The platform's own key for receipts: Ed25519, made once in its directory.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventAnswer } from '../../../main/contract/intake.ts';
import { receiptTree } from './receipt-tree.ts';

/** What is signed of a receipt: `eventId|payloadSha256|centralNumber|receivedAt`; an absent number is the empty string. */
export type Signable = { eventId: string; payloadSha256: string; centralNumber?: string; receivedAt: string };
export type Proof = Pick<NonNullable<EventAnswer['receipt']>, 'signature' | 'tree'>;

export type Signer = {
  /** SubjectPublicKeyInfo, DER, base64: what `/v1/health` tells and kiosks pin. */
  publicKey: string;
  /** One signature for all of them; each gets its place in their tree. A single one is signed as it stands. */
  signReceipts(receipts: readonly Signable[]): Proof[];
};

const readOrMake = (path: string): KeyObject => {
  if (existsSync(path)) return createPrivateKey(readFileSync(path, 'utf8'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return privateKey;
};

export const openSigner = (directory: string): Signer => {
  const key = readOrMake(join(directory, 'receipt-key.pem'));
  const signText = (text: string): string => sign(null, Buffer.from(text, 'utf8'), key).toString('base64');
  return {
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64'),
    signReceipts(receipts) {
      const texts = receipts.map(
        ({ eventId, payloadSha256, centralNumber = '', receivedAt }) =>
          `${eventId}|${payloadSha256}|${centralNumber}|${receivedAt}`,
      );
      const [only] = texts;
      if (only === undefined) return [];
      if (texts.length === 1) return [{ signature: signText(only) }];
      const size = texts.length;
      const { root, paths } = receiptTree(texts.map((text) => Buffer.from(text, 'utf8')));
      const signature = signText(`receipts|${size}|${root.toString('hex')}`);
      return paths.map((path, index) => ({
        signature,
        tree: { index, size, path: path.map((step) => step.toString('base64')) },
      }));
    },
  };
};
