// The sync campaign: many kiosks, each with a store of its own and the real sender, against one reference server, over a line on
// which one request in five goes wrong. Few kiosks live at a time; worker processes are reused, so memory stays bounded.
//
//   workers (kiosks ─▶ proxy) ─HTTP─▶ reference server ─▶ books ◀─ read back, kiosk by kiosk, and as a whole at the end

import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../random.ts';
import { startCentralProcess } from './central-process.ts';
import type { KioskReport, KioskTask } from './kiosk-life.ts';
import type { WorkerMessage } from './kiosk-worker.ts';
import type { FaultKind } from './proxy.ts';

export type SyncOptions = {
  messages: number;
  kiosks: number;
  seed: number;
  workers?: number;
  /** Kiosks that live at the same time in one worker. */
  atOnce?: number;
  /** A kiosk that is not through after so long counts as a failure. */
  patienceMs?: number;
  tell?(line: string): void;
};

export type SyncReport = {
  messages: number;
  kiosks: number;
  lost: number;
  duplicated: number;
  gaps: number;
  orderErrors: number;
  /** Waiting or dead in the kiosks' outboxes at the end, and dead at the centre. */
  left: number;
  deadLetters: number;
  resent: number;
  requests: number;
  faults: Partial<Record<FaultKind, number>>;
  weeksOffline: number;
  wrongClocks: number;
  restarts: number;
  messagesPerSecond: number;
  workerRssMb: number;
  failures: string[];
};

export const isSyncClean = (report: SyncReport): boolean =>
  report.messages > 0 &&
  report.lost + report.duplicated + report.gaps + report.orderErrors + report.left + report.deadLetters === 0 &&
  report.failures.length === 0;

const workerFile = new URL('./kiosk-worker.ts', import.meta.url).pathname;
const tenYearsMs = 10 * 365.25 * 24 * 60 * 60 * 1000;
/** One kiosk in so many has no network for a week: thousands of tries each. */
const weekOneIn = 50;
const wrongClockOneIn = 10;
const maxFailures = 20;

const tasksOf = ({ messages, kiosks, seed }: SyncOptions): KioskTask[] => {
  const random = createRandom(seed);
  return Array.from({ length: kiosks }, (_, index) => ({
    kioskId: `campaign-${String(index + 1).padStart(5, '0')}`,
    messages: Math.floor((messages * (index + 1)) / kiosks) - Math.floor((messages * index) / kiosks),
    isWeekOffline: index % weekOneIn === weekOneIn / 2 || (kiosks < weekOneIn && index === 0),
    clockOffsetMs: random.chance(wrongClockOneIn) ? (random.chance(2) ? tenYearsMs : -tenYearsMs) : 0,
  }));
};

export const runSync = async (options: SyncOptions): Promise<SyncReport> => {
  const { kiosks, seed, workers = 4, atOnce = 5, patienceMs = 600_000, tell = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), 'sync-campaign-'));
  const central = await startCentralProcess(join(folder, 'central'));
  const tasks = tasksOf(options);
  const startedMs = performance.now();
  const report: SyncReport = {
    messages: 0,
    kiosks: 0,
    lost: 0,
    duplicated: 0,
    gaps: 0,
    orderErrors: 0,
    left: 0,
    deadLetters: 0,
    resent: 0,
    requests: 0,
    faults: {},
    weeksOffline: tasks.filter(({ isWeekOffline }) => isWeekOffline).length,
    wrongClocks: tasks.filter(({ clockOffsetMs }) => clockOffsetMs !== 0).length,
    restarts: 0,
    messagesPerSecond: 0,
    workerRssMb: 0,
    failures: [],
  };
  // A kiosk without a network for a week takes longest: those go first.
  const waiting = [...tasks].sort((a, b) => Number(b.isWeekOffline) - Number(a.isWeekOffline));
  let toldMs = startedMs;

  const add = (life: KioskReport): void => {
    report.kiosks += 1;
    report.messages += life.acknowledged;
    report.lost += life.lost;
    report.duplicated += life.duplicated;
    report.orderErrors += life.orderErrors;
    report.left += life.left;
    report.restarts += life.restarts;
    report.failures.push(...life.failures.slice(0, maxFailures - report.failures.length));
    const now = performance.now();
    if (now - toldMs < 10_000) return;
    toldMs = now;
    const perSecond = report.messages / ((now - startedMs) / 1000);
    const restSeconds = (options.messages - report.messages) / Math.max(1, perSecond);
    tell(
      `${report.kiosks}/${kiosks} kiosks, ${report.messages} messages, ${perSecond.toFixed(0)} a second, about ${Math.ceil(restSeconds / 60)} min left`,
    );
  };

  const startWorker = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const place = join(folder, `worker-${index}`);
      mkdirSync(place);
      const args = [
        '--folder',
        place,
        '--books',
        central.booksPath,
        '--port',
        String(central.port()),
        '--seed',
        `${seed}`,
        '--patience-ms',
        `${patienceMs}`,
      ];
      const worker: ChildProcess = fork(workerFile, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      let living = 0;
      let isEnded = false;
      const next = (): void => {
        const task = waiting.shift();
        if (task) {
          living += 1;
          worker.send(task);
        } else if (living === 0 && !isEnded) {
          isEnded = true;
          worker.send('end');
        }
      };
      worker.on('message', (message: WorkerMessage) => {
        switch (message.type) {
          case 'ready':
            for (let slot = 0; slot < atOnce; slot++) next();
            break;
          case 'done':
            living -= 1;
            add(message.report);
            next();
            break;
          case 'end':
            report.requests += message.requests;
            report.workerRssMb = Math.max(report.workerRssMb, message.rssMb);
            for (const [kind, count] of Object.entries(message.faults))
              report.faults[kind as FaultKind] = (report.faults[kind as FaultKind] ?? 0) + count;
            break;
          default:
            message satisfies never;
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${String(code)}`))));
    });

  try {
    await Promise.all(Array.from({ length: workers }, (_, index) => startWorker(index)));
    const counts = await central.counts();
    const effects = counts.cases + counts.ratings + counts.tickets;
    report.duplicated += counts.duplicates + Math.max(0, effects - counts.events);
    report.gaps = counts.gaps;
    report.deadLetters = counts.deadLetters + counts.quarantined;
    report.resent = counts.resent;
    if (effects !== report.messages)
      report.failures.push(`the centre holds ${effects} effects of ${report.messages} messages`);
    report.messagesPerSecond = Math.round(report.messages / ((performance.now() - startedMs) / 1000));
    return report;
  } finally {
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
