// SIGKILL at every step of the protocol: the kiosk's process or the server's, real ones, and then they go on from what is on disk.
// The line between them is the proxy, which knows at which step a request is.
//
//   kiosk process ─▶ proxy: arrived ▸ forwarding ▸ answered ▸ delivered ─▶ server process

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { createRandom } from '../random.ts';
import { startCentralProcess, type CentralProcess } from './central-process.ts';
import { compareWithBooks } from './kiosk-life.ts';
import type { VictimMessage } from './kill-victim.ts';
import { startProxy, type Moment, type Seen } from './proxy.ts';

export type KillReport = {
  kills: number;
  /** Of them by step. */
  steps: Record<string, number>;
  acknowledged: number;
  lost: number;
  duplicated: number;
  gaps: number;
  slowestStartMs: number;
  failures: string[];
};

export const isKillClean = (report: KillReport): boolean =>
  report.kills > 0 &&
  report.acknowledged > 0 &&
  report.lost + report.duplicated + report.gaps === 0 &&
  report.slowestStartMs <= 10_000 &&
  report.failures.length === 0;

type Step = {
  who: 'kiosk' | 'server';
  /** `any` falls where it falls: in an enqueue, between two requests, in a start. */
  at: Moment | 'any';
  method?: string;
  path?: string;
  /** The kill falls up to so much later, so that it meets the work that the step begins. */
  withinMs: number;
};

const events = { method: 'POST', path: '/v1/events' };
const known = { method: 'POST', path: '/v1/blobs/known' };
const create = { method: 'POST', path: '/v1/uploads' };
const chunk = { method: 'PATCH', path: '/v1/uploads/' };

const steps: readonly Step[] = [
  { who: 'kiosk', at: 'any', withinMs: 60 },
  { who: 'kiosk', at: 'arrived', ...events, withinMs: 0 },
  { who: 'kiosk', at: 'answered', ...events, withinMs: 0 },
  // The receipts are there: the kill meets the commit that takes the rows out.
  { who: 'kiosk', at: 'delivered', ...events, withinMs: 5 },
  { who: 'kiosk', at: 'delivered', ...known, withinMs: 3 },
  { who: 'kiosk', at: 'delivered', ...create, withinMs: 3 },
  { who: 'kiosk', at: 'arrived', ...chunk, withinMs: 0 },
  { who: 'kiosk', at: 'delivered', ...chunk, withinMs: 5 },
  { who: 'server', at: 'forwarding', ...events, withinMs: 6 },
  { who: 'server', at: 'answered', ...events, withinMs: 0 },
  { who: 'server', at: 'forwarding', ...create, withinMs: 4 },
  { who: 'server', at: 'forwarding', ...chunk, withinMs: 6 },
  { who: 'server', at: 'answered', ...chunk, withinMs: 0 },
];

const nameOf = ({ who, at, method = '', path = '' }: Step): string => `${who} ${at} ${method} ${path}`.trim();
const victimFile = new URL('./kill-victim.ts', import.meta.url).pathname;
const kioskId = 'campaign-kill';

type Victim = { child: ChildProcess; startMs: number; drained: Promise<string[]> };

const startVictim = async (folder: string, url: string, onAcknowledged: (id: string) => void): Promise<Victim> => {
  const startedMs = performance.now();
  const child = fork(victimFile, ['--folder', folder, '--url', url, '--kiosk', kioskId], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let tellDrained: (dead: string[]) => void = () => undefined;
    const drained = new Promise<string[]>((settle) => {
      tellDrained = settle;
    });
    child.on('message', (message: VictimMessage) => {
      if (message.type === 'ready') resolve({ child, startMs: performance.now() - startedMs, drained });
      else if (message.type === 'acknowledged') onAcknowledged(message.id);
      else tellDrained(message.dead);
    });
    child.once('exit', (code) => {
      if (code !== null && code !== 0) reject(new Error(`the kiosk process ended with ${code}`));
    });
  });
};

const endChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

/** What stands at the centre when everything has come to rest. */
const verify = async (
  report: KillReport,
  central: CentralProcess,
  acknowledged: readonly string[],
): Promise<KillReport> => {
  const books = new Database(central.booksPath, { readonly: true });
  const { lost, duplicated } = compareWithBooks(books, kioskId, acknowledged);
  books.close();
  const counts = await central.counts();
  const effects = counts.cases + counts.ratings;
  if (effects !== counts.events) report.failures.push(`${counts.events} events have ${effects} effects`);
  if (counts.deadLetters + counts.quarantined > 0)
    report.failures.push(`the centre keeps ${counts.deadLetters} dead letters and ${counts.quarantined} quarantines`);
  return {
    ...report,
    acknowledged: acknowledged.length,
    lost,
    duplicated: duplicated + counts.duplicates,
    gaps: counts.gaps,
  };
};

export const runKill = async (options: {
  kills: number;
  seed: number;
  tell?(line: string): void;
}): Promise<KillReport> => {
  const { kills, seed, tell = () => undefined } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'kill-campaign-'));
  const central = await startCentralProcess(join(folder, 'central'));
  const report: KillReport = {
    kills: 0,
    steps: {},
    acknowledged: 0,
    lost: 0,
    duplicated: 0,
    gaps: 0,
    slowestStartMs: 0,
    failures: [],
  };
  const acknowledged: string[] = [];
  let victim: Victim | undefined;
  let armed: { step: Step; hit(): Promise<void> } | undefined;

  const isOf = (step: Step, moment: Moment, { method, path }: Seen): boolean =>
    step.at === moment && step.method === method && path.startsWith(step.path ?? '');
  const proxy = await startProxy({
    target: () => ({ host: '127.0.0.1', port: central.port() }),
    decide: () => undefined,
    async at(moment, seen) {
      if (armed && isOf(armed.step, moment, seen)) await armed.hit();
    },
  });
  const revive = async (): Promise<void> => {
    victim = await startVictim(folder, proxy.url, (id) => void acknowledged.push(id));
    report.slowestStartMs = Math.max(report.slowestStartMs, Math.round(victim.startMs));
  };

  const kill = async (step: Step): Promise<void> => {
    if (step.withinMs > 0) await pause(random.below(step.withinMs * 1000) / 1000);
    if (step.who === 'server') {
      report.slowestStartMs = Math.max(report.slowestStartMs, Math.round(await central.killAndRestart()));
    } else if (victim) {
      await endChild(victim.child);
    }
  };

  const playStep = async (step: Step): Promise<void> => {
    if (step.at === 'any') {
      await kill(step);
    } else {
      await new Promise<void>((resolve, reject) => {
        armed = {
          step,
          async hit() {
            armed = undefined;
            await kill(step).then(resolve, reject);
          },
        };
      });
    }
    report.kills += 1;
    report.steps[nameOf(step)] = (report.steps[nameOf(step)] ?? 0) + 1;
    if (step.who === 'kiosk') await revive();
  };

  try {
    await revive();
    for (let index = 0; index < kills; index++) {
      const step = steps[index % steps.length];
      if (step) await playStep(step);
      if (report.kills % 50 === 0)
        tell(`${report.kills} kills, ${acknowledged.length} acknowledged, slowest start ${report.slowestStartMs} ms`);
    }
    victim?.child.send('drain');
    for (const letter of (await victim?.drained) ?? []) report.failures.push(letter);
    return await verify(report, central, acknowledged);
  } finally {
    if (victim) await endChild(victim.child);
    await proxy.stop();
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
