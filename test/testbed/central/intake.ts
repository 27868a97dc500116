// Taking events in: each exactly once, in a transaction with its effect, however often it is sent.
//
//   hash ─▶ known id? ─▶ quarantined install? ─▶ used sequence? ─▶ payload ─▶ effect + event row ─▶ signed receipt
//     └─────────┴──────────────────┴────────────────────┴─────────────┴──▶ dead letter of the centre, answered with 200

import type Database from 'better-sqlite3';
import type { z } from 'zod';
import {
  caseSubmittedSchema,
  eventPayloads,
  helpCalledSchema,
  lockerDepositSchema,
  queueTicketSchema,
  ratingGivenSchema,
  type EventAnswer,
  type IntakeEvent,
} from '../../../main/contract/intake.ts';
import { payloadHash } from './canonical-hash.ts';
import type { HallQueue } from './hall-queue.ts';
import { createInstalls, type Origin } from './installs.ts';
import type { Signer } from './signing.ts';

export type Intake = {
  /** One answer an event, in the order of the batch; the whole batch commits before the answer leaves. */
  take(origin: Origin, events: readonly IntakeEvent[]): { answers: EventAnswer[]; highWater: number };
};

type EventRow = {
  event_id: string;
  kiosk_id: string;
  epoch: string;
  payload_sha256: string;
  received_at: string;
  central_number: string | null;
};

/** Division code of Ezhou's Echeng district, head of every 办件编号 made here. */
const division = '420704';

const hallDays = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' });
const dayIn = (at: Date): string => hallDays.format(at).replaceAll('-', '');

/** An answer before the batch is signed. */
type Unsigned = Omit<EventAnswer, 'receipt'> & {
  receipt?: Omit<NonNullable<EventAnswer['receipt']>, 'signature' | 'tree'>;
};

/** What an event does, or why it is refused. A case is given its number. */
type Effect = { centralNumber?: string } | { refused: string };

