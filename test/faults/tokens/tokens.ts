// Offline tokens against forgers and against being used twice. Each round issues a genuine code, which must be taken; makes a forged
// one, which must not; and spends the genuine one at a real store, again and again: by other visits, after restarts, with the clock
// set to anything.
//
//   issuer (test/testbed/central) ─▶ code ─▶ main/tokens ─▶ store ─▶ spent once
//                                     └▶ forgery ─▶ refused, whatever it is

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok } from '../../../devices/kit/result.ts';
import { tokenAlgorithms, type TokenPayload } from '../../../main/contract/tokens.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import type { SpendableToken } from '../../../main/store/tokens.ts';
import { machineKey, valueOf } from '../../../main/store/store-fixture.ts';
import { uuidOf } from '../../../main/tokens/codec.ts';
import { readIssuers } from '../../../main/tokens/issuers.ts';
import { verifyToken, type VerifyOptions } from '../../../main/tokens/verify.ts';
import { createTokenIssuer, type TokenIssuer, type TokenOrder } from '../../testbed/central/tokens.ts';
import { createRandom, seedOf, type Random } from '../random.ts';
import { forgeries, forgeryNames, type ForgeryName } from './forgeries.ts';

export type TokensReport = {
  tokens: number;
  seed: number;
  /** Genuine codes that were refused: 0. */
  genuineRefused: number;
  forged: number;
  /** Forged codes that were taken: 0. */
  accepted: number;
  byForgery: Record<ForgeryName, number>;
  spent: number;
  /** Attempts to use a code again. */
  secondUses: number;
  /** Second uses that got something: 0. */
  doubleSpent: number;
  /** Spendings that the outbox does not tell, or tells twice: 0. */
  untold: number;
  restarts: number;
  failures: string[];
};

export const isTokensClean = (report: TokensReport): boolean =>
  report.tokens > 0 &&
  report.genuineRefused + report.accepted + report.doubleSpent + report.untold === 0 &&
  report.spent === report.tokens &&
  Object.values(report.byForgery).every((count) => count > 0) &&
  report.failures.length === 0;

const kioskId = 'HALL-01';
const hallCode = 'EZ01';
const hourMs = 3_600_000;
const morningMs = Date.UTC(2026, 10, 22, 0, 0);
const mostFailures = 20;
/** So often the store is closed and opened again. */
const restartEvery = 50;

const orderOf = (random: Random): TokenOrder => {
  const time = {
    fromMs: morningMs - random.below(5) * hourMs - hourMs,
    toMs: morningMs + (1 + random.below(48)) * hourMs,
  };
  const where = random.chance(2) ? `h:${hallCode}` : `k:${kioskId}`;
  const from = Math.floor(morningMs / 1000);
  switch (random.below(3)) {
    case 0:
      return {
        purpose: 'appointment',
        where,
        ...time,
        subject: { b: `B${random.below(99)}`, f: from, t: from + 1800, m: '欧*' },
      };
    case 1:
      return {
        purpose: 'pickUp',
        where,
        ...time,
        subject: { c: 1 + random.below(99), d: Buffer.from(random.bytes(16)).toString('base64url') },
      };
    default:
      return { purpose: 'deposit', where, ...time, subject: { r: `EZH01-${random.below(999_999)}` } };
  }
};

const spendable = (payload: TokenPayload): SpendableToken => ({
  tokenId: uuidOf(payload.i),
  issuer: payload.k,
  purpose: payload.p,
  subject: payload.p,
  expiresMs: payload.e * 1000,
});

