// The issuing side of the offline tokens, as a platform has it: a key, and codes for an appointment, a pick-up, a deposit. Written apart
// from what verifies them, down to the order of the JSON's keys, so that a mistake in one of them is seen.

import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import type { TokenAlgorithm, TokenKey, TokenPurpose } from '../../../main/contract/tokens.ts';

/** Subject of a token by its purpose, in the short names that go into the code. */
export type TokenSubject = Record<string, string | number>;

export type TokenOrder = {
  purpose: TokenPurpose;
  /** `h:` and a hall's code, or `k:` and a kiosk's id. */
  where: string;
  fromMs: number;
  toMs: number;
  subject: TokenSubject;
  /** 16 bytes; random when absent. */
  id?: Uint8Array;
};

export type TokenIssuer = {
  id: string;
  algorithm: TokenAlgorithm;
  /** SubjectPublicKeyInfo, DER in base64: what kiosks are configured with. */
  publicKey: string;
  /** As a kiosk is told of it. */
  key(change?: Partial<TokenKey>): TokenKey;
  /** The text of the QR code. */
  issue(order: TokenOrder): string;
  /** Any payload under this key's signature, well formed or not: what a bad issuer could sign. */
  signText(payload: string): string;
};

const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const sm2Spki = (publicKeyHex: string): string =>
  Buffer.from(`3059301306072a8648ce3d020106082a811ccf5501822d034200${publicKeyHex}`, 'hex').toString('base64');

const signerOf = (algorithm: TokenAlgorithm): { publicKey: string; sign(text: Buffer): Buffer } => {
  if (algorithm === 'sm2') {
    const { privateKey, publicKey } = sm2.generateKeyPairHex();
    return {
      publicKey: sm2Spki(publicKey),
      sign: (text) => Buffer.from(sm2.doSignature(text, privateKey, { hash: true, der: false, publicKey }), 'hex'),
    };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = createPrivateKey(privateKey);
  return { publicKey: publicKey.toString('base64'), sign: (text) => sign(null, text, key) };
};

const quoted = (value: string | number): string => JSON.stringify(value);

const subjectText = (subject: TokenSubject): string =>
  `{${Object.keys(subject)
    .toSorted()
    .map((key) => `${quoted(key)}:${quoted(subject[key] ?? '')}`)
    .join(',')}}`;

/** A new key pair each time: tokens of an earlier one are another issuer's. */
export const createTokenIssuer = (id: string, algorithm: TokenAlgorithm): TokenIssuer => {
  const signer = signerOf(algorithm);
  const signText = (payload: string): string => {
    const bytes = Buffer.from(payload, 'utf8');
    const text = Buffer.concat([Buffer.from(`hall-kiosk token 1 ${algorithm}\0`, 'latin1'), bytes]);
    return `HK1.${url(bytes)}.${url(signer.sign(text))}`;
  };
  return {
    id,
    algorithm,
    publicKey: signer.publicKey,
    key: (change = {}) => ({
      id,
      algorithm,
      publicKey: signer.publicKey,
      purposes: ['appointment', 'pickUp', 'deposit'],
      ...change,
    }),
    issue: ({ purpose, where, fromMs, toMs, subject, id: tokenId = randomBytes(16) }) =>
      signText(
        `{"e":${Math.floor(toMs / 1000)},"i":${quoted(url(tokenId))},"k":${quoted(id)},"n":${Math.floor(fromMs / 1000)},"p":${quoted(purpose)},"s":${subjectText(subject)},"w":${quoted(where)}}`,
      ),
    signText,
  };
};
