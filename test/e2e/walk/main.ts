// `npm start -- --walk NAME`: a whole visit on the real product. Screens are driven by touch in a real Chromium, devices by their
// simulators' knobs at the far end of real ttys; nothing calls the host.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceKind } from '../../../devices/kit/status.ts';
import { assembleDemo } from '../../testbed/demo-hall.ts';
import { buildScreens } from '../../testbed/screens-build.ts';
import { ensureCommands } from '../../testbed/system-packages.ts';
import { createHand } from './hand.ts';
import { findLeftovers } from './leftovers.ts';
import { parseWalk, type WalkOptions } from './options.ts';
import { awaitDepositTold, depositActs } from './deposit.ts';
import { pickUpActs } from './pick-up.ts';
import { queueActs } from './queue-ticket.ts';
import { awaitList, awaitResultTold, resultActs } from './result.ts';
import { restaurantActs, type Visit } from './restaurant.ts';
import { runTouched, type TouchedKiosk } from './touched-kiosk.ts';
import { troubledActs } from './troubles.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A step that does not move on in this time has failed. */
const stepPatienceMs = 60_000;
const arrivalPatienceMs = 60_000;
/** An act that fails is tried again until the screen has stood for so long. */
const actPatienceMs = 40_000;
/** Of the person whose card is placed; nothing of it may stay in plain text. */
const secrets = ['11010119900307002X', '北京市东城区测试街1号院', '13800138000'];

/** Visits after the first one, with the same acts: the next citizen, or one who comes with the same code again. */
const furtherVisits: Partial<Record<WalkOptions['walk'], number>> = { 'queue-ticket': 1, result: 1, deposit: 2 };

type Report = {
  outcome: 'completed' | 'failed';
  failure?: string;
  receipt?: string;
  central: {
    cases: number;
    materials: number;
    ratings: number;
    tickets: number;
    deposits: number;
    duplicates: number;
    resent: number;
    number?: string;
  };
  devices: { reads: number; prints: number; opens: number; ratings: number };
  offlineMs: number;
  restarts: { host: number; window: number };
  /** From each kill to the same screen, usable. */
  recoveriesMs: Record<string, number>;
  asked: string[];
  leftovers: string[];
  problems: string[];
  steps: { step: string; atMs: number; ms: number }[];
  screenshots: string[];
};

const walk = async (options: WalkOptions): Promise<Report> => {
  ensureCommands(['chromium', 'scanimage'], say);
  buildScreens(say);
  const screenshots = options.screenshots ?? join(root, '.cache/walk', options.walk);
  mkdirSync(screenshots, { recursive: true });
  const demo = await assembleDemo({
    orientation: options.orientation,
    say,
    adjust(config) {
      config['session'] = { idleWarningSec: 60, idleWipeSec: 120, goodbyeSec: 4 };
    },
  });
  const { window, supervision, stop } = await runTouched(demo, say);
  const hand = createHand(window.page);
  const actsOf: Partial<Record<WalkOptions['walk'], typeof queueActs>> = {
    'queue-ticket': queueActs,
    result: resultActs(),
    deposit: depositActs(),
  };
  const acts = actsOf[options.walk] ?? (options.hasTroubles ? troubledActs(restaurantActs) : restaurantActs);
  const report: Report = {
    outcome: 'failed',
    central: { cases: 0, materials: 0, ratings: 0, tickets: 0, deposits: 0, duplicates: 0, resent: 0 },
    devices: { reads: 0, prints: 0, opens: 0, ratings: 0 },
    offlineMs: 0,
    restarts: { host: 0, window: 0 },
    recoveriesMs: {},
    asked: [],
    leftovers: [],
    problems: [],
    steps: [],
    screenshots: [],
  };
  let offlineSinceMs: number | undefined;
  const cut = (): void => {
    offlineSinceMs ??= Date.now();
    return void demo.central.control.setOutage(true);
  };
  const restore = async (): Promise<void> => {
    if (offlineSinceMs !== undefined) report.offlineMs += Date.now() - offlineSinceMs;
    offlineSinceMs = undefined;
    await demo.central.control.setOutage(false);
  };
  const visit: Visit = {
    hand,
    demo,
    options,
    note: { asked: report.asked },
    async onSubmitted() {
      if (options.offline !== 'middle') return;
      // The line breaks while the scans are on their way, and comes back while the citizen is still here.
      const until = Date.now() + 15_000;
      while (Date.now() < until && (await demo.central.counts()).bytes === 0) await pause(5);
      cut();
      setTimeout(() => void restore(), 4000);
    },
  };
  try {
    await supervision.ready;
    // What the line brings must be here before it is cut.
    if (options.walk === 'result') await awaitList(demo);
    if (options.offline === 'always') cut();
    await driveScreens(visit, acts, report, { window, supervision, screenshots });
    for (let more = furtherVisits[options.walk] ?? 0; more > 0; more -= 1)
      await driveScreens(visit, acts, report, { window, supervision, screenshots });
    if (options.walk === 'pick-up') await driveScreens(visit, pickUpActs, report, { window, supervision, screenshots });
    if (options.offline === 'always') await restore();
    if (options.walk === 'result') await awaitResultTold(visit);
    if (options.walk === 'deposit') await awaitDepositTold(visit);
    await awaitArrival(visit, report);
    await collect(visit, report, window);
    report.outcome = 'completed';
  } catch (error) {
    report.failure = error instanceof Error ? error.message : String(error);
    const page = await Promise.race([window.page(), pause(500)]);
    if (page) {
      const picture = join(screenshots, 'failure.png');
      await page.screenshot({ path: picture }).catch(() => undefined);
      report.screenshots.push(picture);
    }
  } finally {
    report.restarts = supervision.restarts();
    report.problems.push(...window.problems());
    await stop();
    await demo.stop();
  }
  return report;
};

