// Each kind of event from a real store over real HTTP: kept once under the id of its act, and refused where it does not fit.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import {
  eventKinds,
  eventSubjects,
  type EventAnswer,
  type EventKind,
  type IntakeEvent,
} from '../../../main/contract/intake.ts';
import type { Store } from '../../../main/store/open.ts';
import { createPlace, page, rating, submission, valueOf, type Place } from '../../../main/store/store-fixture.ts';
import { uuidV7 } from '../../../main/store/uuid.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { payloadHash } from './canonical-hash.ts';
import { isEmpty, until } from '../sender-waits.ts';
import { startCentral, type Central } from './central.ts';
import { onEachBackend } from './on-each-backend.ts';

const kioskId = 'ezhou-hall-01';
const kioskKey = 'a-key-for-tests-only';
const adminKey = 'an-admin-key-for-tests';
const time = '2026-11-22T00:00:00.000Z';

type Scan = { sha256: string; mediaType: string; bytes: number };
/** A payload of the kind, of a case whose page and signature are at the centre. */
const payloadOf: Record<
  Exclude<EventKind, 'case.submitted'>,
  (of: { caseId: string; scan: Scan; signature: Scan }) => Record<string, unknown>
> = {
  'case.materialAdded': ({ caseId, scan }) => ({
    additionId: randomUUID(),
    caseId,
    material: { materialId: 'lease', name: '租赁合同', way: 'scanner', pages: [scan] },
    addedAt: time,
  }),
  'case.signed': ({ caseId, signature }) => ({
    signatureId: randomUUID(),
    caseId,
    digest: 'ab'.repeat(32),
    imageSha256: signature.sha256,
    signedAt: time,
  }),
  'payment.settled': ({ caseId }) => ({
    paymentId: randomUUID(),
    caseId,
    amountFen: 1000,
    currency: 'CNY',
    channel: 'unionpay',
    state: 'paid',
    orderNumber: 'P-1',
    settledAt: time,
  }),
  'rating.given': ({ caseId }) => rating({ caseId }),
  'queue.ticketTaken': () => ({
    ticketId: randomUUID(),
    number: 'A001',
    businessCode: 'REG',
    priority: 'none',
    takenAt: time,
  }),
  'locker.deposited': ({ caseId }) => ({
    depositId: randomUUID(),
    caseId,
    cell: '3',
    pickUpCodeHash: 'ab'.repeat(32),
    originals: ['租赁合同'],
    closedAt: time,
  }),
  'locker.opened': ({ caseId }) => ({ openingId: randomUUID(), cell: '3', by: 'depositor', caseId, openedAt: time }),
  'help.called': () => ({ helpId: randomUUID(), visitId: randomUUID(), where: 'form', calledAt: time }),
  'consultation.filed': () => ({
    consultationId: randomUUID(),
    type: 'consult',
    text: '要带什么材料？',
    filedAt: time,
  }),
  'device.stateChanged': () => ({
    changeId: randomUUID(),
    deviceId: 'printer',
    kind: 'ticket-printer',
    state: 'userError',
    fault: 'paperOut',
    who: 'hall',
    changedAt: time,
  }),
  'inspection.done': () => ({
    inspectionId: randomUUID(),
    by: 'manager',
    results: [{ what: 'printer', passed: true, code: 'ok' }],
    inspectedAt: time,
  }),
  'audit.headNoted': () => ({ headId: randomUUID(), seq: 7, hash: 'cd'.repeat(32), notedAt: time }),
  'incident.reported': () => ({ incidentId: randomUUID(), type: 'diskLow', detail: '512 MB', at: time }),
  'token.spent': () => ({
    spendingId: randomUUID(),
    tokenId: 'token-1',
    issuer: 'city-1',
    purpose: 'pickUp',
    subject: '3',
    spentAt: time,
  }),
  'bundle.refused': () => ({ refusalId: randomUUID(), channel: 'catalogue', reason: 'expired', refusedAt: time }),
};
const ownTable: ReadonlySet<EventKind> = new Set([
  'case.submitted',
  'rating.given',
  'queue.ticketTaken',
  'locker.deposited',
  'help.called',
]);
const otherKinds = eventKinds.filter((kind) => kind !== 'case.submitted');

