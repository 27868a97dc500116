// 我要开饭店 at night: what a citizen does on each screen, by touch, and at the devices, by hand. A screen may come twice (after
// a kill): every act looks at what is there before it touches.

import type { DemoHall } from '../../testbed/demo-hall.ts';
import type { Hand } from './hand.ts';
import type { WalkOptions } from './options.ts';

export type Visit = {
  hand: Hand;
  demo: DemoHall;
  options: WalkOptions;
  /** Called when the case and its scans are on their way. */
  onSubmitted(): Promise<void>;
  note: { receipt?: string; asked: string[] };
};

export const itemCode = 'YSYB-001';
/** Keys pressed for the shop's name, and the candidate chosen. */
const shopPinyin = 'xiaoguan';
const shopName = '小馆';
const reservation = 'MCYL1|鄂市监名预2026第001234号|小馆|2027-01-31';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What is typed into each field: keys of the on-screen keyboard, and for Chinese the candidate that is chosen. */
const typedAnswers: { label: string; parts: { keys: string; candidate?: string }[] }[] = [
  { label: '联系电话', parts: [{ keys: '13800138000' }] },
  { label: '店铺名称', parts: [{ keys: shopPinyin, candidate: shopName }] },
  {
    label: '店铺地址',
    parts: [
      { keys: 'binjiangqu', candidate: '滨江区' },
      { keys: 'ceshi', candidate: '测试' },
      { keys: 'lu', candidate: '路' },
      { keys: '88' },
    ],
  },
  { label: '经营面积', parts: [{ keys: '86' }] },
  { label: '餐位数', parts: [{ keys: '32' }] },
  { label: '计划开业日期', parts: [{ keys: '20270115' }] },
];

/** Fills what is on the glass and empty, then goes on. */
const fillForm = async ({ hand }: Visit): Promise<void> => {
  const page = await hand.page();
  for (const { label, parts } of typedAnswers) {
    const box = page.getByRole('textbox', { name: label, exact: true });
    if (!(await box.isVisible()) || (await box.inputValue()) !== '') continue;
    await hand.touchLocator(box);
    for (const { keys, candidate } of parts) {
      await hand.keys(keys);
      if (candidate !== undefined)
        await hand.touchLocator(page.getByRole('option', { name: candidate, exact: true }).first());
    }
    await hand.touch(/^(填好了|下一项)$/);
  }
  const done = page.getByRole('button', { name: '填好了', exact: true });
  if (await done.isVisible()) await hand.touchLocator(done);
  // Seven kinds are too many for buttons: they open in a list.
  const kinds = page.getByRole('button', { name: /^经营类型/ });
  if ((await kinds.count()) > 0 && !(await kinds.first().innerText()).includes('正餐')) {
    await hand.touchLocator(kinds.first());
    await hand.touch('正餐');
  }
  for (const [group, answer] of [['是否使用燃气', '是']] as const) {
    const choice = page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: answer, exact: true });
    if ((await choice.count()) > 0 && !(await choice.isChecked()))
      await hand.touchLocator(page.getByRole('radiogroup', { name: group }).getByText(answer, { exact: true }));
  }
  await hand.touch('下一步');
  // The host answers with the next page or with what is wrong; either way the glass changes.
  await pause(300);
};

const photograph = async ({ hand }: Visit): Promise<void> => {
  // The shot of an earlier try may still be there.
  if (!(await hand.sees('使用这张'))) await hand.touch('拍照', { timeoutMs: 15_000 });
  await hand.touch('使用这张', { timeoutMs: 10_000 });
};

const handOver = async (visit: Visit): Promise<void> => {
  const { hand, demo } = visit;
  const page = await hand.page();
  const way = await page.locator('[data-screen]').first().getAttribute('data-way');
  if (way === null) {
    if (await page.getByRole('button', { name: '下一步', exact: true }).isEnabled()) {
      await hand.touch('下一步');
      return;
    }
    // The first material that is not there yet.
    const open = page.getByRole('button').filter({ has: page.locator('[data-state="todo"], [data-state="partly"]') });
    await hand.touchLocator(open.first());
    await page.locator('[data-way]').waitFor({ state: 'attached' });
    return;
  }
  if (await hand.sees('这份材料交齐了')) {
    const isReady = await page.getByRole('button', { name: '这份材料交齐了', exact: true }).isEnabled();
    if (isReady) {
      await hand.touch('这份材料交齐了');
      return;
    }
  }
  switch (way) {
    case 'qr':
      await demo.hall.turn('qr-reader', 'show', reservation);
      await page.getByRole('button', { name: '这份材料交齐了', exact: true }).and(page.locator(':enabled')).waitFor();
      return;
    case 'camera':
      await photograph(visit);
      await pause(300);
      return;
    case 'scanner':
      await hand.touch('开始扫描');
      await page
        .getByRole('button', { name: '这份材料交齐了', exact: true })
        .and(page.locator(':enabled'))
        .waitFor({ timeout: 60_000 });
      return;
    case 'library':
      await hand.touch('同意调取');
      await page.getByRole('button', { name: '这份材料交齐了', exact: true }).and(page.locator(':enabled')).waitFor();
      return;
    default:
      throw new Error(`an unknown way to hand over: ${way}`);
  }
};

