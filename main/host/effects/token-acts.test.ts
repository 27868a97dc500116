// Signed codes against a real store: what is spent, what is refused and in which words, and that a code works once.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import { tokenAlgorithms, tokenKeySchema } from '../../contract/tokens.ts';
import type { JourneyEvent } from '../../journeys/events.ts';
import type { Session } from '../../journeys/state.ts';
import { createWorld } from '../../journeys/test-world.ts';
import { journeyTroubles } from '../../journeys/words.ts';
import { canonicalJson } from '../../store/canonical.ts';
import { createPlace, kioskId, morningMs, submission, valueOf } from '../../store/store-fixture.ts';
import { uuidV7 } from '../../store/uuid.ts';
import { signedBytes } from '../../tokens/codec.ts';
import { readIssuers } from '../../tokens/issuers.ts';
import { faultView } from '../world.ts';
import type { Results } from './pick-up-codes.ts';
import { createTokenActs, momentOf } from './token-acts.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const morning = morningMs / 1000;

/** An appointment's code for today, unless said otherwise. */
const code = (change: Record<string, unknown> = {}): string => {
  const payload = {
    k: 'ez-1',
    i: randomBytes(16).toString('base64url'),
    w: 'h:EZ01',
    n: morning - 3600,
    e: morning + 3600,
    p: 'appointment',
    s: { b: 'SOC', f: morning, t: morning + 1800 },
    ...change,
  };
  const bytes = Buffer.from(canonicalJson(payload), 'utf8');
  return `HK1.${bytes.toString('base64url')}.${sign(null, signedBytes('ed25519', bytes), privateKey).toString('base64url')}`;
};
const bytesOfUuid = (uuid: string): string => Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');

const start = (world = createWorld(), results?: Results) => {
  const place = createPlace();
  const store = valueOf(place.open({ monotonicMs: () => 0 }));
  const events: JourneyEvent[] = [];
  const config = {
    kiosk: { id: kioskId, hallCode: 'EZ01', timeZone: 'Asia/Shanghai' },
    tokens: { algorithms: [...tokenAlgorithms] },
    locker: { cells: [{ cell: 7, label: 'A07' }], keepDays: 7 },
  } as unknown as KioskConfig;
  const issuers = readIssuers(
    [[tokenKeySchema.parse({ id: 'ez-1', algorithm: 'ed25519', publicKey: spki })]],
    (message) => expect.fail(message),
  );
  const acts = createTokenActs({
    store,
    sender: { wake: () => undefined },
    config: () => config,
    clock: place.clock,
    keys: () => issuers,
    world: () => world,
    dispatch: (event) => void events.push(event),
    log: () => undefined,
    results,
  });
  const play = (type: 'checkIn' | 'findCell', token: string, visitId = 'visit-1'): JourneyEvent | undefined => {
    acts.perform({ type, attempt: 'a', token }, { visitId } as Session);
    return events.at(-1);
  };
  return { store, acts, play, clock: place.clock, [Symbol.dispose]: () => place[Symbol.dispose]() };
};
const refused = (trouble: { code: string; detail?: string }): JourneyEvent => ({
  type: 'tokenRefused',
  attempt: 'a',
  trouble,
});

it('an appointment gets its number once; the next visit hears when it was used', () => {
  using kiosk = start();
  const token = code();
  expect(kiosk.play('checkIn', token)).toMatchObject({
    type: 'numberTaken',
    ticket: { number: 'B001', businessCode: 'SOC', priority: 'appointment' },
  });
  expect(kiosk.play('checkIn', token, 'visit-2')).toEqual(refused({ code: 'tokenUsed', detail: '11-22 08:00' }));
  expect(kiosk.store.today()).toMatchObject({ tickets: 1 });
});

it('the same visit, after a restart between the number and its screen, gets the same number', () => {
  using kiosk = start();
  const token = code();
  const [first, second] = [kiosk.play('checkIn', token), kiosk.play('checkIn', token)];
  expect(second).toEqual(first);
  expect(kiosk.store.today()).toMatchObject({ tickets: 1 });
});

it('a counter that is closed spends nothing', () => {
  const closed = createWorld({
    queue: { businesses: [{ code: 'SOC', name: { zh: '社保', en: 'SOC' }, prefix: 'B', open: false, ahead: 0 }] },
  });
  using kiosk = start(closed);
  expect(kiosk.play('checkIn', code())).toEqual(refused({ code: 'queueClosed' }));
  expect(kiosk.play('checkIn', code({ s: { b: 'OTHER', f: 0, t: 0 } }))).toEqual(refused({ code: 'queueClosed' }));
  expect(kiosk.store.depth()).toBe(0);
});

