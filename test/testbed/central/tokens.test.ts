// One code, two kiosks, no network: both take it; when the line is back the centre takes the first that it hears of, and the manager
// of the other kiosk sees a dead letter that says where it had been used.

import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { ok } from '../../../devices/kit/result.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { createPlace, machineKey, valueOf, type Place } from '../../../main/store/store-fixture.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { openToken, uuidOf } from '../../../main/tokens/codec.ts';
import { readIssuers } from '../../../main/tokens/issuers.ts';
import { verifyToken } from '../../../main/tokens/verify.ts';
import { isEmpty, until } from '../sender-waits.ts';
import { startCentral, type Central } from './central.ts';
import { onEachBackend } from './on-each-backend.ts';
import { createTokenIssuer } from './tokens.ts';

const kiosks = ['HALL-01', 'HALL-02'] as const;

onEachBackend(({ database }) => {
  let place: Place & Disposable;
  let central: Central;
  const stores = new Map<string, Store>();
  const senders: Sender[] = [];

  beforeEach(async () => {
    place = createPlace();
    central = await startCentral({
      directory: join(place.folder, 'central'),
      ...database(),
      kioskKeys: Object.fromEntries(kiosks.map((id) => [id, `key-of-${id}-for-tests`])),
    });
    for (const id of kiosks)
      stores.set(
        id,
        valueOf(openStore({ path: join(place.folder, `${id}.db`), machineKey, kioskId: id, clock: systemClock })),
      );
  });

  afterEach(async () => {
    for (const sender of senders.splice(0)) await sender.stop();
    for (const store of stores.values()) store.close();
    await central.stop();
    place[Symbol.dispose]();
  });

  /** Connects a kiosk and waits until nothing of it is on its way any more. */
  const drain = async (id: string): Promise<Store> => {
    const store = stores.get(id);
    if (!store) throw new Error(`no kiosk ${id}`);
    const sender = startSender({
      store,
      central: {
        url: central.url,
        kioskKey: `key-of-${id}-for-tests`,
        requestTimeoutMs: 2000,
        firstDelayMs: 10,
        maxDelayMs: 50,
      },
      kioskId: id,
      clock: systemClock,
      log: () => undefined,
    });
    senders.push(sender);
    sender.wake();
    await until(sender, isEmpty);
    return store;
  };

  it.each(['ed25519', 'sm2'] as const)('a code of %s that two kiosks took off line', async (algorithm) => {
    const issuer = createTokenIssuer('ez-1', algorithm);
    const now = Date.now();
    const text = issuer.issue({
      purpose: 'appointment',
      where: 'h:EZ01',
      fromMs: now - 60_000,
      toMs: now + 3_600_000,
      subject: { b: 'SOC', f: Math.floor(now / 1000), t: Math.floor(now / 1000) + 1800 },
    });
    const keys = readIssuers([[issuer.key()]], (message) => expect.fail(message));
    for (const [kioskId, store] of stores) {
      const verified = valueOf(
        verifyToken(text, {
          keys,
          algorithms: [algorithm],
          purpose: 'appointment',
          kioskId,
          hallCode: 'EZ01',
          nowMs: store.tokenNowMs(),
        }),
      );
      const token = {
        tokenId: uuidOf(verified.i),
        issuer: verified.k,
        purpose: verified.p,
        subject: 'SOC',
        expiresMs: verified.e * 1000,
      };
      expect(valueOf(store.spendToken(token, 'visit', () => ok(kioskId))).state).toBe('spent');
    }
    const first = await drain('HALL-01');
    const second = await drain('HALL-02');
    expect(first.deadLetters()).toEqual([]);
    const [dead] = second.deadLetters();
    expect(dead).toMatchObject({
      kind: 'token.spent',
      reason: expect.stringMatching(/^tokenAlreadySpent: at HALL-01, /) as string,
    });
    expect(await central.counts()).toMatchObject({ tokenConflicts: 1, duplicates: 0, gaps: 0, deadLetters: 1 });
    // Sent again it stays refused, and nobody else's spending changes.
    valueOf(second.retryDead(dead?.seq ?? 0));
    await drain('HALL-02');
    expect(second.deadLetters()).toHaveLength(1);
    expect(await central.counts()).toMatchObject({ tokenConflicts: 1, duplicates: 0 });
  });
});

it('a code is issued as the kiosk spells it, short enough for a code on a phone', () => {
  const issuer = createTokenIssuer('ez-1234567890123', 'sm2');
  const text = issuer.issue({
    purpose: 'appointment',
    where: 'h:420704-ECHENG-01',
    fromMs: Date.UTC(2026, 10, 22),
    toMs: Date.UTC(2026, 10, 23),
    subject: { b: 'REAL-ESTATE', f: 1_795_309_200, t: 1_795_311_000, m: '欧**明' },
  });
  expect(openToken(text)?.payload).toMatchObject({ k: 'ez-1234567890123', s: { m: '欧**明' } });
  expect(text.length).toBeLessThan(360);
});