type Stage = Pick<TouchedKiosk, 'window' | 'supervision'> & { screenshots: string };

/** From the attract screen to the attract screen again. */
const driveScreens = async (
  visit: Visit,
  acts: Record<string, (visit: Visit) => Promise<void>>,
  report: Report,
  stage: Stage,
): Promise<void> => {
  const { hand, options } = visit;
  const startedMs = Date.now();
  let last = '';
  let lastMs = Date.now();
  let hasLeftAttract = false;
  const killed = new Set<string>();
  for (;;) {
    const screen = await currentScreen(hand);
    if (screen !== last) {
      const now = Date.now();
      const previous = report.steps.at(-1);
      if (previous && previous.step === last) previous.ms = now - lastMs;
      if (last !== '' && screen === 'attract' && hasLeftAttract) return;
      report.steps.push({ step: screen, atMs: now - startedMs, ms: 0 });
      last = screen;
      lastMs = now;
      const picture = join(stage.screenshots, `${String(report.steps.length).padStart(2, '0')}-${screen}.png`);
      await pause(250);
      await (await hand.page()).screenshot({ path: picture }).catch(() => undefined);
      report.screenshots.push(picture);
      if (options.kill && !killed.has(screen) && options.kill.at.some((step) => step === screen)) {
        killed.add(screen);
        report.recoveriesMs[screen] = await kill(visit, screen, stage);
      }
    }
    if (screen !== 'attract') hasLeftAttract = true;
    if (Date.now() - lastMs > stepPatienceMs) throw new Error(`the walk stands still at ${screen}`);
    const act = acts[screen];
    if (!act) throw new Error(`the walk does not know the screen ${screen}`);
    hand.lookAt(screen);
    try {
      await act(visit);
      // The answer to the last touch is on its way; a hand waits for it.
      const page = await hand.page();
      await Promise.race([
        page
          .locator(`[data-screen]:not([data-screen="${screen}"])`)
          .waitFor({ state: 'attached', timeout: 1000 })
          .catch(() => undefined),
        pause(350),
      ]);
    } catch (error) {
      // The screen may have moved on under the hand (the answer to the last touch, a pad key, a goodbye): look again.
      if (Date.now() - lastMs > actPatienceMs && (await currentScreen(hand)) === screen) throw error;
    }
  }
};

const currentScreen = async (hand: Visit['hand']): Promise<string> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await hand.screen();
    } catch (error) {
      // A page that reloads or was killed has no screen for a moment.
      if (attempt > 20) throw error;
      await pause(250);
    }
  }
};