export const runTokens = (
  count: number,
  seed: number,
  onProgress: (done: number, of: number) => void = () => undefined,
): TokensReport => {
  const random = createRandom(seedOf(`tokens ${seed}`));
  const issuers = tokenAlgorithms.map((algorithm) => createTokenIssuer(`ez-${algorithm}`, algorithm));
  const strangers = issuers.map(({ id, algorithm }) => createTokenIssuer(id, algorithm));
  const report: TokensReport = {
    tokens: 0,
    seed,
    genuineRefused: 0,
    forged: 0,
    accepted: 0,
    byForgery: Object.fromEntries(forgeryNames.map((name) => [name, 0])) as Record<ForgeryName, number>,
    spent: 0,
    secondUses: 0,
    doubleSpent: 0,
    untold: 0,
    restarts: 0,
    failures: [],
  };
  const fault = (what: string): void => {
    if (report.failures.length < mostFailures) report.failures.push(what);
  };
  const keys = readIssuers([issuers.map((issuer) => issuer.key())], fault);

  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  let wallMs = morningMs;
  const clock = { now: () => wallMs, after: () => () => undefined };
  const open = (): Store =>
    valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId, clock, monotonicMs: () => 0 }));
  let store = open();
  const restart = (): void => {
    store.close();
    store = open();
    report.restarts += 1;
  };

  const verify = (text: string, purpose: TokenPayload['p'], nowMs = morningMs): ReturnType<typeof verifyToken> => {
    const options: VerifyOptions = { keys, algorithms: tokenAlgorithms, purpose, kioskId, hallCode, nowMs };
    return verifyToken(text, options);
  };

  const tryForgery = (issuer: TokenIssuer, order: TokenOrder, genuine: string): void => {
    // Twice each: the algorithms take turns.
    const name = forgeryNames[Math.floor(report.forged / 2) % forgeryNames.length] ?? 'cut';
    const at = issuers.indexOf(issuer);
    const [other = issuer, stranger = issuer] = [issuers[1 - at], strangers[at]];
    const text = forgeries[name]({ random, issuer, other, stranger, order, genuine });
    report.forged += 1;
    report.byForgery[name] += 1;
    if (text === genuine || !verify(text, order.purpose).ok) return;
    report.accepted += 1;
    fault(`${name} of ${issuer.algorithm} was taken: ${text}`);
  };

  /** Two to five attempts by different visits; exactly the first gets something. */
  const spendOften = (token: SpendableToken, round: number): void => {
    let got = 0;
    for (let attempt = 0, attempts = 2 + random.below(4); attempt < attempts; attempt += 1) {
      if (attempt > 0) report.secondUses += 1;
      // The wall clock goes anywhere; what was spent stays spent, also where the books are cleaned.
      wallMs = random.chance(3) ? morningMs + (random.below(7300) - 3650) * 24 * hourMs : morningMs;
      if (random.chance(20)) valueOf(store.prune(wallMs));
      const spent = store.spendToken(token, `visit-${round}-${attempt}`, () => ok(attempt));
      if (!spent.ok) fault(`round ${round}: ${spent.error.code}`);
      else if (spent.value.state === 'spent') got += 1;
    }
    if (got > 0) report.spent += 1;
    report.doubleSpent += Math.max(0, got - 1);
    if (got !== 1) fault(`round ${round}: got something ${got} times`);
  };

  try {
    for (let round = 0; round < count; round += 1) {
      const issuer = issuers[round % issuers.length] as TokenIssuer;
      const order = orderOf(random);
      const genuine = issuer.issue(order);
      const verified = verify(genuine, order.purpose);
      report.tokens += 1;
      if (!verified.ok) {
        report.genuineRefused += 1;
        fault(`genuine ${issuer.algorithm} refused: ${verified.error.code} ${genuine}`);
        continue;
      }
      tryForgery(issuer, order, genuine);
      if (round % restartEvery === restartEvery - 1) restart();
      spendOften(spendable(verified.value), round);
      onProgress(round, count);
    }
    wallMs = morningMs;
    restart();
    const told = new Map<unknown, number>();
    const seen = new Set<string>();
    for (;;) {
      const batch = valueOf(store.nextBatch(200, seen));
      if (batch.length === 0) break;
      for (const { eventId, kind, payload } of batch) {
        seen.add(eventId);
        if (kind === 'token.spent') told.set(payload['tokenId'], (told.get(payload['tokenId']) ?? 0) + 1);
      }
    }
    report.untold = Math.abs(report.spent - told.size) + [...told.values()].filter((times) => times !== 1).length;
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
};
