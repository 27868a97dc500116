// A province comes back: thousands of kiosks, each with a backlog, find a centre again that takes only so many requests a second. In real
// time, with real stores, senders and HTTP; the server itself counts what arrives.
//
//   workers (kiosks) ─tries─▶ nobody … the server starts ─▶ 429 or taken ─▶ every outbox empty ─▶ books compared, arrivals judged

import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCentralProcess } from '../sync/central-process.ts';
import type { FleetMessage } from './fleet-worker.ts';

export type FleetOptions = {
  kiosks: number;
  /** Requests a second that the server takes. */
  capacity: number;
  /** Events that wait in each kiosk. */
  backlog: number;
  /** How long the centre stays away after the last kiosk has begun to try; 0: it is there, and all kiosks get their power back at once. */
  outageSeconds: number;
  workers?: number;
  firstDelayMs?: number;
  maxDelayMs?: number;
  /** After so long with something left it is a failure. */
  patienceSeconds?: number;
  tell?(line: string): void;
};

export type FleetReport = {
  kiosks: number;
  messages: number;
  lost: number;
  duplicated: number;
  gaps: number;
  orderErrors: number;
  left: number;
  capacity: number;
  outageSeconds: number;
  requests: number;
  peakPerSecond: number;
  /** The busiest second after the first minute, as a part of the capacity. */
  arrivalsAfter60sOverCapacity: number;
  drainSeconds: number;
  refused429: number;
  /** Answers of 500 and more. */
  serverErrors: number;
  perSecond: number[];
  workerRssMb: number;
  failures: string[];
};

/** What holds on any machine, however busy. */
export const isFleetWhole = (report: FleetReport): boolean =>
  report.messages > 0 &&
  report.lost + report.duplicated + report.gaps + report.orderErrors + report.left + report.serverErrors === 0 &&
  report.failures.length === 0;

export const isFleetGood = (report: FleetReport): boolean =>
  isFleetWhole(report) && report.arrivalsAfter60sOverCapacity <= 1.2 && report.drainSeconds <= 600;

const workerFile = new URL('./fleet-worker.ts', import.meta.url).pathname;
/** Seconds of arrivals that are reported one by one. */
const shownSeconds = 120;

export const runFleet = async (options: FleetOptions): Promise<FleetReport> => {
  const { kiosks, capacity, backlog, outageSeconds, workers = 4, patienceSeconds = 900 } = options;
  const { firstDelayMs = 1000, maxDelayMs = 300_000, tell = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fleet-campaign-'));
  const central = await startCentralProcess(join(folder, 'central'), capacity);
  const url = `http://127.0.0.1:${central.port()}`;
  const children: ChildProcess[] = [];
  const report: FleetReport = {
    kiosks: 0,
    messages: 0,
    lost: 0,
    duplicated: 0,
    gaps: 0,
    orderErrors: 0,
    left: 0,
    capacity,
    outageSeconds,
    requests: 0,
    peakPerSecond: 0,
    arrivalsAfter60sOverCapacity: 0,
    drainSeconds: 0,
    refused429: 0,
    serverErrors: 0,
    perSecond: [],
    workerRssMb: 0,
    failures: [],
  };
  const drained = new Map<number, number>();

  const startWorker = (index: number) => {
    const place = join(folder, `worker-${index}`);
    mkdirSync(place);
    const from = Math.floor((kiosks * index) / workers);
    const count = Math.floor((kiosks * (index + 1)) / workers) - from;
    const numbers = { from, kiosks: count, backlog, 'first-delay-ms': firstDelayMs, 'max-delay-ms': maxDelayMs };
    const args = ['--folder', place, '--books', central.booksPath, '--url', url];
    if (outageSeconds === 0) args.push('--without-power');
    for (const [name, value] of Object.entries(numbers)) args.push(`--${name}`, String(value));
    const child = fork(workerFile, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    child.on('message', (message: FleetMessage) => {
      switch (message.type) {
        case 'ready':
          report.kiosks += count;
          report.messages += message.messages;
          ready.resolve();
          break;
        case 'drained':
          drained.set(index, message.kiosks);
          break;
        case 'end':
          report.lost += message.lost;
          report.duplicated += message.duplicated;
          report.orderErrors += message.orderErrors;
          report.left += message.left;
          report.serverErrors += message.serverErrors;
          report.workerRssMb = Math.max(report.workerRssMb, message.rssMb);
          report.failures.push(...message.failures);
          ended.resolve();
          break;
        default:
          message satisfies never;
      }
    });
    child.on('exit', (code) => {
      const error = new Error(`a worker ended with ${String(code)} before its report`);
      ready.reject(error);
      ended.reject(error);
    });
    // Whoever waits sees it; before that nobody may be waiting.
    ended.promise.catch(() => undefined);
    return { child, ready: ready.promise, ended: ended.promise };
  };

  try {
    // It has a port now, and goes: from here on the kiosks ask nobody.
    await central.stop();
    const all = Array.from({ length: workers }, (_, index) => startWorker(index));
    await Promise.all(all.map(({ ready }) => ready));
    tell(`${report.kiosks} kiosks with ${report.messages} messages; ${outageSeconds} s without a centre`);
    await pause(outageSeconds * 1000);
    await central.killAndRestart();
    const backMs = performance.now();
    if (outageSeconds === 0) for (const { child } of all) child.send('power');
    const seconds = (): number => (performance.now() - backMs) / 1000;
    const doneKiosks = (): number => [...drained.values()].reduce((sum, count) => sum + count, 0);
    let toldMs = performance.now();
    while (doneKiosks() < kiosks && seconds() < patienceSeconds) {
      await pause(100);
      if (performance.now() - toldMs < 10_000) continue;
      toldMs = performance.now();
      tell(`${doneKiosks()}/${kiosks} kiosks through after ${seconds().toFixed(0)} s`);
    }
    report.drainSeconds = Math.round(seconds());
    if (doneKiosks() < kiosks)
      report.failures.push(`${kiosks - doneKiosks()} kiosks are not through after ${report.drainSeconds} s`);
    const arrivals = await central.arrivals();
    for (const { child } of all) child.send('report');
    await Promise.all(all.map(({ ended }) => ended));
    const counts = await central.counts();
    report.requests = arrivals.requests;
    report.refused429 = arrivals.refused;
    report.peakPerSecond = Math.max(0, ...arrivals.perSecond);
    const later = Math.max(0, ...arrivals.perSecond.slice(60));
    report.arrivalsAfter60sOverCapacity = Math.round((100 * later) / capacity) / 100;
    report.perSecond = arrivals.perSecond.slice(0, shownSeconds);
    report.duplicated += counts.duplicates;
    report.gaps = counts.gaps;
    if (counts.deadLetters + counts.quarantined > 0)
      report.failures.push('the centre has refused or quarantined events');
    if (counts.ratings !== report.messages)
      report.failures.push(`the centre holds ${counts.ratings} effects of ${report.messages} messages`);
    return report;
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
