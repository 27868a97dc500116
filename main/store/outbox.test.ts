import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventAnswer, IntakeEvent } from '../contract/intake.ts';
import { intakeEventSchema } from '../contract/intake.ts';
import { fail, ok } from '../../devices/kit/result.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';
import type { Store } from './open.ts';
import { isReceiptNumber, receiptNumberOf, shortIdOf } from './receipt-number.ts';
import { codeOf, createPlace, morningMs, page, rating, submission, valueOf } from './store-fixture.ts';
import { uuidV7 } from './uuid.ts';

const batchOf = (store: Store, limit = 50): IntakeEvent[] => valueOf(store.nextBatch(limit));

const accepted = (event: IntakeEvent, extra: { centralNumber?: string } = {}): EventAnswer => ({
  eventId: event.eventId,
  status: 'accepted',
  receipt: {
    receivedAt: new Date(morningMs).toISOString(),
    payloadSha256: event.payloadSha256,
    signature: 'c2ln',
    ...extra,
  },
});

const uploadAll = (store: Store): void => {
  for (const { sha256 } of store.pendingUploads()) valueOf(store.markUploaded(sha256));
};

describe('what belongs to a case', () => {
  it('waits behind it as long as the centre does not have it, and delays nobody', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission();
    const { caseId } = given;
    valueOf(store.submitCase(given));
    const signed = {
      signatureId: randomUUID(),
      caseId,
      digest: 'ab'.repeat(32),
      imageSha256: 'cd'.repeat(32),
      signedAt: new Date(morningMs).toISOString(),
    };
    valueOf(store.enqueue('case.signed', signed, { bind: { caseId } }));
    valueOf(store.enqueue('rating.given', rating()));
    expect(batchOf(store).map(({ kind }) => kind)).toEqual(['rating.given']);
    uploadAll(store);
    const [submitted] = batchOf(store);
    if (submitted?.kind !== 'case.submitted') throw new Error('the case should be ready');
    expect(batchOf(store).map(({ kind }) => kind)).toEqual(['case.submitted', 'rating.given']);
    valueOf(store.settle(submitted.eventId, accepted(submitted, { centralNumber: '1' })));
    expect(batchOf(store).map(({ kind }) => kind)).toEqual(['case.signed', 'rating.given']);
  });
});

