// The platform's own key for receipts: Ed25519, made once and kept in the books, so that all processes sign with the same one.

import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { EventAnswer } from '../../../main/contract/intake.ts';
import type { Books } from './books.ts';
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

const readOrMake = async (books: Books): Promise<KeyObject> => {
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await books.run(
    "INSERT INTO platform (name, value) VALUES ('receiptKey', ?) ON CONFLICT (name) DO NOTHING",
    made.toString(),
  );
  const kept = await books.get<{ value: string }>("SELECT value FROM platform WHERE name = 'receiptKey'");
  if (!kept) throw new Error('the receipt key was not kept');
  return createPrivateKey(kept.value);
};

export const openSigner = async (books: Books): Promise<Signer> => {
  const key = await readOrMake(books);
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
