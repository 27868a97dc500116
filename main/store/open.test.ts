import { chmodSync, copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import { openDatabase } from './database.ts';
import { loadMachineKey } from './machine-key.ts';
import { codeOf, createPlace, kioskId, machineKey, morningMs, rating, submission, valueOf } from './store-fixture.ts';

describe('opening', () => {
  it('runs with FULL, WAL, secure_delete and foreign keys after the first write', () => {
    using place = createPlace();
    const context = valueOf(
      openDatabase({
        path: place.path,
        machineKey,
        kioskId,
        clock: createFakeClock(morningMs),
        timeZone: 'Asia/Shanghai',
        shortId: 'HALL01',
        monotonicMs: () => 0,
      }),
    );
    const { db } = context;
    db.prepare("INSERT INTO assignments VALUES ('printer', '/dev/ttyS1')").run();
    const read = (name: string): unknown => db.pragma(name, { simple: true });
    expect({
      synchronous: read('synchronous'),
      journal: read('journal_mode'),
      secureDelete: read('secure_delete'),
      foreignKeys: read('foreign_keys'),
    }).toEqual({ synchronous: 2, journal: 'wal', secureDelete: 1, foreignKeys: 1 });
    db.close();
  });

  it('makes files that only their owner may read', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.countSession());
    for (const name of readdirSync(place.folder))
      expect([name, statSync(join(place.folder, name)).mode & 0o077]).toEqual([name, 0]);
    expect(readdirSync(place.folder)).toContain('kiosk.db-wal');
  });

  it('keeps epoch, counts and the next sequence over a restart', () => {
    using place = createPlace();
    const first = valueOf(place.open());
    const { epoch, bootId } = first;
    valueOf(first.enqueue('rating.given', rating()));
    first.close();
    const second = valueOf(place.open());
    expect(second.epoch).toBe(epoch);
    expect(second.bootId).not.toBe(bootId);
    expect(valueOf(second.enqueue('rating.given', rating())).seq).toBe(2);
    expect(second.depth()).toBe(2);
  });

  it('migrates an empty version-0 file and bears the number of its last migration', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    const db = new Database(place.path, { readonly: true });
    const files = readdirSync(new URL('./migrations/', import.meta.url));
    expect(db.pragma('user_version', { simple: true })).toBe(Number(files.toSorted().at(-1)?.slice(0, 4)));
    db.close();
  });

  it('upgrades a store that an older version left, with its rows', () => {
    using place = createPlace();
    const old = new Database(place.path);
    old.exec(readFileSync(new URL('./migrations/0001-foundation.sql', import.meta.url), 'utf8'));
    old.pragma('user_version = 1');
    old.prepare("INSERT INTO ratings VALUES ('r', NULL, 'v', '2026-11-22')").run();
    old.close();
    const store = valueOf(place.open());
    expect(store.today('2026-11-22')).toEqual({ sessions: 0, cases: 0, tickets: 0, ratings: 1 });
    expect(store.verifyAudit()).toEqual({ intact: true, lines: 0 });
  });

  it('refuses a store of a newer version and leaves it as it is', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    const db = new Database(place.path);
    db.pragma('user_version = 999');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const before = readFileSync(place.path);
    expect(codeOf(place.open())).toBe('storeNewer');
    expect(readFileSync(place.path).equals(before)).toBe(true);
  });

  it('refuses another key and another kiosk', () => {
    using place = createPlace();
    valueOf(place.open()).close();
    expect(codeOf(place.open({ machineKey: Buffer.alloc(32, 8) }))).toBe('wrongKey');
    expect(codeOf(place.open({ kioskId: 'ezhou-hall-02' }))).toBe('otherKiosk');
    expect(codeOf(place.open())).toBe('ok');
  });

  it.each([
    [
      'a file that is no database',
      () => Buffer.from('<html>not a database, but long enough to be read as one</html>'.repeat(30)),
    ],
    [
      'a database with a torn page',
      (good: Buffer) => {
        const torn = Buffer.from(good);
        torn.fill(0xee, 3 * 4096, 4 * 4096);
        return torn;
      },
    ],
    ['a database cut short', (good: Buffer) => good.subarray(0, Math.floor(good.length / 2))],
  ])('refuses %s and leaves every byte as it was', (_name, damage) => {
    using place = createPlace();
    valueOf(place.open()).close();
    const bad = damage(readFileSync(place.path));
    writeFileSync(place.path, bad);
    expect(codeOf(place.open())).toBe('storeDamaged');
    expect(readFileSync(place.path).equals(bad)).toBe(true);
    expect(readdirSync(place.folder)).toContain('kiosk.db');
  });

  it('says that a folder is missing instead of throwing', () => {
    using place = createPlace();
    expect(codeOf(place.open({ path: join(place.folder, 'nowhere', 'kiosk.db') }))).toBe('storeFailed');
  });
});

describe('backup', () => {
  it('is a whole store that opens under the same key, made while writes go on', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.submitCase(submission()));
    const target = join(place.folder, 'backup.db');
    const running = store.backup(target);
    valueOf(store.enqueue('rating.given', rating()));
    valueOf(await running);
    expect(statSync(target).mode & 0o077).toBe(0);
    const copy = valueOf(place.open({ path: target }));
    expect(copy.epoch).toBe(store.epoch);
    expect(copy.today('2026-11-22').cases).toBe(1);
    copy.close();
  });

  it('answers with a failure when it cannot be written', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    expect(codeOf(await store.backup(join(place.folder, 'missing', 'backup.db')))).toBe('storeFailed');
  });
});

describe('the machine key', () => {
  it('is made once with mode 0600 and read again', () => {
    using place = createPlace();
    const path = join(place.folder, 'keys', 'machine.key');
    const key = valueOf(loadMachineKey(path));
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(valueOf(loadMachineKey(path)).equals(key)).toBe(true);
  });

  it('is refused when others may read it or when it has another length', () => {
    using place = createPlace();
    const path = join(place.folder, 'machine.key');
    valueOf(loadMachineKey(path));
    chmodSync(path, 0o640);
    expect(codeOf(loadMachineKey(path))).toBe('keyFileMode');
    const short = join(place.folder, 'short.key');
    writeFileSync(short, Buffer.alloc(31), { mode: 0o600 });
    expect(codeOf(loadMachineKey(short))).toBe('keyFileLength');
    copyFileSync(short, path);
    expect(readFileSync(short)).toHaveLength(31);
  });
});

it('opens after a power cut during its very first opening, when a rollback journal is left', () => {
  using place = createPlace();
  const raw = new Database(place.path);
  // So few pages in memory that unfinished changes go to the file, and what was there before to the journal.
  raw.pragma('cache_size = 1');
  raw.exec(
    'BEGIN; CREATE TABLE began (x); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000) INSERT INTO began SELECT x FROM n',
  );
  const files = ['', '-journal'].map((end) => readFileSync(`${place.path}${end}`));
  raw.close();
  for (const [index, end] of ['', '-journal'].entries()) writeFileSync(`${place.path}${end}`, files[index] ?? '');
  const store = valueOf(place.open());
  expect(valueOf(store.enqueue('rating.given', rating())).seq).toBe(1);
});
