// `npm run check`: format, types, lint and the quick unit tests; meant to be run before every commit.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

type Part = { name: string; command: string; args: string[] };

const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const parts: Part[] = [
  { name: 'format', command: bin('oxfmt'), args: ['--check', '.'] },
  { name: 'types', command: bin('tsc'), args: ['-b'] },
  { name: 'lint', command: bin('oxlint'), args: [] },
  { name: 'unit', command: bin('vitest'), args: ['run', '--config', 'test/vitest.config.ts', '--reporter=dot'] },
];

const run = ({ name, command, args }: Part): Promise<boolean> =>
  new Promise((resolve) => {
    const startedMs = Date.now();
    let output = '';
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, UV_USE_IO_URING: '0', HALL_KIOSK_QUICK: '1' },
    });
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('exit', (code) => {
      const isGood = code === 0;
      process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} ${name} ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
      if (!isGood) process.stdout.write(`${output}\n`);
      resolve(isGood);
    });
  });

// Types first: the others then read fresh declarations. The rest share the processors.
const results = [
  await run(parts[1] as Part),
  ...(await Promise.all(parts.filter(({ name }) => name !== 'types').map(run))),
];
process.exitCode = results.every(Boolean) ? 0 : 1;
