// A fuzz campaign: batches from fast-check's seeds, spread over threads, with a watch over each.

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { nat, sample } from 'fast-check';
import { addFuzzReports, emptyFuzzReport, type FuzzReport } from './fuzz.ts';
import type { FuzzAnswer, FuzzTask } from './fuzz-worker.ts';
import type { Rehearsed } from './rehearsals.ts';

export const batchCases = 2000;
/** One stream takes microseconds; so long without a new one means that a decoder does not return. */
export const hangLimitMs = 30_000;
const watchEveryMs = 500;

/** Which batches a campaign is made of: the same for the same seed, count and drivers. */
export const tasksOf = (names: readonly string[], streams: number, seed: number): FuzzTask[] => {
  const perName = Math.ceil(streams / names.length);
  const batches = Math.ceil(perName / batchCases);
  const seeds = sample(nat(), { seed, numRuns: batches });
  return seeds.flatMap((batchSeed, index) =>
    names.map((name) => ({
      name,
      seed: batchSeed,
      count: Math.min(batchCases, perName - index * batchCases),
      from: 0,
    })),
  );
};

/** Who plays the batches, and how long one stream may take. */
export type FuzzWatch = { program: URL; hangLimitMs: number };
const usualWatch: FuzzWatch = { program: new URL('fuzz-worker.ts', import.meta.url), hangLimitMs };

/** Plays tasks in one thread; a stream that does not end costs its thread and the rest of its batch, and is named. */
export const runTasks = async (
  tasks: FuzzTask[],
  tell: (done: FuzzTask) => void,
  { program, hangLimitMs: limitMs }: FuzzWatch = usualWatch,
): Promise<FuzzReport> => {
  let total = emptyFuzzReport();
  const progress = new SharedArrayBuffer(8);
  const current = new Int32Array(progress);
  const start = async (): Promise<Worker> => {
    const fresh = new Worker(program, { workerData: { progress } });
    // Its start is not what is watched.
    await once(fresh, 'online');
    return fresh;
  };
  let worker = await start();
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const running = task;
    const isDone = await new Promise<boolean>((resolve, reject) => {
      let lastCount = Atomics.load(current, 1);
      let stillMs = 0;
      const watch = setInterval(() => {
        const count = Atomics.load(current, 1);
        stillMs = count === lastCount ? stillMs + watchEveryMs : 0;
        lastCount = count;
        if (stillMs >= limitMs) finish(false);
      }, watchEveryMs);
      const onMessage = ({ report }: FuzzAnswer): void => {
        total = addFuzzReports(total, report);
        finish(true);
      };
      const onError = (error: unknown): void => {
        clearInterval(watch);
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      const finish = (answer: boolean): void => {
        clearInterval(watch);
        worker.off('message', onMessage);
        worker.off('error', onError);
        resolve(answer);
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.postMessage(running);
    });
    if (!isDone) {
      const at = Atomics.load(current, 0);
      const hang = emptyFuzzReport();
      hang.cases = 1;
      hang.hangs = 1;
      hang.failures = [`${running.name} batch ${running.seed} case ${at}: hangs: the decoder does not return`];
      total = addFuzzReports(total, hang);
      await worker.terminate();
      worker = await start();
    }
    tell(running);
  }
  await worker.terminate();
  return total;
};

/** `streams` over all the rehearsals. `batch`: that batch only, of every rehearsal. */
export const runFuzz = async (
  rehearsals: readonly Rehearsed[],
  streams: number,
  seed: number,
  { batch, tell = () => undefined }: { batch?: number; tell?(done: number, of: number): void } = {},
): Promise<FuzzReport> => {
  const names = rehearsals.map(({ name }) => name);
  const tasks: FuzzTask[] =
    batch === undefined
      ? tasksOf(names, streams, seed)
      : names.map((name) => ({ name, seed: batch, count: Math.min(streams, batchCases), from: 0 }));
  const of = tasks.length;
  let done = 0;
  const threads = Math.min(availableParallelism(), 4, of);
  const reports = await Promise.all(
    Array.from({ length: threads }, () =>
      runTasks(tasks, () => {
        done += 1;
        tell(done, of);
      }),
    ),
  );
  return reports.reduce(addFuzzReports, emptyFuzzReport());
};
