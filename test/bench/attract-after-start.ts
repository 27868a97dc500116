// Cold start: from the start of the host process to the attract screen on the glass. The browser starts in between, when the host is
// ready; its own part is reported beside it.

import type { DemoHall } from '../testbed/demo-hall.ts';
import { figure, median, spread, type Figure } from './figure.ts';
import { startKiosk, type KioskStage } from './kiosk-stage.ts';

const runs = 4;

/** Answers the figures and the last kiosk, still running, for the figures that come next. */
export const measureStart = async (demo: DemoHall): Promise<{ figures: Figure[]; kiosk: KioskStage }> => {
  const wholeMs: number[] = [];
  const launchMs: number[] = [];
  const hostMs: number[] = [];
  for (let run = 1; ; run += 1) {
    const kiosk = await startKiosk(demo);
    wholeMs.push((await kiosk.glass.attractPainted()) - kiosk.startedAtMs);
    launchMs.push(kiosk.glass.browserLaunchMs);
    hostMs.push(kiosk.hostReadyMs);
    if (run < runs) {
      await kiosk.stop();
      continue;
    }
    return {
      kiosk,
      figures: [
        figure('attractAfterStart', median(wholeMs), 'ms', {
          target: 2000,
          note: `median; host from its sources, the browser's launch included; ${spread(wholeMs)}`,
        }),
        figure('hostReady', median(hostMs), 'ms', { note: `median, part of attractAfterStart; ${spread(hostMs)}` }),
        figure('browserLaunch', median(launchMs), 'ms', {
          note: `median, part of attractAfterStart; ${spread(launchMs)}`,
        }),
      ],
    };
  }
};
