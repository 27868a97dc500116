// Submitting a case is one transaction: number, case, scans and outbox event are there together or not at all. A receipt that a
// citizen has seen therefore always has its case behind it, whatever happens to the power.
//
//   build(number) ─▶ check ─▶ case + receipt + scans in sealed chunks + outbox event ─▶ COMMIT (flushed) ─▶ number

import { caseSubmittedSchema } from '../contract/intake.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { sha256Hex } from './canonical.ts';
import type { CaseKeys } from './case-keys.ts';
import type { StoreContext } from './database.ts';
import { dayKeyAt, minuteOfDayAt } from './day.ts';
import type { StoreCode } from './failure.ts';
import { checkPayload, type InsertEvent, type Payload } from './outbox.ts';
import { receiptNumberOf } from './receipt-number.ts';
import type { Uploads } from './uploads.ts';
import { uuidV7 } from './uuid.ts';

export type CaseBlob = { sha256: string; mediaType: string; bytes: Uint8Array };

export type Submission = {
  /** Idempotency key: a second call with it answers with the first receipt and writes nothing. */
  caseId: string;
  /** Lets a visit that was interrupted find its case again; forgotten when the session is wiped. */
  sessionId?: string;
  /** Every page and the signature's picture that the payload names. */
  blobs: readonly CaseBlob[];
  /** Makes the `case.submitted` payload around the number that was just allocated. */
  build(receiptNumber: string): Payload;
};

export type CaseStatus = {
  caseId: string;
  itemCode: string;
  receiptNumber: string;
  /** 办件编号, once the centre gave one. */
  centralNumber?: string;
  state: 'savedHere' | 'received' | 'rejected';
  submittedMs: number;
  receivedAt?: string;
};

export type Cases = {
  submitCase(submission: Submission): Result<{ receiptNumber: string; isRepeat: boolean }, StoreCode>;
  caseStatus(caseId: string): CaseStatus | undefined;
  receiptByNumber(receiptNumber: string): CaseStatus | undefined;
  /** Cases that a session submitted, oldest first. */
  casesOfSession(sessionId: string): CaseStatus[];
};

type CaseRow = {
  case_id: string;
  item_code: string;
  receipt_number: string;
  central_number: string | null;
  state: CaseStatus['state'];
  submitted_ms: number;
  received_at: string | null;
};

const statusOf = (row: CaseRow): CaseStatus => ({
  caseId: row.case_id,
  itemCode: row.item_code,
  receiptNumber: row.receipt_number,
  ...(row.central_number === null ? {} : { centralNumber: row.central_number }),
  state: row.state,
  submittedMs: row.submitted_ms,
  ...(row.received_at === null ? {} : { receivedAt: row.received_at }),
});

/** More cases than one kiosk takes in a day. */
const restoredSerials = 5000;

