// Somebody with the file in hand and SQLite at hand changes the audit log: edits, deletes, reorders, adds, cuts, moves its ends. Each time
// the chain has to show it, with the triggers gone and everything else as it was.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import { verifyChain } from '../../../main/store/audit-chain.ts';
import { inspectFile } from '../../../main/store/inspection.ts';
import { openStore } from '../../../main/store/open.ts';
import { retentionDays } from '../../../main/store/retention.ts';
import { kioskId, machineKey, morningMs, valueOf } from '../../../main/store/store-fixture.ts';
import { createRandom, type Random } from '../random.ts';
import { fastFolder } from '../store/small-disk.ts';

export type AuditReport = {
  tampers: number;
  undetected: number;
  byTamper: Record<string, number>;
  /** Files that nobody touched and that were taken for broken. */
  falseAlarms: number;
  failures: string[];
};

export const isAuditClean = (report: AuditReport): boolean =>
  report.tampers > 0 && report.undetected + report.falseAlarms === 0 && report.failures.length === 0;

const lines = 40;
/** Lines that went at the end of their time before the others were written. */
const pruned = 10;

const writeLog = (path: string): void => {
  const store = valueOf(openStore({ path, machineKey, kioskId, clock: createFakeClock(morningMs) }));
  const write = (from: number, to: number): void => {
    for (let line = from; line < to; line += 1)
      valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: `cell ${line}`, ok: line % 3 > 0 }));
  };
  write(0, pruned);
  valueOf(store.prune(morningMs));
  write(pruned, lines);
  valueOf(store.prune(morningMs + (retentionDays.auditLines + 1) * 24 * 60 * 60 * 1000));
  store.close();
};

type Tamper = (db: Database.Database, random: Random) => void;
const someLine = (random: Random): number => pruned + 1 + random.below(lines - pruned);

const edits: readonly ((random: Random) => [column: string, value: string | number])[] = [
  (random) => ['at_ms', morningMs + 1 + random.below(1_000_000)],
  () => ['who', 'li'],
  () => ['role', 'technician'],
  () => ['act', 'releaseCell'],
  (random) => ['detail', `cell ${1000 + random.below(1000)}`],
  (random) => ['hash', Buffer.from(random.bytes(32)).toString('hex')],
];

const tampers: Readonly<Record<string, Tamper>> = {
  edit(db, random) {
    const [column, value] = edits[random.below(edits.length)]?.(random) ?? ['who', 'li'];
    db.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(value, someLine(random));
  },
  outcome: (db, random) => void db.prepare('UPDATE audit SET ok = 1 - ok WHERE seq = ?').run(someLine(random)),
  delete: (db, random) => void db.prepare('DELETE FROM audit WHERE seq = ?').run(someLine(random)),
  deleteAndRenumber(db, random) {
    const line = someLine(random);
    db.prepare('DELETE FROM audit WHERE seq = ?').run(line);
    db.prepare('UPDATE audit SET seq = seq - 1000 WHERE seq > ?').run(line);
    db.prepare('UPDATE audit SET seq = seq + 999 WHERE seq < 0').run();
  },
  swap(db, random) {
    const one = pruned + 1 + random.below(lines - pruned - 1);
    const other = one + 1 + random.below(lines - one);
    db.prepare('UPDATE audit SET seq = -1 WHERE seq = ?').run(one);
    db.prepare('UPDATE audit SET seq = ? WHERE seq = ?').run(one, other);
    db.prepare('UPDATE audit SET seq = ? WHERE seq = -1').run(other);
  },
  cutTail: (db, random) => void db.prepare('DELETE FROM audit WHERE seq >= ?').run(someLine(random)),
  cutTailAndHead(db, random) {
    db.prepare('DELETE FROM audit WHERE seq >= ?').run(someLine(random));
    db.prepare("DELETE FROM meta WHERE name = 'auditHead'").run();
  },
  cutFront: (db, random) => void db.prepare('DELETE FROM audit WHERE seq <= ?').run(someLine(random)),
  moveStart(db, random) {
    const line = someLine(random);
    const hash = db.prepare<[number], string>('SELECT hash FROM audit WHERE seq = ?').pluck().get(line) ?? '';
    const start = db.prepare<[], string>("SELECT value FROM meta WHERE name = 'auditStart'").pluck().get() ?? '';
    db.prepare('DELETE FROM audit WHERE seq <= ?').run(line);
    db.prepare("UPDATE meta SET value = ? WHERE name = 'auditStart'").run(
      `${line}|${hash}|${start.split('|')[2] ?? ''}`,
    );
  },
  dropStart: (db) => void db.prepare("DELETE FROM meta WHERE name = 'auditStart'").run(),
  add: (db, random) =>
    void db
      .prepare('INSERT INTO audit SELECT ?, at_ms, who, role, act, detail, ok, hash FROM audit WHERE seq = ?')
      .run(lines + 1, someLine(random)),
  insert(db, random) {
    const line = someLine(random);
    db.prepare('UPDATE audit SET seq = -seq WHERE seq >= ?').run(line);
    db.prepare('UPDATE audit SET seq = 1 - seq WHERE seq < 0').run();
    db.prepare('INSERT INTO audit SELECT ?, at_ms, who, role, act, detail, ok, hash FROM audit WHERE seq = ?').run(
      line,
      line + 1,
    );
  },
  forgeHead: (db, random) =>
    void db
      .prepare("UPDATE meta SET value = ? WHERE name = 'auditHead'")
      .run(`${lines}|${Buffer.from(random.bytes(32)).toString('hex')}`),
  empty: (db) => void db.exec("DELETE FROM audit; DELETE FROM meta WHERE name IN ('auditHead', 'auditStart')"),
};

export const runAudit = (
  count: number,
  seed: number,
  tell: (done: number, of: number) => void = () => undefined,
): AuditReport => {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(fastFolder(), 'audit-'));
  const [whole, copy] = [join(folder, 'whole.db'), join(folder, 'copy.db')];
  const report: AuditReport = { tampers: 0, undetected: 0, byTamper: {}, falseAlarms: 0, failures: [] };
  const isIntact = (): boolean => {
    using file = valueOf(inspectFile({ path: copy, machineKey, kioskId }));
    return verifyChain(file.db, file).intact;
  };
  try {
    writeLog(whole);
    const names = Object.keys(tampers);
    while (report.tampers < count) {
      copyFileSync(whole, copy);
      if (report.tampers % 100 === 0 && !isIntact()) report.falseAlarms += 1;
      const name = names[random.below(names.length)] ?? '';
      const db = new Database(copy);
      db.pragma('journal_mode = DELETE');
      db.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete');
      tampers[name]?.(db, random);
      db.close();
      report.tampers += 1;
      report.byTamper[name] = (report.byTamper[name] ?? 0) + 1;
      if (isIntact()) {
        report.undetected += 1;
        if (report.failures.length < 20) report.failures.push(`${name}: the chain says that it is whole`);
      }
      tell(report.tampers, count);
    }
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
