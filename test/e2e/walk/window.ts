// A real Chromium as the kiosk's window, with a hand that can touch it. Starts with the same flags as the product's own window.

import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserServer, type Page } from '@playwright/test';
import { chromiumFlags } from '../../../main/shell/chromium/flags.ts';
import { findChromium } from '../../../main/shell/chromium/window.ts';
import type { KioskWindow } from '../../../main/shell/supervise.ts';

export type TouchWindow = {
  open(url: string): Promise<KioskWindow>;
  /** The page that is there now; waits for one after a kill. */
  page(): Promise<Page>;
  /** Kills the whole browser, as a crash would. */
  kill(): void;
  stop(): Promise<void>;
  /** Uncaught errors and console errors of all pages so far. */
  problems(): string[];
};

export type TouchWindowOptions = {
  widthPx: number;
  heightPx: number;
  extraFlags?: readonly string[];
  executablePath?: string;
};

export const createTouchWindow = (options: TouchWindowOptions): TouchWindow => {
  const executablePath = options.executablePath ?? findChromium();
  if (executablePath === undefined) throw new Error('no Chromium on this machine: apt-get install chromium');
  let server: BrowserServer | undefined;
  let current: Page | undefined;
  let waiting: ((page: Page) => void)[] = [];
  const problems: string[] = [];

  const open = async (url: string): Promise<KioskWindow> => {
    const profileDirectory = mkdtempSync(join(tmpdir(), 'hall-kiosk-walk-'));
    const flags = chromiumFlags({
      profileDirectory,
      fullscreen: false,
      widthPx: options.widthPx,
      heightPx: options.heightPx,
      isRoot: process.getuid?.() === 0,
      ...(options.extraFlags ? { extraFlags: options.extraFlags } : {}),
    }).filter((flag) => !flag.startsWith('--user-data-dir='));
    const started = await chromium.launchServer({ executablePath, headless: true, args: flags });
    server = started;
    const browser: Browser = await chromium.connect(started.wsEndpoint());
    const context = await browser.newContext({
      viewport: { width: options.widthPx, height: options.heightPx },
      hasTouch: true,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      permissions: ['camera'],
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`console: ${message.text()}`);
    });
    const closed = new Promise<string>((resolve) => {
      browser.on('disconnected', () => resolve('the browser ended'));
      page.on('crash', () => resolve('the page crashed'));
    });
    void closed.then(() => {
      if (current === page) current = undefined;
      void rm(profileDirectory, { recursive: true, force: true });
    });
    await page.goto(url, { waitUntil: 'commit' });
    current = page;
    for (const resolve of waiting) resolve(page);
    waiting = [];
    return {
      onClosed(listener) {
        void closed.then(listener);
      },
      async close() {
        await browser.close();
        await started.close();
      },
    };
  };

  return {
    open,
    page: () => (current ? Promise.resolve(current) : new Promise((resolve) => waiting.push(resolve))),
    kill() {
      server?.process().kill('SIGKILL');
      current = undefined;
    },
    async stop() {
      await server?.close();
    },
    problems: () => problems,
  };
};
