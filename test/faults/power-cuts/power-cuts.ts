// The power goes: everything that a store wrote and flushed is recorded once, in order, and then the disks that a cut at each moment could
// leave are made and opened. What was acknowledged before the cut must be there, whole; the store must open.
//
//   acts-process.ts under recorder.c ─▶ log ─▶ at each moment: a disk ─▶ openStore ─▶ look for what was acknowledged

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import { openStore } from '../../../main/store/open.ts';
import { kioskId, machineKey, morningMs } from '../../../main/store/store-fixture.ts';
import { fastFolder } from '../store/small-disk.ts';
import { halfOf, isThere, type Kept } from '../acts.ts';
import { buildPreload } from '../preload/build.ts';
import { createDisk, cutsAt, readLog, type Operation } from './disk-log.ts';

export type PowerCutReport = {
  states: number;
  acts: number;
  operations: number;
  flushes: number;
  acknowledged: number;
  lost: number;
  /** An act that is there in part. */
  half: number;
  corruptOpens: number;
  slowestStartMs: number;
  /** The same disks when flushes are ignored: something must be lost then, or the search proves nothing. */
  lostWithoutFlush: number;
  failures: string[];
};

export const isPowerCutClean = (report: PowerCutReport): boolean =>
  report.states > 0 &&
  report.acknowledged > 0 &&
  report.lost + report.half + report.corruptOpens === 0 &&
  report.slowestStartMs <= 10_000 &&
  report.lostWithoutFlush > 0 &&
  report.failures.length === 0;

const actsFile = new URL('./acts-process.ts', import.meta.url).pathname;
/** Moments of a drive that ignores flushes. */
const controlStates = 40;

const record = (folder: string, acts: number, seed: number): Operation[] => {
  const library = buildPreload(new URL('./recorder.c', import.meta.url), folder);
  const watched = join(folder, 'recorded');
  const log = join(folder, 'log');
  mkdirSync(watched);
  const environment = { ...process.env, LD_PRELOAD: library, RECORD_FOLDER: watched, RECORD_LOG: log };
  execFileSync(process.execPath, [actsFile, watched, String(acts), String(seed)], { env: environment });
  return readLog(readFileSync(log));
};

type Verdict = { lost: number; half: number; isCorrupt: boolean; startMs: number; why?: string };

const judge = (folder: string, disk: Map<string, Buffer>, acknowledged: readonly Kept[]): Verdict => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, contents] of disk) writeFileSync(join(folder, name), contents);
  const path = join(folder, 'kiosk.db');
  const startedMs = performance.now();
  const opened = openStore({ path, machineKey, kioskId, clock: createFakeClock(morningMs) });
  const startMs = performance.now() - startedMs;
  if (!opened.ok)
    return { lost: 0, half: 0, isCorrupt: true, startMs, why: `${opened.error.code}: ${opened.error.message}` };
  const store = opened.value;
  const db = new Database(path, { readonly: true });
  try {
    const missing = acknowledged.filter((kept) => !isThere(db, kept));
    const half = halfOf(db);
    const isIntact = store.verifyAudit().intact && store.quarantined().length === 0;
    const why = missing[0]
      ? `${JSON.stringify(missing[0])} is gone`
      : isIntact
        ? undefined
        : 'the audit chain is broken';
    return { lost: missing.length, half, isCorrupt: !isIntact, startMs, ...(why === undefined ? {} : { why }) };
  } finally {
    db.close();
    store.close();
  }
};

export const runPowerCuts = (options: {
  states: number;
  acts: number;
  seed: number;
  tell?(done: number, of: number): void;
}): PowerCutReport => {
  const { states, acts, seed, tell = () => undefined } = options;
  const folder = mkdtempSync(join(fastFolder(), 'power-cuts-'));
  try {
    const operations = record(folder, acts, seed);
    const report: PowerCutReport = {
      states: 0,
      acts,
      operations: operations.length,
      flushes: operations.filter(({ kind }) => kind === 'flush').length,
      acknowledged: 0,
      lost: 0,
      half: 0,
      corruptOpens: 0,
      slowestStartMs: 0,
      lostWithoutFlush: 0,
      failures: [],
    };
    const play = (isHonest: boolean, wanted: number, look: (verdict: Verdict, at: number) => void): void => {
      const disk = createDisk({ isHonest });
      const acknowledged: Kept[] = [];
      let made = 0;
      for (const [at, operation] of operations.entries()) {
        if ('file' in operation && operation.file === 'acks') {
          if (operation.kind === 'write')
            acknowledged.push(...(JSON.parse(operation.bytes.toString('utf8')) as Kept[]));
          if (isHonest) report.acknowledged = acknowledged.length;
          continue;
        }
        disk.step(operation);
        const due = Math.ceil((wanted * (at + 1)) / operations.length);
        for (const random = cutsAt(seed, at); made < due; made += 1)
          look(judge(join(folder, 'disk'), disk.cut(random), acknowledged), at);
        if (isHonest) tell(made, wanted);
      }
    };
    play(true, states, (verdict, at) => {
      report.states += 1;
      report.lost += verdict.lost;
      report.half += verdict.half;
      report.corruptOpens += Number(verdict.isCorrupt);
      report.slowestStartMs = Math.max(report.slowestStartMs, Math.round(verdict.startMs));
      if ((verdict.lost > 0 || verdict.half > 0 || verdict.isCorrupt) && report.failures.length < 20)
        report.failures.push(`cut after operation ${at}: ${verdict.why ?? `${verdict.half} rows stand alone`}`);
    });
    play(false, controlStates, (verdict) => {
      report.lostWithoutFlush += verdict.lost + Number(verdict.isCorrupt);
    });
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
