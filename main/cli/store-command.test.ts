import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openStore, type Store } from '../store/open.ts';
import { applicantNumber, kioskId, machineKey, page, rating, submission, valueOf } from '../store/store-fixture.ts';
import { storeCheck, storeVerifyAudit } from './store-check-command.ts';
import { storeBackup, storeExport, storeRestore } from './store-copy-command.ts';
import type { Command } from './command.ts';
import { fillHallFolder } from './test-hall-folder.ts';
import { createTestIo } from './test-io.ts';

type Hall = Disposable & { folder: string; path: string; keyFile: string; open(): Store; call: Call };
type Call = (
  command: Command,
  positionals?: string[],
  values?: Record<string, string | boolean>,
) => Promise<{ code: number; out: string; err: string; json: Record<string, unknown> }>;

/** A kiosk's folder with its configuration and key. */
const createHall = (language: 'zh' | 'en' = 'en'): Hall => {
  const folder = mkdtempSync(join(tmpdir(), 'store-cli-'));
  const { config, keyFile, path } = fillHallFolder(folder, { kioskKeyFile: join(folder, 'central.key') });
  const open: Store[] = [];
  return {
    folder,
    path,
    keyFile,
    open() {
      const store = valueOf(openStore({ path, machineKey, kioskId }));
      open.push(store);
      return store;
    },
    async call(command, positionals = [], values = {}) {
      const io = createTestIo({ language });
      const code = await command.run({ positionals, values: { config, ...values }, isJson: false }, io);
      const asJson = createTestIo({ language });
      // Only what changes nothing is asked twice.
      if (command === storeCheck || command === storeVerifyAudit)
        await command.run({ positionals, values: { config, ...values }, isJson: true }, asJson);
      const json = asJson.outLines.join('\n');
      return {
        code,
        out: io.outLines.join('\n'),
        err: io.errLines.join('\n'),
        json: json === '' ? {} : (JSON.parse(json) as Record<string, unknown>),
      };
    },
    [Symbol.dispose]() {
      for (const store of open) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const fill = (store: Store): void => {
  valueOf(store.submitCase(submission([page(20_000)], { at: Date.now() })));
  for (let count = 0; count < 3; count++) valueOf(store.enqueue('rating.given', rating()));
  for (let count = 0; count < 4; count++)
    valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: `cell ${count}`, ok: true }));
};

const alter = (path: string, sql: string): void => {
  const db = new Database(path);
  db.exec(sql);
  db.close();
};

describe('store check', () => {
  test('finds nothing in the store of a running kiosk', async () => {
    using hall = createHall();
    fill(hall.open());
    const done = await hall.call(storeCheck);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain('the audit log is whole, 4 lines');
    expect(done.json).toMatchObject({ ok: true, problems: [], counts: { cases: 1, events: 4, scans: 2 } });
  });

  test('names every damage', async () => {
    using hall = createHall();
    const store = hall.open();
    fill(store);
    store.close();
    alter(
      hall.path,
      'UPDATE outbox SET monotonic_ms = monotonic_ms + 1 WHERE seq = 3; DELETE FROM outbox WHERE seq = 2',
    );
    const done = await hall.call(storeCheck);
    expect(done.code).toBe(1);
    expect(done.json).toMatchObject({ problems: [{ code: 'event' }, { code: 'sequenceGap', where: 'event 2' }] });
  });

  test.each([
    ['a missing store', (hall: Hall) => rmSync(hall.path), 'storeMissing', '没有这个文件'],
    ['a newer store', (hall: Hall) => alter(hall.path, 'PRAGMA user_version = 99'), 'storeNewer', '更新版本'],
    ['an older store', (hall: Hall) => alter(hall.path, 'PRAGMA user_version = 1'), 'storeOlder', '旧版软件'],
    ['no database', (hall: Hall) => writeFileSync(hall.path, 'x'.repeat(9999)), 'storeDamaged', '已损坏'],
    ['another key', (hall: Hall) => writeFileSync(hall.keyFile, Buffer.alloc(32, 1)), 'wrongKey', '不是用本机密钥'],
    ['no key', (hall: Hall) => rmSync(hall.keyFile), 'keyFileMissing', '没有密钥文件'],
    ['an open key', (hall: Hall) => chmodSync(hall.keyFile, 0o644), 'keyFileMode', 'chmod 600'],
  ])('has words for %s', async (_name, change, code, words) => {
    using hall = createHall('zh');
    hall.open().close();
    change(hall);
    const done = await hall.call(storeCheck);
    expect(done.code).toBe(1);
    expect(done.err).toContain(words);
    expect(done.json).toMatchObject({ ok: false, code });
    // A command that looks makes no key.
    expect(existsSync(hall.keyFile)).toBe(code !== 'keyFileMissing');
  });

  test('says that the file is locked', async () => {
    using hall = createHall('zh');
    hall.open().close();
    const other = new Database(hall.path);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    const done = await hall.call(storeCheck);
    expect([done.code, done.json['code']]).toEqual([1, 'storeBusy']);
    expect(done.err).toContain('终端正在运行');
    other.close();
  });
});

