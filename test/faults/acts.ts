// What a store acknowledges in the campaigns that take its disk or its process away: a bit of everything, what to look for afterwards,
// and how to look.

import type Database from 'better-sqlite3';
import type { Store } from '../../main/store/open.ts';
import { morningMs, page, rating, submission, valueOf } from '../../main/store/store-fixture.ts';
import type { Random } from './random.ts';

/** What must be found again: a table, and the key in it. */
export type Kept = { event: string } | { case: string; scans: string[] } | { ticket: string } | { line: number };

/** One act that the store acknowledged, and what is kept of it. */
export const act = (store: Store, random: Random): Kept[] => {
  switch (random.below(6)) {
    case 0: {
      const given = submission([page(2000 + random.below(20_000)), page(500)]);
      valueOf(store.submitCase(given));
      return [{ case: given.caseId, scans: given.blobs.map(({ sha256 }) => sha256) }];
    }
    case 1: {
      const request = { businessCode: 'TAX', prefix: 'A', priority: 'none', atMs: morningMs, dayKey: '2026-11-22' };
      return [{ ticket: valueOf(store.takeNumber(request)).ticketId }];
    }
    case 2:
      return [
        { line: valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: '', ok: true })).seq },
      ];
    case 3: {
      // A draft is nobody's promise: it may be gone. It makes the file move.
      valueOf(store.vault('visit', Buffer.alloc(32, 5)).putBlob(`page-${random.below(4)}`, page(9000).bytes));
      return [];
    }
    case 4: {
      const [event] = valueOf(store.nextBatch(1));
      if (!event) return [];
      const { eventId, payloadSha256 } = event;
      const receipt = { receivedAt: new Date(morningMs).toISOString(), payloadSha256, signature: 'c2lnbmVk' };
      valueOf(store.settle(eventId, { eventId, status: 'accepted', receipt }));
      return [{ event: eventId }];
    }
    default:
      return [{ event: valueOf(store.enqueue('rating.given', rating())).eventId }];
  }
};

const countOf = (db: Database.Database, sql: string, key: string | number): number =>
  db.prepare<[string | number], number>(sql).pluck().get(key) ?? 0;

/** Whether it stands where it has to. */
export const isThere = (db: Database.Database, kept: Kept): boolean => {
  if ('event' in kept)
    return (
      countOf(db, 'SELECT count(*) FROM outbox WHERE event_id = ?', kept.event) +
        countOf(db, 'SELECT count(*) FROM central_receipts WHERE event_id = ?', kept.event) ===
      1
    );
  if ('ticket' in kept) return countOf(db, 'SELECT count(*) FROM tickets WHERE ticket_id = ?', kept.ticket) === 1;
  if ('line' in kept) return countOf(db, 'SELECT count(*) FROM audit WHERE seq = ?', kept.line) === 1;
  return countOf(db, 'SELECT count(*) FROM cases WHERE case_id = ?', kept.case) === 1;
};

/** Business rows without what was committed beside them. */
const halfSql = `SELECT
  (SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM receipts r WHERE r.case_id = c.case_id))
  + (SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.seq = c.seq)
       AND NOT EXISTS (SELECT 1 FROM central_receipts k WHERE k.seq = c.seq))
  + (SELECT count(*) FROM blobs b WHERE b.chunks <>
       (SELECT count(*) FROM blob_chunks k WHERE k.case_id = b.case_id AND k.sha256 = b.sha256))
  + (SELECT count(*) FROM tickets) - (SELECT count(*) FROM (
       SELECT seq FROM outbox WHERE kind = 'queue.ticketTaken' UNION SELECT seq FROM central_receipts WHERE kind = 'queue.ticketTaken'))`;

export const halfOf = (db: Database.Database): number => db.prepare<[], number>(halfSql).pluck().get() ?? 0;
