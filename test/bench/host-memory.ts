// What the host process holds after a whole restaurant visit (card, form, scans, signature, ticket, locker, rating) on top of the visits
// before it: its resident set, as the kernel counts it.

import { readFileSync } from 'node:fs';
import { createHand } from '../e2e/walk/hand.ts';
import { parseWalk } from '../e2e/walk/options.ts';
import { restaurantActs } from '../e2e/walk/restaurant.ts';
import { figure, pause, type Figure } from './figure.ts';
import type { KioskStage } from './kiosk-stage.ts';

const walkPatienceMs = 120_000;
const restMs = 3000;

const statusMb = (pid: number, name: 'VmRSS' | 'VmHWM'): number => {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(name));
  const kilobytes = Number(/(\d+) kB/.exec(line ?? '')?.[1]);
  if (!Number.isFinite(kilobytes)) throw new Error(`no ${name} of process ${pid}`);
  return kilobytes / 1024;
};

/** From the attract screen to the attract screen again. Answers how many screens there were. */
const visitRestaurant = async ({ glass, demo }: KioskStage): Promise<number> => {
  const hand = createHand(() => Promise.resolve(glass.page));
  const visit = {
    hand,
    demo,
    options: parseWalk(['--walk', 'restaurant']),
    note: { asked: [] },
    onSubmitted: () => Promise.resolve(),
  };
  const untilMs = Date.now() + walkPatienceMs;
  const seen: string[] = [];
  for (;;) {
    const screen = await glass.screen();
    if (seen.at(-1) !== screen) seen.push(screen);
    if (seen.length > 1 && screen === 'attract') return seen.length - 1;
    if (Date.now() > untilMs) throw new Error(`the visit stands still at ${screen}`);
    hand.lookAt(screen);
    // A screen may move on under the hand; the next look says where it is.
    await restaurantActs[screen]?.(visit).catch(() => undefined);
    await pause(100);
  }
};

export const measureMemory = async (kiosk: KioskStage): Promise<Figure[]> => {
  const beforeMb = statusMb(kiosk.hostPid, 'VmRSS');
  const screens = await visitRestaurant(kiosk);
  const { ratings, cases } = await kiosk.demo.central.counts();
  await pause(restMs);
  return [
    figure('hostMemoryAfterWalk', statusMb(kiosk.hostPid, 'VmRSS'), 'MB', {
      target: 150,
      note: `resident set after a restaurant visit of ${screens} screens (${cases} case, ${ratings} rating at the centre); before it ${beforeMb.toFixed(0)} MB, most ever ${statusMb(kiosk.hostPid, 'VmHWM').toFixed(0)} MB`,
    }),
  ];
};
