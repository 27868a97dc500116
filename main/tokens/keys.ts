// Issuers' public keys, read once: SubjectPublicKeyInfo of Ed25519 or of a point on the SM2 curve. A key verifies with its own
// algorithm only; what is neither, or lies off the curve, is told at the start and never verifies anything.

import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { TokenAlgorithm, TokenKey, TokenPurpose } from '../contract/tokens.ts';
import { signedBytes } from './codec.ts';
import { isSm2Point, verifySm2 } from './sm2.ts';

export type IssuerKey = {
  id: string;
  algorithm: TokenAlgorithm;
  purposes: readonly TokenPurpose[];
  notBeforeMs: number;
  expiresMs: number;
  /** Whether the signature is this key's, over exactly this payload. */
  isSigned(payloadBytes: Uint8Array, signature: Uint8Array): boolean;
};

/** SEQUENCE { SEQUENCE { id-ecPublicKey, sm2p256v1 }, BIT STRING 04 … } up to the point (GB/T 35276). */
const sm2Head = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');
const sm2PointBytes = 65;
/** The same for Ed25519 (RFC 8410). */
const ed25519Head = Buffer.from('302a300506032b6570032100', 'hex');
const ed25519PointBytes = 32;

const derOf = (text: string): Buffer => {
  const inside = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(text)?.[1] ?? text;
  return Buffer.from(inside.replaceAll(/\s/g, ''), 'base64');
};

const pointOf = (der: Buffer, head: Buffer, bytes: number): Buffer | undefined =>
  der.length === head.length + bytes && der.subarray(0, head.length).equals(head)
    ? der.subarray(head.length)
    : undefined;

/**
 * The eight points of small order, and their second spellings, by their y (RFC 7748 §7 tells why): under such a key one signature would
 * fit many texts.
 */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

const isSmallOrder = (point: Buffer): boolean => {
  const y = Buffer.from(point);
  y[31] = (y[31] ?? 0) & 0x7f;
  return smallOrder.has(y.toString('hex'));
};

const ed25519KeyOf = (der: Buffer): KeyObject | undefined => {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

/** Reads one key. The message names the key by its id and what is wrong with it. */
export const readTokenKey = (key: TokenKey): Result<IssuerKey, 'badTokenKey'> => {
  const bad = (what: string) => fail('badTokenKey', 'engineer', `token key ${key.id}: ${what}`);
  const der = derOf(key.publicKey);
  const base = {
    id: key.id,
    algorithm: key.algorithm,
    purposes: key.purposes,
    notBeforeMs: key.notBefore === undefined ? Number.NEGATIVE_INFINITY : Date.parse(key.notBefore),
    expiresMs: key.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(key.expires),
  };
  if (key.algorithm === 'sm2') {
    const point = pointOf(der, sm2Head, sm2PointBytes);
    if (!point) return bad('it is no SM2 public key');
    if (!isSm2Point(point)) return bad('its point is not on the SM2 curve');
    return ok({
      ...base,
      isSigned: (payload, signature) => verifySm2(point, signedBytes('sm2', payload), signature),
    });
  }
  const point = pointOf(der, ed25519Head, ed25519PointBytes);
  const ed25519 = point && ed25519KeyOf(der);
  if (!point || !ed25519) return bad('it is no Ed25519 public key');
  if (isSmallOrder(point)) return bad('its point is of small order');
  return ok({
    ...base,
    isSigned: (payload, signature) =>
      signature.length === 64 && verify(null, signedBytes('ed25519', payload), ed25519, signature),
  });
};
