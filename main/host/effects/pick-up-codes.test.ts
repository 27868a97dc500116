// Codes of the centre's list against a real store: which door, which words, how many tries.

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import { findPickUp } from '../../bundles/lookups.ts';
import type { PickUpCodes } from '../../contract/bundles.ts';
import { ok } from '../../../devices/kit/result.ts';
import { sha256Hex } from '../../store/canonical.ts';
import type { Store } from '../../store/open.ts';
import { createPlace, morningMs, valueOf } from '../../store/store-fixture.ts';
import {
  cellsOfResults,
  createPickUpCodes,
  mostWrongCodes,
  wrongCodesWithinMs,
  type Results,
} from './pick-up-codes.ts';

const name = { zh: '营业执照', en: 'Business licence' };
const untilMs = morningMs + 86_400_000;
const entry = (pickUpId: string, code: string, cell: number, until = untilMs): PickUpCodes['codes'][number] => {
  const salt = `the-salt-of-${pickUpId}-here`;
  return { pickUpId, salt, hash: sha256Hex(`${salt}|${code}`), cell, name, until: new Date(until).toISOString() };
};
const config = { locker: { cells: [7, 8, 9].map((cell) => ({ cell, label: `A0${cell}` })) } } as unknown as KioskConfig;

const start = (list: PickUpCodes | 'noList' | 'listOver') => {
  const place = createPlace();
  const results: Results = {
    pickUp: (code) => (typeof list === 'string' ? { state: list } : findPickUp(list, code, place.clock.now())),
    listedResults: () =>
      typeof list === 'string' ? [] : list.codes.map(({ until, ...rest }) => ({ ...rest, untilMs: Date.parse(until) })),
  };
  const open = () => {
    const store = valueOf(place.open({ monotonicMs: () => 0 }));
    return {
      store,
      results,
      codes: createPickUpCodes({ store, clock: place.clock, config: () => config, results }),
    };
  };
  return { ...open(), clock: place.clock, open, [Symbol.dispose]: () => place[Symbol.dispose]() };
};
const refused = (code: string, atMs?: number) => ({ refused: { code, ...(atMs === undefined ? {} : { atMs }) } });
const deposit = (store: Store, cells: number[]) => {
  const originals = ['合同'];
  const about = { cells, caseId: randomUUID(), receiptNumber: 'R', originals, keepUntilMs: untilMs };
  const reserved = valueOf(store.reserveCell(about));
  valueOf(store.confirmDeposit(reserved.depositId, morningMs));
  return reserved;
};

it('a code that waits names its cell; one that was revoked, is over or unknown says so', () => {
  using kiosk = start({
    codes: [
      entry('R1', '40717233', 7),
      entry('R2', '40717234', 8),
      entry('R3', '40717235', 9, morningMs),
      entry('R4', 'EZ-0001-4cJq', 8),
    ],
    revoked: ['R2'],
  });
  const { find } = kiosk.codes;
  expect(find('40717233')).toEqual({ found: { cell: 7, result: { pickUpId: 'R1', name, untilMs } } });
  expect(find('40717234')).toEqual(refused('pickUpCodeRevoked'));
  expect(find('40717235')).toEqual(refused('pickUpCodeExpired', morningMs));
  expect(find('EZ-0001-4cJq')).toMatchObject({ found: { cell: 8 } });
  expect(find('40717236')).toEqual(refused('pickUpCodeWrong'));
  expect(find('EZ-0001-4cJr')).toEqual(refused('tokenUnreadable'));
});

it('what is no such code is left to those who read signed ones', () => {
  using kiosk = start({ codes: [entry('R1', '407172', 7)], revoked: [] });
  for (const text of ['HK1.a.b', 'https://example.cn/?a=1', '', '12345', '407172', 'x'.repeat(65)])
    expect(kiosk.codes.find(text)).toBeUndefined();
});

