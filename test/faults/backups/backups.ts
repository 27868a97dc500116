// Backed up and restored while a kiosk goes on working: every copy has to open and to hold all that was acknowledged before it was begun.
//
//   writer.ts ─▶ kiosk.db ─backUp─▶ copy ─restore─▶ another kiosk's disk ─▶ look for what was acknowledged

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { backUp } from '../../../main/store/backup.ts';
import { openStore } from '../../../main/store/open.ts';
import { restore } from '../../../main/store/restore.ts';
import { kioskId, machineKey } from '../../../main/store/store-fixture.ts';
import { halfOf, isThere, type Kept } from '../acts.ts';

export type BackupReport = {
  backups: number;
  acknowledged: number;
  lost: number;
  half: number;
  corruptOpens: number;
  failures: string[];
};

export const areBackupsClean = (report: BackupReport): boolean =>
  report.backups > 0 &&
  report.acknowledged > report.backups &&
  report.lost + report.half + report.corruptOpens === 0 &&
  report.failures.length === 0;

const writerFile = new URL('./writer.ts', import.meta.url).pathname;
const waitMs = 20;
/** Some copies are of a store in full swing, some of one that has just begun. */
const actsBetween = 5;

export const runBackups = async (
  backups: number,
  seed: number,
  tell: (done: number, of: number) => void = () => undefined,
): Promise<BackupReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'backups-'));
  const path = join(folder, 'kiosk.db');
  const copy = join(folder, 'copy.db');
  const restored = join(folder, 'restored.db');
  const report: BackupReport = { backups: 0, acknowledged: 0, lost: 0, half: 0, corruptOpens: 0, failures: [] };
  const fail = (why: string): void => void (report.failures.length < 20 && report.failures.push(why));
  const writer = spawn(process.execPath, [writerFile, path, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(writer, 'exit');
  const acknowledged: Kept[] = [];
  let rest = '';
  writer.stdout.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) acknowledged.push(...(JSON.parse(line) as Kept[]));
  });

  const judge = (known: readonly Kept[]): void => {
    const done = restore(copy, { path: restored, machineKey, kioskId }, { replace: true });
    const opened = done.ok ? openStore({ path: restored, machineKey, kioskId }) : done;
    if (!opened.ok) {
      report.corruptOpens += 1;
      return fail(`${opened.error.code}: ${opened.error.message}`);
    }
    const store = opened.value;
    const db = new Database(restored, { readonly: true });
    try {
      const missing = known.filter((kept) => !isThere(db, kept));
      report.lost += missing.length;
      report.half += halfOf(db);
      if (missing[0]) fail(`backup ${report.backups}: ${JSON.stringify(missing[0])} is gone`);
      if (!store.verifyAudit().intact) fail(`backup ${report.backups}: the audit chain is broken`);
    } finally {
      db.close();
      store.close();
    }
    if (done.ok && done.value.aside !== undefined) rmSync(done.value.aside, { force: true });
  };

  try {
    while (report.backups < backups) {
      const target = acknowledged.length + actsBetween;
      while (acknowledged.length < target || !existsSync(path)) {
        if (writer.exitCode !== null) throw new Error('the writer ended');
        await pause(waitMs);
      }
      const known = [...acknowledged];
      const db = new Database(path);
      const done = await backUp(db, copy, { atOnce: report.backups % 2 === 0 });
      db.close();
      report.backups += 1;
      report.acknowledged = known.length;
      if (done.ok) judge(known);
      else fail(`${done.error.code}: ${done.error.message}`);
      tell(report.backups, backups);
    }
    return report;
  } finally {
    writer.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
};
