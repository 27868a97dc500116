// The centre's signature on its receipts. A row leaves the outbox only when it holds, so that nobody in between can make a kiosk
// forget a citizen's case.

import { createPublicKey, verify, type KeyObject } from 'node:crypto';
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

/** Ed25519 over `eventId|payloadSha256|centralNumber|receivedAt`; an absent number is the empty string. */
export const isSigned = (key: KeyObject, eventId: string, receipt: Receipt): boolean => {
  const text = `${eventId}|${receipt.payloadSha256}|${receipt.centralNumber ?? ''}|${receipt.receivedAt}`;
  const signature = Buffer.from(receipt.signature, 'base64');
  return signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature);
};
