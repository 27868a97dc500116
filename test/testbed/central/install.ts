// What the centre remembers of an install for ever: how far its sequence came, what was not taken, and whether a second disk counts
// under the same epoch. A sequence number that two events claim cannot be told right from wrong, so from then on nothing new of that
// epoch is merged; what was taken before is still answered `duplicate`.
//
// Read at the beginning of a batch, changed in memory, written down at its end; the kiosk is locked in between.

import type { IntakeEvent } from '../../../main/contract/intake.ts';
import { allIn, type Transaction } from './books.ts';

export type Origin = {
  kioskId: string;
  epoch: string;
  /** The epoch that this one goes on from, and where. */
  follows?: { epoch: string; seq: number } | undefined;
};

export type Install = {
  /** What this install sent was taken under another epoch: its disk is a restored one. */
  noteFollows(epoch: string): void;
  /** Why nothing new of this epoch is merged, or nothing. */
  quarantine(): string | undefined;
  setQuarantine(reason: string): void;
  /** Another event, taken, dead or long forgotten, has had this sequence number. */
  isSeqUsed(event: IntakeEvent): boolean;
  /** Keeps what was not taken, whole, for the centre's own staff. Each time it comes is counted. */
  keepDead(event: IntakeEvent, letter: { status: 'rejected' | 'quarantined'; reason: string; at: string }): void;
  /** Taken under this epoch. */
  noteTaken(event: IntakeEvent): void;
  /** Taken before, perhaps under another epoch, with the same number. */
  noteCame(event: IntakeEvent): void;
  /** Moves the marks and writes everything down; answers how far the sequence has come without a gap. */
  save(): Promise<number>;
};

type InstallRow = {
  follows_epoch: string | null;
  first_seq: number;
  high_water: number;
  highest_seq: number;
  /** Events up to here are forgotten. */
  pruned_to: number;
  quarantine: string | null;
};
type SeqRow = { seq: number; event_id: string };
type Dead = { event: IntakeEvent; status: string; reason: string; at: string };

const stepWhileCatchingUp = 500;

const findOrGreet = async (transaction: Transaction, { kioskId, epoch, follows }: Origin): Promise<InstallRow> => {
  const row = await transaction.get<InstallRow>(
    'SELECT follows_epoch, first_seq, high_water, highest_seq, pruned_to, quarantine FROM installs WHERE kiosk_id = ? AND epoch = ?',
    kioskId,
    epoch,
  );
  if (row) return row;
  const first = follows?.seq ?? 1;
  await transaction.run(
    'INSERT INTO installs (kiosk_id, epoch, follows_epoch, first_seq, high_water, highest_seq) VALUES (?, ?, ?, ?, ?, 0)',
    kioskId,
    epoch,
    follows?.epoch ?? null,
    first,
    first - 1,
  );
  return {
    follows_epoch: follows?.epoch ?? null,
    first_seq: first,
    high_water: first - 1,
    highest_seq: 0,
    pruned_to: 0,
    quarantine: null,
  };
};

