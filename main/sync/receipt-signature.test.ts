import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSigned, parsePublicKey } from './receipt-signature.ts';

const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

describe('signatures', () => {
  it('hold for exactly what was signed', () => {
    const key = parsePublicKey(publicKey);
    if (!key) throw new Error('the key should parse');
    const receipt = { receivedAt: '2026-11-22T00:00:00.000Z', centralNumber: 'N', payloadSha256: 'ab', signature: '' };
    const signature = sign(null, Buffer.from(`id|ab|N|${receipt.receivedAt}`), keys.privateKey).toString('base64');
    expect(isSigned(key, 'id', { ...receipt, signature })).toBe(true);
    expect(isSigned(key, 'other', { ...receipt, signature })).toBe(false);
    expect(isSigned(key, 'id', { ...receipt, signature, centralNumber: 'M' })).toBe(false);
    expect(isSigned(key, 'id', { ...receipt, signature: 'AAAA' })).toBe(false);
    expect(isSigned(key, 'id', receipt)).toBe(false);
  });

  it('take Ed25519 keys only', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });
    expect(parsePublicKey(String(rsa))).toBeUndefined();
    expect(parsePublicKey('')).toBeUndefined();
    expect(parsePublicKey(String(keys.publicKey.export({ type: 'spki', format: 'pem' })))).toBeDefined();
  });
});
