// Starts the Electron shell where its binary is, and starts it again when it ends. Electron supervises the host itself.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../devices/kit/clock.ts';
import { ended, started, type RestartState } from '../restart.ts';
import type { Supervision } from '../supervise.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where the package keeps its binary. Asking the package itself would start a download. */
export const findElectron = (): string | undefined => {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const distFolder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(distFolder, readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : undefined;
};

export type ElectronLaunch = {
  electronPath: string;
  configPath: string;
  environment?: Record<string, string>;
  /** Demo only, e.g. a camera made of a file. */
  extraFlags?: readonly string[];
  say(line: string): void;
};

/** Builds Electron's own bundles when they are missing; the package ships them built. */
const buildBundles = (): void => {
  if (existsSync(join(root, 'dist/electron/main.js'))) return;
  spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'main/vite.config.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
};

export const runElectron = (launch: ElectronLaunch): Supervision => {
  buildBundles();
  let state: RestartState = { failures: 0, startedAtMs: 0 };
  let child: ChildProcess | undefined;
  let isStopping = false;
  let starts = -1;
  const start = (): void => {
    if (isStopping) return;
    starts += 1;
    state = started(state, systemClock.now());
    child = spawn(
      launch.electronPath,
      [join(root, 'dist/electron/main.js'), ...(launch.extraFlags ?? []), '--config', launch.configPath],
      { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...launch.environment } },
    );
    child.once('exit', (code) => {
      if (isStopping) return;
      const next = ended(state, systemClock.now());
      state = next.state;
      launch.say(`electronEnded ${JSON.stringify({ code, restartInMs: next.delayMs })}`);
      systemClock.after(next.delayMs, start);
    });
  };
  start();
  return {
    ready: Promise.resolve(),
    restarts: () => ({ host: 0, window: starts }),
    async stop() {
      isStopping = true;
      const last = child;
      if (!last || last.exitCode !== null) return;
      await new Promise<void>((resolve) => {
        last.once('exit', () => resolve());
        last.kill('SIGTERM');
      });
    },
  };
};
