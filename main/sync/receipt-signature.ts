// The centre's signature on its receipts. A row leaves the outbox only when it holds, so that nobody in between can make a kiosk
// forget a citizen's case.
//
//   receipt text ─▶ leaf ─▶ along the path ─▶ root of the batch ─▶ Ed25519, once a batch

import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { EventAnswer } from '../contract/intake.ts';
import { climb, type Climb } from './receipt-path.ts';

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

const textOf = (eventId: string, receipt: Receipt): string =>
  `${eventId}|${receipt.payloadSha256}|${receipt.centralNumber ?? ''}|${receipt.receivedAt}`;

/**
 * Tells whether the centre signed a receipt: Ed25519 over `eventId|payloadSha256|centralNumber|receivedAt` (an absent number is the
 * empty string), or for a batch over `receipts|size|root` with the root of a tree of such texts in hexadecimal. A root that held is
 * remembered with its nodes: a batch costs one check.
 */
export const createReceiptCheck = (key: KeyObject): ((eventId: string, receipt: Receipt) => boolean) => {
  let held: (Climb & { size: number; signature: string }) | undefined;
  const isGood = (text: string, signature: string): boolean => {
    const bytes = Buffer.from(signature, 'base64');
    return bytes.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, bytes);
  };
  return (eventId, receipt) => {
    const text = textOf(eventId, receipt);
    const { tree, signature } = receipt;
    if (tree === undefined) return isGood(text, signature);
    const { size } = tree;
    const known = held?.size === size && held.signature === signature ? held : undefined;
    const climbed = climb(Buffer.from(text, 'utf8'), tree, known);
    if (!climbed) return false;
    const { root, nodes } = climbed;
    if (known?.root === root) {
      for (const [place, node] of nodes) known.nodes.set(place, node);
      return true;
    }
    if (!isGood(`receipts|${size}|${Buffer.from(root, 'base64').toString('hex')}`, signature)) return false;
    held = { root, nodes, size, signature };
    return true;
  };
};
