// What has to go after its time: audit lines after 190 days, and dead letters, whose key is destroyed with them. How old a row is, no row
// can say whose clock may have been wrong; so once a day, when the time is beyond doubt, a mark is set: "by then these stood here".
//
//   prune(now) ─▶ mark { now, last audit line, last outbox number } ─▶ what an old enough mark covers goes

import { ok, type Result } from '../../devices/kit/result.ts';
import type { Audit } from './audit.ts';
import { auditStartName, startText } from './audit-chain.ts';
import type { StoreContext } from './database.ts';
import { hmacHex } from './envelope.ts';
import type { StorageCode } from './failure.ts';
import { repairTriggers } from './schema.ts';
import { lastSeqOf, prunedSeqName } from './sequence.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Longer than the half year that the law asks of logs, and than the centre dedupes. */
export const retentionDays = { auditLines: 190, deadLetters: 190 } as const;
/** More marks than any time that is kept has days. */
const mostMarks = 400;
const marksName = 'retentionMarks';

type Mark = { atMs: number; line: number; seq: number };

export type Retention = {
  /** Inside `prune`'s transaction. `nowMs`: a time that is beyond doubt. */
  retain(nowMs: number): Result<void, StorageCode>;
};

export const createRetention = (context: StoreContext, audit: Pick<Audit, 'audit' | 'auditHead'>): Retention => {
  const { db, keys, sealEpoch } = context;
  const read = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const write = db.prepare<[string, string]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const hashOfLine = db.prepare<[number], string>('SELECT hash FROM audit WHERE seq = ?').pluck();
  const dropLines = db.prepare<[number]>('DELETE FROM audit WHERE seq <= ?');
  const waitingHeads = db
    .prepare<[], number>("SELECT count(*) FROM outbox WHERE kind = 'audit.headNoted' AND state = 'waiting'")
    .pluck();
  const dead = db.prepare<[number], { seq: number; kind: string; case_id: string | null; event_id: string }>(
    "SELECT seq, kind, case_id, event_id FROM outbox WHERE state = 'dead' AND seq <= ? ORDER BY seq",
  );
  const dropEvent = db.prepare<[string]>('DELETE FROM outbox WHERE event_id = ?');
  const dropScans = db.prepare<[string]>('DELETE FROM blobs WHERE case_id = ?');
  const destroyKey = db.prepare<[string]>('UPDATE cases SET wrapped_key = NULL WHERE case_id = ?');
  const notePruned = db.prepare<[string, number]>(
    `INSERT INTO meta (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
  );

  const proofOf = (text: string): string => hmacHex(keys.audit, `marks|${sealEpoch}|${text}`);

  /** Marks that are not ours would make young lines go: then there are none, and everything stays for its whole time again. */
  const readMarks = (): Mark[] => {
    const [proof, text] = (read.get(marksName) ?? '').split('|', 2);
    return text !== undefined && proof === proofOf(text) ? (JSON.parse(text) as Mark[]) : [];
  };

  const lastCovered = (marks: readonly Mark[], nowMs: number, days: number): Mark | undefined =>
    marks.findLast(({ atMs }) => nowMs - atMs > days * dayMs);

  const dropAuditLines = (upTo: number): void => {
    const hash = hashOfLine.get(upTo);
    if (hash === undefined) return;
    write.run(auditStartName, startText(context, upTo, hash));
    // The trigger that keeps the log append-only is made again before anybody else can write.
    db.exec('DROP TRIGGER audit_no_delete');
    dropLines.run(upTo);
    repairTriggers(db);
  };

  return {
    retain(nowMs) {
      const head = audit.auditHead();
      const known = readMarks();
      const mark: Mark = { atMs: nowMs, line: head?.seq ?? 0, seq: lastSeqOf(db) };
      const last = known.at(-1);
      // A time before the last mark would make it cover what came later.
      const marks = last && nowMs - last.atMs < dayMs / 2 ? known : [...known, mark].slice(-mostMarks);
      const text = JSON.stringify(marks);
      write.run(marksName, `${proofOf(text)}|${text}`);

      const deadUpTo = lastCovered(marks, nowMs, retentionDays.deadLetters)?.seq ?? 0;
      for (const { seq, kind, case_id: caseId, event_id: eventId } of dead.all(deadUpTo)) {
        dropEvent.run(eventId);
        if (caseId !== null) {
          dropScans.run(caseId);
          destroyKey.run(caseId);
        }
        notePruned.run(prunedSeqName, seq);
        const noted = audit.audit({
          who: 'system',
          role: 'system',
          act: 'retentionEnded',
          detail: `#${seq} ${kind}`,
          ok: true,
        });
        if (!noted.ok) return noted;
      }

      const lineUpTo = Math.min(
        lastCovered(marks, nowMs, retentionDays.auditLines)?.line ?? 0,
        // The last line stays: the next one is chained to it. And the centre has the head of all that goes.
        (head?.seq ?? 0) - 1,
      );
      if (lineUpTo > 0 && waitingHeads.get() === 0) dropAuditLines(lineUpTo);
      return ok(undefined);
    },
  };
};
