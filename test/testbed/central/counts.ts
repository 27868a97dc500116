// What the centre holds, in figures: the walks compare them with what the kiosks acknowledged.

import type Database from 'better-sqlite3';

export type Counts = {
  events: number;
  cases: number;
  materials: number;
  ratings: number;
  tickets: number;
  deposits: number;
  helpCalls: number;
  /** Things that stand twice. 0, or exactly-once is broken. */
  duplicates: number;
  /** Sequence numbers of an install that never came, below the highest that did. */
  gaps: number;
  /** Events that came again and were answered `duplicate`. */
  resent: number;
  /** Events that were answered `rejected`, each time counted. */
  rejected: number;
  uploads: number;
  /** Bytes of the scans. */
  bytes: number;
};

export type CentralCase = {
  caseId: string;
  receiptNumber: string;
  centralNumber: string;
  kioskId: string;
  itemCode: string;
  receivedAt: string;
  payload: Record<string, unknown>;
};

const twice = (table: string, columns: string, where = '1'): string =>
  `coalesce((SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM ${table} WHERE ${where} GROUP BY ${columns})), 0)`;
const rows = (table: string): string => `(SELECT count(*) FROM ${table})`;

const countsSql = `SELECT
  ${rows('events')} AS events, ${rows('cases')} AS cases, ${rows('materials')} AS materials, ${rows('ratings')} AS ratings,
  ${rows('tickets')} AS tickets, ${rows('deposits')} AS deposits, ${rows('help_calls')} AS helpCalls,
  ${twice('cases', 'case_id')}
    + coalesce((SELECT sum(n - 1) FROM (SELECT count(DISTINCT case_id) AS n FROM cases GROUP BY receipt_number)), 0)
    + ${twice('materials', 'case_id, material_id')}
    + ${twice('ratings', 'rating_id')} + ${twice('ratings', 'case_id', 'case_id IS NOT NULL')}
    + ${twice('tickets', 'ticket_id')} + ${twice('tickets', 'kiosk_id, day, number')}
    + ${twice('deposits', 'deposit_id')} + ${twice('help_calls', 'help_id')} AS duplicates,
  coalesce((SELECT sum(top - n) FROM (SELECT max(seq) AS top, count(*) AS n FROM events GROUP BY kiosk_id, epoch)), 0) AS gaps,
  coalesce((SELECT sum(resent) FROM events), 0) AS resent, ${rows('refusals')} AS rejected,
  ${rows('blobs')} AS uploads, coalesce((SELECT sum(bytes) FROM blobs), 0) AS bytes`;

export const createCounts = (
  db: Database.Database,
): { counts(): Counts; caseOf(receiptNumber: string): CentralCase | undefined } => {
  const read = db.prepare<[], Counts>(countsSql);
  const find = db.prepare<[string], Omit<CentralCase, 'payload'> & { payload: string }>(
    `SELECT c.case_id AS caseId, c.receipt_number AS receiptNumber, c.central_number AS centralNumber, c.kiosk_id AS kioskId,
       c.item_code AS itemCode, c.received_at AS receivedAt, e.payload FROM cases c
     JOIN events e ON e.kind = 'case.submitted' AND e.central_number = c.central_number WHERE c.receipt_number = ?`,
  );
  return {
    counts() {
      const counts = read.get();
      if (!counts) throw new Error('the books cannot be counted');
      return counts;
    },
    caseOf(receiptNumber) {
      const row = find.get(receiptNumber);
      return row && { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
    },
  };
};
