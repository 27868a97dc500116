import { describe, expect, it } from 'vitest';
import { createContentsDouble, createSessionDouble, isPrevented } from './electron-double.ts';
import { appOrigin, isForbiddenKey, lockApp, lockContents, lockSession, windowOptions } from './lockdown.ts';

const ourPage = `${appOrigin}/index.html`;
const dockOrigin = 'http://127.0.0.1:4100';

describe('a permission', () => {
  const session = createSessionDouble();
  lockSession(session, dockOrigin);
  const camera = { isMainFrame: true, requestingUrl: ourPage, mediaTypes: ['video'] };

  it('is given for the camera, to our own page', () => {
    expect(session.request('media', camera)).toBe(true);
    expect(session.check('media', `${appOrigin}/`, { isMainFrame: true, mediaType: 'video' })).toBe(true);
    expect(session.check('media', appOrigin, { isMainFrame: true })).toBe(true);
  });

  it('is not given for the microphone, alone or beside the camera', () => {
    expect(session.request('media', { ...camera, mediaTypes: ['audio'] })).toBe(false);
    expect(session.request('media', { ...camera, mediaTypes: ['video', 'audio'] })).toBe(false);
    expect(session.check('media', `${appOrigin}/`, { isMainFrame: true, mediaType: 'audio' })).toBe(false);
  });

  it('is not given to a frame in our page, not even the dock', () => {
    expect(session.request('media', { ...camera, isMainFrame: false })).toBe(false);
    expect(session.request('media', { ...camera, isMainFrame: false, requestingUrl: `${dockOrigin}/` })).toBe(false);
  });

  it('is not given to anybody else, nor to whoever hides who they are', () => {
    for (const requestingUrl of ['https://evil.example/', `${appOrigin}.evil.example/`, 'kiosk://other/', undefined])
      expect([requestingUrl, session.request('media', { ...camera, requestingUrl })]).toEqual([requestingUrl, false]);
    expect(session.check('media', 'https://evil.example/', { isMainFrame: true, mediaType: 'video' })).toBe(false);
  });

  it('is not given for anything but the camera', () => {
    for (const permission of [
      'geolocation',
      'notifications',
      'clipboard-read',
      'display-capture',
      'fileSystem',
      'fullscreen',
      'hid',
      'serial',
      'usb',
      'midi',
      'openExternal',
      'pointerLock',
      'keyboardLock',
      'unknown',
    ]) {
      expect([permission, session.request(permission, camera)]).toEqual([permission, false]);
      expect([permission, session.check(permission, `${appOrigin}/`, { isMainFrame: true })]).toEqual([
        permission,
        false,
      ]);
    }
    expect(session.device()).toBe(false);
  });
});

describe('the network', () => {
  it('is closed to the page: its own files, nothing else', () => {
    const session = createSessionDouble();
    lockSession(session, undefined);
    expect(session.isCancelled(ourPage)).toBe(false);
    expect(session.isCancelled('blob:kiosk://screens/0f')).toBe(false);
    expect(session.isCancelled('data:image/png;base64,AA==')).toBe(false);
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:4100/',
      'ws://127.0.0.1:4100/rpc',
      'file:///etc/passwd',
      'kiosk://other/index.html',
      `${appOrigin}.example/`,
    ])
      expect([url, session.isCancelled(url)]).toEqual([url, true]);
  });

  it('is open to the dock in training, and to no port that begins like the dock’s', () => {
    const session = createSessionDouble();
    lockSession(session, dockOrigin);
    expect(session.isCancelled(`${dockOrigin}/dock.js`)).toBe(false);
    expect(session.isCancelled(`${dockOrigin}1/dock.js`)).toBe(true);
    expect(session.isCancelled('http://127.0.0.1:4100.evil.example/')).toBe(true);
  });

  it('saves no download', () => {
    const session = createSessionDouble();
    lockSession(session, undefined);
    expect(session.download().wasPrevented).toBe(true);
  });
});

