// Is this code good here and now? Pure: keys, place and time come from outside, what was spent before is the store's to say.
//
//   text ─▶ one spelling? ─▶ issuer's key ─▶ its algorithm allowed? ─▶ signature ─▶ purpose ─▶ place ─▶ time ─▶ payload
//
// Nothing that a payload says is believed, or told to the person, before its signature holds.

import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { TokenAlgorithm, TokenPayload, TokenPurpose, TokenRefusal } from '../contract/tokens.ts';
import { openToken } from './codec.ts';
import type { IssuerKey } from './keys.ts';

/** Clocks of issuer and kiosk may differ by so much, either way. */
export const clockToleranceMs = 120_000;

export type VerifyOptions = {
  keys: ReadonlyMap<string, IssuerKey>;
  /** What the hall allows; a key of another algorithm is as good as none. */
  algorithms: readonly TokenAlgorithm[];
  purpose: TokenPurpose;
  kioskId: string;
  /** Code of the hall, where it has one. */
  hallCode?: string | undefined;
  nowMs: number;
};

export type Refused = Result<never, Exclude<TokenRefusal, 'tokenUsed'>>;
export type Verified = Result<TokenPayload, Exclude<TokenRefusal, 'tokenUsed'>>;

/** The message says what an engineer needs, and nothing about the person. */
export const verifyToken = (text: string, options: VerifyOptions): Verified => {
  const { keys, algorithms, purpose, kioskId, hallCode, nowMs } = options;
  const opened = openToken(text);
  if (!opened) return fail('tokenUnreadable', 'citizen', 'this is no token, or one of another version');
  const { payload, payloadBytes, signature } = opened;
  const key = keys.get(payload.k);
  if (!key) return fail('tokenUnknownIssuer', 'hall', `no key ${payload.k} is known here`);
  if (!algorithms.includes(key.algorithm))
    return fail('tokenAlgorithmOff', 'engineer', `key ${key.id} is ${key.algorithm}, which this kiosk does not accept`);
  if (!key.isSigned(payloadBytes, signature))
    return fail('tokenBadSignature', 'citizen', `the signature is not that of key ${key.id}`);
  if (nowMs + clockToleranceMs < key.notBeforeMs || nowMs - clockToleranceMs > key.expiresMs)
    return fail('tokenIssuerExpired', 'engineer', `key ${key.id} is not valid now`);
  if (!key.purposes.includes(payload.p))
    return fail('tokenBadSignature', 'engineer', `key ${key.id} may not sign ${payload.p}`);
  if (payload.p !== purpose) return fail('tokenOtherPurpose', 'citizen', `the token is for ${payload.p}`);
  if (payload.w !== `k:${kioskId}` && (hallCode === undefined || payload.w !== `h:${hallCode}`))
    return fail('tokenOtherPlace', 'citizen', `the token is for ${payload.w}`);
  if (nowMs + clockToleranceMs < payload.n * 1000) return fail('tokenNotYet', 'citizen', 'the token is not valid yet');
  if (nowMs - clockToleranceMs >= (payload.e + 1) * 1000) return fail('tokenExpired', 'citizen', 'the token is over');
  return ok(payload);
};
