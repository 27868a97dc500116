// The centre's signature on its receipts. A row leaves the outbox only when it holds, so that nobody in between can make a kiosk
// forget a citizen's case.
//
//   receipt text ─▶ leaf ─▶ along the path ─▶ root of the batch ─▶ Ed25519, once a batch

import { hash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { EventAnswer } from '../contract/intake.ts';

export type Receipt = NonNullable<EventAnswer['receipt']>;

/** Takes SubjectPublicKeyInfo as PEM or as DER in base64; `undefined` for anything that is no Ed25519 key. */
export const parsePublicKey = (text: string): KeyObject | undefined => {
  try {
    const key = text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

const leafMark = Buffer.of(0x00);
const nodeMark = Buffer.of(0x01);
const hashBytes = 32;

const hashOf = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');

/** The root that a leaf and its path lead to (RFC 9162, 2.1.3.2), or nothing where they do not fit the size of the tree. */
export const rootOf = (text: Uint8Array, tree: NonNullable<Receipt['tree']>): Buffer | undefined => {
  let [place, last] = [tree.index, tree.size - 1];
  if (place > last) return undefined;
  let root = hashOf(leafMark, text);
  for (const step of tree.path) {
    const beside = Buffer.from(step, 'base64');
    if (last === 0 || beside.length !== hashBytes) return undefined;
    if (place % 2 === 1 || place === last) {
      root = hashOf(nodeMark, beside, root);
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      root = hashOf(nodeMark, root, beside);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 ? root : undefined;
};

const textOf = (eventId: string, receipt: Receipt): string =>
  `${eventId}|${receipt.payloadSha256}|${receipt.centralNumber ?? ''}|${receipt.receivedAt}`;

/** What was signed: the receipt's text, or for a batch `receipts|size|root` with the root in hexadecimal. */
const signedText = (eventId: string, receipt: Receipt): string | undefined => {
  const text = textOf(eventId, receipt);
  const { tree } = receipt;
  if (tree === undefined) return text;
  const root = rootOf(Buffer.from(text, 'utf8'), tree);
  return root && `receipts|${tree.size}|${root.toString('hex')}`;
};

/**
 * Tells whether the centre signed a receipt: Ed25519 over `eventId|payloadSha256|centralNumber|receivedAt` (an absent number is the
 * empty string), or over the root of a tree of such texts. A root that held is remembered: a batch costs one check.
 */
export const createReceiptCheck = (key: KeyObject): ((eventId: string, receipt: Receipt) => boolean) => {
  let held: { text: string; signature: string } | undefined;
  return (eventId, receipt) => {
    const text = signedText(eventId, receipt);
    if (text === undefined) return false;
    if (held && held.text === text && held.signature === receipt.signature) return true;
    const signature = Buffer.from(receipt.signature, 'base64');
    const isGood = signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature);
    if (isGood) held = { text, signature: receipt.signature };
    return isGood;
  };
};