describe('submitting a case', () => {
  it('gives one receipt however often it is asked, and one event', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission();
    const first = valueOf(store.submitCase(given));
    expect(valueOf(store.submitCase(given))).toEqual({ receiptNumber: first.receiptNumber, isRepeat: true });
    expect(store.depth()).toBe(1);
    expect(store.caseStatus(given.caseId)).toMatchObject({ state: 'savedHere', receiptNumber: first.receiptNumber });
    expect(store.receiptByNumber(first.receiptNumber.toLowerCase())?.caseId).toBe(given.caseId);
    store.close();
    expect(valueOf(valueOf(place.open()).submitCase(given)).isRepeat).toBe(true);
  });

  it('numbers by day, starts afresh at the hall’s midnight, and never repeats a number', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const take = (): string => valueOf(store.submitCase(submission())).receiptNumber;
    // Made at 08:00, so the first serial of the install day stands at that minute.
    expect([take(), take()].map((number) => number.slice(0, -2))).toEqual(['HALL01-261122-0481', 'HALL01-261122-0482']);
    await place.clock.advance(16 * 60 * 60 * 1000);
    expect(take()).toMatch(/^HALL01-261123-0001-[0-9A-Z]$/);
  });

  it('refuses a payload off the contract, a missing page and a page with another hash, and then holds nothing', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission([page(10), page(20)]);
    const wrong = {
      ...given.blobs[0],
      sha256: given.blobs[0]?.sha256 ?? '',
      mediaType: 'image/jpeg',
      bytes: Buffer.from('x'),
    };
    expect(codeOf(store.submitCase({ ...given, blobs: given.blobs.slice(1) }))).toBe('invalidPayload');
    expect(codeOf(store.submitCase({ ...given, blobs: given.blobs.slice(0, -1) }))).toBe('invalidPayload');
    expect(codeOf(store.submitCase({ ...given, blobs: [wrong, ...given.blobs.slice(1)] }))).toBe('invalidPayload');
    const payloadOff = store.submitCase({
      ...given,
      build: (number) => ({ ...given.build(number), materials: 'none' }),
    });
    expect(codeOf(payloadOff)).toBe('invalidPayload');
    expect(payloadOff.ok ? '' : payloadOff.error.message).toContain('materials');
    expect(store.depth()).toBe(0);
    expect(store.today().cases).toBe(0);
    // The number and the sequence were not used up.
    expect(valueOf(store.submitCase(given)).receiptNumber).toContain('-0481-');
    expect(store.pendingUploads()).toHaveLength(3);
  });

  it('rolls everything back when building the payload throws', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const crash = (): never => {
      throw new Error('a bug');
    };
    expect(() => store.submitCase({ ...submission(), build: crash })).toThrow('a bug');
    expect(store.depth()).toBe(0);
    expect(valueOf(store.enqueue('rating.given', rating())).seq).toBe(1);
  });

  it('hands a case out only when its scans are up, and delays nobody else', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission([page(300_000), page(10)]);
    valueOf(store.submitCase(given));
    valueOf(store.enqueue('rating.given', rating({ caseId: given.caseId }), { bind: { caseId: given.caseId } }));
    expect(batchOf(store).map(({ seq }) => seq)).toEqual([2]);
    const [first, ...rest] = store.pendingUploads();
    valueOf(store.saveTusUrl(first?.sha256 ?? '', 'http://centre/v1/uploads/1'));
    expect(store.pendingUploads()[0]?.tusUrl).toBe('http://centre/v1/uploads/1');
    valueOf(store.markUploaded(first?.sha256 ?? ''));
    expect(store.pendingUploads()).toEqual(rest);
    expect(batchOf(store)).toHaveLength(1);
    uploadAll(store);
    expect(batchOf(store).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('keeps a page that two cases share readable until both are received', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const shared = page(5000);
    valueOf(store.submitCase(submission([shared])));
    valueOf(store.submitCase(submission([shared])));
    expect(store.pendingUploads().filter(({ sha256 }) => sha256 === shared.sha256)).toHaveLength(1);
    uploadAll(store);
    const [one, two] = batchOf(store);
    if (!one || !two) throw new Error('two cases should be ready');
    valueOf(store.settle(one.eventId, accepted(one)));
    expect(valueOf(store.readBlob(shared.sha256)).equals(shared.bytes)).toBe(true);
    valueOf(store.settle(two.eventId, accepted(two)));
    expect(codeOf(store.readBlob(shared.sha256))).toBe('notFound');
  });
});

