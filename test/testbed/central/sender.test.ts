// The kiosk's sender against the reference centre over real sockets, through everything that a line can do to them. The promise each
// time: what the kiosk acknowledged is at the centre once, and nothing is left behind.

import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Store } from '../../../main/store/open.ts';
import {
  applicantNumber,
  codeOf,
  createPlace,
  page,
  rating,
  submission,
  valueOf,
  type Place,
} from '../../../main/store/store-fixture.ts';
import { renewInstall } from '../../../main/sync/install.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { isEmpty, until } from '../sender-waits.ts';
import { startCentral, type Central } from './central.ts';
import { onEachBackend } from './on-each-backend.ts';

const kioskId = 'ezhou-hall-01';
const kioskKey = 'a-key-for-tests-only';

onEachBackend((backend) => {
  let place: Place & Disposable;
  let central: Central;
  let store: Store;
  const senders: Sender[] = [];
  const logged: string[] = [];

  beforeEach(async () => {
    place = createPlace();
    central = await startCentral({
      directory: join(place.folder, 'central'),
      ...backend.database(),
      kioskKeys: { [kioskId]: kioskKey },
    });
    store = valueOf(place.open({ clock: systemClock }));
    logged.length = 0;
  });

  afterEach(async () => {
    for (const sender of senders.splice(0)) await sender.stop();
    await central.stop();
    place[Symbol.dispose]();
  });

  const start = (settings: { requestTimeoutMs?: number } = {}): Sender => {
    const sender = startSender({
      store,
      central: { url: central.url, kioskKey, requestTimeoutMs: 2000, firstDelayMs: 10, maxDelayMs: 50, ...settings },
      kioskId,
      clock: systemClock,
      log: (event, detail) => {
        logged.push(typeof detail?.['code'] === 'string' ? `${event} ${detail['code']}` : event);
      },
    });
    senders.push(sender);
    return sender;
  };

  const submit = (pages = [page(700_000), page(30_000)]): { caseId: string; receiptNumber: string } => {
    const given = submission(pages, { at: Date.now() });
    const { receiptNumber } = valueOf(store.submitCase(given));
    return { caseId: given.caseId, receiptNumber };
  };

  const rate = (caseId: string): void =>
    void valueOf(store.enqueue('rating.given', rating({ caseId }), { bind: { caseId } }));

  const nothingTwice = { duplicates: 0, gaps: 0 };

  describe('a good line', () => {
    it('brings a whole visit to the centre: scans, case, rating, ticket, deposit, call for help', async () => {
      const scan = page(1_300_000);
      const { caseId, receiptNumber } = submit([scan]);
      rate(caseId);
      const day = '2026-11-22';
      valueOf(store.takeNumber({ businessCode: 'REG', prefix: 'A', priority: 'none', atMs: Date.now(), dayKey: day }));
      const originals = ['租赁合同'];
      const cell = valueOf(
        store.reserveCell({ cells: [1], caseId, receiptNumber, originals, keepUntilMs: Date.now() }),
      );
      valueOf(store.confirmDeposit(cell.depositId, Date.now()));
      const help = { helpId: randomUUID(), visitId: randomUUID(), where: 'form', calledAt: new Date().toISOString() };
      valueOf(store.enqueue('help.called', help));
      const sender = start();
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({
        ...nothingTwice,
        events: 5,
        cases: 1,
        materials: 1,
        ratings: 1,
        tickets: 1,
        deposits: 1,
        helpCalls: 1,
        uploads: 2,
        bytes: 1_300_200,
        resent: 0,
        rejected: 0,
      });
      const held = await central.case(receiptNumber);
      expect(held).toMatchObject({ caseId, kioskId, itemCode: 'OPEN-RESTAURANT' });
      expect(held?.payload['applicant']).toMatchObject({ idNumber: applicantNumber });
      expect(held?.centralNumber).toMatch(/^420704-\d{8}-000001$/);
      expect(store.caseStatus(caseId)).toMatchObject({ state: 'received', centralNumber: held?.centralNumber });
      expect(readFileSync(central.blobPath(scan.sha256)).equals(scan.bytes)).toBe(true);
      expect(sender.status()).toMatchObject({ isOnline: true, circuit: 'closed', uploads: { pending: 0, bytes: 0 } });
      expect(sender.status().lastSentMs).toBeGreaterThan(0);
      expect(Math.abs(Number(store.note('serverOffsetMs')))).toBeLessThan(2000);
      expect(store.note('receiptPublicKey')).toBe(central.publicKey);
    });

    it('sends at once when woken, and a page that is there already is not sent again', async () => {
      const sender = start();
      await until(sender, (status) => status.isOnline);
      const shared = page(600_000);
      submit([shared]);
      sender.wake();
      await until(sender, isEmpty);
      const second = submit([shared]);
      sender.wake();
      await until(sender, isEmpty);
      expect(await central.case(second.receiptNumber)).toBeDefined();
      expect(await central.counts()).toMatchObject({ cases: 2, uploads: 3, ...nothingTwice });
    });

    it('drains a long queue in batches, in the order of the sequence', async () => {
      for (let count = 0; count < 120; count++) valueOf(store.enqueue('rating.given', rating()));
      const sender = start();
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({ events: 120, ratings: 120, ...nothingTwice });
    });

    it('answers questions of the screens', async () => {
      const sender = start();
      await central.control.setBusiness({ code: 'REG', openCounters: 3, averageServiceSec: 720 });
      const queue = valueOf(await sender.queueState());
      expect(queue.businesses).toEqual([{ code: 'REG', openCounters: 3, averageServiceSec: 720, waiting: 0 }]);
      const licences = valueOf(await sender.libraryLookup('11010119900307002X', ['healthCertificate', 'none']));
      expect(licences).toMatchObject([{ licenceType: 'healthCertificate', holder: '张三' }]);
      expect(valueOf(await sender.libraryLookup('110101190001010003', ['healthCertificate']))).toEqual([]);
    });
  });

  describe('a bad line', () => {
    it('refused connections: says so, and sends when the centre is back', async () => {
      await central.control.setOutage(true);
      const { caseId } = submit();
      rate(caseId);
      const sender = start();
      await until(sender, (status) => status.circuit === 'open');
      expect(sender.status()).toMatchObject({ isOnline: false, depth: 2 });
      expect(sender.lastFailure()?.code).toBe('unreachable');
      expect(await sender.libraryLookup('11010119900307002X', ['x'])).toMatchObject({ error: { code: 'offline' } });
      await central.control.setOutage(false);
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({ cases: 1, ratings: 1, ...nothingTwice });
      expect(sender.lastFailure()).toBeUndefined();
    });

    it('an outage in the middle of the work: everything arrives once', async () => {
      for (let count = 0; count < 4; count++) rate(submit([page(400_000)]).caseId);
      const sender = start();
      await until(sender, (status) => status.uploads.pending < 6);
      await central.control.setOutage(true);
      await until(sender, (status) => !status.isOnline);
      await central.control.setOutage(false);
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({ cases: 4, ratings: 4, uploads: 8, ...nothingTwice });
    });

    it.each([500, 503, 'html', 'garbage', 'huge'] as const)(
      'answers of the kind %s: named, nothing lost',
      async (status) => {
        central.control.setErrors({ status, next: status === 503 ? 1 : 4 });
        const { caseId } = submit([page(1000)]);
        rate(caseId);
        const sender = start();
        await until(sender, isEmpty);
        const names = { 500: 'httpStatus', 503: 'busy', html: 'notJson', garbage: 'notJson', huge: 'tooLarge' };
        expect(logged).toContain(`sendFailed ${names[status]}`);
        expect(logged).toContain('sendRecovered');
        expect(await central.counts()).toMatchObject({ cases: 1, ratings: 1, rejected: 0, ...nothingTwice });
      },
    );

    it.each([500, 'html', 'garbage', 'dropAnswer'] as const)(
      'one request in three answered with %s: everything arrives once',
      async (status) => {
        central.control.setErrors({ status, rate: 1 / 3 });
        for (let count = 0; count < 4; count++) rate(submit([page(600_000)]).caseId);
        const sender = start();
        await until(sender, isEmpty);
        expect(await central.counts()).toMatchObject({
          cases: 4,
          ratings: 4,
          uploads: 8,
          rejected: 0,
          ...nothingTwice,
        });
        expect(store.deadLetters()).toEqual([]);
      },
    );

    it('no answer at all: the request ends by its time limit and is made again', async () => {
      central.control.setErrors({ status: 'hang', next: 2 });
      rate(submit([page(1000)]).caseId);
      const sender = start({ requestTimeoutMs: 100 });
      await until(sender, isEmpty);
      expect(logged).toContain('sendFailed timeout');
      expect(await central.counts()).toMatchObject({ cases: 1, ratings: 1, ...nothingTwice });
    });

    it('an upload that hangs ends by its time limit too', async () => {
      central.control.setErrors({ status: 'hang', next: 1, path: '/v1/uploads/' });
      submit([page(1000)]);
      const sender = start({ requestTimeoutMs: 100 });
      await until(sender, isEmpty);
      expect(logged).toContain('sendFailed timeout');
      expect(await central.counts()).toMatchObject({ cases: 1, uploads: 2, ...nothingTwice });
    });

    it('answers lost after the work was done: the centre says duplicate, and nothing stands twice', async () => {
      for (let count = 0; count < 3; count++) valueOf(store.enqueue('rating.given', rating()));
      central.control.setErrors({ status: 'dropAnswer', next: 2, path: '/v1/events' });
      const sender = start();
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({ events: 3, ratings: 3, resent: 6, rejected: 0, ...nothingTwice });
    });

    it('cut in the middle of an upload: resumed, and the bytes are the same', async () => {
      const scan = page(3_000_000);
      const { receiptNumber } = submit([scan]);
      const sender = start();
      // health, known, create, two chunks pass; the third chunk is cut after 200 kB.
      central.control.cutAfter(5, 200_000);
      await until(sender, (status) => status.isOnline);
      await until(sender, (status) => !status.isOnline && status.uploads.pending === 2);
      const [pending] = store.pendingUploads();
      expect(pending?.tusUrl).toContain('/v1/uploads/');
      await until(sender, isEmpty);
      expect(logged).toContain('sendFailed unreachable');
      expect(readFileSync(central.blobPath(scan.sha256)).equals(scan.bytes)).toBe(true);
      expect(await central.case(receiptNumber)).toBeDefined();
      expect(await central.counts()).toMatchObject({ cases: 1, uploads: 2, ...nothingTwice });
    });

    it('slow answers: everything arrives once', async () => {
      central.control.setLatency(30);
      rate(submit([page(100_000)]).caseId);
      const sender = start();
      await until(sender, isEmpty);
      expect(await central.counts()).toMatchObject({ cases: 1, ratings: 1, ...nothingTwice });
    });

    it('a kiosk that restarts in the middle goes on where the store stands', async () => {
      for (let count = 0; count < 3; count++) rate(submit([page(600_000)]).caseId);
      const first = start();
      await until(first, (status) => status.uploads.pending < 6);
      void first.stop();
      store.close();
      store = valueOf(place.open({ clock: systemClock }));
      const second = start();
      await until(second, isEmpty);
      expect(await central.counts()).toMatchObject({ cases: 3, ratings: 3, uploads: 6, ...nothingTwice });
    });

    it('a wrong kiosk key: named, nothing lost, nothing called refused', async () => {
      await central.stop();
      central = await startCentral({
        directory: join(place.folder, 'other'),
        ...backend.database(),
        kioskKeys: { [kioskId]: 'another key' },
      });
      rate(submit([page(10)]).caseId);
      const sender = start();
      await until(sender, (status) => status.circuit === 'open');
      expect(sender.lastFailure()?.code).toBe('unauthorised');
      expect(store.depth()).toBe(2);
      expect(store.deadLetters()).toEqual([]);
    });
  });

  describe('poison', () => {
    it('that the centre rejects becomes a dead letter and delays nobody', async () => {
      const { caseId } = submit([page(10)]);
      rate(caseId);
      // The same case rated from another kiosk's epoch: the centre has one already.
      const other = valueOf(place.open({ path: join(place.folder, 'other.db'), clock: systemClock }));
      valueOf(other.enqueue('rating.given', rating({ caseId })));
      const first = startSender({
        store: other,
        central: { url: central.url, kioskKey, requestTimeoutMs: 2000, firstDelayMs: 10, maxDelayMs: 50 },
        kioskId,
        clock: systemClock,
        log: () => undefined,
      });
      senders.push(first);
      await until(first, isEmpty);
      const sender = start();
      await until(sender, isEmpty);
      expect(store.deadLetters()).toMatchObject([
        { seq: 2, kind: 'rating.given', reason: 'alreadyRated: one case, one rating' },
      ]);
      expect(await central.counts()).toMatchObject({ cases: 1, ratings: 1, rejected: 1, duplicates: 0 });
      valueOf(store.retryDead(2));
      sender.wake();
      await until(sender, isEmpty);
      expect(store.deadLetters()).toHaveLength(1);
    });

    it('that breaks the whole request is found by halving, and the rest goes through', async () => {
      for (let count = 0; count < 20; count++)
        valueOf(store.enqueue('rating.given', rating(), { occurredAtMs: Date.now() }));
      // A year of five digits is no date-time of the contract: the centre refuses the batch around it.
      valueOf(store.enqueue('rating.given', rating(), { occurredAtMs: Date.UTC(12_000, 0, 1) }));
      for (let count = 0; count < 20; count++) valueOf(store.enqueue('rating.given', rating()));
      const sender = start();
      await until(sender, isEmpty);
      expect(store.deadLetters()).toMatchObject([{ seq: 21, reason: 'HTTP 400 BAD_REQUEST' }]);
      expect(await central.counts()).toMatchObject({ events: 40, ratings: 40, duplicates: 0 });
    });

    it('a cloned disk that counts again is quarantined, not merged, and goes on under a new epoch when a technician says so', async () => {
      valueOf(store.enqueue('rating.given', rating()));
      const copy = join(place.folder, 'copy.db');
      valueOf(await store.backup(copy));
      const sender = start();
      await until(sender, isEmpty);
      const clone = valueOf(place.open({ path: copy, clock: systemClock }));
      valueOf(store.enqueue('rating.given', rating()));
      for (let count = 0; count < 2; count++) valueOf(clone.enqueue('rating.given', rating()));
      sender.wake();
      await until(sender, isEmpty);
      expect(codeOf(renewInstall(store))).toBe('notQuarantined');
      await sender.stop();
      const original = store;
      store = clone;
      const second = start();
      await until(second, ({ blocked }) => blocked !== undefined);
      expect(second.status()).toMatchObject({ isOnline: true, depth: 2, blocked: { why: 'quarantined', events: 2 } });
      expect(clone.deadLetters()).toEqual([]);
      expect(logged).toContain('quarantined');
      expect(await central.counts()).toMatchObject({
        events: 2,
        resent: 1,
        quarantined: 1,
        deadLetters: 2,
        ...nothingTwice,
      });

      // The original is of the same epoch: neither may go on under it.
      valueOf(original.enqueue('rating.given', rating()));
      store = original;
      const third = start();
      await until(third, ({ blocked }) => blocked !== undefined);
      expect(third.status().depth).toBe(1);

      valueOf(renewInstall(clone));
      second.wake();
      await until(second, isEmpty);
      expect(second.status().blocked).toBeUndefined();
      valueOf(renewInstall(original));
      third.wake();
      await until(third, isEmpty);
      expect(await central.counts()).toMatchObject({ events: 5, ratings: 5, deadLetters: 0, ...nothingTwice });
    });
  });
});
