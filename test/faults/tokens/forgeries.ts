// Codes that nobody may get anything for: made from a genuine one, or signed the wrong way round. Each family is one idea of a forger.

import { sm2 } from 'sm-crypto-v2';
import type { TokenPayload } from '../../../main/contract/tokens.ts';
import type { TokenIssuer, TokenOrder } from '../../testbed/central/tokens.ts';
import type { Random } from '../random.ts';

export type Forger = {
  random: Random;
  /** Whose code it was. */
  issuer: TokenIssuer;
  /** A key of the same id space and the other algorithm, known to the kiosk as well. */
  other: TokenIssuer;
  /** A key that the kiosk does not know, under the genuine one's id. */
  stranger: TokenIssuer;
  order: TokenOrder;
  genuine: string;
};

const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

export const partsOf = (token: string): { payload: string; signature: Buffer } => {
  const [, payload = '', signature = ''] = token.split('.');
  return {
    payload: Buffer.from(payload, 'base64url').toString('utf8'),
    signature: Buffer.from(signature, 'base64url'),
  };
};
export const textOf = (payload: string | Uint8Array, signature: Uint8Array): string =>
  `HK1.${url(Buffer.from(payload))}.${url(signature)}`;

const orders: Readonly<Record<TokenIssuer['algorithm'], bigint>> = {
  ed25519: 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n,
  sm2: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
};
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0').slice(-64), 'hex');
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** Another signature that would verify if the order of the group were not minded. */
const malleated = ({ issuer, genuine, random }: Forger): string => {
  const { payload, signature } = partsOf(genuine);
  const order = orders[issuer.algorithm];
  const [first, second] = [signature.subarray(0, 32), signature.subarray(32)];
  if (issuer.algorithm === 'ed25519') {
    const s = numberOf(second.toReversed());
    const lifted = bytesOf(s + order * BigInt(1 + random.below(8))).toReversed();
    return textOf(payload, Buffer.concat([first, lifted]));
  }
  const [r, s] = [numberOf(first), numberOf(second)];
  const pairs: [bigint, bigint][] = [
    [r + order, s],
    [r, s + order],
    [order - r, s],
    [r, order - s],
    [order - r, order - s],
    [s, r],
    [0n, s],
    [r, 0n],
    [order, s],
    [r, order - r],
  ];
  const [newR, newS] = pairs[random.below(pairs.length)] ?? [0n, 0n];
  return textOf(payload, Buffer.concat([bytesOf(newR), bytesOf(newS)]));
};

