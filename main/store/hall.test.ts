// Queue numbers, locker cells, device commands, settings, staff and the audit log on a real file.

import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../devices/kit/result.ts';
import type { QueueState } from '../contract/intake.ts';
import { keepDays, type Store } from './open.ts';
import { dayKeyAt } from './day.ts';
import { codeOf, createPlace, morningMs, valueOf } from './store-fixture.ts';
import { uuidV7 } from './uuid.ts';

const dayKey = '2026-11-22';

const take = (store: Store, options: { prefix?: string; priority?: string; dayKey?: string; ticketId?: string } = {}) =>
  valueOf(
    store.takeNumber({ businessCode: 'social', prefix: 'A', priority: 'none', atMs: morningMs, dayKey, ...options }),
  );

const queueOf = (waiting: number): QueueState => ({
  asOf: new Date(morningMs).toISOString(),
  businesses: [{ code: 'social', waiting, openCounters: 2, averageServiceSec: 300 }],
});

describe('queue numbers', () => {
  it('count by day and prefix and say who stands ahead', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    expect(take(store)).toMatchObject({ number: 'A001', sequence: 1, aheadLocal: 0 });
    const second = take(store);
    expect(second).toMatchObject({ number: 'A002', aheadLocal: 1 });
    expect(take(store, { prefix: 'B' }).number).toBe('B001');
    expect(take(store, { dayKey: '2026-11-23' })).toMatchObject({ number: 'A001', aheadLocal: 0 });
    expect(store.depth()).toBe(4);
    expect(store.today(dayKey).tickets).toBe(3);
  });

  it('let people with priority go first', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const plain = [take(store), take(store)];
    const elder = take(store, { priority: 'elder' });
    expect(elder.aheadLocal).toBe(0);
    expect(take(store, { priority: 'disabled' }).aheadLocal).toBe(1);
    expect(store.aheadOf(plain[1]?.ticketId ?? '')).toBe(3);
  });

  it('give the same ticket for the same id', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const ticketId = uuidV7(morningMs);
    expect(take(store, { ticketId })).toEqual(take(store, { ticketId }));
    expect(store.depth()).toBe(1);
  });

  it('are not given under an id that the centre would refuse', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const request = { businessCode: 'social', prefix: 'A', priority: 'none', atMs: morningMs, dayKey };
    for (const ticketId of [randomUUID(), '', 'A001'])
      expect(codeOf(store.takeNumber({ ...request, ticketId }))).toBe('invalidId');
    expect(store.depth()).toBe(0);
    expect(take(store).number).toBe('A001');
  });

  it('drop those that were called, by word or by the centre’s count', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const [first, second, third] = [take(store), take(store), take(store)];
    valueOf(store.setTicketState(first.ticketId, 'called'));
    expect(store.aheadOf(third.ticketId)).toBe(1);
    expect(store.aheadOf(first.ticketId)).toBeUndefined();
    // Not sent yet: the centre's count says nothing about them.
    valueOf(store.applyQueueState(dayKey, queueOf(0)));
    expect(store.aheadOf(third.ticketId)).toBe(1);
    for (const event of valueOf(store.nextBatch(10)))
      valueOf(
        store.settle(event.eventId, {
          eventId: event.eventId,
          status: 'accepted',
          receipt: { receivedAt: event.occurredAt, payloadSha256: event.payloadSha256, signature: 'c2ln' },
        }),
      );
    valueOf(store.applyQueueState(dayKey, queueOf(1)));
    expect(store.ticket(second.ticketId)?.state).toBe('called');
    expect(store.aheadOf(third.ticketId)).toBe(0);
    expect(codeOf(store.setTicketState(randomUUID(), 'called'))).toBe('notFound');
  });
});

