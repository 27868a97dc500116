// The Electron main process: puts Electron's objects into the shell. What it does stands in shell.ts, what it forbids in lockdown.ts.

import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  Menu,
  MessageChannelMain,
  protocol,
  session,
  utilityProcess,
  type MessagePortMain,
} from 'electron';
import { systemClock } from '../../../devices/kit/clock.ts';
import { registry } from '../../../devices/registry.ts';
import { formatConfigErrors, loadConfig } from '../../../kiosk-config/parse.ts';
import { forgettingFlags, hostForgettingFlags } from '../chromium/flags.ts';
import type { ElectronApi } from './electron-api.ts';
import { appScheme, lockApp } from './lockdown.ts';
import { createElectronShell } from './shell.ts';

/** The built main process stands in `dist/electron`, beside `dist/host` and `dist/renderer`. */
const here = import.meta.dirname;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const configPath = (): string => {
  const at = process.argv.indexOf('--config');
  return at >= 0 ? (process.argv[at + 1] ?? '') : '/etc/hall-kiosk/kiosk.json';
};

const electronApi = (): ElectronApi<MessagePortMain> => ({
  app,
  protocol,
  session: session.defaultSession,
  openBrowserWindow: (options) => new BrowserWindow(options),
  createChannel: () => new MessageChannelMain(),
  forkHost: (args) =>
    utilityProcess.fork(join(here, '../host/main.js'), [...args], {
      serviceName: 'hall-kiosk-host',
      // io_uring makes a serial port fail to reopen on some kernels.
      env: { ...process.env, UV_USE_IO_URING: '0', MALLOC_PERTURB_: '165' },
      execArgv: [...hostForgettingFlags],
    }),
});

const run = async (): Promise<void> => {
  if (!lockApp(app)) return;
  app.commandLine.appendSwitch('js-flags', forgettingFlags.join(' '));
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  await app.whenReady();
  const loaded = loadConfig(configPath(), { drivers: registry });
  if (!loaded.ok) {
    say(formatConfigErrors(loaded.error.problems, 'zh'));
    say(formatConfigErrors(loaded.error.problems, 'en'));
    app.exit(1);
    return;
  }
  Menu.setApplicationMenu(null);
  createElectronShell(electronApi(), {
    clock: systemClock,
    configPath: configPath(),
    config: loaded.value,
    screens: join(here, '../renderer'),
    preloadPath: join(here, 'preload.cjs'),
    say,
  });
};

void run();
