// The disk fails in the middle: the n-th write, flush, truncation or removal of a store at work, for rising n until a script passes
// without meeting it, once and then for good. The store must refuse or the host must end; then the file is opened in a process whose disk is
// well, and everything that was acknowledged must be there, whole.
//
//   script-process.ts under failing.c ─▶ acks ─▶ openStore here ─▶ look for what was acknowledged ─▶ it takes new work

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import { openStore } from '../../../main/store/open.ts';
import { kioskId, machineKey, morningMs, rating } from '../../../main/store/store-fixture.ts';
import { halfOf, isThere, type Kept } from '../acts.ts';
import { fastFolder } from '../store/small-disk.ts';
import { buildFailing, makeControlFile, manners, type Manner } from './control.ts';
import { playScript, type Script } from './script.ts';
import type { ScriptAnswer, ScriptTask } from './script-process.ts';

const counters = [
  'cases',
  /** Calls that were made to fail. */
  'failedCalls',
  'acknowledged',
  'refused',
  'lost',
  /** Acts that are there in part. */
  'half',
  'corruptOpens',
  /** Errors that do not name the disk. */
  'otherErrors',
  /** The host ended in order and started again, as it may. */
  'restarts',
  /** The process died: none is right. */
  'crashes',
  /** Stores that took no new work once the disk was well. */
  'stuck',
] as const;

export type IoReport = Record<(typeof counters)[number], number> & {
  /** Calls of each script when nothing fails: so far n rose. */
  operations: Record<string, number>;
  failures: string[];
};

export const isIoClean = (report: IoReport): boolean =>
  report.cases > 0 &&
  report.failedCalls > 0 &&
  report.refused > 0 &&
  report.acknowledged > 0 &&
  report.lost + report.half + report.corruptOpens + report.otherErrors + report.crashes + report.stuck === 0 &&
  report.failures.length === 0;

type Verdict = Pick<IoReport, 'lost' | 'half' | 'corruptOpens' | 'stuck'> & { why?: string };

/** The file through the eyes of a process whose disk is well. */
const judge = (path: string, acknowledged: readonly Kept[]): Verdict => {
  const good = { lost: 0, half: 0, corruptOpens: 0, stuck: 0 };
  const opened = openStore({ path, machineKey, kioskId, clock: createFakeClock(morningMs) });
  if (!opened.ok) return { ...good, corruptOpens: 1, why: `${opened.error.code}: ${opened.error.message}` };
  const store = opened.value;
  const db = new Database(path, { readonly: true });
  try {
    const lost = acknowledged.filter((kept) => {
      if (!isThere(db, kept)) return true;
      // A case that the centre has gave its scans away.
      if (!('case' in kept) || store.caseStatus(kept.case)?.state !== 'savedHere') return false;
      return kept.scans.some((sha256) => !store.readBlob(sha256).ok);
    });
    const half = halfOf(db);
    const isIntact = store.verifyAudit().intact && store.quarantined().length === 0;
    const isTaking = store.enqueue('rating.given', rating()).ok;
    const why = lost[0]
      ? `${JSON.stringify(lost[0])} is gone`
      : half > 0
        ? `${half} rows stand alone`
        : !isIntact
          ? 'the audit chain is broken or rows are in quarantine'
          : isTaking
            ? undefined
            : 'it takes no new work';
    return {
      lost: lost.length,
      half,
      corruptOpens: Number(!isIntact),
      stuck: Number(!isTaking),
      ...(why === undefined ? {} : { why }),
    };
  } finally {
    db.close();
    store.close();
  }
};

type Player = { play(task: ScriptTask): Promise<ScriptAnswer | undefined>; acks(): Kept[]; stop(): Promise<void> };

