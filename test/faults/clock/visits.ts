// A visit during which the clock is set: it must not end because of it, and when the citizen has gone it must end in its time all the same.
// A whole host, with the shipped catalogue and no devices.

import { createTestKiosk } from '../../../main/host/test-kiosk.ts';

export type VisitReport = {
  visits: number;
  /** Wiped under the hands of somebody who is there. */
  visitsCut: number;
  /** Still open after its time: the next citizen would find it. */
  visitsLeftOpen: number;
  failures: string[];
};

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const settings = [
  3652 * dayMs,
  -3652 * dayMs,
  dayMs,
  -dayMs,
  60 * minuteMs,
  -60 * minuteMs,
  5 * minuteMs,
  -5 * minuteMs,
];

export const playVisits = async (): Promise<VisitReport> => {
  const report: VisitReport = { visits: 0, visitsCut: 0, visitsLeftOpen: 0, failures: [] };
  const { kiosk, clock, stop } = await createTestKiosk();
  const trueNow = clock.now;
  let offMs = 0;
  Object.assign(clock, { now: () => trueNow() + offMs, steadyNow: trueNow });
  const intend = (intent: Parameters<typeof kiosk.sessions.intend>[0]): boolean =>
    kiosk.sessions.intend(intent, kiosk.sessions.view().revision);
  const wipeMs = kiosk.config.session.idleWipeSec * 1000;
  try {
    for (const setByMs of settings) {
      report.visits += 1;
      intend({ type: 'touch' });
      intend({ type: 'next' });
      const id = kiosk.sessions.session()?.id;
      await clock.advance(wipeMs / 4);
      offMs = setByMs;
      await clock.advance(wipeMs / 2);
      if (id === undefined || kiosk.sessions.session()?.id !== id) {
        report.visitsCut += 1;
        report.failures.push(`the clock was set by ${setByMs} ms, and the visit was over`);
      }
      await clock.advance(wipeMs);
      if (kiosk.sessions.session()) {
        report.visitsLeftOpen += 1;
        report.failures.push(`the clock was set by ${setByMs} ms, and the visit never ended`);
        intend({ type: 'leave' });
      }
      offMs = 0;
      await clock.advance(2000);
    }
    return report;
  } finally {
    await stop();
  }
};
