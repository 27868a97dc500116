import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { IntakeEvent } from '../contract/intake.ts';
import { checkFile, type CheckReport } from './check.ts';
import { createSealer, deriveKeys } from './envelope.ts';
import { eventPlaceOf, type EventRow } from './event-row.ts';
import { inspectFile } from './inspection.ts';
import { keepDays, type Store } from './open.ts';
import type { Damage } from './quarantine.ts';
import {
  codeOf,
  createPlace,
  kioskId,
  machineKey,
  morningMs,
  page,
  rating,
  submission,
  valueOf,
} from './store-fixture.ts';

const batchOf = (store: Store, limit = 50): IntakeEvent[] => valueOf(store.nextBatch(limit));

const alter = (path: string, sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

const checked = (path: string): CheckReport => {
  using file = valueOf(inspectFile({ path, machineKey, kioskId }));
  return checkFile(file);
};

const found = (path: string): string[] => checked(path).problems.map(({ code, where }) => `${code}: ${where}`);

describe('quarantine', () => {
  it('moves an event whose envelope was damaged into quarantine, tells it, and goes on with the rest', () => {
    using place = createPlace();
    const damage: Damage[] = [];
    const store = valueOf(place.open());
    for (let count = 0; count < 3; count++) valueOf(store.enqueue('rating.given', rating()));
    store.close();
    const db = new Database(place.path);
    db.prepare("UPDATE outbox SET sealed = CAST(sealed || x'00' AS BLOB) WHERE seq = 2").run();
    db.close();
    const again = valueOf(place.open({ onDamage: (one) => void damage.push(one) }));
    expect(batchOf(again).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(batchOf(again).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(again.deadLetters()).toMatchObject([{ seq: 2, reason: 'tampered' }]);
    expect(again.quarantined()).toMatchObject([{ source: 'event', seq: 2, kind: 'rating.given', reason: 'tampered' }]);
    expect(again.depth()).toBe(2);
    expect(codeOf(again.retryDead(2))).toBe('tampered');
    expect(damage).toEqual([{ where: 'event 2', reason: 'tampered' }]);
    expect(again.auditLines({ limit: 9 })).toMatchObject([{ act: 'rowQuarantined', detail: 'event 2', ok: false }]);
  });

  it.each([
    ['event_id', "'0193b1f0-0000-7000-8000-000000000000'"],
    ['occurred_ms', 'occurred_ms + 1'],
    ['boot_id', "'0193b1f0-0000-7000-8000-000000000000'"],
    ['monotonic_ms', 'monotonic_ms + 1'],
    ['kind', "'help.called'"],
    ['payload_sha256', "printf('%064d', 0)"],
  ])('sends nothing whose %s was changed', (column, value) => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.enqueue('rating.given', rating()));
    store.close();
    const db = new Database(place.path);
    const changed = db.prepare(`UPDATE outbox SET ${column} = ${value}`).run();
    db.close();
    expect(changed.changes).toBe(1);
    const again = valueOf(place.open());
    expect(batchOf(again)).toEqual([]);
    expect(again.quarantined()).toHaveLength(1);
  });

  it('still opens envelopes that an older version sealed', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const { eventId } = valueOf(store.enqueue('rating.given', rating()));
    const { epoch } = store;
    store.close();
    const db = new Database(place.path);
    const keys = deriveKeys(machineKey, epoch);
    const sealer = createSealer(kioskId, epoch);
    const row = db.prepare<[], EventRow>('SELECT * FROM outbox').get();
    if (!row) throw new Error('no row');
    const plain = valueOf(sealer.open(keys.outbox, row.sealed, eventPlaceOf(row)));
    const old = sealer.seal(keys.outbox, plain, { seq: row.seq, kind: `outbox|${row.kind}` });
    expect(old[0]).toBe(1);
    db.prepare('UPDATE outbox SET sealed = ?').run(old);
    db.close();
    expect(batchOf(valueOf(place.open())).map((event) => event.eventId)).toEqual([eventId]);
  });

  it('takes a damaged chunk of a scan aside and never gives the scan out', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const scan = page(600_000);
    valueOf(store.submitCase(submission([scan])));
    store.close();
    alter(
      place.path,
      `UPDATE blob_chunks SET sealed = CAST(sealed || x'00' AS BLOB) WHERE sha256 = '${scan.sha256}' AND chunk = 1`,
    );
    const damage: Damage[] = [];
    const again = valueOf(place.open({ onDamage: (one) => void damage.push(one) }));
    expect(codeOf(again.readBlob(scan.sha256))).toBe('tampered');
    expect(codeOf(again.readBlob(scan.sha256))).toBe('tampered');
    expect(again.quarantined()).toMatchObject([{ source: 'scan', seq: 1, kind: 'chunk 2/3', reason: 'tampered' }]);
    expect(damage).toEqual([{ where: 'scan 1 chunk 2/3', reason: 'tampered' }]);
    // The case waits with its other pages, and nobody takes the scan for a sent one.
    expect(again.pendingUploads().map(({ sha256 }) => sha256)).toContain(scan.sha256);
    expect(batchOf(again)).toEqual([]);
  });
});

describe('the tables themselves', () => {
  it('are refused when their description was changed', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    alter(place.path, 'ALTER TABLE tickets ADD COLUMN more TEXT');
    expect(codeOf(place.open())).toBe('storeDamaged');
  });

  it('get back the triggers that keep the audit log append-only', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    alter(place.path, 'DROP TRIGGER audit_no_delete');
    const damage: Damage[] = [];
    const store = valueOf(place.open({ onDamage: (one) => void damage.push(one) }));
    expect(damage.map(({ where }) => where)).toEqual(['trigger audit_no_delete']);
    valueOf(store.audit({ who: 'w', role: 'manager', act: 'x', detail: '', ok: true }));
    expect(() => alter(place.path, 'DELETE FROM audit')).toThrow('append-only');
  });
});