export const openInstall = async (
  transaction: Transaction,
  origin: Origin,
  events: readonly IntakeEvent[],
): Promise<Install> => {
  const { kioskId, epoch } = origin;
  const row = await findOrGreet(transaction, origin);
  const taken = new Set<number>();
  const came = new Set<number>();
  const refused = new Map<number, Set<string>>();
  const noteRefused = (seq: number, eventId: string): void =>
    void refused.set(seq, (refused.get(seq) ?? new Set()).add(eventId));

  // Above the highest number that ever came there is nothing to look up.
  const maybeKnown = events.map(({ seq }) => seq).filter((seq) => seq <= row.highest_seq);
  const before = await allIn<SeqRow>(
    transaction,
    (list) => `SELECT seq, event_id FROM events WHERE kiosk_id = ? AND epoch = ? AND seq IN (${list})`,
    [kioskId, epoch],
    maybeKnown,
  );
  for (const { seq } of before) taken.add(seq);
  const dead = await allIn<SeqRow>(
    transaction,
    (list) =>
      `SELECT seq, event_id FROM dead_letters WHERE kiosk_id = ? AND epoch = ? AND status = 'rejected' AND seq IN (${list})`,
    [kioskId, epoch],
    maybeKnown,
  );
  for (const { seq, event_id: eventId } of dead) noteRefused(seq, eventId);

  const letters: Dead[] = [];
  /** An install that goes on from another one has its earlier numbers there. */
  const cameBetween = async (from: number, to: number): Promise<Set<number>> => {
    const [where, values] =
      row.follows_epoch === null ? ['kiosk_id = ? AND epoch = ?', [kioskId, epoch]] : ['kiosk_id = ?', [kioskId]];
    const rows = await transaction.all<{ seq: number }>(
      `SELECT seq FROM events WHERE ${where} AND seq BETWEEN ? AND ?
       UNION SELECT seq FROM dead_letters WHERE ${where} AND seq BETWEEN ? AND ? AND status = 'rejected'`,
      ...values,
      from,
      to,
      ...values,
      from,
      to,
    );
    return new Set(rows.map(({ seq }) => seq));
  };

  const moveMark = async (): Promise<number> => {
    let mark = row.high_water;
    for (;;) {
      while (taken.has(mark + 1) || came.has(mark + 1) || refused.has(mark + 1)) mark += 1;
      if (row.follows_epoch === null && row.highest_seq <= mark) return mark;
      // The next number first: as long as it is missing, what lies above it is not read again with each batch.
      if (!(await cameBetween(mark + 1, mark + 1)).has(mark + 1)) return mark;
      const earlier = await cameBetween(mark + 1, mark + stepWhileCatchingUp);
      while (earlier.has(mark + 1)) mark += 1;
    }
  };

  const saveLetter = ({ event, status, reason, at }: Dead): Promise<void> =>
    transaction.run(
      `INSERT INTO dead_letters
         (kiosk_id, epoch, seq, event_id, payload_sha256, status, kind, payload, reason, first_at, last_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (kiosk_id, epoch, seq, event_id, payload_sha256) DO UPDATE SET times = dead_letters.times + 1,
         last_at = excluded.last_at, status = excluded.status, reason = excluded.reason`,
      kioskId,
      epoch,
      event.seq,
      event.eventId,
      event.payloadSha256,
      status,
      event.kind,
      JSON.stringify(event.payload),
      reason,
      at,
      at,
    );

  return {
    noteFollows(earlier) {
      row.follows_epoch ??= earlier;
    },
    quarantine: () => row.quarantine ?? undefined,
    setQuarantine(reason) {
      row.quarantine ??= reason;
    },
    isSeqUsed({ eventId, seq }) {
      if (taken.has(seq)) return true;
      const others = refused.get(seq);
      if (others) return !others.has(eventId);
      // Below the mark everything has come once, even if its row is forgotten by now; of an install that follows another, perhaps there.
      if (seq <= row.pruned_to) return true;
      return row.follows_epoch === null && seq >= row.first_seq && seq <= row.high_water;
    },
    keepDead(event, letter) {
      letters.push({ event, ...letter });
      if (letter.status === 'rejected') noteRefused(event.seq, event.eventId);
    },
    noteTaken: ({ seq }) => void taken.add(seq),
    noteCame: ({ seq }) => void came.add(seq),
    async save() {
      for (const letter of letters) await saveLetter(letter);
      const mark = await moveMark();
      const highest = Math.max(row.highest_seq, ...events.map(({ seq }) => seq));
      await transaction.run(
        'UPDATE installs SET high_water = ?, highest_seq = ?, follows_epoch = ?, quarantine = ? WHERE kiosk_id = ? AND epoch = ?',
        mark,
        highest,
        row.follows_epoch,
        row.quarantine,
        kioskId,
        epoch,
      );
      return mark;
    },
  };
};