export const createIntake = (db: Database.Database, signer: Signer, queue: HallQueue): Intake => {
  const byId = db.prepare<[string], EventRow>('SELECT * FROM events WHERE event_id = ?');
  const installs = createInstalls(db);
  const insert = db.prepare(
    `INSERT INTO events
       (event_id, kiosk_id, epoch, seq, kind, payload_sha256, payload, occurred_at, received_at, central_number)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const noteResent = db.prepare<[string]>('UPDATE events SET resent = resent + 1 WHERE event_id = ?');
  const hasBlob = db.prepare<[string], { bytes: number }>('SELECT bytes FROM blobs WHERE sha256 = ?');
  const hasCase = db.prepare<[string], number>('SELECT 1 FROM cases WHERE case_id = ?').pluck();
  const hasReceipt = db.prepare<[string], number>('SELECT 1 FROM cases WHERE receipt_number = ?').pluck();
  const ratedCase = db.prepare<[string], number>('SELECT 1 FROM ratings WHERE case_id = ?').pluck();
  const insertCase = db.prepare('INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)');
  const insertMaterial = db.prepare('INSERT INTO materials VALUES (?, ?, ?, ?)');
  const insertRating = db.prepare('INSERT INTO ratings VALUES (?, ?, ?, ?)');
  const insertTicket = db.prepare('INSERT INTO tickets VALUES (?, ?, ?, ?, ?)');
  const insertDeposit = db.prepare('INSERT INTO deposits VALUES (?, ?, ?)');
  const insertHelp = db.prepare('INSERT INTO help_calls VALUES (?, ?, ?)');
  const nextNumber = db
    .prepare<[string], number>(
      'INSERT INTO numbers (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last',
    )
    .pluck();

  const takeCase = (kioskId: string, payload: z.infer<typeof caseSubmittedSchema>, at: Date): Effect => {
    if (hasCase.get(payload.caseId) !== undefined) return { refused: 'caseReused: this case came in another event' };
    if (hasReceipt.get(payload.receiptNumber) !== undefined)
      return { refused: 'receiptReused: another case has this receipt number' };
    const pages = payload.materials.flatMap((material) => material.pages);
    const missing = pages.filter((page) => hasBlob.get(page.sha256)?.bytes !== page.bytes).length;
    const hasSignature = hasBlob.get(payload.signature.imageSha256) !== undefined;
    if (missing > 0 || !hasSignature)
      return { refused: `missingPages: ${missing + (hasSignature ? 0 : 1)} scans are not here` };
    const day = dayIn(at);
    const centralNumber = `${division}-${day}-${String(nextNumber.get(day) ?? 0).padStart(6, '0')}`;
    insertCase.run(payload.caseId, payload.receiptNumber, centralNumber, kioskId, payload.itemCode, at.toISOString());
    for (const material of payload.materials)
      insertMaterial.run(payload.caseId, material.materialId, material.way, material.pages.length);
    return { centralNumber };
  };

  const effectOf = (kioskId: string, event: IntakeEvent, at: Date): Effect => {
    const checked = eventPayloads[event.kind].safeParse(event.payload);
    if (!checked.success) {
      const fields = checked.error.issues.map((issue) => issue.path.join('.'));
      return { refused: `invalidPayload: ${fields.join(', ')}` };
    }
    switch (event.kind) {
      case 'case.submitted':
        return takeCase(kioskId, caseSubmittedSchema.parse(event.payload), at);
      case 'rating.given': {
        const { ratingId, caseId = null, visitId, level } = ratingGivenSchema.parse(event.payload);
        if (caseId !== null && ratedCase.get(caseId) !== undefined)
          return { refused: 'alreadyRated: one case, one rating' };
        insertRating.run(ratingId, caseId, visitId, level);
        return {};
      }
      case 'queue.ticketTaken': {
        const ticket = queueTicketSchema.parse(event.payload);
        insertTicket.run(ticket.ticketId, kioskId, ticket.number, ticket.businessCode, dayIn(new Date(ticket.takenAt)));
        queue.join(ticket.businessCode, at.getTime());
        return {};
      }
      case 'locker.deposited': {
        const { depositId, caseId, cell } = lockerDepositSchema.parse(event.payload);
        insertDeposit.run(depositId, caseId, cell);
        return {};
      }
      case 'help.called': {
        const { helpId, visitId, where } = helpCalledSchema.parse(event.payload);
        insertHelp.run(helpId, visitId, where);
        return {};
      }
      default:
        return event.kind satisfies never;
    }
  };

  const receiptOf = (row: EventRow): Unsigned['receipt'] => ({
    receivedAt: row.received_at,
    ...(row.central_number === null ? {} : { centralNumber: row.central_number }),
    payloadSha256: row.payload_sha256,
  });

  const takeOne = (origin: Origin, event: IntakeEvent): Unsigned => {
    const { kioskId, epoch } = origin;
    const { eventId, seq, kind, payloadSha256, occurredAt } = event;
    const now = new Date();
    const at = now.toISOString();
    const putAside = (status: 'rejected' | 'quarantined', reason: string): Unsigned => {
      installs.keepDead(origin, event, { status, reason, at });
      installs.advance(origin, seq);
      return { eventId, status, reason };
    };
    if (payloadHash(event.payload) !== payloadSha256)
      return putAside('rejected', 'hashMismatch: the payload was changed');
    const known = byId.get(eventId);
    if (known) {
      if (known.payload_sha256 !== payloadSha256 || known.kiosk_id !== kioskId)
        return putAside('rejected', 'idReused: this id stands for another payload');
      noteResent.run(eventId);
      if (known.epoch !== epoch) installs.noteFollows(origin, known.epoch);
      installs.advance(origin, seq);
      return { eventId, status: 'duplicate', receipt: receiptOf(known) };
    }
    if (installs.isSeqUsed(origin, event))
      installs.quarantine(
        origin,
        `seqReused: sequence number ${seq} stands for another event; was the disk restored or cloned?`,
      );
    const quarantine = installs.quarantineOf(origin);
    if (quarantine !== undefined) return putAside('quarantined', quarantine);
    const effect = effectOf(kioskId, event, now);
    if ('refused' in effect) return putAside('rejected', effect.refused);
    const { centralNumber = null } = effect;
    const text = JSON.stringify(event.payload);
    insert.run(eventId, kioskId, epoch, seq, kind, payloadSha256, text, occurredAt, at, centralNumber);
    installs.revive(origin, event, at);
    installs.advance(origin, seq);
    const row = byId.get(eventId);
    if (!row) throw new Error('the event was not kept');
    return { eventId, status: 'accepted', receipt: receiptOf(row) };
  };

  const takeAll = db.transaction((origin: Origin, events: readonly IntakeEvent[]) => {
    installs.greet(origin);
    const answers = events.map((event) => takeOne(origin, event));
    return { answers, highWater: installs.highWater(origin) };
  });
  /** One signature for what the batch was taken of; the receipts follow the order of the answers. */
  const signAll = (answers: readonly Unsigned[]): EventAnswer[] => {
    const proofs = signer
      .signReceipts(answers.flatMap(({ eventId, receipt }) => (receipt ? [{ eventId, ...receipt }] : [])))
      .values();
    return answers.map(({ receipt, ...answer }) => {
      const proof = receipt && proofs.next().value;
      return proof ? { ...answer, receipt: { ...receipt, ...proof } } : answer;
    });
  };

  return {
    take(origin, events) {
      const { answers, highWater } = takeAll.immediate(origin, events);
      return { answers: signAll(answers), highWater };
    },
  };
};
