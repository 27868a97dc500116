// Tokens that other code signed: what is taken, and every reason for which one is not.

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestTokenBytes, tokenAlgorithms, tokenKeySchema, type TokenKey } from '../contract/tokens.ts';
import { openToken } from './codec.ts';
import { readTokenKey, type IssuerKey } from './keys.ts';
import { verifySm2 } from './sm2.ts';
import { clockToleranceMs, verifyToken, type VerifyOptions } from './verify.ts';

type Fixtures = {
  keys: Record<string, { algorithm: TokenKey['algorithm']; publicKey: string }>;
  tokens: string[];
};
const fixtures = JSON.parse(readFileSync(new URL('fixtures/openssl-tokens.json', import.meta.url), 'utf8')) as Fixtures;

const keyOf = (id: string, change: Partial<TokenKey> = {}): IssuerKey => {
  const read = readTokenKey(tokenKeySchema.parse({ id, ...fixtures.keys[id], ...change }));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};
const keys = new Map(Object.keys(fixtures.keys).map((id) => [id, keyOf(id)]));
const [appointment = '', pickUp = '', deposit = '', sm2Appointment = ''] = fixtures.tokens;
/** Within the validity of all six. */
const nowMs = 1_795_309_000_000;
const here: VerifyOptions = {
  keys,
  algorithms: tokenAlgorithms,
  purpose: 'appointment',
  kioskId: 'ezhou-hall-01',
  hallCode: 'EZ01',
  nowMs,
};
const codeOf = (text: string, change: Partial<VerifyOptions> = {}): string => {
  const result = verifyToken(text, { ...here, ...change });
  return result.ok ? 'ok' : result.error.code;
};

/** The same payload bytes under another text. */
const parts = (token: string): { payload: string; signature: Buffer } => {
  const [, payload = '', signature = ''] = token.split('.');
  return {
    payload: Buffer.from(payload, 'base64url').toString('utf8'),
    signature: Buffer.from(signature, 'base64url'),
  };
};
const write = (payload: string, signature: Uint8Array): string =>
  `HK1.${Buffer.from(payload, 'utf8').toString('base64url')}.${Buffer.from(signature).toString('base64url')}`;

describe('a token that OpenSSL signed', () => {
  it.each(fixtures.tokens)('is taken for its purpose: %s', (text) => {
    const purpose = openToken(text)?.payload.p ?? 'deposit';
    expect(codeOf(text, { purpose })).toBe('ok');
    expect(text.length).toBeLessThan(longestTokenBytes);
  });

  it('says what it is about', () => {
    expect(verifyToken(sm2Appointment, here)).toMatchObject({
      ok: true,
      value: { k: 'ez-2', p: 'appointment', s: { b: 'SOC', m: '张*', f: 1_795_309_200, t: 1_795_312_800 } },
    });
  });

  it('is refused for another purpose, at another hall, at another kiosk', () => {
    expect(codeOf(pickUp)).toBe('tokenOtherPurpose');
    expect(codeOf(deposit, { purpose: 'pickUp' })).toBe('tokenOtherPurpose');
    expect(codeOf(appointment, { hallCode: 'EZ02' })).toBe('tokenOtherPlace');
    expect(codeOf(appointment, { hallCode: undefined })).toBe('tokenOtherPlace');
    expect(codeOf(pickUp, { purpose: 'pickUp', kioskId: 'ezhou-hall-02' })).toBe('tokenOtherPlace');
    expect(codeOf(appointment, { hallCode: undefined, kioskId: 'EZ01' })).toBe('tokenOtherPlace');
  });

  it('is taken from its first to its last second, clocks apart by the tolerance, and not a moment longer', () => {
    const [fromMs, toMs] = [1_795_305_600_000, 1_795_352_400_999];
    expect(codeOf(appointment, { nowMs: fromMs - clockToleranceMs })).toBe('ok');
    expect(codeOf(appointment, { nowMs: fromMs - clockToleranceMs - 1 })).toBe('tokenNotYet');
    expect(codeOf(appointment, { nowMs: toMs + clockToleranceMs })).toBe('ok');
    expect(codeOf(appointment, { nowMs: toMs + clockToleranceMs + 1 })).toBe('tokenExpired');
  });

  it('is refused when its key is unknown, over, not yet valid, of an algorithm that is off, or may not sign this', () => {
    expect(codeOf(appointment, { keys: new Map() })).toBe('tokenUnknownIssuer');
    expect(codeOf(appointment, { algorithms: ['sm2'] })).toBe('tokenAlgorithmOff');
    expect(codeOf(sm2Appointment, { algorithms: ['ed25519'] })).toBe('tokenAlgorithmOff');
    const only = (change: Partial<TokenKey>): Partial<VerifyOptions> => ({
      keys: new Map([['ez-1', keyOf('ez-1', change)]]),
    });
    expect(codeOf(appointment, only({ expires: '2026-11-21T00:00:00Z' }))).toBe('tokenIssuerExpired');
    expect(codeOf(appointment, only({ notBefore: '2026-11-23T00:00:00Z' }))).toBe('tokenIssuerExpired');
    expect(codeOf(appointment, only({ purposes: ['pickUp'] }))).toBe('tokenBadSignature');
    expect(codeOf(appointment, only({ purposes: ['appointment'] }))).toBe('ok');
  });
});

