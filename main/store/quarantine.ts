// What happens to a row that does not open any more: it is moved aside with the reason, staff see it, the log says it, service
// goes on. Nothing here reads or keeps personal data: what could not be opened cannot be read by anybody.

import { ok, type Result } from '../../devices/kit/result.ts';
import type { Audit } from './audit.ts';
import type { StoreContext } from './database.ts';
import type { StorageCode } from './failure.ts';

export type Quarantined = {
  source: 'event' | 'scan';
  /** Outbox sequence of the event, or of the case that the scan belongs to. */
  seq: number;
  kind: string;
  reason: string;
  atMs: number;
};

/** Something on disk is not what was written. */
export type Damage = { where: string; reason: string };

export type Quarantine = {
  /** Moves what `row` says; `remove` deletes the original inside the same transaction. */
  isolate(
    row: Omit<Quarantined, 'atMs'> & { caseId: string | null; plain: Record<string, unknown>; sealed: Buffer },
    remove: () => void,
  ): Result<void, StorageCode>;
  quarantined(): Quarantined[];
  /** For what cannot be moved aside: a draft, an answer of a device. Said once a place and run. */
  reportDamage(damage: Damage): void;
};

export const createQuarantine = (
  { db, clock, transact }: StoreContext,
  audit: Audit['audit'],
  onDamage: (damage: Damage) => void,
): Quarantine => {
  const insert = db.prepare(
    `INSERT INTO quarantine (source, seq, kind, case_id, reason, plain, sealed, found_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const list = db.prepare<[], Quarantined>(
    'SELECT source, seq, kind, reason, found_ms AS atMs FROM quarantine ORDER BY seq, id',
  );
  const told = new Set<string>();
  const reportDamage = (damage: Damage): void => {
    if (told.has(damage.where)) return;
    told.add(damage.where);
    onDamage(damage);
  };
  return {
    isolate({ source, seq, kind, reason, caseId, plain, sealed }, remove) {
      const where = `${source} ${seq}`;
      // Told before the move, which a full disk may refuse: the damage is there either way.
      reportDamage({ where: source === 'scan' ? `${where} ${kind}` : where, reason });
      return transact((): Result<void, StorageCode> => {
        insert.run(source, seq, kind, caseId, reason.slice(0, 500), JSON.stringify(plain), sealed, clock.now());
        remove();
        const noted = audit({ who: 'system', role: 'system', act: 'rowQuarantined', detail: where, ok: false });
        return noted.ok ? ok(undefined) : noted;
      });
    },
    quarantined: () => list.all(),
    reportDamage,
  };
};
