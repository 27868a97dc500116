// Plays fuzz batches in a thread of its own, so that the main thread sees a decoder that never returns.

import { parentPort, workerData } from 'node:worker_threads';
import { fuzzBatch, type FuzzReport } from './fuzz.ts';
import { findRehearsals } from './rehearsals.ts';

export type FuzzTask = { name: string; seed: number; count: number; from: number };
export type FuzzAnswer = { report: FuzzReport };

const { progress } = workerData as { progress: SharedArrayBuffer };
const current = new Int32Array(progress);
const rehearsals = await findRehearsals();

parentPort?.on('message', (task: FuzzTask) => {
  const found = rehearsals.find(({ name }) => name === task.name);
  if (!found) throw new Error(`no rehearsal is called ${task.name}`);
  const report = fuzzBatch(
    task.name,
    found.rehearsal,
    task.seed,
    task.count,
    (index) => {
      Atomics.store(current, 0, index);
      Atomics.add(current, 1, 1);
    },
    task.from,
  );
  parentPort?.postMessage({ report } satisfies FuzzAnswer);
});