describe('checking a file', () => {
  const filled = (path: string, store: Store): void => {
    valueOf(store.submitCase(submission([page(300_000)])));
    for (let count = 0; count < 4; count++) valueOf(store.enqueue('rating.given', rating()));
    for (let count = 0; count < 3; count++)
      valueOf(store.audit({ who: 'w', role: 'manager', act: 'openCell', detail: `cell ${count}`, ok: true }));
    expect(path).toBe(store.path);
  };

  it('finds nothing in a sound one, also while the kiosk has it open', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    filled(place.path, store);
    expect(checked(place.path)).toMatchObject({
      problems: [],
      isRestored: false,
      counts: { cases: 1, events: 5, scans: 2, auditLines: 3, quarantined: 0 },
      audit: { intact: true, lines: 3 },
    });
    valueOf(store.enqueue('rating.given', rating()));
    store.close();
    expect(found(place.path)).toEqual([]);
  });

  const noTriggers = 'DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;';
  const triggers = ['structure: trigger audit_no_delete', 'structure: trigger audit_no_update'];
  it.each([
    ['a lost event', 'DELETE FROM outbox WHERE seq = 3', ['sequenceGap: event 3']],
    ['lost events at the end', 'DELETE FROM outbox WHERE seq > 3', ['sequenceGap: events 4-5']],
    ['a counter set back', "UPDATE meta SET value = '3' WHERE name = 'nextSeq'", ['sequenceBehind: counter 3']],
    ['a changed time', 'UPDATE outbox SET occurred_ms = 1 WHERE seq = 2', ['event: event 2 (rating.given)']],
    [
      'a case whose event is gone',
      'DELETE FROM outbox WHERE seq = 1',
      ['caseWithoutEvent: case row 1', 'sequenceGap: event 1'],
    ],
    ['a lost line', `${noTriggers} DELETE FROM audit WHERE seq = 2`, [...triggers, 'audit: line 2']],
    ['an edited line', `${noTriggers} UPDATE audit SET who = 'x' WHERE seq = 3`, [...triggers, 'audit: line 3']],
  ])('finds %s', (_name, sql, problems) => {
    using place = createPlace();
    const store = valueOf(place.open());
    filled(place.path, store);
    store.close();
    alter(place.path, sql);
    expect(found(place.path)).toEqual(problems);
  });

  it('finds a lost and a changed chunk, and a key that does not open', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    filled(place.path, store);
    store.close();
    const good = readFileSync(place.path);
    alter(place.path, 'DELETE FROM blob_chunks WHERE chunk = 1');
    expect(checked(place.path).problems).toMatchObject([
      { code: 'scan', detail: '262144 of 300000 bytes can be read' },
    ]);
    writeFileSync(place.path, good);
    alter(place.path, "UPDATE blob_chunks SET sealed = CAST(sealed || x'00' AS BLOB) WHERE chunk = 1");
    expect(checked(place.path).problems.map(({ code }) => code)).toEqual(['scan', 'scan']);
    writeFileSync(place.path, good);
    alter(place.path, 'UPDATE cases SET wrapped_key = randomblob(61)');
    expect(checked(place.path).problems.map(({ code }) => code)).toEqual(['event', 'caseKey', 'caseKey']);
  });

  it('does not take forgotten receipts for lost events', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    for (let count = 0; count < 3; count++) {
      const { eventId } = valueOf(store.enqueue('rating.given', rating()));
      const payloadSha256 = batchOf(store).find((event) => event.eventId === eventId)?.payloadSha256 ?? '';
      const receipt = { receivedAt: new Date(morningMs).toISOString(), payloadSha256, signature: 'c2ln' };
      // The second one waits and is answered after the others are forgotten.
      if (count !== 1) valueOf(store.settle(eventId, { eventId, status: 'accepted', receipt }));
    }
    await place.clock.advance((keepDays.receipts + 1) * 24 * 60 * 60 * 1000);
    valueOf(store.prune(place.clock.now()));
    expect(found(place.path)).toEqual([]);
    store.close();
    expect(valueOf(valueOf(place.open()).enqueue('rating.given', rating())).seq).toBe(4);
  });

  it.each([
    ['storeMissing', (path: string) => writeFileSync(path, '')],
    ['storeDamaged', (path: string) => writeFileSync(path, '<html>'.repeat(1000))],
    ['storeNewer', (path: string) => alter(path, 'PRAGMA user_version = 99')],
    ['storeOlder', (path: string) => alter(path, 'PRAGMA user_version = 2')],
    ['wrongKey', (path: string) => alter(path, "UPDATE meta SET value = 'x' WHERE name = 'keyCheck'")],
    ['otherKiosk', (path: string) => alter(path, "UPDATE meta SET value = 'x' WHERE name = 'kioskId'")],
  ])('answers %s', (code, change) => {
    using place = createPlace();
    valueOf(place.open()).close();
    change(place.path);
    expect(codeOf(inspectFile({ path: place.path, machineKey, kioskId }))).toBe(code);
  });

  it('says that another process keeps the file locked', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    const other = new Database(place.path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    expect(codeOf(inspectFile({ path: place.path, machineKey, kioskId }))).toBe('storeBusy');
    other.close();
  });
});
