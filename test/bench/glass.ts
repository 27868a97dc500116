// The glass of a running kiosk: a real Chromium with the product's own flags and a finger on it. A script in the page takes the times
// there, so that nothing of the test tool is in them.
//
//   finger lands (event.timeStamp) ─▶ … ─▶ first new content in the document ─▶ its frame ─▶ the task after that frame

import { chromium, type Browser, type CDPSession, type Locator, type Page } from '@playwright/test';
import { chromiumFlags } from '../../main/shell/chromium/flags.ts';
import { findChromium } from '../../main/shell/chromium/window.ts';
import type { KioskWindow } from '../../main/shell/supervise.ts';
import { epochMs } from './figure.ts';

type PageClock = {
  /** When the attract screen stood on the glass; 0 until then. */
  attractAtMs: number;
  /** The last finger that landed, and the last that lifted. */
  downAtMs: number;
  upAtMs: number;
  /** When the first new content after the last finger stood on the glass; 0 until then. */
  paintedAtMs: number;
};

declare global {
  // oxlint-disable-next-line vars-on-top
  var benchClock: PageClock | undefined;
}

/** Runs in the page before its own script. Attributes (a pressed look) are no content; texts and elements are. */
const keepTimes = (): void => {
  const clock = { attractAtMs: 0, downAtMs: 0, upAtMs: 0, paintedAtMs: 0 };
  globalThis.benchClock = clock;
  const afterPaint = (act: (atMs: number) => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => act(performance.timeOrigin + performance.now()));
      port1.start();
      port2.postMessage(0);
    });
  };
  let isWaiting = false;
  const note = (event: Event): number => performance.timeOrigin + event.timeStamp;
  addEventListener(
    'pointerdown',
    (event) => {
      clock.downAtMs = note(event);
      clock.paintedAtMs = 0;
      isWaiting = true;
    },
    { capture: true },
  );
  addEventListener('pointerup', (event) => (clock.upAtMs = note(event)), { capture: true });
  let hasAttract = false;
  new MutationObserver(() => {
    if (!hasAttract && document.querySelector('[data-screen="attract"]')) {
      hasAttract = true;
      afterPaint((atMs) => (clock.attractAtMs = atMs));
    }
    if (!isWaiting) return;
    isWaiting = false;
    afterPaint((atMs) => (clock.paintedAtMs = atMs));
  }).observe(document, { childList: true, characterData: true, subtree: true });
};

export type Tap = { downAtMs: number; upAtMs: number; paintedAtMs: number };

export type Glass = {
  page: Page;
  cdp: CDPSession;
  /** What the start of the browser took, without the page. */
  browserLaunchMs: number;
  browserVersion: string;
  window: KioskWindow;
  attractPainted(): Promise<number>;
  /** Taps and waits for new content; `undefined` when nothing came within three seconds. */
  tap(what: Locator): Promise<Tap | undefined>;
  screen(): Promise<string>;
  waitScreen(name: string): Promise<void>;
};

const patienceMs = 20_000;

const read = async (page: Page, name: 'attractAtMs' | 'paintedAtMs', timeoutMs: number): Promise<number> => {
  const handle = await page.waitForFunction((key) => globalThis.benchClock?.[key], name, {
    timeout: timeoutMs,
    polling: 20,
  });
  return (await handle.jsonValue()) ?? 0;
};

export const openGlass = async (
  url: string,
  size: { widthPx: number; heightPx: number },
  extraFlags: readonly string[],
): Promise<Glass> => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium on this machine: apt-get install chromium');
  const flags = chromiumFlags({
    profileDirectory: '',
    fullscreen: false,
    ...size,
    isRoot: process.getuid?.() === 0,
    extraFlags,
  }).filter((flag) => !flag.startsWith('--user-data-dir='));
  const launchedMs = epochMs();
  const browser: Browser = await chromium.launch({ executablePath, headless: true, args: flags });
  const browserLaunchMs = epochMs() - launchedMs;
  const context = await browser.newContext({
    viewport: { width: size.widthPx, height: size.heightPx },
    hasTouch: true,
    locale: 'zh-CN',
    permissions: ['camera'],
  });
  const page = await context.newPage();
  await page.addInitScript(keepTimes);
  const closed = new Promise<string>((resolve) => browser.on('disconnected', () => resolve('the browser ended')));
  await page.goto(url, { waitUntil: 'commit' });
  const cdp = await context.newCDPSession(page);
  const screen = async (): Promise<string> =>
    (await page.locator('[data-screen]').first().getAttribute('data-screen', { timeout: patienceMs })) ?? '';
  return {
    page,
    cdp,
    browserLaunchMs,
    browserVersion: browser.version(),
    window: { onClosed: (listener) => void closed.then(listener), close: () => browser.close() },
    attractPainted: () => read(page, 'attractAtMs', patienceMs),
    async tap(what) {
      await what.tap({ timeout: patienceMs });
      try {
        await read(page, 'paintedAtMs', 3000);
      } catch {
        return undefined;
      }
      const clock = await page.evaluate(() => globalThis.benchClock);
      return clock && { downAtMs: clock.downAtMs, upAtMs: clock.upAtMs, paintedAtMs: clock.paintedAtMs };
    },
    screen,
    async waitScreen(name) {
      await page.locator(`[data-screen="${name}"]`).waitFor({ state: 'attached', timeout: patienceMs });
    },
  };
};
