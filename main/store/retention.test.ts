import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { checkFile } from './check.ts';
import { inspectFile } from './inspection.ts';
import type { Store } from './open.ts';
import { retentionDays } from './retention.ts';
import { createPlace, kioskId, machineKey, morningMs, page, rating, submission, valueOf } from './store-fixture.ts';

const dayMs = 24 * 60 * 60 * 1000;
const entry = { who: 'wang', role: 'manager', act: 'openCell', detail: 'cell 1', ok: true } as const;

const write = (store: Store, lines: number): void => {
  for (let line = 0; line < lines; line += 1) valueOf(store.audit(entry));
};
/** Days as the upkeep has them: one look each, at a time that the centre confirms. */
const live = (store: Store, from: number, days: number): void => {
  for (let day = from; day < from + days; day += 1) valueOf(store.prune(morningMs + day * dayMs));
};

describe('audit lines', () => {
  it('go after 190 days of confirmed time, and the rest still proves itself', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    write(store, 5);
    live(store, 0, 1);
    write(store, 5);
    live(store, 1, retentionDays.auditLines);
    expect(store.auditLines({ limit: 20 })).toHaveLength(10);
    live(store, retentionDays.auditLines + 1, 1);
    expect(store.auditLines({ limit: 20 }).map(({ seq }) => seq)).toEqual([10, 9, 8, 7, 6]);
    expect(store.verifyAudit()).toEqual({ intact: true, lines: 5 });
    write(store, 1);
    store.close();
    const again = valueOf(place.open());
    expect(again.verifyAudit()).toEqual({ intact: true, lines: 6 });
    expect(again.auditHead()?.seq).toBe(11);
  });

  it('stay when their own times say that they are old', () => {
    using place = createPlace();
    const store = valueOf(place.open({ clock: { now: () => 0, after: () => () => undefined } }));
    write(store, 3);
    live(store, 0, 3);
    expect(store.auditLines({ limit: 10 })).toHaveLength(3);
  });

  it('stay while the centre does not have their head', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    write(store, 3);
    const { seq, hash } = store.auditHead() ?? { seq: 0, hash: '' };
    const headId = '0190f3c0-0000-7000-8000-000000000001';
    const notedAt = new Date(morningMs).toISOString();
    valueOf(store.enqueue('audit.headNoted', { headId, seq, hash, notedAt }));
    live(store, 0, retentionDays.auditLines + 2);
    expect(store.auditLines({ limit: 10 })).toHaveLength(3);
  });

  it('leave the last one, however old', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    write(store, 3);
    live(store, 0, retentionDays.auditLines + 2);
    expect(store.auditLines({ limit: 10 }).map(({ seq }) => seq)).toEqual([3]);
    write(store, 1);
    expect(store.verifyAudit()).toEqual({ intact: true, lines: 2 });
  });

  it.each([
    [
      'the start moved on',
      "UPDATE meta SET value = replace(value, '5|', '6|') WHERE name = 'auditStart'",
      'startChanged',
    ],
    ['the start taken away', "DELETE FROM meta WHERE name = 'auditStart'", 'missing'],
    ['another line gone', 'DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 6', 'missing'],
  ])('%s is found', (_name, sql, how) => {
    using place = createPlace();
    const store = valueOf(place.open());
    write(store, 5);
    live(store, 0, 1);
    write(store, 5);
    live(store, 1, retentionDays.auditLines + 1);
    expect(store.verifyAudit().intact).toBe(true);
    const db = new Database(place.path);
    db.exec(sql);
    db.close();
    expect(store.verifyAudit()).toMatchObject({ intact: false, how });
  });

  it('do not go for marks that somebody else set', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    write(store, 5);
    const db = new Database(place.path);
    const marks = JSON.stringify([{ atMs: 0, line: 4, seq: 0 }]);
    db.prepare("INSERT INTO meta VALUES ('retentionMarks', ?)").run(`${'0'.repeat(64)}|${marks}`);
    db.close();
    live(store, 0, 2);
    expect(store.auditLines({ limit: 10 })).toHaveLength(5);
  });
});

describe('a dead letter', () => {
  it('is shredded at the end of its time, with a line in the log; what still waits never is', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const scan = page(4000);
    const given = submission([scan]);
    valueOf(store.submitCase(given));
    valueOf(store.bury({ caseId: given.caseId }, 'refused'));
    valueOf(store.enqueue('rating.given', rating()));
    live(store, 0, retentionDays.deadLetters + 1);
    expect(store.deadLetters()).toHaveLength(1);
    const db = new Database(place.path, { readonly: true });
    const wrapped = db.prepare<[], Buffer>('SELECT wrapped_key FROM cases').pluck().get();
    db.close();
    if (!wrapped) throw new Error('the case should have a key');
    live(store, retentionDays.deadLetters + 1, 1);
    expect(store.deadLetters()).toEqual([]);
    expect(store.depth()).toBe(1);
    expect(store.readBlob(scan.sha256).ok).toBe(false);
    expect(store.auditLines({ limit: 1 })[0]).toMatchObject({ act: 'retentionEnded', detail: '#1 case.submitted' });
    // Neither in the file nor beside it: what the key sealed is noise for good, wherever copies of it lie.
    for (const end of ['', '-wal']) expect(readFileSync(`${place.path}${end}`).includes(wrapped)).toBe(false);
    store.close();
    using file = valueOf(inspectFile({ path: place.path, machineKey, kioskId }));
    expect(checkFile(file).problems).toEqual([]);
  });
});
