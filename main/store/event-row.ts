// One row of the outbox: how its envelope hangs on its columns, and how it becomes the event that the centre gets.

import type { EventKind, IntakeEvent } from '../contract/intake.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { sha256Hex } from './canonical.ts';
import type { CaseKeys } from './case-keys.ts';
import type { StoreContext } from './database.ts';
import type { Place, SealKey } from './envelope.ts';

export type EventRow = {
  seq: number;
  event_id: string;
  kind: EventKind;
  case_id: string | null;
  occurred_ms: number;
  boot_id: string;
  monotonic_ms: number;
  payload_sha256: string;
  sealed: Buffer;
};

/** Every column that is sent is bound to the envelope: none of them changes unnoticed. */
export const eventPlaceOf = (row: Omit<EventRow, 'sealed'>): Place => ({
  seq: row.seq,
  kind: `outbox|${row.kind}`,
  columns: [row.event_id, row.case_id, row.occurred_ms, row.boot_id, row.monotonic_ms, row.payload_sha256],
});

/** A case's payload goes with the key of its case; everything else hangs from the machine key. */
export const isSealedByItsCase = (row: EventRow): row is EventRow & { case_id: string } =>
  row.kind === 'case.submitted' && row.case_id !== null;

export const openEvent = (
  { keys, sealer }: Pick<StoreContext, 'keys' | 'sealer'>,
  caseKeys: Pick<CaseKeys, 'of'>,
  row: EventRow,
): Result<IntakeEvent, 'tampered'> => {
  let key: SealKey = keys.outbox;
  if (isSealedByItsCase(row)) {
    const own = caseKeys.of(row.case_id);
    if (!own.ok) return own;
    key = own.value;
  }
  const plain = sealer.open(key, row.sealed, eventPlaceOf(row));
  if (!plain.ok) return plain;
  const text = plain.value.toString('utf8');
  if (sha256Hex(text) !== row.payload_sha256)
    return fail('tampered', 'engineer', `the payload of event ${row.seq} is not the one that was hashed`);
  return ok({
    eventId: row.event_id,
    seq: row.seq,
    kind: row.kind,
    version: 1,
    occurredAt: new Date(row.occurred_ms).toISOString(),
    bootId: row.boot_id,
    monotonicMs: row.monotonic_ms,
    payloadSha256: row.payload_sha256,
    payload: JSON.parse(text) as Record<string, unknown>,
  });
};
