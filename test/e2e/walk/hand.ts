// The citizen's hand and eye on the screen: finds controls by what they say, touches them, types on the on-screen keyboard.

import type { Locator, Page } from '@playwright/test';

export type Hand = {
  /** Looks at this screen from now on: a control of another screen is not touched by mistake, even if its name is the same. */
  lookAt(screen: string): void;
  /** Name of the screen that is shown (`data-screen`); waits until one is. */
  screen(): Promise<string>;
  /** Touches the control of that name; waits for it to be there and enabled. */
  touch(name: string | RegExp, options?: { timeoutMs?: number; exact?: boolean }): Promise<void>;
  /** Touches the attract screen at its lower left, where nothing but the glass is. */
  wake(): Promise<void>;
  touchLocator(locator: Locator): Promise<void>;
  sees(name: string | RegExp): Promise<boolean>;
  waitFor(text: string | RegExp, timeoutMs?: number): Promise<void>;
  waitScreen(name: string, timeoutMs?: number): Promise<void>;
  /** Presses keys of the on-screen keyboard, one by one. */
  keys(text: string): Promise<void>;
  text(): Promise<string>;
  page(): Promise<Page>;
};

/** Short: a screen may move on by itself, and the walk then looks again. */
const patienceMs = 2500;

export const createHand = (getPage: () => Promise<Page>): Hand => {
  let lookedAt = '';
  /** The screen that is looked at, and what lies over it. */
  const glass = (page: Page): Locator => page.locator(`[data-screen="${lookedAt}"], [role="dialog"]`);
  const control = (page: Page, name: string | RegExp, exact: boolean): Locator =>
    glass(page)
      .getByRole('button', { name, exact })
      .or(glass(page).getByRole('radio', { name, exact }))
      .or(glass(page).getByRole('option', { name, exact }))
      .first();

  const touchLocator = async (locator: Locator): Promise<void> => {
    await locator.tap({ timeout: patienceMs });
  };
  return {
    page: getPage,
    lookAt(screen) {
      lookedAt = screen;
    },
    async screen() {
      const page = await getPage();
      const shown = page.locator('[data-screen]').first();
      await shown.waitFor({ state: 'attached', timeout: patienceMs });
      return (await shown.getAttribute('data-screen')) ?? '';
    },
    async touch(name, { timeoutMs = patienceMs, exact = true } = {}) {
      const page = await getPage();
      await control(page, name, exact).tap({ timeout: timeoutMs });
    },
    touchLocator,
    async wake() {
      const page = await getPage();
      const glassButton = control(page, '触摸屏幕开始', true);
      const box = await glassButton.boundingBox();
      if (!box) throw new Error('the attract screen has no size');
      await glassButton.tap({ position: { x: 12, y: box.height * 0.62 }, timeout: patienceMs });
    },
    async sees(name) {
      const page = await getPage();
      return control(page, name, typeof name === 'string').isVisible();
    },
    async waitFor(text, timeoutMs = patienceMs) {
      const page = await getPage();
      await page.getByText(text).first().waitFor({ state: 'visible', timeout: timeoutMs });
    },
    async waitScreen(name, timeoutMs = patienceMs) {
      const page = await getPage();
      await page.locator(`[data-screen="${name}"]`).waitFor({ state: 'attached', timeout: timeoutMs });
    },
    async keys(text) {
      const page = await getPage();
      for (const key of text)
        await page.getByRole('button', { name: key, exact: true }).first().tap({ timeout: patienceMs });
    },
    async text() {
      const page = await getPage();
      return page.locator('body').innerText();
    },
  };
};
