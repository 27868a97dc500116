// The chain of the audit log: each line's hash covers the one before it under the machine's key, so that an edit, a deletion or a swap
// shows even when it was made round SQLite. The head stands apart, so that a cut tail shows too, and an emptied log.
//
//   hash(n) = HMAC(audit key, hash(n-1) | canonical JSON of line n)

import type Database from 'better-sqlite3';
import type { AuditLine } from '../contract/console.ts';
import { canonicalJson } from './canonical.ts';
import { hmacHex, type Keys } from './envelope.ts';

/** How a chain was broken at a line. */
export type AuditBreak =
  /** The line is gone; later ones are there. */
  | 'missing'
  /** The line is not what was written there: edited, or moved from another place. */
  | 'changed'
  /** The head knows of this line, the log does not. */
  | 'cutShort'
  /** The log has this line, the head does not. */
  | 'added'
  /** The lines fit each other; the head is gone or is none of ours. */
  | 'headChanged'
  /** Where the log starts, after its oldest lines went, is none of ours. */
  | 'startChanged';

export type AuditVerdict =
  | { intact: true; lines: number }
  | { intact: false; /** Good ones before the break. */ lines: number; brokenAtSeq: number; how: AuditBreak };

export type AuditRow = {
  seq: number;
  at_ms: number;
  who: string;
  role: AuditLine['role'];
  act: string;
  detail: string;
  ok: number;
  hash: string;
};

export const lineOf = (row: AuditRow): AuditLine => ({
  seq: row.seq,
  atMs: row.at_ms,
  who: row.who,
  role: row.role,
  act: row.act,
  detail: row.detail,
  ok: row.ok === 1,
});

export type ChainOwner = { keys: Pick<Keys, 'audit'>; sealEpoch: string; isHeadKept: boolean };

/** What the first line is chained to. */
export const startOf = ({ keys, sealEpoch }: Pick<ChainOwner, 'keys' | 'sealEpoch'>): string =>
  hmacHex(keys.audit, `start|${sealEpoch}`);
export const hashOf = ({ keys }: Pick<ChainOwner, 'keys'>, previous: string, line: AuditLine): string =>
  hmacHex(keys.audit, `${previous}|${canonicalJson(line)}`);
export const headOf = ({ keys }: Pick<ChainOwner, 'keys'>, seq: number, hash: string): string =>
  `${seq}|${hmacHex(keys.audit, `head|${seq}|${hash}`)}`;

/** Where the chain starts when its oldest lines went after their time: `seq|hash|proof` of the last line that went. */
export const auditStartName = 'auditStart';
export const startText = ({ keys }: Pick<ChainOwner, 'keys'>, seq: number, hash: string): string =>
  `${seq}|${hash}|${hmacHex(keys.audit, `began|${seq}|${hash}`)}`;

const readStart = (db: Database.Database, owner: ChainOwner): { seq: number; hash: string } | undefined => {
  const text = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(auditStartName);
  if (text === undefined) return { seq: 0, hash: startOf(owner) };
  const [seq, hash = ''] = text.split('|');
  return text === startText(owner, Number(seq), hash) ? { seq: Number(seq), hash } : undefined;
};

/** Reads the whole chain of an open file and compares it with its head. */
export const verifyChain = (db: Database.Database, owner: ChainOwner): AuditVerdict => {
  const start = readStart(db, owner);
  let previous = start?.hash ?? '';
  let last = start?.seq ?? 0;
  const broken = (how: AuditBreak, brokenAtSeq = last + 1): AuditVerdict => ({
    intact: false,
    lines: last - (start?.seq ?? 0),
    brokenAtSeq,
    how,
  });
  if (!start) return broken('startChanged');
  for (const row of db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq').iterate()) {
    if (row.seq > last + 1) return broken('missing');
    if (row.seq !== last + 1 || row.hash !== hashOf(owner, previous, lineOf(row))) return broken('changed');
    previous = row.hash;
    last += 1;
  }
  const head = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'auditHead'").pluck().get();
  const isUntold = head === undefined && last === 0 && !owner.isHeadKept;
  if (isUntold || head === headOf(owner, last, previous)) return { intact: true, lines: last - start.seq };
  const known = Number(head?.split('|')[0]);
  if (known > last || (head === undefined && last === 0)) return broken('cutShort');
  return known < last ? broken('added', known + 1) : broken('headChanged');
};