const sign = async ({ hand }: Visit): Promise<void> => {
  const page = await hand.page();
  const pad = page.getByLabel('签名区').first();
  const box = await pad.boundingBox();
  if (!box) throw new Error('the signature pad has no size');
  const session = await page.context().newCDPSession(page);
  const at = (x: number, y: number): { x: number; y: number } => ({
    x: box.x + box.width * x,
    y: box.y + box.height * y,
  });
  const strokes = [
    [at(0.25, 0.3), at(0.3, 0.45), at(0.35, 0.7), at(0.4, 0.5), at(0.45, 0.3)],
    [at(0.55, 0.3), at(0.7, 0.32), at(0.6, 0.5), at(0.75, 0.5), at(0.6, 0.72), at(0.78, 0.7)],
  ];
  for (const stroke of strokes) {
    const [first, ...rest] = stroke;
    if (!first) continue;
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first] });
    for (const point of rest)
      await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [point] });
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }
  await session.detach();
  await hand.touch('确认签名');
};

/** The person looks whether paper hangs out of the slot, and answers what they see. */
const answerPaper = async ({ hand, demo, note }: Visit): Promise<void> => {
  if (!(await hand.sees('出来了'))) return;
  const look = (await demo.hall.look('ticket-printer')) as { tickets?: unknown[] };
  const cameOut = (look.tickets ?? []).length > 0;
  note.asked.push(`paper: ${cameOut ? 'came out' : 'did not come out'}`);
  await hand.touch(cameOut ? '出来了' : '没有出来');
};

/** Whether the cell's door stands open, as seen by eye. */
export const openDoor = async (demo: DemoHall): Promise<number | undefined> => {
  const { doors } = (await demo.hall.look('locker')) as { doors: { lock: number; door: string }[] };
  return doors.find(({ door }) => door === 'open')?.lock;
};

/** One act per screen; the walk calls again while the screen stays. */
export const restaurantActs: Record<string, (visit: Visit) => Promise<void>> = {
  async attract({ hand }) {
    await hand.wake();
  },
  async welcome({ hand, options }) {
    if (options.mode === 'elder' && (await hand.sees('长辈版'))) await hand.touch('长辈版');
    await hand.touch('开始');
  },
  async home({ hand }) {
    await hand.touch(/我要开饭店/, { exact: false });
  },
  guide: ({ hand }) => hand.touch('开始办理'),
  async identify({ hand, demo }) {
    const page = await hand.page();
    if (await page.getByRole('button', { name: '下一步', exact: true }).and(page.locator(':enabled')).isVisible()) {
      await demo.hall.turn('id-card-reader', 'lift');
      await hand.touch('下一步');
      return;
    }
    await demo.hall.turn('id-card-reader', 'place', 'resident');
    await page
      .getByRole('button', { name: '下一步', exact: true })
      .and(page.locator(':enabled'))
      .waitFor({ timeout: 20_000 });
  },
  form: fillForm,
  materials: handOver,
  review: ({ hand }) => hand.touch('下一步'),
  sign,
  async submit(visit) {
    await visit.hand.touch('提交');
    await visit.onSubmitted();
  },
  async receipt(visit) {
    const { hand } = visit;
    const page = await hand.page();
    const number = await page.locator('[data-number]').first().getAttribute('data-number');
    if (number) visit.note.receipt = number;
    await answerPaper(visit);
    const state = await page.locator('[data-print]').first().getAttribute('data-print');
    if (state === 'printed' || state === 'skipped' || state === 'failed') await hand.touch('下一步');
    else await pause(200);
  },
  async locker({ hand, demo }) {
    const page = await hand.page();
    const phase = await page.locator('[data-phase]').first().getAttribute('data-phase');
    if (phase === 'offer') await hand.touch('存入');
    else if (phase === 'open') {
      const cell = await openDoor(demo);
      if (cell !== undefined) await demo.hall.turn('locker', 'shutDoor', String(cell));
      await pause(300);
    } else if (phase === 'closed') await hand.touch('下一步');
    else if (phase === 'failed') await hand.touch('再试一次');
    else await pause(200);
  },
  async rate({ hand, demo, options }) {
    if (options.rateOn === 'pad') {
      await pause(300);
      await demo.hall.turn('rating-pad', 'press', '5');
      await pause(500);
    } else if (options.rateOn === 'screen') await hand.touch('非常满意');
    else await hand.touch('跳过');
  },
  async goodbye() {
    await pause(300);
  },
};