describe('locker cells', () => {
  const request = {
    cells: [3, 4],
    caseId: randomUUID(),
    receiptNumber: 'R-1',
    originals: ['租赁合同'],
    keepUntilMs: morningMs + 1,
  };

  it('are given once each, and the code is not on the disk', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const first = valueOf(store.reserveCell(request));
    const second = valueOf(store.reserveCell({ ...request, caseId: randomUUID() }));
    expect([first.cell, second.cell]).toEqual([3, 4]);
    expect(first.pickUpCode).toMatch(/^\d{8}$/);
    expect(codeOf(store.reserveCell({ ...request, caseId: randomUUID() }))).toBe('noFreeCell');
    valueOf(store.releaseCell(4));
    expect(valueOf(store.reserveCell({ ...request, caseId: randomUUID() })).cell).toBe(4);
    store.close();
    const db = new Database(place.path, { readonly: true });
    expect(JSON.stringify(db.prepare('SELECT * FROM deposits').all())).not.toContain(first.pickUpCode);
    db.close();
  });

  it('a confirmed deposit and its event commit together, once', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const { depositId, pickUpCode } = valueOf(store.reserveCell(request));
    expect(store.depth()).toBe(0);
    expect(store.depositByCode(pickUpCode)).toBeUndefined();
    valueOf(store.confirmDeposit(depositId, morningMs + 5000));
    valueOf(store.confirmDeposit(depositId, morningMs + 9000));
    const [event, ...more] = valueOf(store.nextBatch(10));
    expect(more).toEqual([]);
    expect(event?.payload).toMatchObject({
      depositId,
      cell: '3',
      originals: ['租赁合同'],
      closedAt: '2026-11-22T00:00:05.000Z',
    });
    expect(JSON.stringify(event?.payload)).not.toContain(pickUpCode);
    expect(store.cellsInUse()).toMatchObject([
      { cell: 3, state: 'deposited', receiptNumber: 'R-1', sinceMs: morningMs + 5000 },
    ]);
    expect(store.depositByCode(pickUpCode)?.cell).toBe(3);
    expect(store.depositByCode(pickUpCode === '00000000' ? '00000001' : '00000000')).toBeUndefined();
    expect(codeOf(store.cancelDeposit(depositId))).toBe('wrongState');
    expect(codeOf(store.reserveCell(request))).toBe('alreadyDeposited');
  });

  it('keep a reservation over a restart and give the same cell with a new code', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const first = valueOf(store.reserveCell(request));
    store.close();
    const again = valueOf(place.open());
    expect(again.cellsInUse()).toMatchObject([{ cell: 3, state: 'reserved' }]);
    const second = valueOf(again.reserveCell(request));
    expect(second).toMatchObject({ cell: 3, depositId: first.depositId });
    valueOf(again.confirmDeposit(first.depositId, morningMs));
    expect(again.depositByCode(second.pickUpCode)?.cell).toBe(3);
    expect(again.depositByCode(first.pickUpCode)).toBeUndefined();
  });

  it('hold the papers of a number that no case here has: once at a time, told by the number', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const { caseId: _none, ...rest } = request;
    const byNumber = { ...rest, receiptNumber: 'EZ01-20261122-00017' };
    const { depositId, cell } = valueOf(store.reserveCell(byNumber));
    expect(valueOf(store.reserveCell(byNumber))).toMatchObject({ depositId, cell });
    expect(valueOf(store.reserveCell({ ...byNumber, receiptNumber: 'EZ01-20261122-00018' })).cell).not.toBe(cell);
    valueOf(store.confirmDeposit(depositId, morningMs));
    expect(codeOf(store.reserveCell(byNumber))).toBe('alreadyDeposited');
    const [event] = valueOf(store.nextBatch(10));
    expect(event?.payload).toMatchObject({ depositId, number: 'EZ01-20261122-00017' });
    expect(event?.payload).not.toHaveProperty('caseId');
    const [use] = store.cellsInUse();
    expect(use).toMatchObject({ depositId, receiptNumber: 'EZ01-20261122-00017' });
    expect(use).not.toHaveProperty('caseId');
  });

  it('are free again after a cancelled or a released deposit', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const first = valueOf(store.reserveCell(request));
    valueOf(store.cancelDeposit(first.depositId));
    expect(store.cellsInUse()).toEqual([]);
    expect(codeOf(store.confirmDeposit(first.depositId, morningMs))).toBe('wrongState');
    expect(codeOf(store.releaseCell(3))).toBe('notFound');
    expect(valueOf(store.reserveCell(request)).cell).toBe(3);
  });
});

