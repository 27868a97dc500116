import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createReceiptCheck, parsePublicKey } from './receipt-signature.ts';

const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const receivedAt = '2026-11-22T00:00:00.000Z';
const signText = (text: string): string => sign(null, Buffer.from(text), keys.privateKey).toString('base64');

const checkOf = (): ReturnType<typeof createReceiptCheck> => {
  const key = parsePublicKey(publicKey);
  if (!key) throw new Error('the key should parse');
  return createReceiptCheck(key);
};

describe('signatures', () => {
  it('hold for exactly what was signed', () => {
    const isSigned = checkOf();
    const receipt = { receivedAt, centralNumber: 'N', payloadSha256: 'ab', signature: '' };
    const signature = signText(`id|ab|N|${receivedAt}`);
    expect(isSigned('id', { ...receipt, signature })).toBe(true);
    expect(isSigned('other', { ...receipt, signature })).toBe(false);
    expect(isSigned('id', { ...receipt, signature, centralNumber: 'M' })).toBe(false);
    expect(isSigned('id', { ...receipt, signature: 'AAAA' })).toBe(false);
    expect(isSigned('id', receipt)).toBe(false);
  });

  it('take Ed25519 keys only', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    expect(parsePublicKey(String(rsa))).toBeUndefined();
    expect(parsePublicKey('')).toBeUndefined();
    expect(parsePublicKey(String(keys.publicKey.export({ type: 'spki', format: 'pem' })))).toBeDefined();
  });
});
