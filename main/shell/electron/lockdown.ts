// What a citizen must never be able to do in an Electron window, as plain handlers over the part of Electron's API that they use.
// Checked against Electron's security checklist: isolation, sandbox, no Node, no permissions but the camera, no navigation, no
// windows, no devtools, no menus, no downloads.

import type { App, BrowserWindowConstructorOptions, Session, WebContents } from 'electron';

export const appOrigin = 'kiosk://screens';

/** Chromium's checkboxes for the one window. */
export const windowOptions = (
  preloadPath: string,
  size: { widthPx: number; heightPx: number; fullscreen: boolean },
): BrowserWindowConstructorOptions => ({
  width: size.widthPx,
  height: size.heightPx,
  kiosk: size.fullscreen,
  fullscreen: size.fullscreen,
  frame: !size.fullscreen,
  autoHideMenuBar: true,
  backgroundColor: '#F7F4EE',
  webPreferences: {
    preload: preloadPath,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    devTools: false,
    spellcheck: false,
    safeDialogs: true,
    disableDialogs: true,
  },
});

/** Only the camera, only for our own page. */
export const mayUse = (permission: string, requestingUrl: string): boolean =>
  permission === 'media' && requestingUrl.startsWith(`${appOrigin}/`);

export const lockSession = (
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler' | 'on'
  >,
): void => {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    const mediaTypes = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    callback(mayUse(permission, contents.getURL()) && !mediaTypes.includes('audio'));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    mayUse(permission, `${requestingOrigin}/`),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
};

export const lockContents = (
  contents: Pick<WebContents, 'setWindowOpenHandler' | 'on' | 'setVisualZoomLevelLimits'>,
  dockOrigin: string | undefined,
): void => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (event: { preventDefault(): void; url?: string }, url: string): void => {
    if (!url.startsWith(`${appOrigin}/`)) event.preventDefault();
  };
  contents.on('will-navigate', (details) => stay(details, details.url));
  contents.on('will-redirect', (details) => stay(details, details.url));
  contents.on('will-frame-navigate', (details) => {
    const isDock = dockOrigin !== undefined && details.url.startsWith(`${dockOrigin}/`);
    if (!details.isMainFrame && !isDock) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    if (isForbiddenKey(input)) event.preventDefault();
  });
  void contents.setVisualZoomLevelLimits(1, 1);
};

const functionKey = /^F([1-9]|1[0-2])$/;

/** A kiosk has no keyboard; one that was plugged in must not leave the page. */
export const isForbiddenKey = (input: { key: string; control: boolean; alt: boolean; meta: boolean }): boolean =>
  input.control ||
  input.alt ||
  input.meta ||
  functionKey.test(input.key) ||
  input.key === 'PrintScreen' ||
  input.key === 'ContextMenu';

/** One kiosk a machine, and no second window of any kind. */
export const lockApp = (app: Pick<App, 'requestSingleInstanceLock' | 'quit' | 'on' | 'enableSandbox'>): boolean => {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.enableSandbox();
  app.on('window-all-closed', () => undefined);
  return true;
};
