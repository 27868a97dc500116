// Papers of a case that was taken elsewhere: somebody leaves them by a signed code, somebody else comes with the same code in vain, and
// the first one collects them with the digits of the slip.

import type { Visit } from './restaurant.ts';
import { openDoor } from './restaurant.ts';
import { saysWords, typeCode } from './result.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How far this walk has come; a screen may come twice after a kill. */
type Course = 'toLeave' | 'left' | 'refused' | 'toCollect' | 'collected';

const shutDoor = async ({ demo }: Visit): Promise<void> => {
  const cell = await openDoor(demo);
  if (cell === demo.result.cell) throw new Error('the cell of a result was opened');
  if (cell !== undefined) await demo.hall.turn('locker', 'shutDoor', String(cell));
  await pause(300);
};

export const depositActs = (): Record<string, (visit: Visit) => Promise<void>> => {
  let course: Course = 'toLeave';
  let pickUpCode = '';
  const isLeaving = (): boolean => course === 'refused';
  return {
    async attract({ hand }) {
      if (course === 'refused') course = 'toCollect';
      await hand.wake();
    },
    welcome: ({ hand }) => hand.touch(isLeaving() ? '返回' : '开始'),
    home: ({ hand }) => (isLeaving() ? hand.touch('返回') : hand.touch(/^取件、存件/, { exact: false })),
    async showToken(visit) {
      const { hand, demo, note } = visit;
      if (course === 'refused') return hand.touch('返回');
      if (course === 'toCollect') return typeCode(visit, pickUpCode);
      await demo.hall.turn('qr-reader', 'show', demo.deposit.code);
      if (course !== 'left' || !(await saysWords(visit, '这个二维码已经用过'))) return pause(300);
      note.asked.push('code: the second time it was refused');
      course = 'refused';
    },
    async locker(visit) {
      const { hand, demo, note } = visit;
      const page = await hand.page();
      const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
      if (phase === 'open') return shutDoor(visit);
      if (phase !== 'closed') return pause(200);
      if (await hand.sees('出来了')) {
        const look = (await demo.hall.look('ticket-printer')) as { tickets?: unknown[] };
        await hand.touch((look.tickets ?? []).length > 0 ? '出来了' : '没有出来');
        return;
      }
      const print = await page.locator('[data-print]').first().getAttribute('data-print');
      if (print === null || print === 'printing') return pause(200);
      if (course === 'toLeave') {
        const [, digits] = /(\d{4}\s\d{4})/.exec(await hand.text()) ?? [];
        if (digits === undefined) throw new Error('the screen shows no pick-up code');
        pickUpCode = digits.replaceAll(/\s/g, '');
        note.asked.push('deposit: left in a cell');
        course = 'left';
      }
      await hand.touch('完成');
    },
    async pickUp(visit) {
      const { hand, note } = visit;
      const page = await hand.page();
      const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
      if (phase === 'open') return shutDoor(visit);
      if (phase !== 'closed') return pause(200);
      if (course === 'toCollect') note.asked.push('deposit: collected');
      course = 'collected';
      await hand.touch('完成');
    },
    async goodbye() {
      await pause(300);
    },
  };
};

/** The centre hears of the code, of both doors and of the deposit, once each. */
export const awaitDepositTold = async ({ demo, note }: Visit): Promise<void> => {
  const until = Date.now() + 30_000;
  for (;;) {
    const spent = demo.told('token.spent').filter(({ subject }) => subject === demo.deposit.number);
    const opened = demo.told('locker.opened').map(({ by }) => by);
    const deposited = demo.told('locker.deposited').filter(({ number }) => number === demo.deposit.number);
    if (spent.length === 1 && opened.join(',') === 'depositor,collector' && deposited.length === 1) break;
    if (Date.now() > until)
      throw new Error(
        `the centre heard of ${spent.length} codes, doors ${opened.join(',')}, ${deposited.length} deposits`,
      );
    await pause(200);
  }
  note.asked.push('centre: heard of one code, two doors and one deposit');
};
