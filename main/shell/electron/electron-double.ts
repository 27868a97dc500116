// A double of the used part of Electron, for the tests: it keeps what was registered and what was sent, and lets a test make happen
// what Chromium and the operating system would.

import type { BrowserWindowConstructorOptions } from 'electron';
import type { ToHost } from '../../contract/supervision.ts';
import type {
  ElectronApi,
  ElectronContents,
  ElectronHost,
  ElectronSession,
  ElectronWindow,
  PermissionDetails,
} from './electron-api.ts';

export type PortDouble = { channel: number; end: 1 | 2 };

/** Handlers by event name; the types of the real thing stand in electron-api.ts. */
const createEmitter = () => {
  const handlers = new Map<string, ((...args: never[]) => void)[]>();
  return {
    on(event: string, listener: (...args: never[]) => void): void {
      handlers.set(event, [...(handlers.get(event) ?? []), listener]);
    },
    emit(event: string, ...args: unknown[]): void {
      for (const listener of handlers.get(event) ?? []) listener(...(args as never[]));
    },
  };
};

/** Fires an event that can be prevented; answers whether it was. */
export const isPrevented = (emit: (event: { preventDefault(): void }) => void, details: object = {}): boolean => {
  let wasPrevented = false;
  emit({ ...details, preventDefault: () => (wasPrevented = true) });
  return wasPrevented;
};

export type ContentsDouble = ElectronContents & {
  emit(event: string, ...args: unknown[]): void;
  openHandler(): { action: string } | undefined;
  zoom(): [number, number] | undefined;
  sent: { channel: string; message: unknown; ports: PortDouble[] }[];
  postMessage(channel: string, message: unknown, ports: PortDouble[]): void;
};

export const createContentsDouble = (): ContentsDouble => {
  const { on, emit } = createEmitter();
  let openHandler: (() => { action: string }) | undefined;
  let zoom: [number, number] | undefined;
  const sent: ContentsDouble['sent'] = [];
  return {
    on,
    emit,
    sent,
    openHandler: () => openHandler?.(),
    zoom: () => zoom,
    setWindowOpenHandler(handler) {
      openHandler = handler;
    },
    async setVisualZoomLevelLimits(least, most) {
      zoom = [least, most];
    },
    postMessage: (channel, message, ports) => void sent.push({ channel, message, ports }),
  };
};

export type SessionDouble = ElectronSession & {
  /** Asks as a page would; answers whether it was granted. */
  request(permission: string, details: PermissionDetails): boolean;
  check(permission: string, origin: string, details: PermissionDetails): boolean;
  device(): boolean;
  download(): { wasPrevented: boolean };
  isCancelled(url: string): boolean;
};

export const createSessionDouble = (): SessionDouble => {
  const { on, emit } = createEmitter();
  let onRequest: Parameters<ElectronSession['setPermissionRequestHandler']>[0] | undefined;
  let onCheck: Parameters<ElectronSession['setPermissionCheckHandler']>[0] | undefined;
  let onDevice: (() => boolean) | undefined;
  let onBeforeRequest: Parameters<ElectronSession['webRequest']['onBeforeRequest']>[0] | undefined;
  return {
    on,
    setPermissionRequestHandler: (handler) => void (onRequest = handler),
    setPermissionCheckHandler: (handler) => void (onCheck = handler),
    setDevicePermissionHandler: (handler) => void (onDevice = handler),
    webRequest: { onBeforeRequest: (listener) => void (onBeforeRequest = listener) },
    // Electron grants what nobody handles.
    request(permission, details) {
      let answer = onRequest === undefined;
      onRequest?.(undefined, permission, (isGranted) => (answer = isGranted), details);
      return answer;
    },
    check: (permission, origin, details) => onCheck?.(undefined, permission, origin, details) ?? true,
    device: () => onDevice?.() ?? true,
    download: () => ({ wasPrevented: isPrevented((event) => emit('will-download', event)) }),
    isCancelled(url) {
      let isCancelled = false;
      onBeforeRequest?.({ url }, ({ cancel }) => (isCancelled = cancel === true));
      return isCancelled;
    },
  };
};

export type WindowDouble = Omit<ElectronWindow<PortDouble>, 'webContents'> & {
  webContents: ContentsDouble;
  options: BrowserWindowConstructorOptions;
  url: string | undefined;
  isDestroyed: boolean;
  emit(event: string): void;
};

export type HostDouble = ElectronHost<PortDouble> & {
  args: readonly string[];
  received: ToHost[];
  ports: PortDouble[];
  wasKilled: boolean;
  say(message: unknown): void;
  exit(code: number): void;
};

export type ElectronDouble = ElectronApi<PortDouble> & {
  session: SessionDouble;
  windows: WindowDouble[];
  hosts: HostDouble[];
  exits: number[];
  schemes: Map<string, (request: { url: string }) => Promise<Response>>;
  /** The next load of a page fails, as with a file that is not there. */
  failNextLoad(): void;
  quit(): { wasPrevented: boolean };
};

const createHostDouble = (args: readonly string[]): HostDouble => {
  const { on, emit } = createEmitter();
  const host: HostDouble = {
    args,
    received: [],
    ports: [],
    wasKilled: false,
    on,
    once: on,
    postMessage(message, ports) {
      if (ports) host.ports.push(...ports);
      else host.received.push(message as ToHost);
      const { type, token } = message as { type: string; token?: string };
      if (type === 'admit') host.say({ type: 'admitted', token });
      if (type === 'stop') host.exit(0);
    },
    kill() {
      host.wasKilled = true;
      host.exit(1);
      return true;
    },
    say: (message) => emit('message', message),
    exit: (code) => emit('exit', code),
  };
  return host;
};

export const createElectronDouble = (): ElectronDouble => {
  const app = createEmitter();
  let channels = 0;
  let isNextLoadBad = false;
  const electron: ElectronDouble = {
    app: { on: app.on, exit: (code) => void electron.exits.push(code) },
    session: createSessionDouble(),
    windows: [],
    hosts: [],
    exits: [],
    schemes: new Map(),
    protocol: { handle: (scheme, handler) => void electron.schemes.set(scheme, handler) },
    failNextLoad() {
      isNextLoadBad = true;
    },
    quit: () => ({ wasPrevented: isPrevented((event) => app.emit('before-quit', event)) }),
    openBrowserWindow(options) {
      const { on, emit } = createEmitter();
      const window: WindowDouble = {
        options,
        webContents: createContentsDouble(),
        url: undefined,
        isDestroyed: false,
        on,
        emit,
        async loadURL(url) {
          const isBad = isNextLoadBad;
          isNextLoadBad = false;
          if (isBad) throw new Error('ERR_FILE_NOT_FOUND');
          window.url = url;
          window.webContents.emit('did-finish-load');
        },
        destroy() {
          if (window.isDestroyed) return;
          window.isDestroyed = true;
          emit('closed');
        },
      };
      electron.windows.push(window);
      return window;
    },
    createChannel() {
      channels += 1;
      return { port1: { channel: channels, end: 1 }, port2: { channel: channels, end: 2 } };
    },
    forkHost(args) {
      const host = createHostDouble(args);
      electron.hosts.push(host);
      return host;
    },
  };
  return electron;
};