describe('the outbox', () => {
  it('hands out events that fit the contract, in the order of their sequence, whatever the clock did', async () => {
    using place = createPlace();
    const store = valueOf(place.open({ monotonicMs: () => 12.7 }));
    valueOf(store.enqueue('rating.given', rating(), { occurredAtMs: morningMs + 5000 }));
    valueOf(store.enqueue('rating.given', rating(), { occurredAtMs: morningMs - 10 * 365 * 86_400_000 }));
    await place.clock.advance(1000);
    const events = batchOf(store);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    for (const event of events) {
      expect(() => intakeEventSchema.parse(event)).not.toThrow();
      expect(event).toMatchObject({ bootId: store.bootId, monotonicMs: 12 });
      expect(sha256Hex(canonicalJson(event.payload))).toBe(event.payloadSha256);
    }
    expect(store.oldestMs()).toBe(morningMs);
  });

  it('lets a row go only on a receipt for its own contents', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.enqueue('rating.given', rating()));
    const [event] = batchOf(store);
    if (!event) throw new Error('one event should be ready');
    const bare: EventAnswer = { eventId: event.eventId, status: 'accepted' };
    expect(codeOf(store.settle(event.eventId, bare))).toBe('receiptMismatch');
    const foreign = accepted({ ...event, payloadSha256: sha256Hex('other') });
    expect(codeOf(store.settle(event.eventId, foreign))).toBe('receiptMismatch');
    expect(store.depth()).toBe(1);
    expect(valueOf(store.settle(event.eventId, { ...accepted(event), status: 'duplicate' }))).toBe('received');
    expect(store.depth()).toBe(0);
    expect(valueOf(store.settle(event.eventId, accepted(event)))).toBe('unknown');
  });

  it('ties the central number to the case', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission();
    valueOf(store.submitCase(given));
    uploadAll(store);
    const [event] = batchOf(store);
    if (!event) throw new Error('the case should be ready');
    valueOf(store.settle(event.eventId, accepted(event, { centralNumber: '420704-20261122-000001' })));
    expect(store.caseStatus(given.caseId)).toMatchObject({
      state: 'received',
      centralNumber: '420704-20261122-000001',
    });
  });

  it('takes an id once: the same payload is a repeat, another is refused, before and after the receipt', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const eventId = uuidV7(morningMs);
    const payload = rating();
    expect(valueOf(store.enqueue('rating.given', payload, { eventId }))).toEqual({ eventId, seq: 1, isRepeat: false });
    expect(valueOf(store.enqueue('rating.given', payload, { eventId })).isRepeat).toBe(true);
    expect(codeOf(store.enqueue('rating.given', rating(), { eventId }))).toBe('idReused');
    const [event] = batchOf(store);
    if (!event) throw new Error('one event should be ready');
    valueOf(store.settle(eventId, accepted(event)));
    expect(valueOf(store.enqueue('rating.given', payload, { eventId })).isRepeat).toBe(true);
    expect(store.depth()).toBe(0);
  });

  it('refuses an id that the centre would refuse: the row would never leave', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    for (const eventId of [randomUUID(), '', 'rating-1'])
      expect(codeOf(store.enqueue('rating.given', rating(), { eventId }))).toBe('invalidId');
    expect(store.depth()).toBe(0);
  });

  it('keeps dead letters apart, and a retry brings back the same id', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const given = submission();
    valueOf(store.submitCase(given));
    valueOf(store.enqueue('rating.given', rating()));
    uploadAll(store);
    const [event] = batchOf(store);
    if (!event) throw new Error('the case should be ready');
    expect(
      valueOf(store.settle(event.eventId, { eventId: event.eventId, status: 'rejected', reason: 'no such item' })),
    ).toBe('dead');
    expect(store.deadLetters()).toMatchObject([
      { seq: 1, kind: 'case.submitted', reason: 'no such item', atMs: morningMs },
    ]);
    expect(store.caseStatus(given.caseId)?.state).toBe('rejected');
    expect(batchOf(store).map(({ seq }) => seq)).toEqual([2]);
    expect(store.depth()).toBe(1);
    expect(store.pendingUploads()).toEqual([]);
    valueOf(store.retryDead(1));
    expect(codeOf(store.retryDead(1))).toBe('notFound');
    expect(store.caseStatus(given.caseId)?.state).toBe('savedHere');
    // The centre may have dropped the scans of what it refused: they are looked for again.
    expect(store.pendingUploads()).toHaveLength(2);
    uploadAll(store);
    expect(batchOf(store)[0]?.eventId).toBe(event.eventId);
  });

  it('respects the limit and passes over what it is told to skip', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const ids = [1, 2, 3, 4].map(() => valueOf(store.enqueue('rating.given', rating())).eventId);
    expect(batchOf(store, 2).map(({ eventId }) => eventId)).toEqual(ids.slice(0, 2));
    expect(valueOf(store.nextBatch(2, new Set(ids.slice(0, 1)))).map(({ eventId }) => eventId)).toEqual(
      ids.slice(1, 3),
    );
  });

  it('refuses what the contract would refuse, naming the field and not its value', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const refused = store.enqueue('rating.given', { ...rating(), level: 'secret-value' });
    expect(codeOf(refused)).toBe('invalidPayload');
    expect(refused.ok ? '' : refused.error.message).toMatch(/level/);
    expect(refused.ok ? '' : refused.error.message).not.toMatch(/secret-value/);
  });
});

