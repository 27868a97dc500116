// A result that the centre had put into a cell: somebody types a wrong code, then the right one, and takes it out. Somebody else comes
// with the same code and hears that it was used.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoHall } from '../../testbed/demo-hall.ts';
import type { Visit } from './restaurant.ts';
import { openDoor } from './restaurant.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How far this walk has come; a screen may come twice after a kill. */
type Course = 'wrongCode' | 'rightCode' | 'collected' | 'refused';

const hasList = ({ directory }: DemoHall): boolean => {
  const folder = join(directory, 'log');
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).some(
    (file) =>
      file.isFile() &&
      readFileSync(join(file.parentPath, file.name), 'utf8')
        .split('\n')
        .some((line) => line.includes('bundlesSwitched') && line.includes('pickUpCodes')),
  );
};

/** The list comes with the first round of the line, and serves from the next visit on. */
export const awaitList = async (demo: DemoHall): Promise<void> => {
  const until = Date.now() + 60_000;
  while (!hasList(demo)) {
    if (Date.now() > until) throw new Error('the list of pick-up codes did not come down');
    await pause(200);
  }
};

export const typeCode = async ({ hand }: Visit, code: string): Promise<void> => {
  if (await hand.sees('输入取件码')) await hand.touch('输入取件码');
  await hand.waitFor('小票上或短信里', 1000).catch(() => undefined);
  await hand.keys(code);
  await hand.touch('开柜');
};

export const saysWords = async ({ hand }: Visit, words: string): Promise<boolean> =>
  hand.waitFor(words, 2000).then(
    () => true,
    () => false,
  );

export const resultActs = (): Record<string, (visit: Visit) => Promise<void>> => {
  let course: Course = 'wrongCode';
  return {
    async attract({ hand }) {
      await hand.wake();
    },
    welcome: ({ hand }) => hand.touch(course === 'refused' ? '返回' : '开始'),
    home: ({ hand }) => (course === 'refused' ? hand.touch('返回') : hand.touch(/^取件/, { exact: false })),
    async showToken(visit) {
      const { hand, demo, note } = visit;
      const { code } = demo.result;
      if (course === 'refused') return hand.touch('返回');
      if (course === 'wrongCode') {
        await typeCode(visit, code === '00000000' ? '00000001' : '00000000');
        if (!(await saysWords(visit, '取件码不对'))) return;
        note.asked.push('code: a wrong one was refused');
        course = 'rightCode';
        // Typed digits stay; the next code is typed on an empty line.
        await hand.touch('返回');
        return;
      }
      await typeCode(visit, code);
      if (course !== 'collected' || !(await saysWords(visit, '这个取件码已经用过'))) return;
      note.asked.push('code: the second time it was refused');
      course = 'refused';
    },
    async pickUp({ hand, demo, note }) {
      const page = await hand.page();
      const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
      if (phase === 'open') {
        const cell = await openDoor(demo);
        if (cell !== undefined && cell !== demo.result.cell) throw new Error(`cell ${cell} stands open`);
        if (cell !== undefined) await demo.hall.turn('locker', 'shutDoor', String(cell));
        await pause(300);
      } else if (phase === 'closed') {
        note.asked.push('result: collected');
        course = 'collected';
        await hand.touch('完成');
      } else await pause(200);
    },
    async goodbye() {
      await pause(300);
    },
  };
};

/** The centre hears of the code and of the door, once each, together. */
export const awaitResultTold = async ({ demo, note }: Visit): Promise<void> => {
  const until = Date.now() + 30_000;
  for (;;) {
    const spent = demo.told('token.spent').filter(({ tokenId }) => tokenId === demo.result.pickUpId);
    const opened = demo.told('locker.opened').filter(({ by }) => by === 'collector');
    if (spent.length === 1 && opened.length === 1 && opened[0]?.['cell'] === String(demo.result.cell)) break;
    if (Date.now() > until) throw new Error(`the centre heard of ${spent.length} codes and ${opened.length} doors`);
    await pause(200);
  }
  note.asked.push('centre: heard of one code and one door');
};