onEachBackend((backend) => {
  let place: Place & Disposable;
  let central: Central;
  let store: Store;
  let sender: Sender | undefined;

  beforeEach(async () => {
    place = createPlace();
    central = await startCentral({
      directory: join(place.folder, 'central'),
      ...backend.database(),
      kioskKeys: { [kioskId]: kioskKey, 'HALL-02': 'other-key' },
      adminKey,
    });
    store = valueOf(place.open({ clock: systemClock }));
  });
  afterEach(async () => {
    await sender?.stop();
    sender = undefined;
    await central.stop();
    place[Symbol.dispose]();
  });

  const drain = async (): Promise<void> => {
    sender ??= startSender({
      store,
      central: { url: central.url, kioskKey, requestTimeoutMs: 5000, firstDelayMs: 10, maxDelayMs: 50 },
      kioskId,
      clock: systemClock,
      log: () => undefined,
    });
    sender.wake();
    await until(sender, isEmpty);
  };
  const submit = (): { caseId: string; scan: Scan; signature: Scan } => {
    const given = submission([page(1000)], { at: Date.now() });
    valueOf(store.submitCase(given));
    const [scan, signature] = given.blobs.map(({ sha256, mediaType, bytes }) => ({
      sha256,
      mediaType,
      bytes: bytes.length,
    }));
    if (!scan || !signature) throw new Error('a page and a signature should be there');
    return { caseId: given.caseId, scan, signature };
  };
  const listed = async (): Promise<{ seq: number; kind: string; subject: string }[]> => {
    const answer = await fetch(`${central.url}/admin/events?kiosk=${kioskId}`, {
      headers: { authorization: `Bearer ${adminKey}` },
    });
    const lines = (await answer.text()).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { seq: number; kind: string; subject: string });
  };
  let otherSeq = 0;
  /** As another kiosk: one event, without a store. */
  const sendAlone = async (kind: EventKind, payload: Record<string, unknown>): Promise<EventAnswer | undefined> => {
    const event: IntakeEvent = {
      eventId: uuidV7(Date.now()),
      seq: ++otherSeq,
      kind,
      version: 1,
      occurredAt: time,
      bootId: randomUUID(),
      monotonicMs: 1,
      payloadSha256: payloadHash(payload),
      payload,
    };
    const answer = await fetch(`${central.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer other-key' },
      body: JSON.stringify({ kioskId: 'HALL-02', epoch, events: [event] }),
    });
    return ((await answer.json()) as { answers: EventAnswer[] }).answers[0];
  };
  const epoch = randomUUID();

  describe('every kind of event', () => {
    it('comes to the centre from a kiosk’s store, once, under the id of its act', async () => {
      const of = submit();
      // What belongs to a case is sent when the case itself is there; its scans may take long.
      await drain();
      const sent = new Map<string, unknown>([['case.submitted', of.caseId]]);
      for (const kind of otherKinds) {
        const payload = payloadOf[kind](of);
        sent.set(kind, payload[eventSubjects[kind]]);
        valueOf(store.enqueue(kind, payload));
      }
      await drain();
      expect(store.deadLetters()).toEqual([]);
      const events = await listed();
      expect(new Map(events.map(({ kind, subject }) => [kind, subject]))).toEqual(sent);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(await central.counts()).toMatchObject({
        events: eventKinds.length,
        acts: eventKinds.filter((kind) => !ownTable.has(kind)).length,
        duplicates: 0,
        gaps: 0,
        rejected: 0,
        auditForks: 0,
      });
    });

    it.each(otherKinds)('%s with a payload that does not fit is refused', async (kind) => {
      const payload = payloadOf[kind](submit());
      const answer = await sendAlone(kind, { ...payload, [eventSubjects[kind]]: 'no uuid' });
      expect(answer).toMatchObject({ status: 'rejected', reason: `invalidPayload: ${eventSubjects[kind]}` });
      expect(await central.counts()).toMatchObject({ events: 0, acts: 0, rejected: 1 });
    });

    it.each(['case.materialAdded', 'case.signed', 'payment.settled'] as const)(
      '%s of a case that the centre does not have is refused with the reason',
      async (kind) => {
        expect(await sendAlone(kind, payloadOf[kind](submit()))).toMatchObject({
          status: 'rejected',
          reason: expect.stringMatching(/^unknownCase/) as string,
        });
      },
    );

    it.each(['case.materialAdded', 'case.signed'] as const)('%s without its scans is refused', async (kind) => {
      const { caseId } = submit();
      await drain();
      const absent = { sha256: 'ef'.repeat(32), mediaType: 'image/png', bytes: 10 };
      expect(await sendAlone(kind, payloadOf[kind]({ caseId, scan: absent, signature: absent }))).toMatchObject({
        status: 'rejected',
        reason: 'missingPages: 1 scans are not here',
      });
    });

    it('an act that is told twice under two event ids is counted as a duplicate', async () => {
      const payload = payloadOf['incident.reported'](submit());
      for (let times = 0; times < 2; times++) await sendAlone('incident.reported', payload);
      expect(await central.counts()).toMatchObject({ acts: 2, duplicates: 1 });
    });

    it('a zero character in a text is refused, on every database', async () => {
      const payload = { ...payloadOf['consultation.filed'](submit()), text: 'a\0b' };
      expect(await sendAlone('consultation.filed', payload)).toMatchObject({
        status: 'rejected',
        reason: 'invalidPayload: a zero character',
      });
      const escaped = { ...payloadOf['consultation.filed'](submit()), text: String.raw`a\u0000b` };
      expect(await sendAlone('consultation.filed', escaped)).toMatchObject({ status: 'accepted' });
    });
  });

  describe('heads of the audit log', () => {
    const head = (seq: number, hash: string): Record<string, unknown> => ({
      headId: randomUUID(),
      seq,
      hash: hash.repeat(32),
      notedAt: time,
    });

    it('that grow, or are told again, are no fork; another hash at a known place is one', async () => {
      for (const payload of [head(3, 'aa'), head(5, 'bb'), head(5, 'bb')]) await sendAlone('audit.headNoted', payload);
      expect(await central.counts()).toMatchObject({ acts: 3, auditForks: 0 });
      await sendAlone('audit.headNoted', head(3, 'cc'));
      expect(await central.counts()).toMatchObject({ acts: 4, auditForks: 1 });
    });
  });
});
