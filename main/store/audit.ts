// The audit log: append-only by trigger, and each line's hash covers the one before it under the machine's key, so that an edit, a
// deletion or a swap shows even when it was made round SQLite. The head stands apart, so that a cut tail shows too.
//
//   hash(n) = HMAC(audit key, hash(n-1) | canonical JSON of line n)

import type { AuditLine, Role } from '../contract/console.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import { canonicalJson } from './canonical.ts';
import type { StoreContext } from './database.ts';
import { hmacHex } from './envelope.ts';
import type { StorageCode } from './failure.ts';

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

export type Audit = {
  /** `detail` carries no personal data: the log is kept for half a year and read by many. */
  audit(entry: {
    who: string;
    role: Role | 'system';
    act: string;
    detail: string;
    ok: boolean;
  }): Result<AuditLine, StorageCode>;
  /** Newest first. */
  auditLines(page: { beforeSeq?: number; limit: number }): AuditLine[];
  /** Where the chain stands; nothing while no line was written. Whoever keeps it sees every later change of what is before it. */
  auditHead(): { seq: number; hash: string } | undefined;
  /** Reads the whole chain. */
  verifyAudit(): AuditVerdict;
};

type Row = {
  seq: number;
  at_ms: number;
  who: string;
  role: AuditLine['role'];
  act: string;
  detail: string;
  ok: number;
  hash: string;
};

const lineOf = (row: Row): AuditLine => ({
  seq: row.seq,
  atMs: row.at_ms,
  who: row.who,
  role: row.role,
  act: row.act,
  detail: row.detail,
  ok: row.ok === 1,
});

type ChainOwner = Pick<StoreContext, 'keys' | 'sealEpoch'>;

const startOf = ({ keys, sealEpoch }: ChainOwner): string => hmacHex(keys.audit, `start|${sealEpoch}`);
const hashOf = ({ keys }: ChainOwner, previous: string, line: AuditLine): string =>
  hmacHex(keys.audit, `${previous}|${canonicalJson(line)}`);
const headOf = ({ keys }: ChainOwner, seq: number, hash: string): string =>
  `${seq}|${hmacHex(keys.audit, `head|${seq}|${hash}`)}`;

/** Where the chain starts when its oldest lines went after their time: `seq|hash|proof` of the last line that went. */
export const auditStartName = 'auditStart';
export const startText = ({ keys }: ChainOwner, seq: number, hash: string): string =>
  `${seq}|${hash}|${hmacHex(keys.audit, `began|${seq}|${hash}`)}`;

const readStart = (db: StoreContext['db'], owner: ChainOwner): { seq: number; hash: string } | undefined => {
  const text = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(auditStartName);
  if (text === undefined) return { seq: 0, hash: startOf(owner) };
  const [seq, hash = ''] = text.split('|');
  return text === startText(owner, Number(seq), hash) ? { seq: Number(seq), hash } : undefined;
};

/** Reads the whole chain of an open file and compares it with its head. */
export const verifyChain = (db: StoreContext['db'], owner: ChainOwner): AuditVerdict => {
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
  for (const row of db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq').iterate()) {
    if (row.seq > last + 1) return broken('missing');
    if (row.seq !== last + 1 || row.hash !== hashOf(owner, previous, lineOf(row))) return broken('changed');
    previous = row.hash;
    last += 1;
  }
  const head = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'auditHead'").pluck().get();
  if (head === (last === 0 ? undefined : headOf(owner, last, previous)))
    return { intact: true, lines: last - start.seq };
  const known = Number(head?.split('|')[0]);
  if (known > last) return broken('cutShort');
  return known < last ? broken('added', known + 1) : broken('headChanged');
};

export const createAudit = (context: StoreContext): Audit => {
  const { db, clock, transact } = context;
  const insert = db.prepare(
    'INSERT INTO audit (seq, at_ms, who, role, act, detail, ok, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const last = db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const page = db.prepare<[number, number], Row>('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const setHead = db.prepare<[string]>(
    "INSERT INTO meta (name, value) VALUES ('auditHead', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );

  return {
    audit: (entry) =>
      transact(() => {
        const previous = last.get();
        const line: AuditLine = { ...entry, seq: (previous?.seq ?? 0) + 1, atMs: clock.now() };
        const hash = hashOf(context, previous?.hash ?? startOf(context), line);
        insert.run(line.seq, line.atMs, line.who, line.role, line.act, line.detail, line.ok ? 1 : 0, hash);
        setHead.run(headOf(context, line.seq, hash));
        return ok(line);
      }),
    auditLines: ({ beforeSeq = Number.MAX_SAFE_INTEGER, limit }) => page.all(beforeSeq, limit).map(lineOf),
    auditHead() {
      const row = last.get();
      return row && { seq: row.seq, hash: row.hash };
    },
    verifyAudit: () => verifyChain(db, context),
  };
};
