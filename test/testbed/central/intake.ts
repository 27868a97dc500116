// Taking events in: each exactly once, in a transaction with its effect, however often it is sent and to however many processes.
//
//   hash ─▶ known id? ─▶ quarantined install? ─▶ used sequence? ─▶ payload ─▶ effect + event row ─▶ signed receipt
//     └─────────┴──────────────────┴────────────────────┴─────────────┴──▶ dead letter of the centre, answered with 200

import type { EventAnswer, IntakeEvent } from '../../../main/contract/intake.ts';
import { createEffects, locksOf, readAct, type Act, type Effects, type Refusal } from './acts.ts';
import { allIn, type Books, type Transaction, type Value } from './books.ts';
import { payloadHash } from './canonical-hash.ts';
import { openInstall, type Install, type Origin } from './install.ts';
import type { Signer } from './signing.ts';

export type Intake = {
  /** One answer an event, in the order of the batch; the whole batch commits before the answer leaves. */
  take(origin: Origin, events: readonly IntakeEvent[]): Promise<{ answers: EventAnswer[]; highWater: number }>;
};

/** Read and hashed once, before the books are asked and however often the transaction is made. */
type Read = { event: IntakeEvent; text: string; isWhole: boolean; act: Act | Refusal };

type EventRow = {
  event_id: string;
  kiosk_id: string;
  epoch: string;
  seq: number;
  payload_sha256: string;
  received_at: string;
  central_number: string | null;
};

/** An answer before the batch is signed. */
type Unsigned = Omit<EventAnswer, 'receipt'> & { receiptOf?: EventRow };

const eventColumns = [
  'event_id',
  'kiosk_id',
  'epoch',
  'seq',
  'kind',
  'payload_sha256',
  'payload',
  'occurred_at',
  'received_at',
  'central_number',
] as const;

const readAll = (events: readonly IntakeEvent[]): Read[] =>
  events.map((event) => {
    const text = JSON.stringify(event.payload);
    return {
      event,
      text,
      isWhole: payloadHash(event.payload) === event.payloadSha256,
      act: readAct(event, text),
    };
  });

const knownAmong = async (transaction: Transaction, events: readonly IntakeEvent[]): Promise<Map<string, EventRow>> => {
  const rows = await allIn<EventRow>(
    transaction,
    (list) =>
      `SELECT event_id, kiosk_id, epoch, seq, payload_sha256, received_at, central_number FROM events WHERE event_id IN (${list})`,
    [],
    events.map(({ eventId }) => eventId),
  );
  return new Map(rows.map((row) => [row.event_id, row]));
};

/** Dead letters that were taken after all, perhaps under another epoch. */
const settleDead = async (transaction: Transaction, kioskId: string, taken: readonly Read[], at: string) => {
  const dead = await allIn<{ event_id: string }>(
    transaction,
    (list) => `SELECT event_id FROM dead_letters WHERE kiosk_id = ? AND event_id IN (${list})`,
    [kioskId],
    taken.map(({ event }) => event.eventId),
  );
  if (dead.length === 0) return;
  const ids = new Set(dead.map((row) => row.event_id));
  for (const { event } of taken)
    if (ids.has(event.eventId))
      await transaction.run(
        'UPDATE dead_letters SET taken_at = ? WHERE kiosk_id = ? AND event_id = ? AND payload_sha256 = ?',
        at,
        kioskId,
        event.eventId,
        event.payloadSha256,
      );
};

type Batch = {
  origin: Origin;
  at: string;
  known: Map<string, EventRow>;
  install: Install;
  effects: Effects;
  taken: Read[];
  resent: string[];
};

