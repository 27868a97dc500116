// What the centre holds, in figures: the walks compare them with what the kiosks acknowledged.

import type { Books } from './books.ts';

export type Counts = {
  events: number;
  cases: number;
  materials: number;
  ratings: number;
  tickets: number;
  deposits: number;
  helpCalls: number;
  /** Of the kinds that have no table of their own. */
  acts: number;
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
  /** Tokens that a second kiosk had spent too: refused, `tokenAlreadySpent`. */
  tokenConflicts: number;
  /** Installs of which nothing new is merged, because two disks count under one epoch. */
  quarantined: number;
  /** Places in kiosks' audit logs of which two different hashes were reported: a log was rewritten. */
  auditForks: number;
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

const twice = (table: string, columns: string, where = '1 = 1'): string =>
  `coalesce((SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM ${table} WHERE ${where} GROUP BY ${columns}) AS groups), 0)`;
const rows = (table: string): string => `(SELECT count(*) FROM ${table})`;

/** What is forgotten had come without a gap. */
const firstKept = '(CASE WHEN i.pruned_to >= i.first_seq THEN i.pruned_to + 1 ELSE i.first_seq END)';
/** An install that goes on from another one has its earlier numbers there. */
const ofInstall = (row: string): string =>
  `(${row}.epoch = i.epoch OR i.follows_epoch IS NOT NULL) AND ${row}.seq BETWEEN ${firstKept} AND i.highest_seq`;

/** Whole numbers: PostgreSQL's sums are of another type. */
const figure = (sql: string, name: keyof Counts): string => `CAST(coalesce(${sql}, 0) AS BIGINT) AS "${name}"`;

const figures: readonly string[] = [
  figure(rows('events'), 'events'),
  figure(rows('cases'), 'cases'),
  figure(rows('materials'), 'materials'),
  figure(rows('ratings'), 'ratings'),
  figure(rows('tickets'), 'tickets'),
  figure(rows('deposits'), 'deposits'),
  figure(rows('help_calls'), 'helpCalls'),
  figure(rows('acts'), 'acts'),
  figure(
    [
      twice('cases', 'case_id'),
      twice('cases', 'receipt_number'),
      twice('materials', 'case_id, material_id'),
      twice('ratings', 'rating_id'),
      twice('ratings', 'case_id', 'case_id IS NOT NULL'),
      twice('tickets', 'ticket_id'),
      twice('tickets', 'kiosk_id, day, number'),
      twice('deposits', 'deposit_id'),
      twice('help_calls', 'help_id'),
      twice('acts', 'kind, subject_id'),
      twice('token_spendings', 'issuer, token_id'),
    ].join(' + '),
    'duplicates',
  ),
  figure(
    `(SELECT sum(highest_seq - ${firstKept} + 1 - (SELECT count(*) FROM (
       SELECT seq FROM events e WHERE e.kiosk_id = i.kiosk_id AND ${ofInstall('e')}
       UNION SELECT seq FROM dead_letters d WHERE d.kiosk_id = i.kiosk_id AND ${ofInstall('d')}) AS came)) FROM installs i)`,
    'gaps',
  ),
  figure('(SELECT sum(resent) FROM events)', 'resent'),
  figure("(SELECT sum(times) FROM dead_letters WHERE status = 'rejected')", 'rejected'),
  figure('(SELECT count(*) FROM dead_letters WHERE taken_at IS NULL)', 'deadLetters'),
  figure(
    "(SELECT count(*) FROM dead_letters WHERE kind = 'token.spent' AND reason LIKE 'tokenAlreadySpent%')",
    'tokenConflicts',
  ),
  figure('(SELECT count(*) FROM installs WHERE quarantine IS NOT NULL)', 'quarantined'),
  figure(
    '(SELECT count(*) FROM (SELECT 1 FROM audit_heads GROUP BY kiosk_id, seq HAVING count(*) > 1) AS forked)',
    'auditForks',
  ),
  figure(rows('blobs'), 'uploads'),
  figure('(SELECT sum(bytes) FROM blobs)', 'bytes'),
];
const countsSql = `SELECT ${figures.join(',\n  ')}`;

const caseSql = `SELECT c.case_id AS "caseId", c.receipt_number AS "receiptNumber", c.central_number AS "centralNumber",
    c.kiosk_id AS "kioskId", c.item_code AS "itemCode", c.received_at AS "receivedAt", e.payload FROM cases c
  JOIN events e ON e.kind = 'case.submitted' AND e.central_number = c.central_number WHERE c.receipt_number = ?`;

export const countAll = async (books: Books): Promise<Counts> => {
  const counts = await books.get<Counts>(countsSql);
  if (!counts) throw new Error('the books cannot be counted');
  return counts;
};

export const findCase = async (books: Books, receiptNumber: string): Promise<CentralCase | undefined> => {
  const row = await books.get<Omit<CentralCase, 'payload'> & { payload: string }>(caseSql, receiptNumber);
  return row && { ...row, payload: JSON.parse(row.payload) as Record<string, unknown> };
};
