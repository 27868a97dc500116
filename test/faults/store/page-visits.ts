// Visits on the real product, screens in a real Chromium: a number is typed, seen in the page's memory, the visit ends, and five seconds later
// it is searched for in the memory of every process of the browser and of the host, and in every file that they keep.
//
//   touch ─▶ form ─▶ number typed ─▶ it is found (or the search proves nothing) ─▶ visit ends ─▶ 5 s ─▶ search

import { readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHand, type Hand } from '../../e2e/walk/hand.ts';
import { restaurantActs, type Visit } from '../../e2e/walk/restaurant.ts';
import { runTouched } from '../../e2e/walk/touched-kiosk.ts';
import { assembleDemo, type DemoHall } from '../../testbed/demo-hall.ts';
import { buildScreens } from '../../testbed/screens-build.ts';
import type { Random } from '../random.ts';
import { descendantsOf, kindOf, memoryNeedles, searchMemory, type MemoryNeedle } from './process-memory.ts';
import { searchFiles } from './search-bytes.ts';

export type PageVisitsReport = {
  pageVisits: number;
  /** Visits whose number was found in the page while it stood there: without all of them nothing is proved. */
  pageSeenDuring: number;
  /** Numbers still found after the end, by place: a kind of process, or a file. */
  pageMemoryFound: number;
  hostMemoryFound: number;
  pageFilesFound: number;
  pageSearchedMb: number;
  /** Copies in messages of the test's own tool, which watches the page; they are not counted as found. */
  toolHits: number;
  /** From the end of a visit to the end of its search. */
  slowestSearchMs: number;
  where: Record<string, number>;
  /** What stood around the first of them. */
  around: string[];
  failures: string[];
};

export const isPageClean = (report: PageVisitsReport): boolean =>
  report.pageVisits > 0 &&
  report.pageSeenDuring === report.pageVisits &&
  report.pageMemoryFound + report.hostMemoryFound + report.pageFilesFound === 0 &&
  report.failures.length === 0;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const afterEndMs = 5000;
const mostAround = 10;

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0);

/** From the attract screen to the telephone number, typed key by key. */
const typeNumber = async (hand: Hand, demo: DemoHall, number: string): Promise<void> => {
  const visit: Visit = {
    hand,
    demo,
    options: {
      walk: 'restaurant',
      offline: 'never',
      hasTroubles: false,
      json: true,
      mode: 'standard',
      orientation: 'portrait',
      rateOn: 'screen',
    },
    onSubmitted: () => Promise.resolve(),
    note: { asked: [] },
  };
  for (const endMs = Date.now() + 60_000; ;) {
    const screen = await hand.screen().catch(() => '');
    if (screen === 'form') break;
    if (Date.now() > endMs) throw new Error(`no way to the form from ${screen}`);
    hand.lookAt(screen);
    // The screen may move on under the hand: look again.
    await restaurantActs[screen]?.(visit).catch(() => undefined);
    await pause(200);
  }
  hand.lookAt('form');
  const page = await hand.page();
  await hand.touchLocator(page.getByRole('textbox', { name: '联系电话', exact: true }));
  await hand.keys(number);
  await hand.touch(/^(填好了|下一项)$/);
};

export const playPageVisits = async (
  visits: number,
  random: Random,
  say: (line: string) => void,
): Promise<PageVisitsReport> => {
  buildScreens(say);
  const report: PageVisitsReport = {
    pageVisits: 0,
    pageSeenDuring: 0,
    pageMemoryFound: 0,
    hostMemoryFound: 0,
    pageFilesFound: 0,
    pageSearchedMb: 0,
    toolHits: 0,
    slowestSearchMs: 0,
    where: {},
    around: [],
    failures: [],
  };
  const demo = await assembleDemo({ orientation: 'portrait', say });
  const { window, supervision, stop } = await runTouched(demo, say);
  const hand = createHand(window.page);
  const browserProcesses = (): number[] =>
    descendantsOf(process.pid).filter((pid) => /^(browser|renderer|utility|gpu-process|zygote)$/.test(kindOf(pid)));
  const note = (where: string, around?: string): void => {
    report.where[where] = (report.where[where] ?? 0) + 1;
    if (around !== undefined && report.around.length < mostAround) report.around.push(`${where}: ${around}`);
  };
  const searchAll = (needles: readonly MemoryNeedle[]): { memory: number; host: number; files: number } => {
    const inBrowser = searchMemory(browserProcesses(), needles);
    const own = inBrowser.hits.filter(({ isOfTool }) => !isOfTool);
    report.toolHits += inBrowser.hits.length - own.length;
    const hostPid = supervision.host()?.child.pid;
    const inHost = searchMemory(hostPid === undefined ? [] : [hostPid], needles);
    const folders = [
      demo.directory,
      ...readdirSync(tmpdir())
        .filter((name) => /^(playwright|hall-kiosk-walk-|\.org\.chromium|com\.)/.test(name))
        .map((name) => join(tmpdir(), name)),
    ];
    const files = folders.filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
    const inFiles = searchFiles(files.flatMap(filesUnder), needles);
    report.pageSearchedMb += Math.round((inBrowser.bytes + inHost.bytes + inFiles.bytes) / 1_000_000);
    for (const { process, around } of own) note(process, around);
    for (const { around } of inHost.hits) note('host', around);
    for (const { path } of inFiles.hits) note(path.replace(demo.directory, ''));
    const count = (hits: readonly { what: string }[]): number => new Set(hits.map(({ what }) => what)).size;
    return { memory: count(own), host: count(inHost.hits), files: count(inFiles.hits) };
  };
  try {
    await supervision.ready;
    for (let visit = 0; visit < visits; visit += 1) {
      const number = `139${String(10_000_000 + random.below(89_999_999))}`;
      const needles = memoryNeedles(number, `number of visit ${visit}`);
      await typeNumber(hand, demo, number);
      report.pageVisits += 1;
      if (searchMemory(browserProcesses(), needles).hits.length > 0) report.pageSeenDuring += 1;
      await demo.hall.turn('id-card-reader', 'lift');
      await hand.touch('结束');
      const page = await hand.page();
      await hand.touchLocator(page.getByRole('dialog').getByRole('button', { name: '结束', exact: true }));
      await hand.waitScreen('attract', 30_000);
      const endedMs = Date.now();
      await pause(afterEndMs);
      const found = searchAll(needles);
      report.slowestSearchMs = Math.max(report.slowestSearchMs, Date.now() - endedMs);
      report.pageMemoryFound += found.memory;
      report.hostMemoryFound += found.host;
      report.pageFilesFound += found.files;
      say(`visit ${visit + 1} of ${visits}: ${JSON.stringify(found)}`);
    }
  } catch (error) {
    report.failures.push(error instanceof Error ? error.message : String(error));
    const page = await Promise.race([window.page(), pause(500)]);
    if (page) await page.screenshot({ path: join(tmpdir(), 'page-visits-failure.png') }).catch(() => undefined);
  } finally {
    await stop();
    await demo.stop();
  }
  return report;
};