/** Kills, waits for the same screen to be back and usable, and answers how long that took. */
const kill = async ({ hand, options }: Visit, screen: string, stage: Stage): Promise<number> => {
  const killedMs = Date.now();
  const before = stage.supervision.restarts();
  if (options.kill?.what === 'ui') stage.window.kill();
  else stage.supervision.host()?.kill();
  for (;;) {
    const after = stage.supervision.restarts();
    if (after.host > before.host || after.window > before.window) break;
    if (Date.now() - killedMs > stepPatienceMs) throw new Error('what was killed did not come back');
    await pause(20);
  }
  for (;;) {
    const now = await currentScreen(hand);
    const page = await hand.page();
    const isConnected = (await page.locator('html[data-connected="true"]').count()) > 0;
    if (isConnected) {
      if (now !== screen && !(screen === 'submit' && now === 'receipt') && !(screen === 'goodbye' && now === 'attract'))
        throw new Error(`killed at ${screen}, came back at ${now}`);
      return Date.now() - killedMs;
    }
    if (Date.now() - killedMs > stepPatienceMs) throw new Error('the screen did not come back');
    await pause(20);
  }
};

const awaitArrival = async ({ demo, options, note }: Visit, report: Report): Promise<void> => {
  const until = Date.now() + arrivalPatienceMs;
  const ofCase = { cases: 1, ratings: options.rateOn === 'nowhere' ? 0 : 1 };
  const wantedOf: Partial<Record<WalkOptions['walk'], Record<string, number>>> = {
    'queue-ticket': { tickets: 2 },
    result: {},
    deposit: { deposits: 1 },
  };
  const wanted = wantedOf[options.walk] ?? ofCase;
  for (;;) {
    const counts = await demo.central.counts();
    const isThere = Object.entries(wanted).every(([name, count]) => counts[name as keyof typeof counts] >= count);
    if (isThere) break;
    if (Date.now() > until) throw new Error(`not everything arrived at the centre: ${JSON.stringify(counts)}`);
    await pause(100);
  }
  // Anything sent twice would come now.
  await pause(1500);
  const counts = await demo.central.counts();
  const { cases, materials, ratings, tickets, deposits, duplicates, resent } = counts;
  report.central = { cases, materials, ratings, tickets, deposits, duplicates, resent };
  if (note.receipt !== undefined) {
    report.receipt = note.receipt;
    const stored = await demo.central.case(note.receipt);
    if (stored) report.central.number = stored.centralNumber;
  }
};

const collect = async ({ demo, hand }: Visit, report: Report, window: Stage['window']): Promise<void> => {
  const look = (kind: DeviceKind): Promise<Record<string, unknown>> => demo.hall.look(kind);
  const reader = await look('id-card-reader');
  const printer = await look('ticket-printer');
  const locker = await look('locker');
  const pad = await look('rating-pad');
  const count = (value: unknown): number =>
    typeof value === 'number' ? value : Array.isArray(value) ? value.length : 0;
  report.devices = {
    reads: count((reader['commands'] as Record<string, unknown> | undefined)?.['read']),
    prints: count(printer['tickets']),
    opens: count(locker['pulses']),
    ratings: count(pad['ratings']),
  };
  report.leftovers = findLeftovers([join(demo.directory, 'store'), join(demo.directory, 'log')], secrets);
  const text = await hand.text();
  const html = await (await window.page()).content();
  for (const secret of secrets) if (text.includes(secret) || html.includes(secret)) report.leftovers.push('the page');
  if (report.leftovers.length > 0) throw new Error(`left behind: ${report.leftovers.join('; ')}`);
};

const main = async (): Promise<number> => {
  let options: WalkOptions;
  try {
    options = parseWalk(process.argv.slice(2));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const report = await walk(options);
  if (options.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else {
    for (const { step, ms } of report.steps) say(`  ${step.padEnd(12)} ${ms} ms`);
    say(`${report.outcome}${report.failure ? `: ${report.failure}` : ''}  ${JSON.stringify(report.central)}`);
  }
  return report.outcome === 'completed' ? 0 : 1;
};

process.exitCode = await main();
process.exit();
