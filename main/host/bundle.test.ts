// The host as it is shipped: one bundled file that finds catalogue, screens and migrations where the package has them. And the same
// from its sources, so that neither way breaks the other.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromHostSchema, type FromHost, type ToHost } from '../contract/supervision.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const startTimeoutMs = 60_000;

let folder: string;
const hosts: ChildProcess[] = [];

beforeAll(() => {
  const built = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'main/vite.config.ts', '--logLevel', 'error'],
    { cwd: root, encoding: 'utf8' },
  );
  if (built.status !== 0) throw new Error(built.stderr);
  // The door serves a folder that must be there; the screens themselves are not what is tested here.
  mkdirSync(join(root, 'dist/renderer'), { recursive: true });
}, startTimeoutMs);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-'));
});
afterEach(async () => {
  for (const host of hosts.splice(0)) {
    if (host.exitCode !== null || host.signalCode !== null) continue;
    host.kill('SIGKILL');
    await once(host, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const writeConfig = (change: object = {}): string => {
  const path = join(folder, 'kiosk.json');
  const text = { zh: '大厅', en: 'Hall' };
  const config = {
    version: 1,
    kiosk: { id: 'BUNDLE-01', hall: text, place: text, askAt: text },
    central: { url: 'http://127.0.0.1:9', kioskKey: 'a-key-for-the-tests' },
    store: { directory: folder, machineKeyFile: join(folder, 'machine.key') },
    logging: { directory: join(folder, 'log') },
    devices: [],
    ...change,
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
};

const start = (script: string, configPath: string): { host: ChildProcess; next(type: string): Promise<FromHost> } => {
  const host = spawn(process.execPath, [join(root, script), '--config', configPath], {
    // Somewhere else: nothing may depend on where the shell was started.
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  hosts.push(host);
  let complaint = '';
  host.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const heard: FromHost[] = [];
  host.on('message', (data) => heard.push(fromHostSchema.parse(data)));
  const begin: ToHost = { type: 'begin', credential: 'c'.repeat(43), port: 0 };
  host.send(begin);
  return {
    host,
    async next(type) {
      for (;;) {
        const found = heard.find((message) => message.type === type);
        if (found) return found;
        if (host.exitCode !== null) throw new Error(`the host ended (${host.exitCode}): ${complaint}`);
        await Promise.race([once(host, 'message'), once(host, 'exit')]);
      }
    },
  };
};

describe.each([{ script: 'dist/host/main.js' }, { script: 'main/host/main.ts' }])('$script', ({ script }) => {
  it(
    'starts, opens its door, makes its store, and ends when it is told to',
    async () => {
      const { host, next } = start(script, writeConfig());
      const ready = await next('ready');
      if (ready.type !== 'ready') throw new Error('unreachable');
      const token = 't'.repeat(43);
      host.send({ type: 'admit', token });
      await next('admitted');
      const entered = await fetch(`${ready.origin}/enter?token=${token}`, { redirect: 'manual' });
      expect(entered.status).toBe(200);
      expect((await fetch(`${ready.origin}/`)).status).toBe(403);
      expect(existsSync(join(folder, 'kiosk.db'))).toBe(true);
      host.send({ type: 'stop' });
      const [code] = (await once(host, 'exit')) as [number | null];
      expect(code).toBe(0);
    },
    startTimeoutMs,
  );

  it(
    'says why it cannot start',
    async () => {
      const { next } = start(script, writeConfig({ kiosk: { id: 'BUNDLE-01' } }));
      expect(await next('cannotStart')).toMatchObject({ code: 'configInvalid' });
    },
    startTimeoutMs,
  );
});

describe('the Electron bundles', () => {
  it('have one preload file that asks for nothing but electron', () => {
    const preload = readFileSync(join(root, 'dist/electron/preload.cjs'), 'utf8');
    expect([...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(preload).not.toMatch(/^\s*(import|export)\s/m);
  });

  it('ask for no module that is not packaged', () => {
    const { dependencies } = createRequire(import.meta.url)('../../package.json') as {
      dependencies: Record<string, string>;
    };
    const allowed = new Set(['electron', ...Object.keys(dependencies)]);
    for (const file of ['host/main.js', 'electron/main.js']) {
      const text = readFileSync(join(root, 'dist', file), 'utf8');
      const packages = [...text.matchAll(/^import .*?["']([^"'.][^"']*)["'];$|\bimport\(["']([^"'.][^"']*)["']\)/gm)]
        .map(([, fixed, dynamic]) => fixed ?? dynamic ?? '')
        .filter((name) => !name.startsWith('node:'))
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      expect(packages.length).toBeGreaterThan(1);
      expect([file, packages.filter((name) => !allowed.has(name))]).toEqual([file, []]);
    }
  });
});
