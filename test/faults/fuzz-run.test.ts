import { expect, it } from 'vitest';
import { batchCases, runTasks, tasksOf } from './fuzz-run.ts';

it('gives every decoder its share, in batches of the same seeds for the same campaign', () => {
  const tasks = tasksOf(['a', 'b'], 10_000, 5);
  expect(tasks.filter(({ name }) => name === 'a').reduce((sum, { count }) => sum + count, 0)).toBe(5000);
  expect(tasks.every(({ count }) => count > 0 && count <= batchCases)).toBe(true);
  expect(tasksOf(['a', 'b'], 10_000, 5)).toEqual(tasks);
  expect(tasksOf(['a', 'b'], 10_000, 6)).not.toEqual(tasks);
});

it('names the stream at which a decoder never returns, and goes on', async () => {
  // Tells that it plays stream 17 and is never heard of again.
  const stuck = `
    const { parentPort, workerData } = require('node:worker_threads');
    const current = new Int32Array(workerData.progress);
    parentPort.on('message', () => {
      Atomics.store(current, 0, 17);
      for (;;) {}
    });`;
  const done: string[] = [];
  const report = await runTasks(
    [
      { name: 'a', seed: 1, count: 100, from: 0 },
      { name: 'b', seed: 2, count: 100, from: 0 },
    ],
    ({ name }) => void done.push(name),
    {
      program: new URL(
        `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///');${stuck}`)}`,
      ),
      hangLimitMs: 4000,
    },
  );
  expect(report).toMatchObject({ cases: 2, hangs: 2 });
  expect(report.failures[0]).toContain('a batch 1 case 17: hangs');
  expect(done).toEqual(['a', 'b']);
});