it('a code that is over says until when, and stays over when the clock is set back', () => {
  using kiosk = start();
  const token = code({ n: morning - 7200, e: morning - 1800 });
  expect(kiosk.play('checkIn', token)).toEqual(refused({ code: 'tokenExpired', detail: '11-22 07:30' }));
  kiosk.store.setNote('serverOffsetMs', String(-24 * 3_600_000));
  expect(kiosk.play('checkIn', token, 'visit-2')).toEqual(refused({ code: 'tokenExpired', detail: '11-22 07:30' }));
});

it('a code for later says from when', () => {
  using kiosk = start();
  const token = code({ n: morning + 7200, e: morning + 9000 });
  expect(kiosk.play('checkIn', token)).toEqual(refused({ code: 'tokenNotYet', detail: '11-22 10:00' }));
});

it('originals: found by their deposit, spent at the open door, the cell free at the shut one', async () => {
  using kiosk = start();
  const { store, acts } = kiosk;
  const { depositId, cell } = valueOf(
    store.reserveCell({
      cells: [7],
      caseId: crypto.randomUUID(),
      receiptNumber: 'R',
      originals: ['合同'],
      keepUntilMs: 0,
    }),
  );
  const token = code({ p: 'pickUp', w: `k:${kioskId}`, s: { d: bytesOfUuid(depositId), c: 7 } });
  // Reserved, but nothing was put in.
  expect(kiosk.play('findCell', token)).toEqual(refused({ code: 'pickUpNothing' }));
  valueOf(store.confirmDeposit(depositId, morningMs));
  const elsewhere = code({ p: 'pickUp', w: `k:${kioskId}`, s: { d: bytesOfUuid(depositId), c: 8 } });
  expect(kiosk.play('findCell', elsewhere)).toEqual(refused({ code: 'pickUpElsewhere' }));
  const found = { type: 'pickUpFound', attempt: 'a', depositId, cell, originals: ['合同'], token };
  expect(kiosk.play('findCell', token)).toEqual(found);
  // A lock that jammed took nothing away.
  expect(kiosk.play('findCell', token, 'visit-2')).toEqual(found);
  const session = { visitId: 'visit-2' } as Session;
  const openingId = uuidV7(morningMs);
  acts.perform({ type: 'spendPickUp', depositId, token, openingId }, session);
  // The host was killed and comes to the same door again, a little later.
  await kiosk.clock.advance(1000);
  acts.perform({ type: 'spendPickUp', depositId, token, openingId }, session);
  expect(kiosk.play('findCell', token, 'visit-3')).toMatchObject({ trouble: { code: 'tokenUsed' } });
  acts.perform({ type: 'releaseCell', depositId }, session);
  acts.perform({ type: 'releaseCell', depositId }, session);
  expect(store.cellsInUse()).toEqual([]);
  const events = valueOf(store.nextBatch(20));
  expect(events.map(({ kind }) => kind)).toEqual(['locker.deposited', 'locker.opened', 'token.spent']);
  expect(events[1]?.payload).toMatchObject({ by: 'collector', cell: '7', depositId });
});

it('the digits of a receipt open its cell; five wrong ones end the typing for a quarter of an hour, not the signed codes', async () => {
  using kiosk = start();
  const { store, acts } = kiosk;
  const { depositId, pickUpCode } = valueOf(
    store.reserveCell({
      cells: [7],
      caseId: crypto.randomUUID(),
      receiptNumber: 'R',
      originals: ['合同'],
      keepUntilMs: 0,
    }),
  );
  valueOf(store.confirmDeposit(depositId, morningMs));
  const found = { type: 'pickUpFound', depositId, cell: 7, token: pickUpCode };
  expect(kiosk.play('findCell', pickUpCode)).toMatchObject(found);
  const wrong = pickUpCode === '00000000' ? '00000001' : '00000000';
  for (let tries = 0; tries < 5; tries += 1)
    expect(kiosk.play('findCell', wrong)).toEqual(refused({ code: 'pickUpCodeWrong' }));
  const locked = refused({ code: 'pickUpCodeLocked', detail: '11-22 08:15' });
  expect(kiosk.play('findCell', pickUpCode)).toEqual(locked);
  const token = code({ p: 'pickUp', w: `k:${kioskId}`, s: { d: bytesOfUuid(depositId) } });
  expect(kiosk.play('findCell', token)).toMatchObject({ type: 'pickUpFound', token });
  await kiosk.clock.advance(15 * 60_000);
  expect(kiosk.play('findCell', pickUpCode)).toMatchObject(found);
  const session = { visitId: 'visit-1' } as Session;
  const openingId = uuidV7(morningMs);
  acts.perform({ type: 'spendPickUp', depositId, token: pickUpCode, openingId }, session);
  acts.perform({ type: 'spendPickUp', depositId, token: pickUpCode, openingId }, session);
  const kinds = valueOf(store.nextBatch(20)).map(({ kind }) => kind);
  expect(kinds).toEqual(['locker.deposited', 'locker.opened']);
  acts.perform({ type: 'releaseCell', depositId }, session);
  expect(kiosk.play('findCell', pickUpCode)).toEqual(refused({ code: 'pickUpCodeWrong' }));
});

