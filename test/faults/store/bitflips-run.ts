// The whole campaign of flips, shared between as many processes as there are processors.

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { addFlipReport, emptyFlipReport, type FlipReport } from './bitflips.ts';

const worker = fileURLToPath(new URL('./bitflips-worker.ts', import.meta.url));

type Message = { done: number } | { report: FlipReport };

const runShare = (from: number, to: number, seed: number, onDone: (done: number) => void): Promise<FlipReport> =>
  new Promise((resolve) => {
    const child = fork(worker, [from, to, seed].map(String), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    let report: FlipReport | undefined;
    let done = 0;
    child.on('message', (message: Message) => {
      if ('report' in message) report = message.report;
      else onDone((done = message.done));
    });
    child.once('exit', (code, signal) => {
      if (report) return resolve(report);
      const failures = [`flips ${from}-${to}: the process ended with ${signal ?? code} after ${done} flips`];
      resolve({ ...emptyFlipReport(), flips: done, crashes: 1, failures });
    });
  });

export const runBitflips = async (
  flips: number,
  seed: number,
  tell: (done: number, of: number) => void,
): Promise<FlipReport> => {
  const shares = Math.max(1, Math.min(availableParallelism(), Math.ceil(flips / 200)));
  const done = Array.from({ length: shares }, () => 0);
  const edge = (share: number): number => Math.floor((flips * share) / shares);
  const reports = await Promise.all(
    done.map((_, share) =>
      runShare(edge(share), edge(share + 1), seed, (count) => {
        done[share] = count;
        tell(
          done.reduce((sum, one) => sum + one, 0),
          flips,
        );
      }),
    ),
  );
  const sum = emptyFlipReport();
  for (const report of reports) addFlipReport(sum, report);
  return sum;
};