describe('another spelling of a good token is no token', () => {
  const { payload, signature } = parts(appointment);
  it.each([
    ['a second key', payload.replace('"k":', '"k":"ez-9","k":')],
    ['another order', payload.replace(/^\{("e":\d+),("i":"[^"]+"),/, '{$2,$1,')],
    ['a space', payload.replace(',"k"', ', "k"')],
    ['a space at the end', `${payload} `],
    ['an escaped letter', payload.replace('"SOC"', '"\\u0053OC"')],
    ['a number written long', payload.replace('1795352400', '1795352400.0')],
    ['a key that nobody knows', payload.replace('"w"', '"v":1,"w"')],
    ['a prototype', payload.replace('"w"', '"__proto__":{},"w"')],
    ['what is not UTF-8', payload.replace('张', '\u{fffd}')],
    ['an end before its start', payload.replace('"e":1795352400', '"e":1795305599')],
    ['no JSON', payload.slice(1)],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(text).not.toBe(payload);
    expect(codeOf(write(text, signature))).toBe('tokenUnreadable');
  });

  it('base64url with loose bits, padding, the other alphabet, more parts, spaces round it, or of another version', () => {
    const [, body = '', sign = ''] = appointment.split('.');
    // 64 bytes leave four bits of the last letter unused.
    const loose = `${sign.slice(0, -1)}${sign.endsWith('A') ? 'B' : String.fromCodePoint((sign.codePointAt(85) ?? 0) + 1)}`;
    for (const text of [
      `HK1.${body}.${loose}`,
      `${appointment}==`,
      `${appointment}.x`,
      ` ${appointment}`,
      `${appointment}\r`,
      appointment.replace('HK1', 'HK2'),
      appointment.replace('HK1', 'hk1'),
      `HK1.${body}`,
      `HK1..${sign}`,
      `HK1.${body}.${sign.slice(0, -2)}`,
      `HK1.${body}.${Buffer.concat([signature, Buffer.of(0)]).toString('base64url')}`,
      'x'.repeat(longestTokenBytes + 1),
      '',
    ])
      expect(codeOf(text)).toBe('tokenUnreadable');
  });
});

describe('keys', () => {
  const spki = (id: string): string => fixtures.keys[id]?.publicKey ?? '';
  const codeOfKey = (key: Partial<TokenKey>): string => {
    const read = readTokenKey(tokenKeySchema.parse({ id: 'x', algorithm: 'sm2', publicKey: spki('ez-2'), ...key }));
    return read.ok ? 'ok' : read.error.code;
  };

  it('verify with their own algorithm only: under the other name they are no key', () => {
    expect(codeOfKey({ algorithm: 'ed25519', publicKey: spki('ez-2') })).toBe('badTokenKey');
    expect(codeOfKey({ algorithm: 'sm2', publicKey: spki('ez-1') })).toBe('badTokenKey');
    // The same payload and signature under the id of the other key.
    const swapped = new Map([
      ['ez-1', { ...keyOf('ez-2'), id: 'ez-1' }],
      ['ez-2', { ...keyOf('ez-1'), id: 'ez-2' }],
    ]);
    for (const text of [appointment, sm2Appointment]) expect(codeOf(text, { keys: swapped })).toBe('tokenBadSignature');
  });

  it('come as PEM too', () => {
    for (const [id, { algorithm, publicKey }] of Object.entries(fixtures.keys)) {
      const pem = `-----BEGIN PUBLIC KEY-----\n${publicKey.replaceAll(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;
      expect([id, codeOfKey({ algorithm, publicKey: pem })]).toEqual([id, 'ok']);
    }
  });

  it('off the SM2 curve, at infinity, compressed, of another curve, or of small order are told, not used', () => {
    const der = Buffer.from(spki('ez-2'), 'base64');
    const changed = (act: (bytes: Buffer) => Buffer): string => act(Buffer.from(der)).toString('base64');
    const point = der.length - 65;
    for (let at = 1; at < 65; at += 7)
      expect(
        codeOfKey({
          publicKey: changed((bytes) => {
            bytes[point + at] = (bytes[point + at] ?? 0) ^ 1;
            return bytes;
          }),
        }),
      ).toBe('badTokenKey');
    expect(codeOfKey({ publicKey: changed((bytes) => bytes.fill(0, point)) })).toBe('badTokenKey');
    expect(codeOfKey({ publicKey: changed((bytes) => bytes.fill(0, point + 1)) })).toBe('badTokenKey');
    expect(codeOfKey({ publicKey: changed((bytes) => bytes.fill(0xff, point + 1)) })).toBe('badTokenKey');
    expect(codeOfKey({ publicKey: changed((bytes) => bytes.subarray(0, -1)) })).toBe('badTokenKey');
    expect(codeOfKey({ publicKey: 'A'.repeat(60) })).toBe('badTokenKey');
    const small = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)]);
    small[12] = 1;
    expect(codeOfKey({ algorithm: 'ed25519', publicKey: small.toString('base64') })).toBe('badTokenKey');
  });
});

describe('signatures', () => {
  const order = {
    ed25519: 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n,
    sm2: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
  };
  const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0').slice(-64), 'hex');

  it('of Ed25519 with the order added to s are another spelling, and refused', () => {
    const { payload, signature } = parts(appointment);
    const s = numberOf(signature.subarray(32).toReversed());
    const more = bytesOf(s + order.ed25519).toReversed();
    expect(codeOf(write(payload, Buffer.concat([signature.subarray(0, 32), more])))).toBe('tokenBadSignature');
  });

  it('of SM2 with r or s of 0, of the order, above it or turned round are refused without a throw', () => {
    const { payload, signature } = parts(sm2Appointment);
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
    const [zero, n, top] = [Buffer.alloc(32), bytesOf(order.sm2), Buffer.alloc(32, 0xff)];
    const minus = (bytes: Buffer): Buffer => bytesOf(order.sm2 - numberOf(bytes));
    for (const [first, second] of [
      [zero, s],
      [r, zero],
      [zero, zero],
      [n, s],
      [r, n],
      [top, s],
      [r, top],
      [s, r],
      [minus(r), s],
      [r, minus(s)],
      [minus(r), minus(s)],
      // r + s is the order: there is no point to compute.
      [r, minus(r)],
    ] as const)
      expect(codeOf(write(payload, Buffer.concat([first, second])))).toBe('tokenBadSignature');
  });

  it('of SM2 over the text itself instead of its hash are refused', () => {
    // What the library verifies unless it is told to hash: 32 bytes chosen by the forger stand for the hash.
    const point = Buffer.from(fixtures.keys['ez-2']?.publicKey ?? '', 'base64').subarray(-65);
    const { signature } = parts(sm2Appointment);
    expect(verifySm2(point, Buffer.alloc(32, 5), signature)).toBe(false);
  });

  it.each([
    ['Ed25519', appointment],
    ['SM2', sm2Appointment],
  ])('%s: of 200 tokens with one changed bit none is taken, and none throws', (_name, token) => {
    const bits = token.length * 7;
    let accepted = 0;
    fc.assert(
      fc.property(fc.nat(bits - 1), (bit) => {
        const at = Math.floor(bit / 7);
        const letter = (token.codePointAt(at) ?? 0) ^ (1 << (bit % 7));
        const text = `${token.slice(0, at)}${String.fromCodePoint(letter)}${token.slice(at + 1)}`;
        if (codeOf(text) === 'ok') accepted += 1;
      }),
      { numRuns: 200 },
    );
    expect(accepted).toBe(0);
  });

  it('of other payloads are never taken for this one', () => {
    const { signature } = parts(appointment);
    const { signature: other } = parts(sm2Appointment);
    const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('A', 'b', 'Z', '0', '9', '-') });
    fc.assert(
      fc.property(word, fc.nat(2_000_000_000), fc.constantFrom('ez-1', 'ez-2'), (business, expires, issuer) => {
        const payload = `{"e":${expires},"i":"AAECAwQFBgcICQoLDA0ODw","k":"${issuer}","n":0,"p":"appointment","s":{"b":"${business}","f":0,"t":0},"w":"h:EZ01"}`;
        for (const bytes of [signature, other]) expect(codeOf(write(payload, bytes))).toBe('tokenBadSignature');
      }),
      { numRuns: 100 },
    );
  });
});

it('whatever a reader reads is answered with a reason', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 500 }), fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
      expect(codeOf(text)).toBe('tokenUnreadable');
      expect(codeOf(`HK1.${Buffer.from(text).toString('base64url')}.${appointment.split('.')[2]}`)).toBe(
        'tokenUnreadable',
      );
    }),
    { numRuns: 300 },
  );
});
