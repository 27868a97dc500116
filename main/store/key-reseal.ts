// Seals everything that hangs from the machine key again, under the keys of the next one. Runs inside the caller's transaction.
// Scans and payloads of cases hang from their case's own key, which is wrapped again and stays the same.

import type Database from 'better-sqlite3';
import { bundleChannels } from '../contract/bundles.ts';
import type { Result } from '../../devices/kit/result.ts';
import { bundleKindOf, bundleTrustKind } from './bundles.ts';
import { caseKeyPlaceOf } from './case-keys.ts';
import type { Keys, Place, Sealer, SealKey } from './envelope.ts';
import { eventPlaceOf, isSealedByItsCase, type EventRow } from './event-row.ts';

export type Resealed = {
  caseKeys: number;
  events: number;
  bundles: number;
  /** Rows that did not open before either; they stay as they are and go into quarantine when they are read. */
  unreadable: number;
};

/** Rows read at once: iterating while writing to the same table is not allowed. */
const pageRows = 500;

export const reseal = (
  db: Database.Database,
  sealer: Sealer,
  old: Keys,
  fresh: Keys,
  onPart: (part: 'caseKeys' | 'events' | 'bundles') => void,
): Resealed => {
  const done: Resealed = { caseKeys: 0, events: 0, bundles: 0, unreadable: 0 };
  const again = (from: SealKey, to: SealKey, sealed: Buffer, place: Place): Buffer | undefined => {
    const plain: Result<Buffer> = sealer.open(from, sealed, place);
    if (!plain.ok) {
      done.unreadable += 1;
      return undefined;
    }
    const result = sealer.seal(to, plain.value, place);
    const proof = sealer.open(to, result, place);
    if (!proof.ok || !proof.value.equals(plain.value))
      throw new Error(`what was sealed again (${place.kind}) is not the same`);
    return result;
  };

  const cases = db.prepare<[number], { seq: number; case_id: string; wrapped_key: Buffer }>(
    `SELECT seq, case_id, wrapped_key FROM cases WHERE wrapped_key IS NOT NULL AND seq > ? ORDER BY seq LIMIT ${pageRows}`,
  );
  const putCase = db.prepare<[Buffer, string]>('UPDATE cases SET wrapped_key = ? WHERE case_id = ?');
  for (let rows = cases.all(-1); rows.length > 0; rows = cases.all(rows.at(-1)?.seq ?? 0))
    for (const { seq, case_id: caseId, wrapped_key: wrapped } of rows) {
      const sealed = again(old.wrapping, fresh.wrapping, wrapped, caseKeyPlaceOf(caseId, seq));
      if (!sealed) continue;
      putCase.run(sealed, caseId);
      done.caseKeys += 1;
    }
  onPart('caseKeys');

  const events = db.prepare<[number], EventRow>(`SELECT * FROM outbox WHERE seq > ? ORDER BY seq LIMIT ${pageRows}`);
  const putEvent = db.prepare<[Buffer, number]>('UPDATE outbox SET sealed = ? WHERE seq = ?');
  for (let rows = events.all(-1); rows.length > 0; rows = events.all(rows.at(-1)?.seq ?? 0))
    for (const row of rows) {
      if (isSealedByItsCase(row)) continue;
      const sealed = again(old.outbox, fresh.outbox, row.sealed, eventPlaceOf(row));
      if (!sealed) continue;
      putEvent.run(sealed, row.seq);
      done.events += 1;
    }
  onPart('events');

  const bundles = db.prepare<[string], { slot: string; sealed: Buffer }>(
    'SELECT slot, sealed FROM bundles WHERE channel = ?',
  );
  const putBundle = db.prepare<[Buffer, string, string]>(
    'UPDATE bundles SET sealed = ? WHERE channel = ? AND slot = ?',
  );
  for (const channel of bundleChannels)
    for (const { slot, sealed: before } of bundles.all(channel)) {
      const sealed = again(old.outbox, fresh.outbox, before, { seq: 0, kind: bundleKindOf(channel) });
      if (!sealed) continue;
      putBundle.run(sealed, channel, slot);
      done.bundles += 1;
    }
  const trust = db.prepare<[], Buffer>('SELECT sealed FROM bundle_trust WHERE id = 1').pluck().get();
  const sealed = trust && again(old.outbox, fresh.outbox, trust, { seq: 0, kind: bundleTrustKind });
  if (sealed) db.prepare<[Buffer]>('UPDATE bundle_trust SET sealed = ? WHERE id = 1').run(sealed);
  onPart('bundles');
  return done;
};