it('is used once: not by a later visit, not after a restart, not when it was revoked meanwhile', () => {
  const list: PickUpCodes = { codes: [entry('R1', '40717233', 7)], revoked: [] };
  using kiosk = start(list);
  const result = { pickUpId: 'R1', name, untilMs };
  const told: string[] = [];
  const tell = (): ReturnType<Parameters<typeof kiosk.codes.spend>[2]> => {
    told.push('opening');
    return ok(undefined);
  };
  expect(kiosk.codes.spend(result, 'visit-1', tell)).toMatchObject({ ok: true, value: { isRepeat: false } });
  expect(kiosk.codes.find('40717233')).toEqual(refused('pickUpCodeUsed', morningMs));
  kiosk.store.close();
  const again = kiosk.open();
  expect(again.codes.find('40717233')).toEqual(refused('pickUpCodeUsed', morningMs));
  expect(again.codes.spend(result, 'visit-1', tell)).toMatchObject({ ok: true, value: { isRepeat: true } });
  expect(again.codes.spend(result, 'visit-2', tell)).toMatchObject({ ok: true, value: { state: 'usedBefore' } });
  list.revoked.push('R1');
  expect(again.codes.find('40717233')).toEqual(refused('pickUpCodeUsed', morningMs));
  const kinds = valueOf(again.store.nextBatch(20)).map(({ kind }) => kind);
  expect([kinds, told.length]).toEqual([['token.spent'], 2]);
});

it('opens no cell that this kiosk has not, and none with a deposit in it', () => {
  using kiosk = start({ codes: [entry('R1', '40717233', 7), entry('R2', '40717234', 12)], revoked: [] });
  deposit(kiosk.store, [7]);
  expect(kiosk.codes.find('40717233')).toEqual(refused('pickUpElsewhere'));
  expect(kiosk.codes.find('40717234')).toEqual(refused('pickUpElsewhere'));
});

it('a deposit of this kiosk comes first, and is found without any list', () => {
  using kiosk = start('noList');
  const { pickUpCode, depositId } = deposit(kiosk.store, [8]);
  expect(kiosk.codes.find(pickUpCode)).toMatchObject({ found: { depositId, cell: 8, originals: ['合同'] } });
});

it('five wrong ones lock the typing and the list’s own QR codes; the right one opens again a quarter of an hour later', async () => {
  using kiosk = start({ codes: [entry('R1', '40717233', 7), entry('R2', 'EZ-0001-4cJq', 8)], revoked: [] });
  const { find } = kiosk.codes;
  const tries = ['00000000', 'EZ-0001-4cJr', '00000001', 'EZ-0001-4cJs', '00000002'];
  expect(tries.length).toBe(mostWrongCodes);
  for (const text of tries) expect(find(text)).not.toHaveProperty('found');
  const locked = refused('pickUpCodeLocked', morningMs + wrongCodesWithinMs);
  expect(find('40717233')).toEqual(locked);
  expect(find('EZ-0001-4cJq')).toEqual(locked);
  await kiosk.clock.advance(wrongCodesWithinMs);
  expect(find('40717233')).toMatchObject({ found: { cell: 7 } });
});

it('a list that has run out says so and counts as a try all the same: it hides no guessing of receipts', () => {
  using kiosk = start('listOver');
  const { pickUpCode } = deposit(kiosk.store, [8]);
  const wrong = pickUpCode === '00000000' ? '00000001' : '00000000';
  for (let tries = 0; tries < mostWrongCodes; tries += 1)
    expect(kiosk.codes.find(wrong)).toEqual(refused('pickUpListOver'));
  expect(kiosk.codes.find(pickUpCode)).toEqual(refused('pickUpCodeLocked', morningMs + wrongCodesWithinMs));
});

it('a used or revoked code gives nobody new tries', () => {
  using kiosk = start({ codes: [entry('R1', '40717233', 7)], revoked: ['R1'] });
  for (let tries = 0; tries < mostWrongCodes; tries += 1) {
    kiosk.codes.find('00000000');
    kiosk.codes.find('40717233');
  }
  expect(kiosk.codes.find('40717233')).toMatchObject({ refused: { code: 'pickUpCodeLocked' } });
});

it('cells of results are no depositor’s until their code is used, whether it still opens or not', () => {
  const list = { codes: [entry('R1', '40717233', 7), entry('R2', '40717234', 8, morningMs)], revoked: ['R2'] };
  using kiosk = start(list);
  expect([...cellsOfResults(kiosk.store, kiosk.results)]).toEqual([7, 8]);
  valueOf(kiosk.codes.spend({ pickUpId: 'R1', name, untilMs }, 'visit-1', () => ok(undefined)));
  expect([...cellsOfResults(kiosk.store, kiosk.results)]).toEqual([8]);
  expect([...cellsOfResults(kiosk.store, undefined)]).toEqual([]);
});
