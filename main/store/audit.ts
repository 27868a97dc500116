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

export type AuditVerdict = { intact: true; lines: number } | { intact: false; lines: number; brokenAtSeq: number };

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

export const createAudit = ({ db, clock, keys, epoch, transact }: StoreContext): Audit => {
  const insert = db.prepare(
    'INSERT INTO audit (seq, at_ms, who, role, act, detail, ok, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const last = db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const page = db.prepare<[number, number], Row>('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?');
  const all = db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq');
  const getHead = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'auditHead'").pluck();
  const setHead = db.prepare<[string]>(
    "INSERT INTO meta (name, value) VALUES ('auditHead', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );
  const start = hmacHex(keys.audit, `start|${epoch}`);
  const hashOf = (previous: string, line: AuditLine): string =>
    hmacHex(keys.audit, `${previous}|${canonicalJson(line)}`);
  const headOf = (seq: number, hash: string): string => `${seq}|${hmacHex(keys.audit, `head|${seq}|${hash}`)}`;

  return {
    audit: (entry) =>
      transact(() => {
        const previous = last.get();
        const line: AuditLine = { ...entry, seq: (previous?.seq ?? 0) + 1, atMs: clock.now() };
        const hash = hashOf(previous?.hash ?? start, line);
        insert.run(line.seq, line.atMs, line.who, line.role, line.act, line.detail, line.ok ? 1 : 0, hash);
        setHead.run(headOf(line.seq, hash));
        return ok(line);
      }),
    auditLines: ({ beforeSeq = Number.MAX_SAFE_INTEGER, limit }) => page.all(beforeSeq, limit).map(lineOf),
    verifyAudit() {
      let previous = start;
      let lines = 0;
      for (const row of all.iterate()) {
        if (row.seq !== lines + 1 || row.hash !== hashOf(previous, lineOf(row)))
          return { intact: false, lines, brokenAtSeq: lines + 1 };
        previous = row.hash;
        lines += 1;
      }
      const head = getHead.get();
      const isWhole = lines === 0 ? head === undefined : head === headOf(lines, previous);
      return isWhole ? { intact: true, lines } : { intact: false, lines, brokenAtSeq: lines + 1 };
    },
  };
};
