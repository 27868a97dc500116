// What staff must look at: events that the centre refused, and those that are damaged on this disk. Read by the outbox and from outside.

import type Database from 'better-sqlite3';
import type { ConsoleDeadLetter } from '../contract/console.ts';

type Row = Omit<ConsoleDeadLetter, 'isDamaged' | 'receipt'> & { damaged: number; receipt: string | null };

export const createDeadLetterReader = (db: Database.Database): (() => ConsoleDeadLetter[]) => {
  const dead = db.prepare<[], Row>(
    `SELECT d.seq, d.kind, d.reason, d.atMs, d.damaged, r.receipt_number AS receipt FROM (
       SELECT seq, kind, reason, dead_ms AS atMs, case_id, 0 AS damaged FROM outbox WHERE state = 'dead'
       UNION ALL SELECT seq, kind, reason, found_ms, case_id, 1 FROM quarantine WHERE source = 'event') d
     LEFT JOIN receipts r ON r.case_id = d.case_id ORDER BY d.seq`,
  );
  return () =>
    dead.all().map(({ damaged, receipt, ...letter }) => ({
      ...letter,
      isDamaged: damaged === 1,
      ...(receipt === null ? {} : { receipt }),
    }));
};