const decideOne = (batch: Batch, read: Read): Unsigned => {
  const { origin, at, known, install, effects } = batch;
  const { event, act } = read;
  const { eventId, seq, payloadSha256 } = event;
  const putAside = (status: 'rejected' | 'quarantined', reason: string): Unsigned => {
    install.keepDead(event, { status, reason, at });
    return { eventId, status, reason };
  };
  if (!read.isWhole) return putAside('rejected', 'hashMismatch: the payload was changed');
  const earlier = known.get(eventId);
  if (earlier) {
    if (earlier.payload_sha256 !== payloadSha256 || earlier.kiosk_id !== origin.kioskId)
      return putAside('rejected', 'idReused: this id stands for another payload');
    batch.resent.push(eventId);
    if (earlier.epoch !== origin.epoch) install.noteFollows(earlier.epoch);
    if (earlier.seq === seq) install.noteCame(event);
    return { eventId, status: 'duplicate', receiptOf: earlier };
  }
  if (install.isSeqUsed(event))
    install.setQuarantine(
      `seqReused: sequence number ${seq} stands for another event; was the disk restored or cloned?`,
    );
  const quarantine = install.quarantine();
  if (quarantine !== undefined) return putAside('quarantined', quarantine);
  if ('refused' in act) return putAside('rejected', act.refused);
  const row: EventRow = {
    event_id: eventId,
    kiosk_id: origin.kioskId,
    epoch: origin.epoch,
    seq,
    payload_sha256: payloadSha256,
    received_at: at,
    central_number: null,
  };
  const refusal = effects.decide(act, (centralNumber) => void (row.central_number = centralNumber));
  if (refusal) return putAside('rejected', refusal.refused);
  known.set(eventId, row);
  install.noteTaken(event);
  batch.taken.push(read);
  return { eventId, status: 'accepted', receiptOf: row };
};

const save = async (transaction: Transaction, batch: Batch): Promise<number> => {
  const { origin, at, known, install, effects, taken, resent } = batch;
  const highWater = await install.save();
  await settleDead(transaction, origin.kioskId, taken, at);
  await effects.save();
  const rows = taken.map(({ event, text }): Value[] => [
    event.eventId,
    origin.kioskId,
    origin.epoch,
    event.seq,
    event.kind,
    event.payloadSha256,
    text,
    event.occurredAt,
    at,
    known.get(event.eventId)?.central_number ?? null,
  ]);
  await transaction.insert('events', eventColumns, rows);
  for (const eventId of resent)
    await transaction.run('UPDATE events SET resent = resent + 1 WHERE event_id = ?', eventId);
  return highWater;
};

export const createIntake = (books: Books, signer: Signer): Intake => {
  /** One signature for what the batch was taken of; the receipts follow the order of the answers. */
  const signAll = (answers: readonly Unsigned[]): EventAnswer[] => {
    const receipts = answers.map(
      ({ receiptOf: row }) =>
        row && {
          receivedAt: row.received_at,
          ...(row.central_number === null ? {} : { centralNumber: row.central_number }),
          payloadSha256: row.payload_sha256,
        },
    );
    const signed = answers.flatMap(({ eventId }, index) => {
      const receipt = receipts[index];
      return receipt ? [{ eventId, ...receipt }] : [];
    });
    const proofs = signer.signReceipts(signed).values();
    return answers.map(({ eventId, status, reason }, index) => {
      const receipt = receipts[index];
      const proof = receipt && proofs.next().value;
      return {
        eventId,
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(proof ? { receipt: { ...receipt, ...proof } } : {}),
      };
    });
  };

  return {
    async take(origin, events) {
      const reads = readAll(events);
      const acts = reads.flatMap(({ act }) => ('refused' in act ? [] : [act]));
      const { answers, highWater } = await books.transaction(async (transaction) => {
        await transaction.lock([`kiosk:${origin.kioskId}`, ...acts.flatMap(locksOf)]);
        const now = new Date();
        const batch: Batch = {
          origin,
          at: now.toISOString(),
          known: await knownAmong(transaction, events),
          install: await openInstall(transaction, origin, events),
          effects: await createEffects(transaction, origin.kioskId, now, acts),
          taken: [],
          resent: [],
        };
        const decided = reads.map((read) => decideOne(batch, read));
        return { answers: decided, highWater: await save(transaction, batch) };
      });
      return { answers: signAll(answers), highWater };
    },
  };
};
