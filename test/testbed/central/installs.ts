// What the centre remembers of each install for ever: how far its sequence came, what was not taken, and whether a second disk counts
// under the same epoch. A sequence number that two events claim cannot be told right from wrong, so from then on nothing new of that
// epoch is merged; what was taken before is still answered `duplicate`.

import type Database from 'better-sqlite3';
import type { IntakeEvent } from '../../../main/contract/intake.ts';

export type Origin = {
  kioskId: string;
  epoch: string;
  /** The epoch that this one goes on from, and where. */
  follows?: { epoch: string; seq: number } | undefined;
};

export type Installs = {
  /** Notes an install at its first batch. */
  greet(origin: Origin): void;
  /** What this install sent was taken under another epoch: its disk is a restored one. */
  noteFollows(origin: Origin, epoch: string): void;
  /** Why nothing new of this epoch is merged, or nothing. */
  quarantineOf(origin: Origin): string | undefined;
  quarantine(origin: Origin, reason: string): void;
  /** Another event, taken, dead or long forgotten, has had this sequence number. */
  isSeqUsed(origin: Origin, event: IntakeEvent): boolean;
  /** Keeps what was not taken, whole, for the centre's own staff. Each time it comes is counted. */
  keepDead(
    origin: Origin,
    event: IntakeEvent,
    letter: { status: 'rejected' | 'quarantined'; reason: string; at: string },
  ): void;
  /** The event was taken after all, perhaps under another epoch. */
  revive(origin: Origin, event: IntakeEvent, at: string): void;
  /** After an event was taken or kept: moves the marks. */
  advance(origin: Origin, seq: number): void;
  highWater(origin: Origin): number;
};

type InstallRow = {
  follows_epoch: string | null;
  first_seq: number;
  high_water: number;
  highest_seq: number;
  quarantine: string | null;
};

export const createInstalls = (db: Database.Database): Installs => {
  const find = db.prepare<[string, string], InstallRow>('SELECT * FROM installs WHERE kiosk_id = ? AND epoch = ?');
  const put = db.prepare<[string, string, string | null, number, number]>(
    `INSERT OR IGNORE INTO installs (kiosk_id, epoch, follows_epoch, first_seq, high_water, highest_seq)
     VALUES (?, ?, ?, ?, ?, 0)`,
  );
  const close = db.prepare<[string, string, string]>(
    'UPDATE installs SET quarantine = ? WHERE kiosk_id = ? AND epoch = ? AND quarantine IS NULL',
  );
  const move = db.prepare<[number, number, string, string]>(
    'UPDATE installs SET high_water = ?, highest_seq = max(highest_seq, ?) WHERE kiosk_id = ? AND epoch = ?',
  );
  const follow = db.prepare<[string, string, string]>(
    'UPDATE installs SET follows_epoch = ? WHERE kiosk_id = ? AND epoch = ? AND follows_epoch IS NULL',
  );
  const cameUnderAny = db
    .prepare<[string, number, string, number], number>(
      `SELECT 1 FROM events WHERE kiosk_id = ? AND seq = ?
       UNION ALL SELECT 1 FROM dead_letters WHERE kiosk_id = ? AND seq = ? AND status = 'rejected' LIMIT 1`,
    )
    .pluck();
  const taken = db
    .prepare<[string, string, number], string>(
      'SELECT event_id FROM events WHERE kiosk_id = ? AND epoch = ? AND seq = ?',
    )
    .pluck();
  const dead = db
    .prepare<[string, string, number], string>(
      "SELECT event_id FROM dead_letters WHERE kiosk_id = ? AND epoch = ? AND seq = ? AND status = 'rejected'",
    )
    .pluck();
  const keep = db.prepare(
    `INSERT INTO dead_letters
       (kiosk_id, epoch, seq, event_id, payload_sha256, status, kind, payload, reason, first_at, last_at)
     VALUES (@kioskId, @epoch, @seq, @eventId, @payloadSha256, @status, @kind, @payload, @reason, @at, @at)
     ON CONFLICT DO UPDATE SET times = times + 1, last_at = excluded.last_at, status = excluded.status, reason = excluded.reason`,
  );
  const settle = db.prepare<[string, string, string, string]>(
    'UPDATE dead_letters SET taken_at = ? WHERE kiosk_id = ? AND event_id = ? AND payload_sha256 = ?',
  );

  const rowOf = ({ kioskId, epoch }: Origin): InstallRow => {
    const row = find.get(kioskId, epoch);
    if (!row) throw new Error('the install was not noted');
    return row;
  };
  /** An install that goes on from another one has its earlier numbers there. */
  const hasCome = ({ kioskId, epoch }: Origin, row: InstallRow, seq: number): boolean =>
    row.follows_epoch === null
      ? taken.get(kioskId, epoch, seq) !== undefined || dead.get(kioskId, epoch, seq) !== undefined
      : cameUnderAny.get(kioskId, seq, kioskId, seq) !== undefined;

  return {
    greet({ kioskId, epoch, follows }) {
      const first = follows?.seq ?? 1;
      put.run(kioskId, epoch, follows?.epoch ?? null, first, first - 1);
    },
    noteFollows: ({ kioskId, epoch }, earlier) => void follow.run(earlier, kioskId, epoch),
    quarantineOf: (origin) => rowOf(origin).quarantine ?? undefined,
    quarantine: ({ kioskId, epoch }, reason) => void close.run(reason, kioskId, epoch),
    isSeqUsed(origin, { eventId, seq }) {
      const { kioskId, epoch } = origin;
      const row = rowOf(origin);
      if (taken.get(kioskId, epoch, seq) !== undefined) return true;
      const refused = dead.all(kioskId, epoch, seq);
      if (refused.length > 0) return !refused.includes(eventId);
      // Below the mark everything has come once, even if its row is pruned by now; of an install that follows another, perhaps there.
      return row.follows_epoch === null && seq >= row.first_seq && seq <= row.high_water;
    },
    keepDead({ kioskId, epoch }, event, letter) {
      const { eventId, seq, kind, payloadSha256 } = event;
      keep.run({
        kioskId,
        epoch,
        eventId,
        seq,
        kind,
        payloadSha256,
        payload: JSON.stringify(event.payload),
        ...letter,
      });
    },
    revive: ({ kioskId }, { eventId, payloadSha256 }, at) => void settle.run(at, kioskId, eventId, payloadSha256),
    advance(origin, seq) {
      const { kioskId, epoch } = origin;
      const row = rowOf(origin);
      let mark = row.high_water;
      while (hasCome(origin, row, mark + 1)) mark += 1;
      move.run(mark, seq, kioskId, epoch);
    },
    highWater: (origin) => rowOf(origin).high_water,
  };
};
