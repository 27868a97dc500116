// Queue numbers. A number is unique by day and prefix at this kiosk; the ticket and the event for the centre commit together.
// How many stand ahead is what this kiosk knows: its own numbers, less those that the centre says are no longer waiting.

import { fail, ok, type Result } from '../../devices/kit/result.ts';
import type { QueueState } from '../contract/intake.ts';
import type { StoreContext } from './database.ts';
import type { StoreCode } from './failure.ts';
import { checkPayload, type InsertEvent } from './outbox.ts';
import { isUuidV7, uuidV7 } from './uuid.ts';

export type TicketState = 'waiting' | 'called' | 'done' | 'left';
export type Ticket = {
  ticketId: string;
  /** As printed: `A001`. */
  number: string;
  sequence: number;
  /** Waiting ahead, as far as this kiosk knows. */
  aheadLocal: number;
};

export type Queue = {
  takeNumber(request: {
    businessCode: string;
    /** Letter of the business, e.g. `A`. */
    prefix: string;
    /** `none`, or the ground on which a person goes first. */
    priority: string;
    atMs: number;
    /** `2026-11-22`, from `dayKeyAt`. */
    dayKey: string;
    /** Idempotency key, a UUIDv7: asked again with it, the same ticket comes back. */
    ticketId?: string;
    /**
     * Numbers that the centre reserved for this kiosk today, in the order of use: no other kiosk prints them. Absent: it reserves none
     * of this letter. When they are used up there is none left to give.
     */
    blocks?: readonly { from: number; to: number }[];
  }): Result<Ticket, StoreCode>;
  ticket(ticketId: string): (Omit<Ticket, 'aheadLocal'> & { state: TicketState; businessCode: string }) | undefined;
  /** `undefined` when the ticket is unknown or no longer waiting. */
  aheadOf(ticketId: string): number | undefined;
  setTicketState(ticketId: string, state: TicketState): Result<void, StoreCode>;
  /**
   * The centre counts everybody who waits, so of our numbers that it knows at most that many can still wait: older ones were
   * called. Numbers that are not sent yet stay as they are.
   */
  applyQueueState(dayKey: string, queue: QueueState): Result<void, StoreCode>;
};

type Row = {
  ticket_id: string;
  day_key: string;
  number: string;
  sequence: number;
  business_code: string;
  priority: string;
  taken_ms: number;
  state: TicketState;
};

export const createQueue = (
  { db, transact }: StoreContext,
  events: { insertEvent: InsertEvent; nextSeq(): number },
): Queue => {
  const find = db.prepare<[string], Row>('SELECT * FROM tickets WHERE ticket_id = ?');
  const last = db
    .prepare<[string, string], number | null>('SELECT max(sequence) FROM tickets WHERE day_key = ? AND prefix = ?')
    .pluck();
  const lastWithin = db
    .prepare<[string, string, number, number], number | null>(
      'SELECT max(sequence) FROM tickets WHERE day_key = ? AND prefix = ? AND sequence BETWEEN ? AND ?',
    )
    .pluck();
  const insert = db.prepare(
    `INSERT INTO tickets (ticket_id, day_key, prefix, sequence, number, business_code, priority, taken_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // Who has priority goes before who has not; among equals the earlier number goes first.
  const ahead = db
    .prepare<{ day: string; business: string; sequence: number; priority: number; id: string }, number>(
      `SELECT count(*) FROM tickets WHERE day_key = $day AND business_code = $business AND state = 'waiting'
       AND ticket_id <> $id AND CASE WHEN $priority THEN priority <> 'none' AND sequence < $sequence
         ELSE priority <> 'none' OR sequence < $sequence END`,
    )
    .pluck();
  const setState = db.prepare<[TicketState, string]>('UPDATE tickets SET state = ? WHERE ticket_id = ?');
  // Order of calling, last one first; the newest `waiting` of them may still wait.
  const callBeyond = db.prepare<[string, string, number]>(
    `UPDATE tickets SET state = 'called' WHERE ticket_id IN (
       SELECT ticket_id FROM tickets t WHERE day_key = ? AND business_code = ? AND state = 'waiting'
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event_id = t.ticket_id)
       ORDER BY priority <> 'none', sequence DESC LIMIT -1 OFFSET ?)`,
  );

  const nextSequence = (
    dayKey: string,
    prefix: string,
    blocks: readonly { from: number; to: number }[] | undefined,
  ): number | undefined => {
    if (!blocks) return (last.get(dayKey, prefix) ?? 0) + 1;
    for (const { from, to } of blocks) {
      const next = (lastWithin.get(dayKey, prefix, from, to) ?? from - 1) + 1;
      if (next <= to) return next;
    }
    return undefined;
  };

  const countAhead = (row: Row): number =>
    ahead.get({
      day: row.day_key,
      business: row.business_code,
      sequence: row.sequence,
      priority: row.priority === 'none' ? 0 : 1,
      id: row.ticket_id,
    }) ?? 0;

  const ticketOf = (row: Row): Ticket => ({
    ticketId: row.ticket_id,
    number: row.number,
    sequence: row.sequence,
    aheadLocal: countAhead(row),
  });

  return {
    takeNumber: ({ businessCode, prefix, priority, atMs, dayKey, blocks, ticketId = uuidV7(atMs) }) =>
      transact((): Result<Ticket, StoreCode> => {
        // The event goes to the centre under the ticket's id.
        if (!isUuidV7(ticketId)) return fail('invalidId', 'system', 'the id of a ticket must be a UUIDv7');
        const earlier = find.get(ticketId);
        if (earlier) return ok(ticketOf(earlier));
        const sequence = nextSequence(dayKey, prefix, blocks);
        if (sequence === undefined)
          return fail('noNumbersLeft', 'hall', `the numbers of ${prefix} reserved for this kiosk are used up`);
        const number = `${prefix}${String(sequence).padStart(3, '0')}`;
        insert.run(ticketId, dayKey, prefix, sequence, number, businessCode, priority, atMs);
        const takenAt = new Date(atMs).toISOString();
        const payload = { ticketId, number, businessCode, priority, takenAt };
        const fits = checkPayload('queue.ticketTaken', payload);
        if (!fits.ok) return fits;
        const seq = events.nextSeq();
        // The event's id is the ticket's own: the same ticket cannot be reported twice.
        events.insertEvent({ seq, eventId: ticketId, kind: 'queue.ticketTaken', payload, occurredAtMs: atMs });
        const row = find.get(ticketId);
        return row ? ok(ticketOf(row)) : fail('notFound', 'system', 'the ticket vanished while it was made');
      }),
    ticket(ticketId) {
      const row = find.get(ticketId);
      if (!row) return undefined;
      const { number, sequence, state, business_code: businessCode } = row;
      return { ticketId, number, sequence, state, businessCode };
    },
    aheadOf(ticketId) {
      const row = find.get(ticketId);
      return row?.state === 'waiting' ? countAhead(row) : undefined;
    },
    setTicketState: (ticketId, state) =>
      transact((): Result<void, StoreCode> =>
        setState.run(state, ticketId).changes > 0
          ? ok(undefined)
          : fail('notFound', 'system', 'there is no such ticket'),
      ),
    applyQueueState: (dayKey, queue) =>
      transact(() => {
        for (const { code, waiting } of queue.businesses) callBeyond.run(dayKey, code, waiting);
        return ok(undefined);
      }),
  };
};
