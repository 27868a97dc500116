// Electron as the shell: one locked window, the host as a utility process, a MessagePort between them. No logic beyond that.
//
//   supervise ─ fork ─▶ host ─ ready ─▶ window ─ each load ─▶ channel: one port to the host, one to the page
//                         └── started again ────────────────▶ a new channel to the page that is there

import type { Clock } from '../../../devices/kit/clock.ts';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import { fromHostSchema } from '../../contract/supervision.ts';
import { supervise, type HostProcess, type KioskWindow, type Supervision } from '../supervise.ts';
import type { ElectronApi, ElectronHost, ElectronWindow } from './electron-api.ts';
import { appOrigin, appScheme, lockContents, lockSession, windowOptions } from './lockdown.ts';
import { screensProtocol } from './screens-protocol.ts';

export type ElectronShellOptions = {
  clock: Clock;
  configPath: string;
  config: Pick<KioskConfig, 'panel' | 'window' | 'training'>;
  /** Folder of the built screens. */
  screens: string;
  preloadPath: string;
  say(line: string): void;
};

export const createElectronShell = <Port>(electron: ElectronApi<Port>, options: ElectronShellOptions): Supervision => {
  const { config, configPath, screens, say } = options;
  const dockUrl = config.training?.dockUrl;
  const dockOrigin = dockUrl === undefined ? undefined : new URL(dockUrl).origin;
  lockSession(electron.session, dockOrigin);
  electron.protocol.handle(appScheme, screensProtocol(screens, dockUrl));

  /** The host that takes channels; none while it starts. */
  let host: ElectronHost<Port> | undefined;
  let loaded: ElectronWindow<Port> | undefined;

  const connect = (): void => {
    if (!host || !loaded) return;
    const { port1, port2 } = electron.createChannel();
    host.postMessage({ type: 'channel' }, [port1]);
    loaded.webContents.postMessage('host-channel', null, [port2]);
  };

  const startHost = (): HostProcess => {
    const child = electron.forkHost(['--config', configPath, '--screens', screens]);
    child.on('message', (data) => {
      if (fromHostSchema.safeParse(data).data?.type !== 'ready') return;
      host = child;
      // The page outlives the host: it gets a line to the new one.
      connect();
    });
    child.once('exit', () => {
      if (host === child) host = undefined;
    });
    return {
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill: () => void child.kill(),
    };
  };

  const openWindow = async (): Promise<KioskWindow> => {
    const { panel } = config;
    const window = electron.openBrowserWindow(
      windowOptions(options.preloadPath, {
        widthPx: panel.widthPx,
        heightPx: panel.heightPx,
        fullscreen: config.window.fullscreen,
      }),
    );
    const { webContents } = window;
    lockContents(webContents, dockOrigin);
    // Each load of the page, also the reload after a visit, gets a channel of its own.
    webContents.on('did-finish-load', () => {
      loaded = window;
      connect();
    });
    const closed = new Promise<string>((resolve) => {
      const end = (reason: string): void => {
        if (loaded === window) loaded = undefined;
        resolve(reason);
      };
      webContents.on('render-process-gone', (_event, { reason }) => {
        end(reason);
        window.destroy();
      });
      window.on('unresponsive', () => {
        end('unresponsive');
        window.destroy();
      });
      window.on('closed', () => end('closed'));
    });
    try {
      await window.loadURL(`${appOrigin}/index.html`);
    } catch (error) {
      window.destroy();
      throw error;
    }
    return { onClosed: (listener) => void closed.then(listener), close: async () => window.destroy() };
  };

  const supervision = supervise({
    clock: options.clock,
    port: 0,
    startHost,
    openWindow,
    log: (event, detail) => say(`${event} ${JSON.stringify(detail ?? {})}`),
    onCannotStart(code, message) {
      say(`${code}: ${message}`);
      electron.app.exit(1);
    },
  });
  let isQuitting = false;
  electron.app.on('before-quit', (event) => {
    // The host ends its writes before the machine goes down.
    event.preventDefault();
    if (isQuitting) return;
    isQuitting = true;
    void supervision.stop().then(() => electron.app.exit(0));
  });
  return supervision;
};