export const createCases = (
  context: StoreContext,
  caseKeys: CaseKeys,
  events: { insertEvent: InsertEvent; nextSeq(): number },
  uploads: Pick<Uploads, 'storeBlob'>,
): Cases => {
  const { db, clock, transact, timeZone, shortId } = context;
  const select = `SELECT c.case_id, c.item_code, r.receipt_number, c.central_number, c.state, c.submitted_ms, c.received_at
    FROM cases c JOIN receipts r ON r.case_id = c.case_id`;
  const byId = db.prepare<[string], CaseRow>(`${select} WHERE c.case_id = ?`);
  const byNumber = db.prepare<[string], CaseRow>(`${select} WHERE r.receipt_number = ?`);
  const bySession = db.prepare<[string], CaseRow>(`${select} WHERE c.session_id = ? ORDER BY c.seq`);
  const lastSerial = db.prepare<[string], number | null>('SELECT max(serial) FROM receipts WHERE day = ?').pluck();
  const insertCase = db.prepare(
    `INSERT INTO cases (case_id, seq, event_id, item_code, session_id, wrapped_key, state, submitted_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'savedHere', ?)`,
  );
  const insertReceipt = db.prepare<[string, string, string, number, number]>(
    'INSERT INTO receipts (receipt_number, case_id, day, serial, created_ms) VALUES (?, ?, ?, ?, ?)',
  );

  /**
   * Serials start at 1 each day. On the day of the install they start at its minute, so that a kiosk whose store was lost and made
   * anew does not give the morning's numbers a second time; on the day of a restore far beyond what the lost disk can have given.
   */
  const allocate = (nowMs: number): { day: string; serial: number; receiptNumber: string } => {
    const day = dayKeyAt(nowMs, timeZone);
    const isInstallDay = day === dayKeyAt(context.installedMs, timeZone);
    const isRestored = context.epoch !== context.sealEpoch;
    const floor = isInstallDay ? minuteOfDayAt(context.installedMs, timeZone) + (isRestored ? restoredSerials : 0) : 0;
    const serial = Math.max(lastSerial.get(day) ?? 0, floor) + 1;
    return { day, serial, receiptNumber: receiptNumberOf(shortId, day, serial) };
  };

  const checkBlobs = (payload: Payload, blobs: readonly CaseBlob[]): Result<string, 'invalidPayload'> => {
    const parsed = caseSubmittedSchema.parse(payload);
    const given = new Map(blobs.map((blob) => [blob.sha256, blob.bytes.length]));
    for (const { sha256, bytes } of blobs)
      if (sha256Hex(bytes) !== sha256) return fail('invalidPayload', 'system', 'a page does not match its hash');
    for (const page of parsed.materials.flatMap((material) => material.pages))
      if (given.get(page.sha256) !== page.bytes)
        return fail('invalidPayload', 'system', 'a page that the case names was not handed over');
    if (!given.has(parsed.signature.imageSha256))
      return fail('invalidPayload', 'system', "the signature's picture was not handed over");
    return ok(parsed.itemCode);
  };

  return {
    submitCase: ({ caseId, sessionId, blobs, build }) =>
      transact((): Result<{ receiptNumber: string; isRepeat: boolean }, StoreCode> => {
        const earlier = byId.get(caseId);
        if (earlier) return ok({ receiptNumber: earlier.receipt_number, isRepeat: true });
        const now = clock.now();
        const { day, serial, receiptNumber } = allocate(now);
        const payload = build(receiptNumber);
        if (payload['caseId'] !== caseId || payload['receiptNumber'] !== receiptNumber)
          return fail('invalidPayload', 'system', 'the payload does not carry its case id and receipt number');
        const fits = checkPayload('case.submitted', payload);
        if (!fits.ok) return fits;
        const itemCode = checkBlobs(payload, blobs);
        if (!itemCode.ok) return itemCode;
        const seq = events.nextSeq();
        const eventId = uuidV7(now);
        const { dataKey, wrapped } = caseKeys.create(caseId, seq);
        try {
          insertCase.run(caseId, seq, eventId, itemCode.value, sessionId ?? null, wrapped, now);
          insertReceipt.run(receiptNumber, caseId, day, serial, now);
          const distinct = new Map(blobs.map((blob) => [blob.sha256, blob]));
          for (const blob of distinct.values()) uploads.storeBlob(caseId, seq, dataKey, blob);
          events.insertEvent({ seq, eventId, kind: 'case.submitted', payload, caseId, dataKey });
        } finally {
          dataKey.fill(0);
        }
        return ok({ receiptNumber, isRepeat: false });
      }),
    caseStatus(caseId) {
      const row = byId.get(caseId);
      return row && statusOf(row);
    },
    receiptByNumber(receiptNumber) {
      const row = byNumber.get(receiptNumber.trim().toUpperCase());
      return row && statusOf(row);
    },
    casesOfSession: (sessionId) => bySession.all(sessionId).map(statusOf),
  };
};
