// The kiosk that the kill campaign kills: a real store and the real sender in a process of their own, with the system's clock. Every
// act is told to the parent only when the store has acknowledged it; what dies in between was acknowledged to nobody.

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../devices/kit/clock.ts';
import { openStore } from '../../../main/store/open.ts';
import { machineKey, page, rating, submission, valueOf } from '../../../main/store/store-fixture.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { uploadChunkBytes } from '../../../main/sync/pace.ts';

export type VictimMessage =
  | { type: 'ready' }
  | { type: 'acknowledged'; id: string }
  | { type: 'drained'; dead: string[] };

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    url: { type: 'string', default: '' },
    kiosk: { type: 'string', default: '' },
  },
});
const tell = (message: VictimMessage): void => void process.send?.(message);

/** Enough to always have something under way, little enough to drain in no time. */
const mostWaiting = 30;
const caseEvery = 12;

const store = valueOf(openStore({ path: join(values.folder, 'kiosk.db'), machineKey, kioskId: values.kiosk }));
const sender = startSender({
  store,
  central: { url: values.url, kioskKey: values.kiosk, requestTimeoutMs: 5000, firstDelayMs: 5, maxDelayMs: 40 },
  kioskId: values.kiosk,
  clock: systemClock,
  log: () => undefined,
});

const act = (count: number): string => {
  if (count % caseEvery === 0) {
    // Two chunks, so that a kill may fall between them.
    const given = submission([page(uploadChunkBytes + 1000)], { at: Date.now() });
    valueOf(store.submitCase(given));
    return given.caseId;
  }
  const payload = rating();
  valueOf(store.enqueue('rating.given', payload));
  return String(payload['ratingId']);
};

let count = 0;
const work = setInterval(() => {
  if (store.depth() >= mostWaiting) return;
  tell({ type: 'acknowledged', id: act((count += 1)) });
  sender.wake();
}, 3);

process.on('message', (message) => {
  if (message !== 'drain') return;
  clearInterval(work);
  const look = (): void => {
    if (store.depth() > 0) return;
    forget();
    tell({ type: 'drained', dead: store.deadLetters().map(({ seq, reason }) => `#${seq}: ${reason}`) });
    void sender.stop().then(() => store.close());
  };
  const forget = sender.onChange(look);
  look();
});
// A parent that died leaves no kiosk behind.
process.once('disconnect', () => process.exit(0));
tell({ type: 'ready' });