it('a result of the centre’s list: its cell, spent at the open door in one commit with what is told, and never again', async () => {
  const listed = { pickUpId: 'R1', cell: 7, name: { zh: '营业执照', en: 'Licence' }, untilMs: morningMs + 86_400_000 };
  using kiosk = start(createWorld(), {
    pickUp: (typed) => (typed === '40717233' ? { state: 'waiting', ...listed } : { state: 'unknown' }),
    listedResults: () => [listed],
  });
  const { store, acts } = kiosk;
  const { pickUpId, name, untilMs } = listed;
  const result = { pickUpId, name, untilMs };
  const found = { type: 'pickUpFound', attempt: 'a', cell: 7, result };
  expect(kiosk.play('findCell', '40717233')).toEqual(found);
  // A lock that jammed took nothing away.
  expect(kiosk.play('findCell', '40717233', 'visit-2')).toEqual(found);
  const session = { visitId: 'visit-2' } as Session;
  const openingId = uuidV7(morningMs);
  acts.perform({ type: 'spendResult', result, cell: 7, openingId }, session);
  // The host was killed and comes to the same door again, a little later.
  await kiosk.clock.advance(1000);
  acts.perform({ type: 'spendResult', result, cell: 7, openingId }, session);
  const events = valueOf(store.nextBatch(20));
  expect(events.map(({ kind }) => kind)).toEqual(['locker.opened', 'token.spent']);
  expect(events[0]?.payload).toMatchObject({ openingId, by: 'collector', cell: '7' });
  expect(events[1]?.payload).toMatchObject({ tokenId: 'R1', purpose: 'pickUp', subject: 'R1' });
  // Not by the next visit, and not by the same one either.
  const used = refused({ code: 'pickUpCodeUsed', detail: '11-22 08:00' });
  expect(kiosk.play('findCell', '40717233', 'visit-3')).toEqual(used);
  expect(kiosk.play('findCell', '40717233', 'visit-2')).toEqual(used);
  // Signed codes go their own way beside it.
  expect(kiosk.play('findCell', code())).toEqual(refused({ code: 'tokenOtherPurpose' }));
  expect(kiosk.play('findCell', 'https://example.cn/?a=1')).toEqual(refused({ code: 'tokenUnreadable' }));
});

