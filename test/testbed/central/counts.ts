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
  /** Sequence numbers of an install that never came, below the highest that did. What was refused did come. */
  gaps: number;
  /** Events that came again and were answered `duplicate`. */
  resent: number;
  /** Events that were answered `rejected`, each time counted. */
  rejected: number;
  /** Events that the centre keeps aside, refused or quarantined, and has not taken since. */
  deadLetters: number;
  /** Installs of which nothing new is merged, because two disks count under one epoch. */
  quarantined: number;
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

/** An install that goes on from another one has its earlier numbers there. */
const ofInstall = (row: string): string =>
  `(${row}.epoch = i.epoch OR i.follows_epoch IS NOT NULL) AND ${row}.seq BETWEEN i.first_seq AND i.highest_seq`;

const countsSql = `SELECT
  ${rows('events')} AS events, ${rows('cases')} AS cases, ${rows('materials')} AS materials, ${rows('ratings')} AS ratings,
  ${rows('tickets')} AS tickets, ${rows('deposits')} AS deposits, ${rows('help_calls')} AS helpCalls,
  ${twice('cases', 'case_id')}
    + coalesce((SELECT sum(n - 1) FROM (SELECT count(DISTINCT case_id) AS n FROM cases GROUP BY receipt_number)), 0)
    + ${twice('materials', 'case_id, material_id')}
    + ${twice('ratings', 'rating_id')} + ${twice('ratings', 'case_id', 'case_id IS NOT NULL')}
    + ${twice('tickets', 'ticket_id')} + ${twice('tickets', 'kiosk_id, day, number')}
    + ${twice('deposits', 'deposit_id')} + ${twice('help_calls', 'help_id')} AS duplicates,
  coalesce((SELECT sum(highest_seq - first_seq + 1 - (SELECT count(*) FROM (
      SELECT seq FROM events e WHERE e.kiosk_id = i.kiosk_id AND ${ofInstall('e')}
      UNION SELECT seq FROM dead_letters d WHERE d.kiosk_id = i.kiosk_id AND ${ofInstall('d')}))) FROM installs i), 0) AS gaps,
  coalesce((SELECT sum(resent) FROM events), 0) AS resent,
  coalesce((SELECT sum(times) FROM dead_letters WHERE status = 'rejected'), 0) AS rejected,
  (SELECT count(*) FROM dead_letters WHERE taken_at IS NULL) AS deadLetters,
  (SELECT count(*) FROM installs WHERE quarantine IS NOT NULL) AS quarantined,
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
