// The Electron shell in the real Electron, where its binary is: locked window, line to the host, a killed host. Elsewhere it is
// skipped and says so; what can be checked without the binary stands in main/shell/electron/*.test.ts.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../main/shell/electron/launch.ts';
import { assembleDemo, type DemoHall } from '../testbed/demo-hall.ts';
import { buildScreens } from '../testbed/screens-build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const electronPath = findElectron();

test.describe('the Electron shell', () => {
  test.skip(electronPath === undefined, 'skipped: no Electron binary');
  test.skip(!hasDisplay, 'skipped: no display');
  // The tests of one describe share an application.
  test.describe.configure({ mode: 'serial' });

  let demo: DemoHall;
  let shell: ElectronApplication;
  let page: Page;

  test.beforeAll(async () => {
    buildScreens(say);
    const built = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'main/vite.config.ts', '--logLevel', 'error'],
      { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    if (built.status !== 0) throw new Error('the processes could not be built (see above)');
    demo = await assembleDemo({
      say,
      adjust(config) {
        config['window'] = { fullscreen: false };
      },
    });
    shell = await _electron.launch({
      ...(electronPath === undefined ? {} : { executablePath: electronPath }),
      args: [
        // Chromium refuses to run its sandbox as root.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...demo.cameraFlags,
        join(root, 'dist/electron/main.js'),
        '--config',
        demo.configPath,
      ],
      env: { ...(process.env as Record<string, string>), ...demo.environment },
    });
    page = await shell.firstWindow();
  });
  test.afterAll(async () => {
    await shell?.close();
    await demo?.stop();
  });

  test('shows the attract screen over a MessagePort', async () => {
    await expect(page.locator('[data-screen="attract"]')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('data-connected', 'true');
    expect(page.url()).toMatch(/^kiosk:\/\/screens\//);
  });

  test('gives the page nothing of Node and nothing of Electron', async () => {
    const names = ['require', 'process', 'Buffer', 'module', 'electron', 'ipcRenderer', '__dirname'];
    const found = await page.evaluate((wanted) => wanted.filter((name) => name in globalThis), names);
    expect(found).toEqual([]);
    const bridge = await page.evaluate(() =>
      JSON.stringify((globalThis as unknown as { hallKiosk: unknown }).hallKiosk),
    );
    expect(bridge).toBe('{"shell":"electron"}');
  });

  test('opens no window, goes nowhere, fetches nothing foreign', async () => {
    expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true);
    await page.evaluate(() => void (location.href = 'https://example.com/'));
    expect(
      await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'fetched',
          () => 'refused',
        ),
      ),
    ).toBe('refused');
    expect(page.url()).toMatch(/^kiosk:\/\/screens\//);
    expect(shell.windows()).toHaveLength(1);
  });

  test('has no microphone', async () => {
    const outcome = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        () => 'refused',
      ),
    );
    expect(outcome).toBe('refused');
  });

  test('a visit goes on when the host was killed', async () => {
    await page.locator('[data-screen="attract"]').click();
    await expect(page.locator('[data-screen="welcome"]')).toBeVisible();
    await shell.evaluate(({ app }) => {
      const host = app.getAppMetrics().find(({ serviceName, name }) => [serviceName, name].includes('hall-kiosk-host'));
      if (host) process.kill(host.pid, 'SIGKILL');
    });
    await expect(page.locator('html')).toHaveAttribute('data-connected', 'false');
    await expect(page.locator('html')).toHaveAttribute('data-connected', 'true', { timeout: 20_000 });
    await expect(page.locator('[data-screen="welcome"]')).toBeVisible();
  });
});
