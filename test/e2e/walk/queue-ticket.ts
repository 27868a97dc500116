// Taking a number: an elder takes one with priority, then the next citizen has an appointment and shows its code.

import type { Visit } from './restaurant.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const queueActs: Record<string, (visit: Visit) => Promise<void>> = {
  async attract({ hand }) {
    await hand.wake();
  },
  async welcome({ hand }) {
    await hand.touch('长辈版');
    await hand.touch('开始');
  },
  home: ({ hand }) => hand.touch(/^取号/, { exact: false }),
  async queue({ hand, note }) {
    if (note.receipt !== undefined) {
      await hand.touch('我有预约');
      return;
    }
    const page = await hand.page();
    if (await page.getByRole('button', { name: '取号', exact: true }).and(page.locator(':enabled')).isVisible()) {
      // An elder's screen offers the elders' priority by itself.
      if (!(await page.getByRole('radio', { name: '老年人' }).isChecked()))
        throw new Error('elders were not offered priority');
      await hand.touch('取号');
      return;
    }
    await hand.touch(/社保医保/, { exact: false });
  },
  async showToken({ demo }) {
    await demo.hall.turn('qr-reader', 'show', demo.appointmentCode('SOC'));
    await pause(300);
  },
  async ticket({ hand, demo, note }) {
    const page = await hand.page();
    const number = await page.locator('[data-number]').first().getAttribute('data-number');
    if (number) note.receipt = number;
    if (await hand.sees('出来了')) {
      const look = (await demo.hall.look('ticket-printer')) as { tickets?: unknown[] };
      await hand.touch((look.tickets ?? []).length > 0 ? '出来了' : '没有出来');
      return;
    }
    const state = await page.locator('[data-print]').first().getAttribute('data-print');
    if (state === 'printing') await pause(200);
    else await hand.touch('完成');
  },
  async goodbye() {
    await pause(300);
  },
};
