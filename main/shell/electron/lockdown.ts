// What a citizen must never be able to do in an Electron window, as plain handlers over the part of Electron's API that they use.
// Checked against Electron's security checklist: isolation, sandbox, no Node, no permissions but the camera, no navigation, no
// windows, no devtools, no menus, no downloads.

import type { BrowserWindowConstructorOptions } from 'electron';
import type { ElectronApp, ElectronContents, ElectronSession, KeyInput } from './electron-api.ts';

export const appScheme = 'kiosk';
export const appOrigin = `${appScheme}://screens`;

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

const isWithin = (url: string | undefined, origin: string): boolean =>
  url !== undefined && (url === origin || url.startsWith(`${origin}/`));

/** Only the camera, only for our own page: not for a frame in it, and never the microphone. */
export const mayUse = (
  permission: string,
  asked: { isMainFrame: boolean; url: string | undefined; media: readonly string[] },
): boolean =>
  permission === 'media' && asked.isMainFrame && isWithin(asked.url, appOrigin) && !asked.media.includes('audio');

/** Nothing of the page may leave this machine; in training the dock is shown beside it. */
export const mayRequest = (url: string, dockOrigin: string | undefined): boolean =>
  isWithin(url, appOrigin) ||
  url.startsWith('blob:') ||
  url.startsWith('data:') ||
  (dockOrigin !== undefined && isWithin(url, dockOrigin));

export const lockSession = (session: ElectronSession, dockOrigin: string | undefined): void => {
  session.setPermissionRequestHandler((_contents, permission, callback, { isMainFrame, requestingUrl, mediaTypes }) =>
    callback(mayUse(permission, { isMainFrame, url: requestingUrl, media: mediaTypes ?? [] })),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, { isMainFrame, mediaType }) =>
    mayUse(permission, { isMainFrame, url: requestingOrigin, media: mediaType === undefined ? [] : [mediaType] }),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !mayRequest(details.url, dockOrigin) }));
};

export const lockContents = (contents: ElectronContents, dockOrigin: string | undefined): void => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (details: { preventDefault(): void; url: string }): void => {
    if (!isWithin(details.url, appOrigin)) details.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (details) => {
    const isDock = dockOrigin !== undefined && isWithin(details.url, dockOrigin);
    if (!details.isMainFrame && !isDock) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('before-input-event', (event, input) => {
    if (isForbiddenKey(input)) event.preventDefault();
  });
  // Two fingers must not enlarge the page out of its frame.
  void contents.setVisualZoomLevelLimits(1, 1);
};

const functionKey = /^F([1-9]|1\d|2[0-4])$/;
/** Keys of office keyboards that open the browser's home page, a mail program, a player. */
const appKey = /^(Browser|Launch|Media)/;

/** A kiosk has no keyboard; one that was plugged in must not leave the page. */
export const isForbiddenKey = (input: KeyInput): boolean =>
  input.control ||
  input.alt ||
  input.meta ||
  functionKey.test(input.key) ||
  appKey.test(input.key) ||
  input.key === 'PrintScreen' ||
  input.key === 'ContextMenu';

/** One kiosk a machine, and no end when the window is closed: it is opened again. Answers whether this one may go on. */
export const lockApp = (app: Omit<ElectronApp, 'exit'>): boolean => {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return false;
  }
  app.enableSandbox();
  app.on('window-all-closed', () => undefined);
  return true;
};
