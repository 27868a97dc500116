// Forgetting what nobody needs any more. A kiosk's clock may be ten years off, in the rows as well as now, and what is young must not go for
// it: so the caller vouches for the time, and the age of whatever the centre has signed for is counted from the centre's own word.

import { ok, type Result } from '../../devices/kit/result.ts';
import type { Commands } from './command-memory.ts';
import type { StoreContext } from './database.ts';
import { dayKeyAt } from './day.ts';
import { storageFailureOf, type StorageCode } from './failure.ts';
import type { Retention } from './retention.ts';
import { prunedSeqName } from './sequence.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** How long what stays: the centre dedupes for half a year, so we remember as long what it signed. */
export const keepDays = { tickets: 31, commands: 7, receipts: 190 } as const;

export type Prune = {
  /**
   * Forgets old tickets, command answers, receipts of the centre and spent tokens (these by a time of their own, see `tokens.ts`). `nowMs`: a time that is beyond doubt (`host/upkeep.ts`). A ticket
   * stays until the centre has had it as long. Between visits only: command answers belong to the visit that runs. Once a day is enough.
   */
  prune(nowMs: number): Result<void, StorageCode>;
};

export const createPrune = (
  { db, transact, timeZone, path }: StoreContext,
  commands: Commands,
  pruneTokens: () => void,
  retention: Retention,
): Prune => {
  const pruneTickets = db.prepare<[string, string]>(
    `DELETE FROM tickets WHERE day_key < ?
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = ticket_id)
       AND NOT EXISTS (SELECT 1 FROM central_receipts r WHERE r.event_id = ticket_id AND r.received_at >= ?)`,
  );
  const isOld = 'settled_ms < ? AND received_at < ?';
  // Said before they go: from here on their numbers are missing with good reason.
  const notePruned = db.prepare<[string, number, string]>(
    `INSERT INTO meta (name, value) SELECT ?, max(seq) FROM central_receipts WHERE ${isOld} HAVING max(seq) IS NOT NULL
     ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))`,
  );
  const pruneReceipts = db.prepare<[number, string]>(`DELETE FROM central_receipts WHERE ${isOld}`);
  // A row here has no word of the centre: the newest stay, whatever their time says.
  const pruneQuarantine = db.prepare<[number]>(
    'DELETE FROM quarantine WHERE found_ms < ? AND id <= (SELECT max(id) FROM quarantine) - 200',
  );
  return {
    prune(nowMs) {
      const done = transact((): Result<void, StorageCode> => {
        const ticketsFromMs = nowMs - keepDays.tickets * dayMs;
        const receiptsFromMs = nowMs - keepDays.receipts * dayMs;
        pruneTickets.run(dayKeyAt(ticketsFromMs, timeZone), new Date(ticketsFromMs).toISOString());
        const receivedFrom = new Date(receiptsFromMs).toISOString();
        notePruned.run(prunedSeqName, receiptsFromMs, receivedFrom);
        pruneReceipts.run(receiptsFromMs, receivedFrom);
        pruneQuarantine.run(receiptsFromMs);
        pruneTokens();
        const pruned = commands.pruneCommands(nowMs - keepDays.commands * dayMs);
        return pruned.ok ? retention.retain(nowMs) : pruned;
      });
      if (!done.ok) return done;
      try {
        // What was shredded stands in the log until it is folded into the file, whose free space is overwritten (`secure_delete`).
        db.pragma('wal_checkpoint(TRUNCATE)');
        return ok(undefined);
      } catch (error) {
        const failure = storageFailureOf(error, path);
        if (!failure) throw error;
        return { ok: false, error: failure };
      }
    },
  };
};
