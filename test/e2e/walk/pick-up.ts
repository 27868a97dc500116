// Collecting originals: after the visit that left them, somebody comes with the code that the platform made from the kiosk's own report.

import type { Visit } from './restaurant.ts';
import { openDoor } from './restaurant.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const pickUpActs: Record<string, (visit: Visit) => Promise<void>> = {
  async attract({ hand }) {
    await hand.wake();
  },
  welcome: ({ hand }) => hand.touch('开始'),
  home: ({ hand }) => hand.touch(/^取件/, { exact: false }),
  async showToken({ demo }) {
    const code = demo.pickUpCode();
    // The report of the deposit is still on its way.
    if (code !== undefined) await demo.hall.turn('qr-reader', 'show', code);
    await pause(300);
  },
  async pickUp({ hand, demo, note }) {
    const page = await hand.page();
    const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
    if (phase === 'open') {
      const cell = await openDoor(demo);
      if (cell !== undefined) await demo.hall.turn('locker', 'shutDoor', String(cell));
      await pause(300);
    } else if (phase === 'closed') {
      note.asked.push('originals: collected');
      await hand.touch('完成');
    } else if (phase === 'failed') await hand.touch('再试一次');
    else await pause(200);
  },
  async goodbye() {
    await pause(300);
  },
};
