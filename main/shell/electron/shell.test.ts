import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../devices/kit/clock.ts';
import { silentHostMs } from '../supervise.ts';
import { createElectronDouble, type ElectronDouble, type HostDouble, type WindowDouble } from './electron-double.ts';
import { appOrigin } from './lockdown.ts';
import { screensProtocol } from './screens-protocol.ts';
import { createElectronShell } from './shell.ts';

let electron: ElectronDouble;
let clock: FakeClock;
let lines: string[];

beforeEach(() => {
  electron = createElectronDouble();
  clock = createFakeClock();
  lines = [];
  createElectronShell(electron, {
    clock,
    configPath: '/etc/hall-kiosk/kiosk.json',
    config: {
      panel: { diagonalInch: 27, widthPx: 1080, heightPx: 1920 },
      window: { shell: 'electron', fullscreen: true },
      training: undefined,
    } as Parameters<typeof createElectronShell>[1]['config'],
    screens: '/opt/hall-kiosk/dist/renderer',
    preloadPath: '/opt/hall-kiosk/dist/electron/preload.cjs',
    say: (line) => lines.push(line),
  });
});

const host = (at: number): HostDouble => {
  const found = electron.hosts[at];
  if (!found) throw new Error(`host ${at} was not started`);
  return found;
};
const window = (at: number): WindowDouble => {
  const found = electron.windows[at];
  if (!found) throw new Error(`window ${at} was not opened`);
  return found;
};
const ready = async (which: HostDouble): Promise<void> => {
  which.say({ type: 'ready', origin: 'http://127.0.0.1:4000', port: 4000 });
  await clock.advance(0);
};

describe('the Electron shell', () => {
  it('starts the host with the configuration and the built screens', () => {
    expect(host(0).args).toEqual([
      '--config',
      '/etc/hall-kiosk/kiosk.json',
      '--screens',
      '/opt/hall-kiosk/dist/renderer',
    ]);
    expect(host(0).received[0]).toMatchObject({ type: 'begin' });
  });

  it('opens the window only when the host is ready, on our own page, with the preload', async () => {
    await clock.advance(1000);
    expect(electron.windows).toHaveLength(0);
    await ready(host(0));
    expect(electron.windows).toHaveLength(1);
    expect(window(0).url).toBe(`${appOrigin}/index.html`);
    expect(window(0).options.webPreferences).toMatchObject({ preload: '/opt/hall-kiosk/dist/electron/preload.cjs' });
    expect(window(0).webContents.openHandler()).toEqual({ action: 'deny' });
  });

  it('gives page and host the two ends of one channel, a new one on each load', async () => {
    await ready(host(0));
    window(0).webContents.emit('did-finish-load');
    expect(host(0).ports).toEqual([
      { channel: 1, end: 1 },
      { channel: 2, end: 1 },
    ]);
    expect(window(0).webContents.sent).toEqual([
      { channel: 'host-channel', message: null, ports: [{ channel: 1, end: 2 }] },
      { channel: 'host-channel', message: null, ports: [{ channel: 2, end: 2 }] },
    ]);
  });

  it.each(['crashed', 'oom', 'killed'])('opens the window again when its page is gone (%s)', async (reason) => {
    await ready(host(0));
    window(0).webContents.emit('render-process-gone', {}, { reason });
    expect(window(0).isDestroyed).toBe(true);
    await clock.advance(1000);
    expect(electron.windows).toHaveLength(2);
    expect(window(1).webContents.sent).toHaveLength(1);
    expect(electron.hosts).toHaveLength(1);
  });

  it('opens the window again when it hangs, and when somebody closed it', async () => {
    await ready(host(0));
    window(0).emit('unresponsive');
    await clock.advance(1000);
    expect(window(0).isDestroyed).toBe(true);
    window(1).emit('closed');
    await clock.advance(3000);
    expect(electron.windows).toHaveLength(3);
  });

  it('tries again when the page cannot be loaded, and leaves no dead window behind', async () => {
    electron.failNextLoad();
    await ready(host(0));
    expect(window(0).isDestroyed).toBe(true);
    await clock.advance(1000);
    expect(window(1).url).toBe(`${appOrigin}/index.html`);
  });

  it('starts a host again that ended, with the key of the running visit', async () => {
    await ready(host(0));
    host(0).say({ type: 'sessionBegan', sessionId: 's1', keyBase64: 'a2V5' });
    host(0).exit(134);
    await clock.advance(1000);
    expect(host(1).received[0]).toMatchObject({ type: 'begin', session: { sessionId: 's1', keyBase64: 'a2V5' } });
  });

  it('gives the page that lives a line to the new host, and none to the dead one', async () => {
    await ready(host(0));
    host(0).exit(134);
    // The page reloads while there is no host.
    window(0).webContents.emit('did-finish-load');
    expect(window(0).webContents.sent).toHaveLength(1);
    await clock.advance(1000);
    expect(window(0).webContents.sent).toHaveLength(1);
    await ready(host(1));
    expect(electron.windows).toHaveLength(1);
    expect(window(0).webContents.sent).toHaveLength(2);
    expect(host(1).ports).toEqual([{ channel: 2, end: 1 }]);
  });

  it('kills a host that has gone silent', async () => {
    await ready(host(0));
    await clock.advance(silentHostMs + 1);
    expect(host(0).wasKilled).toBe(true);
  });

  it('ends when the host says that it cannot start', async () => {
    host(0).say({ type: 'cannotStart', code: 'storeDamaged', message: 'the store is damaged' });
    expect(electron.exits).toEqual([1]);
    expect(lines.join('\n')).toContain('storeDamaged: the store is damaged');
  });

  it('lets the host finish before the machine goes down', async () => {
    await ready(host(0));
    expect(electron.quit().wasPrevented).toBe(true);
    await clock.advance(0);
    expect(host(0).received.at(-1)).toEqual({ type: 'stop' });
    expect(window(0).isDestroyed).toBe(true);
    expect(electron.exits).toEqual([0]);
    await clock.advance(10_000);
    expect([electron.hosts.length, electron.windows.length]).toEqual([1, 1]);
  });
});

describe('kiosk://screens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'screens-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>kiosk</title>');
  writeFileSync(join(`${folder}-beside.txt`), 'secret');
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(`${folder}-beside.txt`);
  });
  const get = screensProtocol(folder, undefined);

  it('serves the page under a policy that allows nothing foreign', async () => {
    for (const url of [`${appOrigin}/`, `${appOrigin}/index.html`]) {
      const answer = await get({ url });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await answer.text()).toContain('<title>kiosk</title>');
    }
  });

  it('does not leave its folder and does not fall over', async () => {
    for (const path of [
      '/../../etc/passwd',
      '/..%2f..%2f..%2f..%2fetc/passwd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..%2fscreens-beside.txt',
      `/..%2f${folder.split('/').at(-1)}-beside.txt`,
      '/%',
      '/index.html%00.js',
      '/no-such-file.js',
    ]) {
      const answer = await get({ url: `${appOrigin}${path}` });
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });
});
