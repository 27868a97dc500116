// Offline tokens: QR codes that an issuer signs and a kiosk verifies without a network.
//
//   HK1.<payload, base64url>.<signature, base64url>          ASCII, at most `longestTokenBytes`: one QR code, one line of a serial scanner
//        └ canonical JSON: keys sorted, no spaces, UTF-8      └ 64 bytes over  hall-kiosk token 1 <algorithm> 0x00 <payload bytes>
//
// The algorithm is said by the issuer's key, never by the token. One token has one spelling: any other is refused as unreadable.

import { z } from 'zod';

export const tokenVersion = 'HK1';
/** A QR code of this length still reads off a phone; a longer text is no token. */
export const longestTokenBytes = 400;
export const tokenPurposes = ['appointment', 'pickUp', 'deposit'] as const;
export type TokenPurpose = (typeof tokenPurposes)[number];
/** Ed25519 (RFC 8032), or SM2 with SM3 (GB/T 32918.2, the standard's own user id, r and s with 32 bytes each). */
export const tokenAlgorithms = ['ed25519', 'sm2'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];

/** What stands before the payload in the text that is signed, without the zero byte that ends it. */
export const signedPrefix = (algorithm: TokenAlgorithm): string => `hall-kiosk token 1 ${algorithm}`;

/** Seconds since 1970, up to the year 9999. */
const seconds = z.int().min(0).max(253_402_300_799);
/** 16 bytes in base64url. */
const sixteenBytes = z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/);
const issuerId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,15}$/);

/** Letters for keys: each costs a column of the QR code. */
const common = {
  /** Key id of the issuer. */
  k: issuerId,
  /** Token id, random: it makes the token unique and is what is spent. */
  i: sixteenBytes,
  /** Where it may be used: `h:` and the hall's code, or `k:` and the kiosk's id. */
  w: z.string().regex(/^[hk]:[A-Za-z0-9-]{1,40}$/),
  /** Not before, expires: both seconds belong to it. */
  n: seconds,
  e: seconds,
};

export const tokenPayloadSchema = z.discriminatedUnion('p', [
  z.strictObject({
    ...common,
    p: z.literal('appointment'),
    s: z.strictObject({
      /** Code of the business. */
      b: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
      /** The time that was promised: from, to. */
      f: seconds,
      t: seconds,
      /** Masked name, for the person to see that it is the own code. */
      m: z
        .string()
        .max(12)
        .regex(/^[\p{L}\p{M}*·' .-]+$/u)
        .optional(),
    }),
  }),
  z.strictObject({
    ...common,
    p: z.literal('pickUp'),
    /** Deposit (a UUID's bytes), and its cell as the kiosk reported it. */
    s: z.strictObject({ d: sixteenBytes, c: z.int().min(1).max(2000).optional() }),
  }),
  z.strictObject({
    ...common,
    p: z.literal('deposit'),
    /** Receipt or case number. */
    s: z.strictObject({ r: z.string().regex(/^[A-Za-z0-9-]{1,40}$/) }),
  }),
]);
export type TokenPayload = z.infer<typeof tokenPayloadSchema>;

/** A key that tokens are verified with: in `kiosk.json`, or in a signed bundle of the centre. */
export const tokenKeySchema = z.strictObject({
  id: issuerId.describe('签发方密钥编号，二维码里引用 / key id that the codes name'),
  algorithm: z.enum(tokenAlgorithms).describe('签名算法 / signature algorithm'),
  publicKey: z
    .string()
    .min(40)
    .max(500)
    .describe(
      '公钥：SubjectPublicKeyInfo，PEM 或 DER 的 base64 / public key: SubjectPublicKeyInfo, PEM or DER in base64',
    ),
  purposes: z
    .array(z.enum(tokenPurposes))
    .min(1)
    .max(tokenPurposes.length)
    .default([...tokenPurposes])
    .describe('这把密钥只能签这些用途 / what this key may sign'),
  notBefore: z.iso.datetime().optional().describe('在此之前无效 / not valid before'),
  expires: z.iso.datetime().optional().describe('在此之后无效 / not valid after'),
});
export type TokenKey = z.infer<typeof tokenKeySchema>;

/** Why a code is not taken. */
export const tokenRefusals = [
  'tokenUnreadable',
  'tokenUnknownIssuer',
  'tokenAlgorithmOff',
  'tokenBadSignature',
  'tokenIssuerExpired',
  'tokenOtherPurpose',
  'tokenOtherPlace',
  'tokenNotYet',
  'tokenExpired',
  'tokenUsed',
] as const;
export type TokenRefusal = (typeof tokenRefusals)[number];