describe('store verify-audit', () => {
  const noTriggers = 'DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;';
  test.each([
    ['an edit', `${noTriggers} UPDATE audit SET detail = 'x' WHERE seq = 2`, { brokenAtSeq: 2, how: 'changed' }],
    ['a deletion', `${noTriggers} DELETE FROM audit WHERE seq = 2`, { brokenAtSeq: 2, how: 'missing' }],
    ['a cut', `${noTriggers} DELETE FROM audit WHERE seq > 2`, { brokenAtSeq: 3, how: 'cutShort' }],
    ['a lost head', "DELETE FROM meta WHERE name = 'auditHead'", { brokenAtSeq: 5, how: 'headChanged' }],
    [
      'a reorder',
      `${noTriggers} UPDATE audit SET seq = seq + 90 WHERE seq IN (2, 3); UPDATE audit SET seq = 95 - seq WHERE seq > 90`,
      { brokenAtSeq: 2, how: 'changed' },
    ],
  ])('finds %s and says where', async (_name, sql, verdict) => {
    using hall = createHall();
    const store = hall.open();
    fill(store);
    store.close();
    expect(await hall.call(storeVerifyAudit)).toMatchObject({ code: 0, json: { intact: true, lines: 4 } });
    alter(hall.path, sql);
    expect(await hall.call(storeVerifyAudit)).toMatchObject({ code: 1, json: { intact: false, ...verdict } });
  });
});

describe('store backup and restore', () => {
  test('a copy made while another process writes is whole and comes back with an install id of its own', async () => {
    using hall = createHall();
    const loop = spawn(process.execPath, [new URL('../store/write-loop.ts', import.meta.url).pathname, hall.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(loop, 'exit');
    await once(loop.stdout, 'data');
    loop.stdout.resume();
    const copies = [];
    for (const name of ['a.db', 'b.db', 'c.db']) {
      const copy = join(hall.folder, name);
      const done = await hall.call(storeBackup, [copy]);
      expect(done).toMatchObject({ code: 0 });
      copies.push(copy);
    }
    expect(await hall.call(storeRestore, [copies[0] ?? ''], { replace: true })).toMatchObject({ code: 1 });
    loop.kill('SIGKILL');
    await ended;
    const last = copies.at(-1) ?? '';
    expect(readdirSync(hall.folder).filter((name) => name.startsWith('c.db'))).toEqual(['c.db']);
    expect((await hall.call(storeBackup, [last])).code).toBe(2);
    const refused = await hall.call(storeRestore, [last]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--replace');
    const before = (await hall.call(storeCheck)).json;
    const done = await hall.call(storeRestore, [last], { replace: true });
    expect(done.code).toBe(0);
    expect(done.err).toContain('kiosk.before-');
    const after = (await hall.call(storeCheck)).json;
    expect(after).toMatchObject({ ok: true, isRestored: true });
    expect(after['epoch']).not.toBe(before['epoch']);
    const copied = (await hall.call(storeCheck, [], { file: last })).json;
    expect((after['counts'] as { events: number }).events).toBe((copied['counts'] as { events: number }).events);
  }, 60_000);

  test('a restore into an empty folder needs no --replace, and one from a damaged copy changes nothing', async () => {
    using hall = createHall();
    const store = hall.open();
    fill(store);
    const copy = join(hall.folder, 'copy.db');
    expect((await hall.call(storeBackup, [copy])).code).toBe(0);
    store.close();
    rmSync(join(hall.folder, 'data'), { recursive: true });
    expect((await hall.call(storeRestore, [copy])).code).toBe(0);
    const good = readFileSync(hall.path);
    writeFileSync(copy, readFileSync(copy).fill(0xee, 4096, 8192));
    expect((await hall.call(storeRestore, [copy], { replace: true })).code).toBe(1);
    expect(readFileSync(hall.path).equals(good)).toBe(true);
  });
});

test('store export holds acts and counts, and nobody’s number', async () => {
  using hall = createHall();
  const store = hall.open();
  fill(store);
  valueOf(store.audit({ who: 'wang', role: 'manager', act: 'note', detail: `about ${applicantNumber}`, ok: true }));
  const done = await hall.call(storeExport, [], { days: '7' });
  expect(done.code).toBe(0);
  for (const needle of [applicantNumber, applicantNumber.slice(3, 16), '张三', '鄂州小面馆'])
    expect(done.out).not.toContain(needle);
  expect(JSON.parse(done.out)).toMatchObject({
    kioskId,
    counts: { cases: 1 },
    days: [{ cases: 1, ratings: 3 }],
    items: [{ itemCode: 'OPEN-RESTAURANT', state: 'savedHere', cases: 1 }],
    audit: { verdict: { intact: true, lines: 5 } },
  });
  const to = join(hall.folder, 'export.json');
  expect((await hall.call(storeExport, [], { to })).out).toBe(to);
  expect((await hall.call(storeExport, [], { to })).code).toBe(2);
  expect((await hall.call(storeExport, [], { days: 'x' })).code).toBe(2);
});
