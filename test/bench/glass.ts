// The glass of a running kiosk: a real Chromium with the product's own flags and a finger on it. A script in the page takes the times
// there, so that nothing of the test tool is in them.
//
//   finger (event.timeStamp) ─▶ … ─▶ first new content in the document ─▶ its frame ─▶ the task after that frame

import { chromium, type Browser, type CDPSession, type Locator, type Page } from '@playwright/test';
import { chromiumFlags } from '../../main/shell/chromium/flags.ts';
import { findChromium } from '../../main/shell/chromium/window.ts';
import type { KioskWindow } from '../../main/shell/supervise.ts';
import { epochMs, pause } from './figure.ts';

type PageClock = {
  /** When the attract screen stood on the glass; 0 until then. */
  attractAtMs: number;
  /** The moment that acts: the finger lands on a key of the keyboard, lifts off everything else. */
  actAtMs: number;
  /** When the first new content after it stood on the glass; 0 until then. */
  paintedAtMs: number;
  /** The longest way from one of the tap's events to the frame that came next (Event Timing, as in Interaction to Next Paint). */
  nextPaintMs: number;
  /** Called once per tap, when the new content stands on the glass. */
  onPainted: () => void;
};

declare global {
  // oxlint-disable-next-line vars-on-top
  var benchClock: PageClock | undefined;
}

/** Runs in the page before its own script. Attributes (a pressed look) are no content; texts and elements are. */
const keepTimes = (): void => {
  const clock: PageClock = { attractAtMs: 0, actAtMs: 0, paintedAtMs: 0, nextPaintMs: 0, onPainted: () => undefined };
  globalThis.benchClock = clock;
  const afterPaint = (act: (atMs: number) => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => act(performance.timeOrigin + performance.now()));
      port1.start();
      port2.postMessage(0);
    });
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if ((entry as PerformanceEventTiming).interactionId > 0)
        clock.nextPaintMs = Math.max(clock.nextPaintMs, entry.duration);
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  let isWaiting = false;
  const note = (event: Event): void => {
    clock.actAtMs = performance.timeOrigin + event.timeStamp;
  };
  addEventListener(
    'pointerdown',
    (event) => {
      note(event);
      clock.paintedAtMs = 0;
      clock.nextPaintMs = 0;
      isWaiting = true;
    },
    { capture: true },
  );
  // What acts when the finger lands has changed the page by now; all else acts when it lifts.
  addEventListener('pointerup', (event) => isWaiting && note(event), { capture: true });
  let hasAttract = false;
  new MutationObserver(() => {
    if (!hasAttract && document.querySelector('[data-screen="attract"]')) {
      hasAttract = true;
      afterPaint((atMs) => (clock.attractAtMs = atMs));
    }
    if (!isWaiting) return;
    isWaiting = false;
    afterPaint((atMs) => {
      clock.paintedAtMs = atMs;
      clock.onPainted();
    });
  }).observe(document, { childList: true, characterData: true, subtree: true });
};

/** `nextPaintMs`: 16, the least that a browser reports, stands for anything shorter. */
export type Tap = { actAtMs: number; paintedAtMs: number; nextPaintMs: number };

export type Glass = {
  page: Page;
  cdp: CDPSession;
  /** What the start of the browser took, without the page. */
  browserLaunchMs: number;
  browserVersion: string;
  window: KioskWindow;
  attractPainted(): Promise<number>;
  /**
   * Taps the middle of a control and waits for new content; `undefined` when nothing came within three seconds. The tool looks for
   * the control before and asks for the times afterwards: in between only the product is at work.
   */
  tap(what: Locator): Promise<Tap | undefined>;
  screen(): Promise<string>;
  waitScreen(name: string): Promise<void>;
  /** Ends the visit, as a citizen does who walks back through the screens. */
  toAttract(): Promise<void>;
};

const patienceMs = 20_000;

/** The page is left alone for so long before a tap: what the last one began is over. */
const restMs = 250;
/** A finger stays on the glass for a while; nobody taps in no time. */
const dwellMs = 80;
const tapPatienceMs = 3000;

/**
 * A kiosk's window fills the screen; this one has a frame with an address bar. Without room for that, the foot of the page would lie
 * outside the window, and Chromium draws no frame for what changes there alone.
 */
const frameHeightPx = 200;
const growWindow = async (cdp: CDPSession, pageHeightPx: number): Promise<void> => {
  const { windowId } = await cdp.send('Browser.getWindowForTarget');
  await cdp.send('Browser.setWindowBounds', { windowId, bounds: { height: pageHeightPx + frameHeightPx } });
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
  await growWindow(cdp, size.heightPx);
  const screen = async (): Promise<string> =>
    (await page.locator('[data-screen]').first().getAttribute('data-screen', { timeout: patienceMs })) ?? '';
  return {
    page,
    cdp,
    browserLaunchMs,
    browserVersion: browser.version(),
    window: { onClosed: (listener) => void closed.then(listener), close: () => browser.close() },
    async attractPainted() {
      const handle = await page.waitForFunction(() => globalThis.benchClock?.attractAtMs, undefined, {
        timeout: patienceMs,
      });
      return (await handle.jsonValue()) ?? 0;
    },
    async tap(what) {
      await what.waitFor({ state: 'visible', timeout: patienceMs });
      const box = await what.boundingBox();
      if (!box) throw new Error('what is to be tapped has no place on the glass');
      const painted = page.evaluate(
        (patience) =>
          new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, patience);
            const clock = globalThis.benchClock;
            if (clock)
              clock.onPainted = () => {
                clearTimeout(timer);
                resolve();
              };
          }),
        tapPatienceMs + restMs,
      );
      await pause(restMs);
      const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
      await pause(dwellMs);
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      await painted;
      // The browser reports how long an event took some frames later.
      await pause(restMs);
      const clock = await page.evaluate(() => globalThis.benchClock);
      if (!clock || clock.paintedAtMs === 0) return undefined;
      return {
        actAtMs: clock.actAtMs,
        paintedAtMs: clock.paintedAtMs,
        nextPaintMs: Math.max(16, clock.nextPaintMs),
      };
    },
    screen,
    async waitScreen(name) {
      await page.locator(`[data-screen="${name}"]`).waitFor({ state: 'attached', timeout: patienceMs });
    },
    async toAttract() {
      for (let step = 0; step < 20 && (await screen()) !== 'attract'; step += 1) {
        const back = page.getByRole('button', { name: '返回', exact: true });
        // On the last screen of some visits there is no way back, but an end.
        const end = page.getByRole('button', { name: /^(结束|完成|退出)$/ });
        await back
          .or(end)
          .first()
          .tap({ timeout: 3000 })
          .catch(() => undefined);
        await pause(restMs);
      }
      if ((await screen()) !== 'attract') throw new Error(`no way back from ${await screen()}`);
    },
  };
};
