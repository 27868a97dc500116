// Electron as the shell: one locked window, the host as a utility process, a MessagePort between them. No logic beyond that.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import {
  app,
  BrowserWindow,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  utilityProcess,
  type UtilityProcess,
} from 'electron';
import { systemClock } from '../../../devices/kit/clock.ts';
import { registry } from '../../../devices/registry.ts';
import { formatConfigErrors, loadConfig } from '../../../kiosk-config/parse.ts';
import { contentSecurityPolicy } from '../../contract/content-security.ts';
import { supervise, type HostProcess, type KioskWindow } from '../supervise.ts';
import { appOrigin, lockApp, lockContents, lockSession, windowOptions } from './lockdown.ts';

const here = import.meta.dirname;
const screens = join(here, '../renderer');
const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

const configPath = (): string => {
  const at = process.argv.indexOf('--config');
  return at >= 0 ? (process.argv[at + 1] ?? '') : '/etc/hall-kiosk/kiosk.json';
};

/** Serves the built screens under a scheme of our own; `..` cannot leave the folder. */
const serveScreens = (dockUrl: string | undefined): void => {
  protocol.handle('kiosk', async (request) => {
    const path = normalize(decodeURIComponent(new URL(request.url).pathname)).replace(/^(\.\.[/\\])+/, '');
    const file = join(screens, path === '/' || path === '\\' ? 'index.html' : path);
    if (!file.startsWith(screens)) return new Response(undefined, { status: 404 });
    try {
      return new Response(new Uint8Array(await readFile(file)), {
        headers: {
          'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': contentSecurityPolicy(dockUrl),
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response(undefined, { status: 404 });
    }
  });
};

const startHost = (config: string, onProcess: (child: UtilityProcess) => void): HostProcess => {
  const child = utilityProcess.fork(join(here, '../host/main.js'), ['--config', config, '--screens', screens], {
    serviceName: 'hall-kiosk-host',
    env: { ...process.env, UV_USE_IO_URING: '0' },
  });
  onProcess(child);
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(code)),
    kill: () => void child.kill(),
  };
};

const run = async (): Promise<void> => {
  if (!lockApp(app)) return;
  protocol.registerSchemesAsPrivileged([
    { scheme: 'kiosk', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  await app.whenReady();
  const loaded = loadConfig(configPath(), { drivers: registry });
  if (!loaded.ok) {
    process.stderr.write(`${formatConfigErrors(loaded.error.problems, 'zh')}\n`);
    app.exit(1);
    return;
  }
  const config = loaded.value;
  const dockUrl = config.training?.dockUrl;
  Menu.setApplicationMenu(null);
  lockSession(session.defaultSession);
  serveScreens(dockUrl);
  // Nothing of the page may leave this machine.
  session.defaultSession.webRequest.onBeforeRequest((details, callback) => {
    const isOurs =
      details.url.startsWith(`${appOrigin}/`) || details.url.startsWith('blob:') || details.url.startsWith('data:');
    const isDock = dockUrl !== undefined && details.url.startsWith(new URL(dockUrl).origin);
    callback({ cancel: !isOurs && !isDock });
  });

  let host: UtilityProcess | undefined;
  const connect = (window: BrowserWindow): void => {
    const { port1, port2 } = new MessageChannelMain();
    host?.postMessage({ type: 'channel' }, [port1]);
    window.webContents.postMessage('host-channel', null, [port2]);
  };

  const openWindow = async (): Promise<KioskWindow> => {
    const window = new BrowserWindow(
      windowOptions(join(here, 'preload.cjs'), {
        widthPx: config.panel.widthPx,
        heightPx: config.panel.heightPx,
        fullscreen: config.window.fullscreen,
      }),
    );
    lockContents(window.webContents, dockUrl === undefined ? undefined : new URL(dockUrl).origin);
    // Each load of the page, also the reload after a visit, gets a channel of its own.
    window.webContents.on('did-finish-load', () => connect(window));
    const closed = new Promise<string>((resolve) => {
      window.webContents.on('render-process-gone', (_event, details) => {
        resolve(details.reason);
        window.destroy();
      });
      window.on('unresponsive', () => {
        resolve('unresponsive');
        window.destroy();
      });
      window.on('closed', () => resolve('closed'));
    });
    await window.loadURL(`${appOrigin}/index.html`);
    return {
      onClosed: (listener) => void closed.then(listener),
      close: async () => window.destroy(),
    };
  };

  const supervision = supervise({
    clock: systemClock,
    port: 0,
    startHost: () => startHost(configPath(), (child) => (host = child)),
    openWindow,
    log: (event, detail) => process.stderr.write(`${event} ${JSON.stringify(detail ?? {})}\n`),
    onCannotStart(code, message) {
      process.stderr.write(`${code}: ${message}\n`);
      app.exit(1);
    },
  });
  app.on('before-quit', () => void supervision.stop());
};

void run();