describe('device commands', () => {
  it('answer with the first result after a restart, or say that nobody knows', () => {
    using place = createPlace();
    const { commandMemory } = valueOf(place.open());
    expect(commandMemory.get('printer', 'c-1')).toBeUndefined();
    commandMemory.begin('printer', 'c-1');
    commandMemory.begin('printer', 'c-2');
    commandMemory.finish('printer', 'c-1', ok({ type: 'printed' }));
    commandMemory.finish('locker', 'c-1', fail('doorDidNotOpen', 'hall', 'stuck'));
    const again = valueOf(place.open()).commandMemory;
    expect(again.get('printer', 'c-1')).toEqual(ok({ type: 'printed' }));
    expect(again.get('printer', 'c-2')).toBe('begun');
    expect(again.get('locker', 'c-1')).toEqual(fail('doorDidNotOpen', 'hall', 'stuck'));
  });

  it('are forgotten after their time, with old tickets', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    store.commandMemory.begin('printer', 'old');
    const { ticketId } = take(store);
    await place.clock.advance((keepDays.commands + 1) * 86_400_000);
    store.commandMemory.begin('printer', 'new');
    valueOf(store.prune(place.clock.now()));
    expect(store.commandMemory.get('printer', 'old')).toBeUndefined();
    expect(store.commandMemory.get('printer', 'new')).toBe('begun');
    expect(store.ticket(ticketId)).toBeDefined();
    // The centre hears of it late: its month begins then.
    await place.clock.advance(keepDays.tickets * 86_400_000);
    valueOf(store.prune(place.clock.now()));
    expect(store.ticket(ticketId)).toBeDefined();
    const [event] = valueOf(store.nextBatch(1));
    const receipt = {
      receivedAt: new Date(place.clock.now()).toISOString(),
      payloadSha256: event?.payloadSha256 ?? '',
      signature: 'c2ln',
    };
    valueOf(store.settle(ticketId, { eventId: ticketId, status: 'accepted', receipt }));
    valueOf(store.prune(place.clock.now()));
    expect(store.ticket(ticketId)).toBeDefined();
    await place.clock.advance((keepDays.tickets + 1) * 86_400_000);
    valueOf(store.prune(place.clock.now()));
    expect(store.ticket(ticketId)).toBeUndefined();
  });
});

describe('settings and counts', () => {
  it('survive a restart', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const verdict = { passed: false, code: 'paperLow', detail: 'near end', atMs: morningMs, by: 'engineer.li' };
    valueOf(store.assign('printer', '/dev/ttyS1'));
    valueOf(store.assign('printer', '/dev/ttyS2'));
    valueOf(store.assign('locker', '/dev/ttyS3'));
    valueOf(store.assign('locker', undefined));
    valueOf(store.saveVerdict('printer', 'selfTest', { ...verdict, passed: true }));
    valueOf(store.saveVerdict('printer', 'selfTest', verdict));
    valueOf(store.addStatistics('printer', { tickets: 2, paperMm: 150.5 }));
    valueOf(store.addStatistics('printer', { tickets: 1, cuts: 0 }));
    valueOf(store.countSession());
    valueOf(store.setNote('serverOffsetMs', '-250'));
    store.close();
    const again = valueOf(place.open());
    expect(again.assignments()).toEqual({ printer: '/dev/ttyS2' });
    expect(again.verdicts('printer')).toEqual({ selfTest: verdict });
    expect(again.statistics('printer')).toEqual({ tickets: 3, paperMm: 150.5 });
    expect(again.today()).toEqual({ sessions: 1, cases: 0, tickets: 0, ratings: 0 });
    expect(again.note('serverOffsetMs')).toBe('-250');
    expect(again.freeBytes()).toBeGreaterThan(0);
  });

  it('know the hall’s day, not that of UTC', () => {
    expect(dayKeyAt(Date.UTC(2026, 10, 21, 15, 59))).toBe('2026-11-21');
    expect(dayKeyAt(Date.UTC(2026, 10, 21, 16, 0))).toBe('2026-11-22');
  });
});