/** A spelling of the same contents that the issuer really signed: taken, it could be spent once for each spelling. */
const respelled = ({ issuer, genuine, random }: Forger): string => {
  const { payload } = partsOf(genuine);
  const spellings = [
    payload.replace('"k":', '"k":"nobody","k":'),
    payload.replace('{"e"', '{ "e"'),
    `${payload}\n`,
    payload.replace(/^\{("e":\d+),("i":"[^"]+"),/, '{$2,$1,'),
    payload.replace(/"e":(\d+)/, '"e":$1.0'),
    payload
      .replace('"p":"', '"p":"\\u')
      .replace(/\\u(.)/, (_all, letter: string) => `\\u00${letter.codePointAt(0)?.toString(16)}`),
    payload.replace('"w"', '"__proto__":{},"w"'),
  ];
  return issuer.signText(spellings[random.below(spellings.length)] ?? payload);
};

const changedBit = ({ genuine, random }: Forger): string => {
  const at = random.below(genuine.length);
  const letter = (genuine.codePointAt(at) ?? 0) ^ (1 << random.below(7));
  return `${genuine.slice(0, at)}${String.fromCodePoint(letter)}${genuine.slice(at + 1)}`;
};

const editedPayload = ({ genuine, random }: Forger): string => {
  const { payload, signature } = partsOf(genuine);
  const edits = [
    payload.replace(/"e":(\d+)/, (_all, digits: string) => `"e":${Number(digits) + 86_400}`),
    payload.replace(/"i":"(.)/, (_all, letter: string) => `"i":"${letter === 'A' ? 'B' : 'A'}`),
    payload.replace(/"n":(\d+)/, '"n":0'),
    payload.replace(/"w":"[hk]:[^"]+"/, '"w":"k:ELSEWHERE"'),
  ];
  return textOf(edits[random.below(edits.length)] ?? '', signature);
};

/** The genuine payload under a signature that was made the wrong way. */
const missigned = ({ genuine, issuer, other, random }: Forger): string => {
  const { payload } = partsOf(genuine);
  switch (random.below(3)) {
    case 0:
      // By the key of the other algorithm, which the kiosk knows, under the first one's id.
      return textOf(payload, partsOf(other.signText(payload)).signature);
    case 1:
      return textOf(payload, random.bytes(64));
    default:
      // For another contents of the same key.
      return textOf(payload, partsOf(issuer.signText(payload.replace('"n":', '"n":1'))).signature);
  }
};

/**
 * A signature that is right for a hash of the forger's choice, made from the public key alone (r = t - s, e = r - x of sG + tP): what
 * `sm-crypto-v2` takes unless it is told to hash the text itself.
 */
const unhashed = ({ genuine, issuer, random }: Forger): string => {
  const { payload } = partsOf(genuine);
  if (issuer.algorithm !== 'sm2') return textOf(payload, random.bytes(64));
  const order = orders.sm2;
  const key = Buffer.from(issuer.publicKey, 'base64').subarray(-65).toString('hex');
  const point = sm2.precomputePublicKey(key, 1);
  const base = (point.constructor as unknown as { BASE: typeof point }).BASE;
  const [s, t] = [numberOf(random.bytes(31)) + 1n, numberOf(random.bytes(31)) + 1n];
  const r = (t - s + order) % order;
  const { x } = base.multiply(s).add(point.multiply(t)).toAffine();
  const e = (((r - x) % order) + order) % order;
  const signature = Buffer.concat([bytesOf(r), bytesOf(s)]);
  if (!sm2.doVerifySignature(bytesOf(e), signature.toString('hex'), key, { hash: false, der: false }))
    throw new Error('the forger’s own sum is wrong');
  return textOf(payload, signature);
};

const cut = ({ genuine, random }: Forger): string => genuine.slice(0, random.below(genuine.length));

const loose = ({ genuine }: Forger): string => {
  // 64 bytes leave four bits of the last letter unused.
  const last = genuine.codePointAt(genuine.length - 1) ?? 0;
  return `${genuine.slice(0, -1)}${String.fromCodePoint(last + 1)}`;
};

const otherOrder =
  (change: (order: TokenOrder) => TokenOrder) =>
  (forger: Forger): string =>
    forger.issuer.issue(change(forger.order));

const dayMs = 86_400_000;
const purposes: readonly TokenPayload['p'][] = ['appointment', 'pickUp', 'deposit'];
const subjects: Readonly<Record<TokenPayload['p'], TokenOrder['subject']>> = {
  appointment: { b: 'SOC', f: 0, t: 0 },
  pickUp: { d: 'AAECAwQFBgcICQoLDA0ODw' },
  deposit: { r: 'R-1' },
};

/** Genuine, and not for here and now; the others are not genuine. */
export const forgeries = {
  changedBit,
  editedPayload,
  missigned,
  malleated,
  respelled,
  unhashed,
  cut,
  loose,
  strangersKey: ({ stranger, order }: Forger) => stranger.issue(order),
  otherPurpose: otherOrder((order) => {
    const purpose = purposes[(purposes.indexOf(order.purpose) + 1) % purposes.length] ?? 'deposit';
    return { ...order, purpose, subject: subjects[purpose] };
  }),
  otherPlace: otherOrder((order) => ({ ...order, where: order.where.startsWith('h:') ? 'h:EZ02' : 'k:HALL-02' })),
  placeOfTheOtherKind: otherOrder((order) => ({
    ...order,
    where: order.where.startsWith('h:') ? order.where.replace('h:', 'k:') : order.where.replace('k:', 'h:'),
  })),
  expired: otherOrder((order) => ({ ...order, fromMs: order.fromMs - 9 * dayMs, toMs: order.toMs - 9 * dayMs })),
  notYet: otherOrder((order) => ({ ...order, fromMs: order.fromMs + 9 * dayMs, toMs: order.toMs + 9 * dayMs })),
} as const satisfies Readonly<Record<string, (forger: Forger) => string>>;

export type ForgeryName = keyof typeof forgeries;
export const forgeryNames = Object.keys(forgeries) as ForgeryName[];
