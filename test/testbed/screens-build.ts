// Builds the screens when they are missing or older than their sources.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const newestMs = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return newestMs(path);
      return entry.name.endsWith('.test.ts') ? 0 : statSync(path).mtimeMs;
    }),
  );

export const buildScreens = (say: (line: string) => void): void => {
  const built = join(root, 'dist/renderer/index.html');
  const sourcesMs = Math.max(newestMs(join(root, 'renderer')), newestMs(join(root, 'main/contract')));
  if (existsSync(built) && statSync(built).mtimeMs >= sourcesMs) return;
  say('正在构建界面 / Building the screens …');
  const done = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--config',
      'renderer/vite.config.ts',
      '--logLevel',
      'error',
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (done.status !== 0) throw new Error('the screens could not be built (see above)');
};