describe('a deposit code', () => {
  const depositCode = (r: string, change: Record<string, unknown> = {}): string =>
    code({ p: 'deposit', s: { r }, ...change });
  const number = 'EZ01-20261122-00017';

  it('keeps a cell for its number, is spent at the open door in one commit with the opening, and works once', async () => {
    using kiosk = start();
    const { store, acts } = kiosk;
    const token = depositCode(number);
    const reserved = kiosk.play('findCell', token);
    expect(reserved).toMatchObject({ type: 'depositReserved', attempt: 'a', cell: 7, number, token });
    if (reserved?.type !== 'depositReserved') throw new Error('no cell was kept');
    const { depositId, keepUntilMs } = reserved;
    expect(keepUntilMs).toBe(morningMs + 7 * 86_400_000);
    // A lock that jammed took nothing away: the cell was freed, and the code is still good.
    valueOf(store.cancelDeposit(depositId));
    const again = kiosk.play('findCell', token, 'visit-2');
    if (again?.type !== 'depositReserved') throw new Error('no cell was kept');
    const session = { visitId: 'visit-2' } as Session;
    const opening = { openingId: uuidV7(morningMs), depositId: again.depositId, token };
    acts.perform({ type: 'spendDeposit', ...opening }, session);
    // The host was killed and comes to the same door again, a little later.
    await kiosk.clock.advance(1000);
    acts.perform({ type: 'spendDeposit', ...opening }, session);
    valueOf(store.confirmDeposit(again.depositId, morningMs));
    const events = valueOf(store.nextBatch(20));
    expect(events.map(({ kind }) => kind)).toEqual(['locker.opened', 'token.spent', 'locker.deposited']);
    expect(events[0]?.payload).toMatchObject({ by: 'depositor', cell: '7', depositId: again.depositId });
    expect(events[1]?.payload).toMatchObject({ purpose: 'deposit', subject: number });
    expect(events[2]?.payload).toMatchObject({ number, cell: '7' });
    expect(kiosk.play('findCell', token, 'visit-3')).toEqual(refused({ code: 'tokenUsed', detail: '11-22 08:00' }));
    // Another code for the same case finds its papers there.
    expect(kiosk.play('findCell', depositCode(number), 'visit-3')).toEqual(refused({ code: 'depositAlready' }));
    // The person comes back with what the paper says.
    expect(kiosk.play('findCell', again.pickUpCode, 'visit-4')).toMatchObject({ type: 'pickUpFound', cell: 7 });
  });

  it('of a receipt of this kiosk belongs to its case', () => {
    using kiosk = start();
    const given = submission();
    const { receiptNumber } = valueOf(kiosk.store.submitCase(given));
    expect(kiosk.play('findCell', depositCode(receiptNumber))).toMatchObject({ type: 'depositReserved' });
    expect(kiosk.store.cellsInUse()).toMatchObject([{ caseId: given.caseId, receiptNumber, state: 'reserved' }]);
  });

  it('that finds no free cell is not used up, and says so', () => {
    using kiosk = start();
    expect(kiosk.play('findCell', depositCode('OTHER-1'))).toMatchObject({ type: 'depositReserved' });
    expect(kiosk.play('findCell', depositCode(number))).toEqual(refused({ code: 'depositNoCell' }));
    const listed = { pickUpId: 'R1', cell: 7, name: { zh: '营业执照', en: 'Licence' }, untilMs: morningMs };
    using full = start(createWorld(), { pickUp: () => ({ state: 'unknown' }), listedResults: () => [listed] });
    expect(full.play('findCell', depositCode(number))).toEqual(refused({ code: 'depositNoCell' }));
    expect(full.store.depth()).toBe(0);
  });

  it('for another place, too early, over, or forged keeps no cell', () => {
    using kiosk = start();
    const genuine = depositCode(number);
    const cases: [string, string][] = [
      [depositCode(number, { w: 'k:other-kiosk' }), 'tokenOtherPlace'],
      [depositCode(number, { n: morning + 7200, e: morning + 9000 }), 'tokenNotYet'],
      [depositCode(number, { n: morning - 7200, e: morning - 1800 }), 'tokenExpired'],
      [depositCode(number, { k: 'ez-9' }), 'tokenUnknownIssuer'],
      [`${genuine.slice(0, -8)}AAAAAAAA`, 'tokenBadSignature'],
    ];
    for (const [text, why] of cases) expect(kiosk.play('findCell', text)).toMatchObject({ trouble: { code: why } });
    expect(kiosk.play('checkIn', genuine)).toEqual(refused({ code: 'tokenOtherPurpose' }));
    expect(kiosk.store.cellsInUse()).toEqual([]);
  });
});

it('a code for another thing, from nobody known, or no code at all is refused and spends nothing', () => {
  using kiosk = start();
  expect(kiosk.play('findCell', code())).toEqual(refused({ code: 'tokenOtherPurpose' }));
  expect(kiosk.play('checkIn', code({ k: 'ez-9' }))).toEqual(refused({ code: 'tokenUnknownIssuer' }));
  expect(kiosk.play('checkIn', 'https://example.cn/?a=1')).toEqual(refused({ code: 'tokenUnreadable' }));
  expect(kiosk.store.depth()).toBe(0);
});

it('every refusal has words in both languages, with the time where it says one', () => {
  for (const [name, words] of Object.entries(journeyTroubles)) {
    const view = faultView(name, {}, '11-22 08:00');
    const texts = [view.what.zh, view.what.en, view.todo.zh, view.todo.en];
    expect([name, texts.every((text) => text.length > 0 && !text.includes('{{'))]).toEqual([name, true]);
    expect([name, view.todo.zh.includes('11-22 08:00')]).toEqual([name, words.zh.todo.includes('{{detail}}')]);
  }
  expect(momentOf(morningMs, 'Asia/Shanghai')).toBe('11-22 08:00');
});