describe('the page', () => {
  const contents = createContentsDouble();
  lockContents(contents, dockOrigin);
  const isStopped = (event: string, details: object): boolean =>
    isPrevented((prevent) => contents.emit(event, { ...details, ...prevent }));

  it('goes nowhere else', () => {
    for (const event of ['will-navigate', 'will-redirect']) {
      expect(isStopped(event, { url: ourPage })).toBe(false);
      for (const url of ['https://example.com/', 'file:///etc/passwd', 'javascript:alert(1)', dockOrigin])
        expect([event, url, isStopped(event, { url })]).toEqual([event, url, true]);
    }
  });

  it('shows the dock in a frame and nothing else', () => {
    expect(isStopped('will-frame-navigate', { url: `${dockOrigin}/`, isMainFrame: false })).toBe(false);
    expect(isStopped('will-frame-navigate', { url: 'https://example.com/', isMainFrame: false })).toBe(true);
    expect(isStopped('will-frame-navigate', { url: `${dockOrigin}9/`, isMainFrame: false })).toBe(true);
  });

  it('opens no window and no webview', () => {
    expect(contents.openHandler()).toEqual({ action: 'deny' });
    expect(isStopped('will-attach-webview', {})).toBe(true);
  });

  it('cannot be enlarged with two fingers', () => {
    expect(contents.zoom()).toEqual([1, 1]);
  });

  it('gets letters and digits, and no key that leads out of it', () => {
    const key = (name: string, held: 'control' | 'alt' | 'meta' | 'none' = 'none') => ({
      key: name,
      control: held === 'control',
      alt: held === 'alt',
      meta: held === 'meta',
    });
    const isDropped = (input: ReturnType<typeof key>): boolean =>
      isPrevented((event) => contents.emit('before-input-event', event, input));
    for (const name of ['a', 'F', '7', 'Enter', 'Backspace', 'Tab', 'ArrowLeft', 'Shift'])
      expect([name, isDropped(key(name))]).toEqual([name, false]);
    for (const name of ['F1', 'F5', 'F11', 'F12', 'F24', 'PrintScreen', 'ContextMenu', 'BrowserHome', 'LaunchMail'])
      expect([name, isDropped(key(name))]).toEqual([name, true]);
    expect(isDropped(key('r', 'control'))).toBe(true);
    expect(isDropped(key('ArrowLeft', 'alt'))).toBe(true);
    expect(isDropped(key('Tab', 'alt'))).toBe(true);
    expect(isDropped(key('q', 'meta'))).toBe(true);
    expect(isForbiddenKey(key('F25'))).toBe(false);
  });
});

describe('the window', () => {
  const size = { widthPx: 1080, heightPx: 1920 };

  it('is a sandbox without Node, without tools, without dialogs', () => {
    const { webPreferences } = windowOptions('/preload.cjs', { ...size, fullscreen: true });
    expect(webPreferences).toEqual({
      preload: '/preload.cjs',
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
    });
  });

  it('fills the screen in a hall and has a frame on a desk', () => {
    expect(windowOptions('/p', { ...size, fullscreen: true })).toMatchObject({ kiosk: true, frame: false });
    expect(windowOptions('/p', { ...size, fullscreen: false })).toMatchObject({ kiosk: false, frame: true });
  });
});

describe('the app', () => {
  const createApp = (isFirst: boolean) => {
    const calls: string[] = [];
    return {
      calls,
      app: {
        requestSingleInstanceLock: () => isFirst,
        quit: () => void calls.push('quit'),
        enableSandbox: () => void calls.push('enableSandbox'),
        on: (event: string) => void calls.push(`on ${event}`),
      },
    };
  };

  it('runs once a machine: a second one quits before it does anything', () => {
    const { app, calls } = createApp(false);
    expect(lockApp(app)).toBe(false);
    expect(calls).toEqual(['quit']);
  });

  it('is sandboxed, and stays when its window is gone', () => {
    const { app, calls } = createApp(true);
    expect(lockApp(app)).toBe(true);
    expect(calls).toEqual(['enableSandbox', 'on window-all-closed']);
  });
});
