// The outbox sequence: every number that was given stands in the outbox, among the centre's receipts or in quarantine, until its
// receipt was forgotten of old age. What is missing was lost; what is beyond the counter would be given a second time.

import type Database from 'better-sqlite3';

/** Kept when receipts are forgotten: up to here numbers may be missing. */
export const prunedSeqName = 'prunedSeq';

const everySeq = `SELECT seq FROM outbox UNION SELECT seq FROM central_receipts
  UNION SELECT seq FROM quarantine WHERE source = 'event'`;

const prunedSeqOf = (db: Database.Database): number =>
  Number(db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(prunedSeqName) ?? 0);

export const nextSeqOf = (db: Database.Database): number =>
  Number(db.prepare<[], string>("SELECT value FROM meta WHERE name = 'nextSeq'").pluck().get());

/** The highest number that is known to have been given; 0 before the first. */
export const lastSeqOf = (db: Database.Database): number =>
  Math.max(
    prunedSeqOf(db),
    db.prepare<[], number>(`SELECT coalesce(max(seq), 0) FROM (${everySeq})`).pluck().get() ?? 0,
  );

/** Numbers that were given and are nowhere, as spans with both ends. */
export const gapsOf = (db: Database.Database): { from: number; to: number }[] => {
  const gaps: { from: number; to: number }[] = [];
  let last = prunedSeqOf(db);
  const note = (seq: number): void => {
    if (seq > last + 1) gaps.push({ from: last + 1, to: seq - 1 });
    last = Math.max(last, seq);
  };
  for (const seq of db
    .prepare<[number], number>(`SELECT seq FROM (${everySeq}) WHERE seq > ? ORDER BY seq`)
    .pluck()
    .iterate(last))
    note(seq);
  note(nextSeqOf(db));
  return gaps;
};