const createPlayer = (folder: string, watched: string): Player => {
  const library = buildFailing(folder);
  const [controlPath, acksPath] = [join(folder, 'control'), join(folder, 'acks')];
  const processFile = new URL('./script-process.ts', import.meta.url).pathname;
  const env = { ...process.env, LD_PRELOAD: library, FAIL_FOLDER: watched, FAIL_CONTROL: controlPath };
  let child: ChildProcess | undefined;
  const start = async (): Promise<ChildProcess> => {
    makeControlFile(controlPath);
    const started = fork(processFile, [controlPath, acksPath], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(started, 'message');
    return (child = started);
  };
  return {
    async play(task) {
      const player = child ?? (await start());
      const answered = new Promise<ScriptAnswer | undefined>((resolve) => {
        const onExit = (): void => {
          player.off('message', onMessage);
          child = undefined;
          resolve(undefined);
        };
        const onMessage = (answer: unknown): void => {
          player.off('exit', onExit);
          resolve(answer as ScriptAnswer);
        };
        player.once('message', onMessage);
        player.once('exit', onExit);
      });
      player.send(task);
      return answered;
    },
    acks: () =>
      readFileSync(acksPath, 'utf8')
        .split('\n')
        .slice(0, -1)
        .flatMap((line) => JSON.parse(line) as Kept[]),
    async stop() {
      if (!child) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};

export type IoOptions = {
  seeds: readonly number[];
  acts: number;
  /** Every so many-th n; 1 in the whole campaign. */
  stride?: number;
  tell?(line: string): void;
};

export const runIo = async ({ seeds, acts, stride = 1, tell = () => undefined }: IoOptions): Promise<IoReport> => {
  const folder = mkdtempSync(join(fastFolder(), 'io-'));
  const watched = join(folder, 'disk');
  mkdirSync(watched);
  const report: IoReport = {
    ...(Object.fromEntries(counters.map((name) => [name, 0])) as Record<(typeof counters)[number], number>),
    operations: {},
    failures: [],
  };
  const player = createPlayer(folder, watched);
  let made = 0;

  /** A disk with what a script begins on; answers with the path of its store. */
  const lay = (template: string | undefined): string => {
    const place = join(watched, String((made += 1)));
    if (template === undefined) mkdirSync(place);
    else cpSync(template, place, { recursive: true });
    return join(place, 'kiosk.db');
  };

  const playCase = async (
    name: string,
    task: ScriptTask,
    before: readonly Kept[],
  ): Promise<ScriptAnswer | undefined> => {
    const answer = await player.play(task);
    const kept = [...before, ...player.acks()];
    const verdict = judge(task.path, kept);
    report.cases += 1;
    report.acknowledged += kept.length;
    for (const counter of ['lost', 'half', 'corruptOpens', 'stuck'] as const) report[counter] += verdict[counter];
    report.crashes += Number(answer === undefined);
    report.failedCalls += answer?.failures ?? 0;
    report.refused += answer?.refused ?? 0;
    report.restarts += answer?.restarts ?? 0;
    report.otherErrors += answer?.otherErrors.length ?? 0;
    const why = answer === undefined ? 'the process died' : (verdict.why ?? answer.otherErrors[0]);
    if (why !== undefined && report.failures.length < 20) report.failures.push(`${name}: ${why}`);
    rmSync(join(task.path, '..'), { recursive: true, force: true });
    return answer;
  };

  try {
    for (const seed of seeds) {
      const template = join(folder, `template-${seed}`);
      mkdirSync(template);
      const before: Kept[] = [];
      playScript(join(template, 'kiosk.db'), { kind: 'day', seed: seed + 1000, acts: 24 }, (kept) =>
        before.push(...kept),
      );
      for (const kind of ['birth', 'day'] as const) {
        const script: Script = { kind, seed, acts: kind === 'birth' ? 3 : acts };
        const begun = kind === 'day' ? before : [];
        const from = kind === 'day' ? template : undefined;
        for (const manner of manners) {
          for (const isPersistent of [false, true]) await rise(script, manner, isPersistent, from, begun);
        }
      }
    }
    return report;
  } finally {
    await player.stop();
    rmSync(folder, { recursive: true, force: true });
  }

  /** n rises until the script passes without a failure. */
  async function rise(
    script: Script,
    manner: Manner,
    isPersistent: boolean,
    template: string | undefined,
    begun: readonly Kept[],
  ): Promise<void> {
    const title = `${script.kind} ${script.seed} ${manner}${isPersistent ? ' for good' : ''}`;
    const first = 1 + (script.seed % stride);
    for (let failAt = first; ; failAt += stride) {
      const task = { path: lay(template), script, failAt, manner, isPersistent };
      const answer = await playCase(`${title}, call ${failAt}`, task, begun);
      if (!answer || answer.failures > 0) continue;
      report.operations[`${script.kind} ${script.seed}${manner === 'lost' ? ' flushes' : ''}`] = answer.operations;
      if (answer.refused > 0 || answer.restarts > 0) report.failures.push(`${title}: refused without a failure`);
      break;
    }
    tell(`${title}: ${report.cases} cases, ${report.lost} lost`);
  }
};

/** The seam that the search for lost acts stands on: a store without its last commit must be found out. */
export const isSearchGood = (): boolean => {
  const folder = mkdtempSync(join(fastFolder(), 'io-control-'));
  try {
    const path = join(folder, 'kiosk.db');
    const kept: Kept[] = [];
    playScript(path, { kind: 'day', seed: 3, acts: 20 }, (more) => kept.push(...more));
    const earlier = readFileSync(path);
    playScript(path, { kind: 'day', seed: 4, acts: 20 }, (more) => kept.push(...more));
    const isWhole = judge(path, kept).why === undefined;
    writeFileSync(path, earlier);
    for (const tail of ['-wal', '-shm']) if (existsSync(path + tail)) rmSync(path + tail);
    return isWhole && judge(path, kept).lost > 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
