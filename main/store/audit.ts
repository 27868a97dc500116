// The audit log: append-only by trigger, chained by hash (audit-chain.ts).

import type { AuditLine, Role } from '../contract/console.ts';
import { ok, type Result } from '../../devices/kit/result.ts';
import { hashOf, headOf, lineOf, startOf, verifyChain, type AuditRow, type AuditVerdict } from './audit-chain.ts';
import type { StoreContext } from './database.ts';
import type { StorageCode } from './failure.ts';

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

export const createAudit = (context: StoreContext): Audit => {
  const { db, clock, transact } = context;
  const insert = db.prepare(
    'INSERT INTO audit (seq, at_ms, who, role, act, detail, ok, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const last = db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1');
  const page = db.prepare<[number, number], AuditRow>('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?');
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
