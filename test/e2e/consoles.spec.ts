// The staff's consoles on the real product: real host, real store, simulated devices on real ttys, touched in a real Chromium.

import { expect, test, type Locator, type Page } from '@playwright/test';
import { assembleDemo, demoStaff, type DemoHall } from '../testbed/demo-hall.ts';
import { buildScreens } from '../testbed/screens-build.ts';
import { runTouched } from './walk/touched-kiosk.ts';
import type { TouchWindow } from './walk/window.ts';

type Kiosk = { demo: DemoHall; window: TouchWindow; stop(): Promise<void> };

const say = (line: string): void => void process.stderr.write(`${line}\n`);
let kiosk: Kiosk;
let page: Page;

test.beforeEach(async () => {
  buildScreens(say);
  const demo = await assembleDemo({
    say,
    adjust(config) {
      config['consoles'] = { pinFailuresBeforeLock: 3, lockMinutes: 15, sessionMinutes: 10 };
    },
  });
  const { window, supervision, stop } = await runTouched(demo, say);
  kiosk = {
    demo,
    window,
    async stop() {
      await stop();
      await demo.stop();
    },
  };
  await supervision.ready;
  page = await window.page();
});
test.afterEach(() => kiosk.stop());

const pinOf = (account: string): string => demoStaff.find((one) => one.account === account)?.pin ?? '';
const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });
const keyboard = (): Locator => page.getByRole('group', { name: '屏幕键盘' });
const pad = (): Locator => page.getByRole('group', { name: '数字键' });
const section = (name: string): Locator => page.getByRole('navigation', { name: '栏目' }).getByRole('button', { name });

const knock = async (): Promise<void> => {
  for (let tap = 0; tap < 5; tap++) await page.locator('[data-staff-taps]').first().tap();
  await expect(page.getByRole('heading', { name: '工作人员登录' })).toBeVisible();
};
const typeAccount = async (account: string): Promise<void> => {
  await page.getByLabel('账号').tap();
  await button(keyboard(), '清空').tap();
  for (const letter of account) await button(keyboard(), letter).tap();
  await button(keyboard(), '输入 PIN').tap();
};
const typePin = async (pin: string): Promise<void> => {
  for (const digit of pin) await button(pad(), digit).tap();
  await button(pad(), '登录').tap();
};
const signIn = async (account: string): Promise<void> => {
  await knock();
  await typeAccount(account);
  await typePin(pinOf(account));
  await expect(button(page, '退出')).toBeVisible();
};

test('the door costs a citizen nothing until somebody really signs in', async () => {
  await button(page, '触摸屏幕开始').tap();
  const welcome = page.locator('h1').first();
  await expect(welcome).toContainText('您好');
  await knock();
  await button(page, '返回群众界面').tap();
  await expect(welcome).toContainText('您好');
  await signIn('manager');
  await button(page, '退出').tap();
  // The visit was ended by the staff: the page is a new one and waits for the next citizen.
  await expect(button(page, '触摸屏幕开始')).toBeVisible();
});

test('wrong PINs lock the account, and the screen says until when', async () => {
  await knock();
  await typeAccount('engineer');
  for (let attempt = 0; attempt < 3; attempt++) {
    await typePin('111111');
    await expect(page.getByText('账号或 PIN 不对')).toBeVisible();
  }
  await typePin(pinOf('engineer'));
  await expect(page.getByText('账号已锁定')).toBeVisible();
  await expect(page.getByText(/14 分 \d+ 秒后/)).toBeVisible();
});

test('the manager opens a cell, gives the reason, and it stands in the audit log', async () => {
  await signIn('manager');
  await section('存取柜').tap();
  await page.getByRole('button', { name: /^3 空闲/ }).tap();
  await button(page, '开柜门').tap();
  const dialog = page.getByRole('alertdialog');
  await expect(button(dialog, '开柜门').first()).toBeDisabled();
  await button(dialog, '巡检').tap();
  await button(dialog, '开柜门').first().tap();
  await expect(page.getByText('3 号柜门已打开')).toBeVisible();
  await expect(page.getByRole('button', { name: /柜门 3 开着/ })).toBeVisible({ timeout: 15_000 });
  await section('操作记录').tap();
  await expect(page.getByText('cell 3: 巡检')).toBeVisible();
  await expect(page.getByText('记录完整')).toBeVisible();
});

test('the technician runs a check that asks, sees the wire, and moves a device to a port that is not there', async () => {
  await signIn('engineer');
  await page
    .getByRole('table')
    .getByRole('button', { name: /凭条打印机/ })
    .tap();
  await page.getByRole('button', { name: '检查: 打印测试小票并由人查看' }).tap();
  await expect(page.getByText('测试小票是否已经出来')).toBeVisible({ timeout: 20_000 });
  await button(page, '是').tap();
  await expect(page.getByText(/a person read it/)).toBeVisible();
  await expect(page.getByRole('table', { name: '线路记录' }).getByText('10 04 01').first()).toBeVisible();
  await button(page, '换端口').tap();
  await button(page, '输入其他路径').tap();
  await page.keyboard.type('ttyNONE');
  await button(page.getByRole('alertdialog'), '用这个路径').first().tap();
  const dialog = page.getByRole('alertdialog');
  await button(dialog, '换了接口').tap();
  await button(dialog, '换到这个端口').first().tap();
  await expect(page.getByRole('button', { name: /没有找到设备的端口/ })).toBeVisible();
});
