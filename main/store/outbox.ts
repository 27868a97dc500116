// The outbox: what the centre must hear of, in order, until it has signed for it.
//
//   enqueue ─▶ waiting ──accepted / duplicate with receipt──▶ gone, the receipt stays
//                 ▲  └──────rejected──────▶ dead ──a manager's retry──┐
//                 └───────────────────────────────────────────────────┘

import type { ConsoleDeadLetter } from '../contract/console.ts';
import {
  eventPayloads,
  ratingGivenSchema,
  type EventAnswer,
  type EventKind,
  type IntakeEvent,
} from '../contract/intake.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';
import type { StoreContext } from './database.ts';
import type { CaseKeys } from './case-keys.ts';
import { dayKeyAt } from './day.ts';
import { createDeadLetterReader } from './dead-letters.ts';
import { eventPlaceOf, openEvent, type EventRow } from './event-row.ts';
import type { StorageCode, StoreCode } from './failure.ts';
import type { Quarantine } from './quarantine.ts';
import { proofOf } from './receipt-proof.ts';
import { isUuidV7, uuidV7 } from './uuid.ts';

/** The centre takes these only of a case that it has: bound to one that still waits, e.g. for its scans, they wait behind it. */
const needsItsCase = "'case.materialAdded', 'case.signed', 'payment.settled'";

export type Payload = Record<string, unknown>;
export type Enqueued = {
  eventId: string;
  seq: number;
  /** The id was known: nothing was written. */ isRepeat: boolean;
};
export type EnqueueOptions = {
  /** Idempotency key, a UUIDv7; made here when absent. */
  eventId?: string;
  /** Ties the event to a case of this kiosk. */
  bind?: { caseId: string };
  occurredAtMs?: number;
};
export type Settled = 'received' | 'dead' | /** The event had left the outbox before. */ 'unknown';

export type Outbox = {
  /** Cases go through `submitCase`. Inside `transact` the event commits together with the rows beside it. */
  enqueue(
    kind: Exclude<EventKind, 'case.submitted'>,
    payload: Payload,
    options?: EnqueueOptions,
  ): Result<Enqueued, StoreCode>;
  /**
   * The next events by sequence. A case waits here until all its scans are uploaded, and delays nobody. An event whose envelope
   * does not open goes into quarantine. `skip`: event ids to pass over this time; `afterSeq`: only what comes later.
   */
  nextBatch(limit: number, skip?: ReadonlySet<string>, afterSeq?: number): Result<IntakeEvent[], StoreCode>;
  /** Takes the centre's answer for one event. The caller has checked the receipt's signature. */
  settle(eventId: string, answer: EventAnswer): Result<Settled, StoreCode>;
  /** Makes an event a dead letter from this side, e.g. when a scan of its case cannot be read any more. */
  bury(what: { eventId: string } | { caseId: string }, reason: string): Result<void, StoreCode>;
  /** What staff must look at: refused events, and those in quarantine, which cannot be tried again. */
  deadLetters(): ConsoleDeadLetter[];
  /** Another attempt with the same id; a case's scans are looked for at the centre again. */
  retryDead(seq: number): Result<void, StoreCode>;
  /** Events on their way; dead letters are not. */
  depth(): number;
  oldestMs(): number | undefined;
};

/** For the topics of this store that write an event inside their own transaction. */
export type InsertEvent = (event: {
  seq: number;
  eventId: string;
  kind: EventKind;
  payload: Payload;
  caseId?: string;
  dataKey?: Uint8Array;
  occurredAtMs?: number;
}) => void;

export type OutboxInternals = { outbox: Outbox; insertEvent: InsertEvent; nextSeq(): number };

/** Batches stay well below what the centre and its proxies take in one request. */
const batchBytes = 1024 * 1024;
/** Rows read at once. */
const pageRows = 50;

/** Checks a payload against the contract; the message names the field and never its value. */
export const checkPayload = (kind: EventKind, payload: Payload): Result<void, 'invalidPayload'> => {
  const checked = eventPayloads[kind].safeParse(payload);
  if (checked.success) return ok(undefined);
  const fields = checked.error.issues.map((issue) => `${issue.path.join('.') || '(root)'} ${issue.code}`);
  return fail('invalidPayload', 'engineer', `${kind}: ${fields.join(', ')}`);
};