describe('staff', () => {
  const seed = [
    { account: 'manager.wang', name: '王', role: 'manager', pinHash: 'h1' },
    { account: 'engineer.li', name: '李', role: 'technician', pinHash: 'h2' },
  ] as const;

  it('are made once, and a restart opens no lock and brings back no old PIN', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.seedAccounts(seed));
    expect(valueOf(store.noteSignInFailure('manager.wang'))).toBe(1);
    expect(valueOf(store.noteSignInFailure('manager.wang', morningMs + 60_000))).toBe(2);
    valueOf(store.seedAccounts([{ ...seed[0], pinHash: 'older' }]));
    expect(store.account('manager.wang')).toEqual({ ...seed[0], failures: 2, lockedUntilMs: morningMs + 60_000 });
    expect(store.accounts().map(({ account }) => account)).toEqual(['engineer.li', 'manager.wang']);
    valueOf(store.noteSignIn('manager.wang'));
    expect(store.account('manager.wang')).toMatchObject({ failures: 0, lockedUntilMs: 0 });
    expect(codeOf(store.noteSignInFailure('nobody'))).toBe('notFound');
  });
});

describe('the audit log', () => {
  const entry = { who: 'manager.wang', role: 'manager', act: 'openCell', detail: 'cell 3', ok: true } as const;

  it('is read newest first, a page at a time', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    for (let count = 0; count < 5; count++) valueOf(store.audit({ ...entry, detail: `cell ${count}` }));
    expect(store.auditLines({ limit: 2 }).map(({ seq }) => seq)).toEqual([5, 4]);
    expect(store.auditLines({ beforeSeq: 4, limit: 10 }).map(({ detail }) => detail)).toEqual([
      'cell 2',
      'cell 1',
      'cell 0',
    ]);
    expect(store.verifyAudit()).toEqual({ intact: true, lines: 5 });
  });

  const drop = 'DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;';
  it.each([
    ['an edited line', `${drop} UPDATE audit SET detail = 'cell 9' WHERE seq = 3`, 3],
    ['a flipped outcome', `${drop} UPDATE audit SET ok = 0 WHERE seq = 1`, 1],
    ['a deleted line', `${drop} DELETE FROM audit WHERE seq = 2`, 2],
    [
      'two swapped lines',
      `${drop} UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99`,
      2,
    ],
    ['a cut tail', `${drop} DELETE FROM audit WHERE seq = 5`, 5],
    ['an emptied log', `${drop} DELETE FROM audit`, 1],
    [
      'an added line',
      `INSERT INTO audit SELECT 6, at_ms, who, role, act, detail, ok, hash FROM audit WHERE seq = 5`,
      6,
    ],
  ])('shows %s', (_name, sql, brokenAtSeq) => {
    using place = createPlace();
    const store = valueOf(place.open());
    for (let count = 0; count < 5; count++) valueOf(store.audit(entry));
    store.close();
    const db = new Database(place.path);
    db.exec(sql);
    db.close();
    expect(valueOf(place.open()).verifyAudit()).toMatchObject({ intact: false, brokenAtSeq });
  });

  it('refuses UPDATE, DELETE and REPLACE', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.audit(entry));
    const db = new Database(place.path);
    db.pragma('recursive_triggers = ON');
    for (const sql of [
      "UPDATE audit SET detail = 'x'",
      'DELETE FROM audit',
      "REPLACE INTO audit VALUES (1, 0, 'x', 'manager', 'x', 'x', 1, 'x')",
    ])
      expect(() => db.exec(sql)).toThrow('append-only');
    db.close();
    expect(store.verifyAudit().intact).toBe(true);
  });
});
