// The reference server as a process of its own, which can be killed and comes back on its books and its port.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Arrivals } from '../../testbed/central/capacity.ts';
import type { Counts } from '../../testbed/central/counts.ts';

const mainFile = new URL('../../testbed/central/main.ts', import.meta.url).pathname;

export type CentralProcess = {
  port(): number;
  /** The books, for a reader of its own. */
  booksPath: string;
  blobPath(sha256: string): string;
  counts(): Promise<Counts>;
  /** Of this process: a restart begins anew. */
  arrivals(): Promise<Arrivals>;
  /** SIGKILL, then a new process; answers how long its start took. */
  killAndRestart(): Promise<number>;
  stop(): Promise<void>;
};

/** `capacity`: requests a second that it takes; above it answers 429. */
export const startCentralProcess = async (directory: string, capacity?: number): Promise<CentralProcess> => {
  let child: ChildProcess | undefined;
  let port = 0;
  let nextId = 0;
  const limit = capacity === undefined ? [] : ['--capacity', String(capacity)];

  const start = async (): Promise<void> => {
    const started = fork(mainFile, ['--dir', directory, '--port', String(port), ...limit], {
      // The campaigns read its file beside it.
      env: { ...process.env, DATABASE_URL: '' },
      // Its report for people is not ours to print.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child = started;
    const [ready] = (await Promise.race([
      once(started, 'message'),
      once(started, 'exit').then(() => {
        throw new Error('the reference server did not start');
      }),
    ])) as [{ port: number }];
    ({ port } = ready);
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  const ask = <T>(call: 'counts' | 'arrivals'): Promise<T> => {
    const id = nextId++;
    const asked = child;
    if (!asked) throw new Error('the reference server does not run');
    return new Promise((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        const answer = message as { id: number; ok: boolean; value: T; error?: string };
        if (answer.id !== id) return;
        asked.off('message', onMessage);
        if (answer.ok) resolve(answer.value);
        else reject(new Error(answer.error));
      };
      asked.on('message', onMessage);
      asked.send({ id, call, args: [] });
    });
  };

  await start();
  return {
    port: () => port,
    booksPath: join(directory, 'central.db'),
    blobPath: (sha256) => join(directory, 'blobs', sha256),
    counts: async () => ask<Counts>('counts'),
    arrivals: async () => ask<Arrivals>('arrivals'),
    async killAndRestart() {
      await end('SIGKILL');
      const startedMs = performance.now();
      await start();
      return performance.now() - startedMs;
    },
    stop: () => end('SIGTERM'),
  };
};
