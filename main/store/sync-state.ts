// What a store's file says about the way to the centre, read from outside while the kiosk may be running: nothing is changed.

import type { ConsoleDeadLetter } from '../contract/console.ts';
import { createDeadLetterReader } from './dead-letters.ts';
import type { Inspected } from './inspection.ts';
import type { NoteName } from './settings.ts';

export type SyncState = {
  waiting: { events: number; oldestMs?: number };
  uploads: { pending: number; bytes: number };
  dead: ConsoleDeadLetter[];
  note(name: NoteName): string | undefined;
};

export const readSyncState = ({ db }: Pick<Inspected, 'db'>): SyncState => {
  const count = db.prepare<[], number>("SELECT count(*) FROM outbox WHERE state = 'waiting'").pluck();
  const oldest = db
    .prepare<[], number>("SELECT enqueued_ms FROM outbox WHERE state = 'waiting' ORDER BY seq LIMIT 1")
    .pluck();
  const uploads = db.prepare<[], { pending: number; bytes: number }>(
    `SELECT count(*) AS pending, coalesce(sum(bytes), 0) AS bytes FROM (
       SELECT DISTINCT b.sha256, b.bytes FROM blobs b JOIN cases c ON c.case_id = b.case_id
       JOIN outbox o ON o.seq = c.seq AND o.state = 'waiting' WHERE b.uploaded_ms IS NULL)`,
  );
  const note = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const oldestMs = oldest.get();
  return {
    waiting: { events: count.get() ?? 0, ...(oldestMs === undefined ? {} : { oldestMs }) },
    uploads: uploads.get() ?? { pending: 0, bytes: 0 },
    dead: createDeadLetterReader(db)(),
    note: (name) => note.get(`note.${name}`),
  };
};
