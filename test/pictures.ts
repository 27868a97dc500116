// `npm run pictures`: the README's pictures, taken from the running product: a demo hall, a real Chromium, a hand that touches it.
//
//   demo hall ─▶ screens ─▶ scene (what to do before the picture) ─▶ PNG of the glass ─▶ sharp ─▶ docs/pictures/NAME.png | .jpg
//
// Between scenes the acts of the restaurant walk bring the visit from screen to screen.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { createHand, type Hand } from './e2e/walk/hand.ts';
import { parseWalk } from './e2e/walk/options.ts';
import { restaurantActs, type Visit } from './e2e/walk/restaurant.ts';
import { runTouched } from './e2e/walk/touched-kiosk.ts';
import { assembleDemo, demoStaff, type DemoHall } from './testbed/demo-hall.ts';
import { buildScreens } from './testbed/screens-build.ts';
import { ensureCommands } from './testbed/system-packages.ts';

const usage = `README 里的图片 / The README's pictures

  npm run pictures [-- --out DIR] [-- --json]

  --out DIR   where to (default: docs/pictures)
  --json      one array on standard output: { file, bytes, widthPx, heightPx }
  --help
Exit: 0 all taken, 1 a picture failed or is too big, 2 wrong use.
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A README is read over thin lines, too. */
const mostBytes = 150 * 1024;
const mostBytesInAll = 1536 * 1024;
/** Longest side of a picture; the words stay readable. */
const longSidePx = 1280;
const stepPatienceMs = 60_000;
/** A control that is not there for so long is missing, not late. */
const actPatienceMs = 20_000;
const actPauseMs = 350;
/** Transitions take 200 ms at most; the slowest thing on a screen is a picture of a page that is fetched. */
const settleMs = 900;

type Taken = { file: string; bytes: number; widthPx: number; heightPx: number };
type Take = (name: string, page: Page) => Promise<void>;
type Stage = { visit: Visit; hand: Hand; page: Page; take: Take };
/** `done`: the scene brought the visit on by itself; `goOn`: the walk's act follows. */
type Scene = (stage: Stage) => Promise<'done' | 'goOn'>;

/** Flat screens shrink best as indexed PNG; with a photograph on the glass that gets too big, and JPEG serves. */
const save = async (directory: string, name: string, shot: Buffer): Promise<Taken> => {
  const picture = sharp(shot).resize({
    width: longSidePx,
    height: longSidePx,
    fit: 'inside',
    withoutEnlargement: true,
  });
  const png = await picture
    .clone()
    .png({ palette: true, colours: 128, effort: 10 })
    .toBuffer({ resolveWithObject: true });
  const isSmall = png.data.length <= mostBytes;
  const { data, info } = isSmall
    ? png
    : await picture.jpeg({ quality: 80, mozjpeg: true }).toBuffer({ resolveWithObject: true });
  const file = join(directory, `${name}.${isSmall ? 'png' : 'jpg'}`);
  writeFileSync(file, data);
  return { file: relative(root, file), bytes: data.length, widthPx: info.width, heightPx: info.height };
};

/** Ink for 张三, as fractions of the pad. */
const signatureStrokes: readonly (readonly (readonly [number, number])[])[] = [
  [
    [0.28, 0.28],
    [0.37, 0.27],
    [0.36, 0.4],
    [0.29, 0.42],
    [0.28, 0.54],
    [0.37, 0.53],
    [0.35, 0.72],
    [0.3, 0.68],
  ],
  [
    [0.47, 0.26],
    [0.43, 0.4],
  ],
  [
    [0.39, 0.49],
    [0.5, 0.45],
  ],
  [
    [0.43, 0.24],
    [0.42, 0.72],
    [0.46, 0.66],
  ],
  [
    [0.43, 0.5],
    [0.5, 0.74],
  ],
  [
    [0.58, 0.32],
    [0.7, 0.3],
  ],
  [
    [0.59, 0.5],
    [0.68, 0.48],
  ],
  [
    [0.56, 0.71],
    [0.74, 0.69],
  ],
];

const drawSignature = async (page: Page): Promise<void> => {
  const box = await page.getByLabel('签名区').first().boundingBox();
  if (!box) throw new Error('the signature pad has no size');
  const touch = await page.context().newCDPSession(page);
  const at = ([x, y]: readonly [number, number]): { x: number; y: number } => ({
    x: box.x + box.width * x,
    y: box.y + box.height * y,
  });
  for (const [first, ...rest] of signatureStrokes) {
    if (!first) continue;
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at(first)] });
    for (const point of rest)
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at(point)] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }
  await touch.detach();
};

/** A plain picture of a screen before anything is touched on it. */
const plain =
  (name: string): Scene =>
  async ({ take, page }) => {
    await take(name, page);
    return 'goOn';
  };

/** The form with a name being typed in pinyin; the walk's act fills the rest. */
const typingScene: Scene = async ({ take, page, hand }) => {
  const box = page.getByRole('textbox', { name: '店铺名称', exact: true });
  if (!(await box.isVisible()) || (await box.inputValue()) !== '') return 'goOn';
  await hand.touchLocator(box);
  await hand.keys('xiaoguan');
  const candidate = page.getByRole('option', { name: '小馆', exact: true }).first();
  await candidate.waitFor();
  await take('form', page);
  await hand.touchLocator(candidate);
  await hand.touch(/^(填好了|下一项)$/);
  return 'goOn';
};

const cameraScene: Scene = async ({ take, page }) => {
  const isCamera = (await page.locator('[data-way="camera"]').count()) > 0;
  const shutter = page.getByRole('button', { name: '拍照', exact: true });
  if (!isCamera || !(await shutter.isVisible())) return 'goOn';
  await shutter.and(page.locator(':enabled')).waitFor();
  await take('camera', page);
  return 'goOn';
};

const signScene: Scene = async ({ take, page, hand }) => {
  await pause(settleMs);
  await drawSignature(page);
  await take('sign', page);
  await hand.touch('确认签名');
  return 'done';
};

/** Paper takes its time; what the printer said in the end stands in the picture. */
const receiptScene: Scene = async ({ take, page }) => {
  await page.locator('[data-print]:not([data-print="printing"])').first().waitFor();
  await take('receipt', page);
  return 'goOn';
};

const restaurantScenes: Record<string, Scene> = {
  attract: plain('attract'),
  home: plain('home'),
  guide: plain('guide'),
  identify: plain('identify'),
  form: typingScene,
  materials: cameraScene,
  sign: signScene,
  receipt: receiptScene,
  goodbye: plain('goodbye'),
};

/** Touches from screen to screen until `goal` is shown after another; scenes take their pictures on the way. */
const drive = async (
  stage: Omit<Stage, 'page'>,
  scenes: Record<string, Scene>,
  goal: 'attract' | 'home' | 'guide',
): Promise<void> => {
  const { hand, visit } = stage;
  const first = await hand.screen();
  let last = '';
  let lastMs = Date.now();
  let hasMoved = false;
  for (;;) {
    const screen = await hand.screen();
    hasMoved ||= screen !== first;
    if (hasMoved && screen === goal) return;
    if (screen !== last) {
      last = screen;
      lastMs = Date.now();
    }
    if (Date.now() - lastMs > stepPatienceMs) throw new Error(`the pictures stand still at ${screen}`);
    hand.lookAt(screen);
    try {
      const page = await hand.page();
      if ((await scenes[screen]?.({ ...stage, page })) !== 'done') await restaurantActs[screen]?.(visit);
      // The answer to the last touch is on its way.
      await pause(actPauseMs);
    } catch (error) {
      // The screen may have moved on by itself under the hand: look again.
      if (Date.now() - lastMs > actPatienceMs && (await hand.screen()) === screen) throw error;
    }
  }
};

const leave = async (hand: Hand): Promise<void> => {
  const page = await hand.page();
  hand.lookAt(await hand.screen());
  await hand.touch('结束');
  await hand.touchLocator(page.getByRole('dialog').getByRole('button', { name: '结束', exact: true }));
  await hand.waitScreen('attract', actPatienceMs);
};

type House = { demo: DemoHall; hand: Hand; visit: Visit; openPage(): Promise<Page>; stop(): Promise<void> };

const openHouse = async (orientation: 'portrait' | 'landscape'): Promise<House> => {
  const demo = await assembleDemo({ orientation, say, withDock: true, adjust: hideDock });
  const { window, supervision, stop } = await runTouched(demo, say, true);
  await supervision.ready;
  const hand = createHand(window.page);
  const visit: Visit = {
    hand,
    demo,
    options: parseWalk(['--walk', 'restaurant', '--orientation', orientation]),
    note: { asked: [] },
    onSubmitted: () => Promise.resolve(),
  };
  return {
    demo,
    hand,
    visit,
    async openPage() {
      return (await window.page()).context().newPage();
    },
    async stop() {
      await stop();
      await demo.stop();
    },
  };
};

/** The dock is pictured on its own page; its drawer would cover the kiosk's. */
const hideDock = (config: Record<string, unknown>): void => {
  delete config['training'];
  config['session'] = { idleWarningSec: 60, idleWipeSec: 120, goodbyeSec: 6 };
};

/** A technician signs in while a roll of paper is missing, and looks at the devices. */
const showConsole = async ({ demo, hand }: House, take: Take): Promise<void> => {
  const page = await hand.page();
  const engineer = demoStaff.find(({ role }) => role === 'technician');
  if (!engineer) throw new Error('the demo hall has no technician');
  await demo.hall.turn('ticket-printer', 'removePaper');
  const spot = await page.locator('[data-staff-taps]').first().boundingBox();
  if (!spot) throw new Error('there is no spot for the staff gesture');
  // Bare touches: all five must come within three seconds.
  for (let tap = 0; tap < 5; tap += 1) await page.touchscreen.tap(spot.x + 20, spot.y + 20);
  await page.getByText('工作人员登录').first().waitFor();
  await hand.keys(engineer.account);
  await hand.touch('输入 PIN');
  await hand.keys(engineer.pin);
  await hand.touchLocator(page.getByRole('button', { name: '登录', exact: true }).first());
  await page.getByRole('navigation', { name: '栏目' }).waitFor();
  await page.getByText('小票纸用完了').first().waitFor();
  await take('console', page);
  await demo.hall.turn('ticket-printer', 'loadPaper');
  await hand.touch('退出');
  await hand.waitScreen('attract', actPatienceMs);
};

const takePortrait = async (take: Take): Promise<void> => {
  const house = await openHouse('portrait');
  const { hand, visit, demo } = house;
  try {
    await drive({ hand, visit, take }, restaurantScenes, 'attract');
    const elder: Visit = { ...visit, options: { ...visit.options, mode: 'elder' } };
    await drive({ hand, visit: elder, take }, {}, 'home');
    await take('home-elder', await hand.page());
    await leave(hand);
    const dock = await house.openPage();
    await dock.setViewportSize({ width: 1280, height: 960 });
    await dock.goto(demo.dock?.url ?? '');
    await dock.locator('.card').first().waitFor();
    await take('dock', dock);
  } finally {
    await house.stop();
  }
};

const takeLandscape = async (take: Take): Promise<void> => {
  const house = await openHouse('landscape');
  try {
    await showConsole(house, take);
    await drive({ hand: house.hand, visit: house.visit, take }, {}, 'guide');
    await take('guide-landscape', await house.hand.page());
    house.hand.lookAt('guide');
    await house.hand.touch('English');
    await take('guide-english', await house.hand.page());
  } finally {
    await house.stop();
  }
};

const run = async (directory: string): Promise<Taken[]> => {
  ensureCommands(['chromium', 'scanimage'], say);
  buildScreens(say);
  mkdirSync(directory, { recursive: true });
  const taken = new Map<string, Taken>();
  const take: Take = async (name, page) => {
    if (taken.has(name)) return;
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await pause(settleMs);
    const picture = await save(directory, name, await page.screenshot());
    taken.set(name, picture);
    say(`  ${picture.file} ${Math.ceil(picture.bytes / 1024)} KB`);
  };
  await takePortrait(take);
  await takeLandscape(take);
  return [...taken.values()];
};

const main = async (): Promise<number> => {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        out: { type: 'string', default: join(root, 'docs/pictures') },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const pictures = await run(values.out);
  if (values.json) process.stdout.write(`${JSON.stringify(pictures, undefined, 2)}\n`);
  const tooBig = pictures.filter(({ bytes }) => bytes > mostBytes).map(({ file }) => file);
  const inAll = pictures.reduce((sum, { bytes }) => sum + bytes, 0);
  if (tooBig.length > 0) say(`too big: ${tooBig.join(', ')}`);
  if (inAll > mostBytesInAll) say(`too much in all: ${inAll} bytes`);
  return tooBig.length > 0 || inAll > mostBytesInAll ? 1 : 0;
};

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
process.exit();