describe('ratings', () => {
  it('belong to one case or one visit, once', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const caseId = randomUUID();
    const visitId = randomUUID();
    expect(codeOf(store.enqueue('rating.given', rating({ caseId, visitId })))).toBe('ok');
    expect(codeOf(store.enqueue('rating.given', rating({ caseId })))).toBe('alreadyRated');
    expect(codeOf(store.enqueue('rating.given', rating({ visitId })))).toBe('ok');
    expect(codeOf(store.enqueue('rating.given', rating({ visitId })))).toBe('alreadyRated');
    expect(store.depth()).toBe(2);
    expect(store.today().ratings).toBe(2);
  });

  it('cannot be bound to a case that this kiosk does not have', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    expect(codeOf(store.enqueue('rating.given', rating(), { bind: { caseId: randomUUID() } }))).toBe('notFound');
  });
});

describe('transact', () => {
  it('commits business rows and events together, or neither', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const refused = store.transact(() => {
      valueOf(store.enqueue('rating.given', rating()));
      valueOf(store.countSession());
      return fail('changedMind', 'system', 'no');
    });
    expect(codeOf(refused)).toBe('changedMind');
    expect([store.depth(), store.today().sessions]).toEqual([0, 0]);
    const done = store.transact(() => {
      valueOf(store.countSession());
      return store.enqueue('rating.given', rating());
    });
    expect(codeOf(done)).toBe('ok');
    expect([store.depth(), store.today().sessions]).toEqual([1, 1]);
  });

  it('undoes an inner step that failed and keeps the outer one', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const visitId = randomUUID();
    const outer = store.transact(() => {
      valueOf(store.enqueue('rating.given', rating({ visitId })));
      expect(codeOf(store.enqueue('rating.given', rating({ visitId })))).toBe('alreadyRated');
      return ok(undefined);
    });
    expect(codeOf(outer)).toBe('ok');
    expect(store.depth()).toBe(1);
  });
});

describe('receipt numbers', () => {
  it('show every wrong character', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.nat(), fc.nat(35), (serial, at, other) => {
        const number = receiptNumberOf('HALL01', '2026-11-22', serial);
        expect(isReceiptNumber(number.toLowerCase().replaceAll('-', ' '))).toBe(true);
        const plain = number.replaceAll('-', '');
        const index = at % plain.length;
        const character = other.toString(36).toUpperCase();
        const wrong = plain.slice(0, index) + character + plain.slice(index + 1);
        expect(isReceiptNumber(wrong)).toBe(character === plain[index]);
      }),
    );
  });

  it('show all but one in a hundred swapped neighbours', () => {
    let swaps = 0;
    let missed = 0;
    for (let serial = 1; serial <= 3000; serial++) {
      const plain = receiptNumberOf('HALL01', '2026-11-22', serial).replaceAll('-', '');
      for (let index = 0; index + 1 < plain.length; index++) {
        const [left = '', right = ''] = plain.slice(index, index + 2);
        if (left === right) continue;
        swaps += 1;
        if (isReceiptNumber(plain.slice(0, index) + right + left + plain.slice(index + 2))) missed += 1;
      }
    }
    expect(swaps).toBeGreaterThan(30_000);
    expect(missed / swaps).toBeLessThan(0.01);
  });

  it('match the worked example of ISO/IEC 7064 MOD 37,36', () => {
    // GRid A1-2425G-ABC1234002-M of the Global Release Identifier standard uses the same check character.
    expect(receiptNumberOf('A12425G', '20ABC123', 4002)).toBe('A12425G-ABC123-4002-M');
  });

  it('have a short head made from the kiosk’s id', () => {
    expect(shortIdOf('ezhou-hall-01')).toBe('HALL01');
    expect(shortIdOf('k-government-service-hall')).toBe('HALL');
    expect(shortIdOf('governmenthall')).toBe('MENTHALL');
  });
});

describe('ids', () => {
  it('are version 7 and sort by time', () => {
    const ids = [0, 1, 1_700_000_000_000, morningMs].map((at) => uuidV7(at));
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidV7(-5)).toMatch(/^00000000-0000-7/);
  });
});
