// The part of Electron that this shell uses, and no more. Electron's own objects fit these types as they are (main.ts puts them in);
// the tests put doubles in their place.

import type { BrowserWindowConstructorOptions } from 'electron';

export type Preventable = { preventDefault(): void };

export type PermissionDetails = {
  isMainFrame: boolean;
  /** Absent when no document asks, e.g. a service worker. */
  requestingUrl?: string;
  /** Of a request for `media`. */
  mediaTypes?: readonly string[];
  /** Of a check for `media`. */
  mediaType?: string;
};

export type ElectronSession = {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (isGranted: boolean) => void,
      details: PermissionDetails,
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string, details: PermissionDetails) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  on(event: 'will-download', listener: (event: Preventable) => void): unknown;
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void,
    ): void;
  };
};

export type KeyInput = { key: string; control: boolean; alt: boolean; meta: boolean };

export type ElectronContents = {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void;
  setVisualZoomLevelLimits(least: number, most: number): Promise<void>;
  on(event: 'will-navigate', listener: (details: Preventable & { url: string }) => void): unknown;
  on(event: 'will-redirect', listener: (details: Preventable & { url: string }) => void): unknown;
  on(
    event: 'will-frame-navigate',
    listener: (details: Preventable & { url: string; isMainFrame: boolean }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
  on(event: 'before-input-event', listener: (event: Preventable, input: KeyInput) => void): unknown;
  on(event: 'did-finish-load', listener: () => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
};

/** `Port`: one end of a channel, on its way to another process. */
export type ElectronWindow<Port> = {
  readonly webContents: ElectronContents & { postMessage(channel: string, message: unknown, ports: Port[]): void };
  on(event: 'unresponsive', listener: () => void): unknown;
  on(event: 'closed', listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  destroy(): void;
};

export type ElectronHost<Port> = {
  postMessage(message: unknown, ports?: Port[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
};

export type ElectronApp = {
  requestSingleInstanceLock(): boolean;
  quit(): void;
  exit(code: number): void;
  enableSandbox(): void;
  on(event: 'window-all-closed', listener: () => void): unknown;
  on(event: 'before-quit', listener: (event: Preventable) => void): unknown;
};

export type ElectronApi<Port> = {
  app: Pick<ElectronApp, 'exit' | 'on'>;
  session: ElectronSession;
  protocol: { handle(scheme: string, handler: (request: { url: string }) => Promise<Response>): void };
  openBrowserWindow(options: BrowserWindowConstructorOptions): ElectronWindow<Port>;
  createChannel(): { port1: Port; port2: Port };
  /** Starts the host as a utility process. */
  forkHost(args: readonly string[]): ElectronHost<Port>;
};