/** What an answer is weighed against; the envelope stays on the disk. */
type StoredRow = Pick<EventRow, 'seq' | 'kind' | 'case_id' | 'payload_sha256'> & { state: 'waiting' | 'dead' };

export const createOutbox = (
  context: StoreContext,
  caseKeys: CaseKeys,
  quarantine: Quarantine,
  releaseCase: (caseId: string) => void,
): OutboxInternals => {
  const { db, clock, sealer, keys, bootId, transact, timeZone } = context;
  const takeSeq = db
    .prepare<[], number>(
      "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'nextSeq' RETURNING CAST(value AS INTEGER) - 1",
    )
    .pluck();
  const insert = db.prepare(
    `INSERT INTO outbox (seq, event_id, kind, case_id, occurred_ms, boot_id, monotonic_ms, payload_sha256, sealed, enqueued_ms)
     VALUES ($seq, $event_id, $kind, $case_id, $occurred_ms, $boot_id, $monotonic_ms, $payload_sha256, $sealed, $enqueued_ms)`,
  );
  const known = db.prepare<[string, string], { seq: number; payload_sha256: string }>(
    `SELECT seq, payload_sha256 FROM outbox WHERE event_id = ?
     UNION ALL SELECT seq, payload_sha256 FROM central_receipts WHERE event_id = ?`,
  );
  const hasCase = db.prepare<[string], number>('SELECT 1 FROM cases WHERE case_id = ?').pluck();
  const insertRating = db.prepare<[string, string | null, string, string]>(
    'INSERT INTO ratings (rating_id, case_id, visit_id, day) VALUES (?, ?, ?, ?)',
  );
  const ratedCase = db.prepare<[string], number>('SELECT 1 FROM ratings WHERE case_id = ?').pluck();
  const ratedVisit = db
    .prepare<[string], number>('SELECT 1 FROM ratings WHERE visit_id = ? AND case_id IS NULL')
    .pluck();
  const ready = db.prepare<[number, number], EventRow>(
    `SELECT seq, event_id, kind, case_id, occurred_ms, boot_id, monotonic_ms, payload_sha256, sealed FROM outbox o
     WHERE state = 'waiting' AND seq > ? AND (kind NOT IN ('case.submitted', 'case.materialAdded', 'case.signed') OR NOT EXISTS (
       SELECT 1 FROM blobs b WHERE b.case_id = o.case_id AND b.uploaded_ms IS NULL))
       AND (kind NOT IN (${needsItsCase}) OR NOT EXISTS (
         SELECT 1 FROM cases c WHERE c.case_id = o.case_id AND c.state = 'savedHere'))
     ORDER BY seq LIMIT ?`,
  );
  const find = db.prepare<[string], StoredRow>(
    'SELECT seq, kind, case_id, payload_sha256, state FROM outbox WHERE event_id = ?',
  );
  const eventOfCase = db
    .prepare<[string], string>("SELECT event_id FROM outbox WHERE case_id = ? AND kind = 'case.submitted'")
    .pluck();
  const remove = db.prepare<[string]>('DELETE FROM outbox WHERE event_id = ?');
  const keepReceipt = db.prepare(
    `INSERT INTO central_receipts
       (event_id, seq, kind, case_id, payload_sha256, received_at, central_number, signature, settled_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const receiveCase = db.prepare<[string | null, string, string]>(
    "UPDATE cases SET state = 'received', central_number = ?, received_at = ? WHERE case_id = ?",
  );
  const setCaseState = db.prepare<[string, string]>('UPDATE cases SET state = ? WHERE case_id = ?');
  const kill = db.prepare<[string, number, string]>(
    "UPDATE outbox SET state = 'dead', reason = ?, dead_ms = ? WHERE event_id = ?",
  );
  const revive = db.prepare<[number], { case_id: string | null; kind: EventKind }>(
    `UPDATE outbox SET state = 'waiting', reason = NULL, dead_ms = NULL, attempts = attempts + 1
     WHERE seq = ? AND state = 'dead' RETURNING case_id, kind`,
  );
  const isQuarantined = db
    .prepare<[number], number>("SELECT 1 FROM quarantine WHERE source = 'event' AND seq = ?")
    .pluck();
  const forgetUploads = db.prepare<[string]>('UPDATE blobs SET uploaded_ms = NULL, tus_url = NULL WHERE case_id = ?');
  const count = db.prepare<[], number>("SELECT count(*) FROM outbox WHERE state = 'waiting'").pluck();
  // The first in order, not the least time: a clock that was wrong at night says nothing about who waits longest, and a minimum would
  // read every row.
  const oldest = db
    .prepare<[], number>("SELECT enqueued_ms FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT 1")
    .pluck();

  /** How many wait, kept along: a count would read a week's backlog at every wake. Unknown after writes were taken back. */
  let waiting: number | undefined;
  context.whenUndone(() => {
    waiting = undefined;
  });
  const noteWaiting = (by: number): void => {
    if (waiting !== undefined) waiting += by;
  };
  const noteGone = ({ state }: StoredRow): void => noteWaiting(state === 'waiting' ? -1 : 0);

  const insertEvent: InsertEvent = ({ seq, eventId, kind, payload, caseId, dataKey, occurredAtMs }) => {
    const text = canonicalJson(payload);
    const now = clock.now();
    const row: Omit<EventRow, 'sealed'> = {
      seq,
      event_id: eventId,
      kind,
      case_id: caseId ?? null,
      occurred_ms: occurredAtMs ?? now,
      boot_id: bootId,
      monotonic_ms: Math.floor(context.monotonicMs()),
      payload_sha256: sha256Hex(text),
    };
    const plain = Buffer.from(text, 'utf8');
    const sealed = sealer.seal(dataKey ?? keys.outbox, plain, eventPlaceOf(row));
    // Small buffers share memory that lives on.
    plain.fill(0);
    insert.run({ ...row, sealed, enqueued_ms: now });
    noteWaiting(1);
  };

  const nextSeq = (): number => {
    const seq = takeSeq.get();
    if (seq === undefined) throw new Error('the store has lost its sequence counter');
    return seq;
  };

  /** 一事一评, 一次一评: one rating for a case, one for a visit. */
  const noteRating = (payload: Payload): Result<void, 'alreadyRated'> => {
    const { ratingId, visitId, caseId = null } = ratingGivenSchema.parse(payload);
    const isRated = caseId === null ? ratedVisit.get(visitId) : ratedCase.get(caseId);
    if (isRated !== undefined)
      return fail('alreadyRated', 'citizen', caseId === null ? 'this visit is rated' : 'this case is rated');
    insertRating.run(ratingId, caseId, visitId, dayKeyAt(clock.now(), timeZone));
    return ok(undefined);
  };

  const die = (eventId: string, row: StoredRow, reason: string): void => {
    noteGone(row);
    kill.run(reason.slice(0, 500), clock.now(), eventId);
    if (row.kind === 'case.submitted' && row.case_id !== null) setCaseState.run('rejected', row.case_id);
  };

  /** Out of the way with it. The sequence number stays accounted for, the case shows as one that staff must see to. */
  const isolate = ({ sealed, ...plain }: EventRow, reason: string): Result<void, StorageCode> => {
    const { seq, kind, case_id: caseId, event_id: eventId } = plain;
    return quarantine.isolate({ source: 'event', seq, kind, reason, caseId, plain, sealed }, () => {
      remove.run(eventId);
      noteWaiting(-1);
      if (kind === 'case.submitted' && caseId !== null) setCaseState.run('rejected', caseId);
    });
  };

  const outbox: Outbox = {
    enqueue: (kind, payload, options = {}) =>
      transact((): Result<Enqueued, StoreCode> => {
        const fits = checkPayload(kind, payload);
        if (!fits.ok) return fits;
        const eventId = options.eventId ?? uuidV7(clock.now());
        if (!isUuidV7(eventId)) return fail('invalidId', 'system', 'the id of an event must be a UUIDv7');
        const earlier = known.get(eventId, eventId);
        if (earlier) {
          return earlier.payload_sha256 === sha256Hex(canonicalJson(payload))
            ? ok({ eventId, seq: earlier.seq, isRepeat: true })
            : fail('idReused', 'system', 'this event id stands for another payload');
        }
        const caseId = options.bind?.caseId;
        if (caseId !== undefined && hasCase.get(caseId) === undefined)
          return fail('notFound', 'system', 'the case to bind to is not of this kiosk');
        if (kind === 'rating.given') {
          const first = noteRating(payload);
          if (!first.ok) return first;
        }
        const seq = nextSeq();
        insertEvent({
          seq,
          eventId,
          kind,
          payload,
          ...(caseId === undefined ? {} : { caseId }),
          ...(options.occurredAtMs === undefined ? {} : { occurredAtMs: options.occurredAtMs }),
        });
        return ok({ eventId, seq, isRepeat: false });
      }),

    nextBatch(limit, skip, afterSeq = 0) {
      const events: IntakeEvent[] = [];
      let bytes = 0;
      const pageOf = (after: number): EventRow[] => ready.all(after, Math.min(pageRows, limit - events.length));
      // Whole pages, not a cursor: a broken row is moved in between, and SQLite allows no write while a cursor is open.
      for (let page = pageOf(afterSeq); page.length > 0; page = pageOf(page.at(-1)?.seq ?? 0))
        for (const row of page) {
          if (skip?.has(row.event_id)) continue;
          bytes += row.sealed.length;
          if (events.length > 0 && bytes > batchBytes) return ok(events);
          const opened = openEvent(context, caseKeys, row);
          if (opened.ok) {
            events.push(opened.value);
            continue;
          }
          const isolated = isolate(row, opened.error.code);
          if (!isolated.ok) return isolated;
        }
      return ok(events);
    },

    settle: (eventId, answer) =>
      transact((): Result<Settled, StoreCode> => {
        const row = find.get(eventId);
        if (!row) return ok('unknown');
        if (answer.status === 'rejected') {
          die(eventId, row, answer.reason ?? 'rejected without a reason');
          return ok('dead');
        }
        const { receipt } = answer;
        if (!receipt || receipt.payloadSha256 !== row.payload_sha256)
          return fail(
            'receiptMismatch',
            'system',
            `event ${row.seq}: ${receipt ? 'the receipt is for other contents' : 'no receipt'}`,
          );
        const number = receipt.centralNumber ?? null;
        const { receivedAt, payloadSha256 } = receipt;
        keepReceipt.run(
          eventId,
          row.seq,
          row.kind,
          row.case_id,
          payloadSha256,
          receivedAt,
          number,
          proofOf(receipt),
          clock.now(),
        );
        remove.run(eventId);
        noteGone(row);
        if (row.kind === 'case.submitted' && row.case_id !== null) {
          receiveCase.run(number, receivedAt, row.case_id);
          releaseCase(row.case_id);
        }
        return ok('received');
      }),

    bury: (what, reason) =>
      transact((): Result<void, StoreCode> => {
        const eventId = 'eventId' in what ? what.eventId : eventOfCase.get(what.caseId);
        const row = eventId === undefined ? undefined : find.get(eventId);
        if (eventId === undefined || !row) return fail('notFound', 'system', 'no such event is waiting');
        die(eventId, row, reason);
        return ok(undefined);
      }),

    deadLetters: createDeadLetterReader(db),

    retryDead: (seq) =>
      transact((): Result<void, StoreCode> => {
        if (isQuarantined.get(seq) !== undefined)
          return fail('tampered', 'engineer', `event ${seq} is in quarantine: its row is damaged and cannot be sent`);
        const row = revive.get(seq);
        if (!row) return fail('notFound', 'hall', `there is no dead letter ${seq}`);
        noteWaiting(1);
        if (row.kind === 'case.submitted' && row.case_id !== null) {
          setCaseState.run('savedHere', row.case_id);
          forgetUploads.run(row.case_id);
        }
        return ok(undefined);
      }),

    depth: () => (waiting ??= count.get() ?? 0),
    oldestMs: () => oldest.get(),
  };
  return { outbox, insertEvent, nextSeq };
};
