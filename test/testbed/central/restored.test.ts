// A kiosk goes on from a backup: what the lost disk sent after the copy was made, and what the restored one sends again and anew, is at
// the centre once.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { restore } from '../../../main/store/restore.ts';
import type { Store } from '../../../main/store/open.ts';
import {
  createPlace,
  kioskId,
  machineKey,
  page,
  rating,
  submission,
  valueOf,
} from '../../../main/store/store-fixture.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { isEmpty, until } from '../sender-waits.ts';
import { startCentral, type Central } from './central.ts';

const kioskKey = 'a-key-for-tests-only';

const sendAll = async (store: Store, central: Central): Promise<void> => {
  const sender = startSender({
    store,
    central: { url: central.url, kioskKey, requestTimeoutMs: 2000, firstDelayMs: 1, maxDelayMs: 20 },
    kioskId,
    clock: systemClock,
    log: () => undefined,
  });
  await until(sender, isEmpty);
  await sender.stop();
};

const submit = (store: Store): string => {
  const given = submission([page(3000)], { at: Date.now() });
  return valueOf(store.submitCase(given)).receiptNumber;
};

it.each([
  ['sent nothing of it', false],
  ['had sent all of it', true],
])(
  'the lost disk %s before it was lost',
  async (_name, isSent) => {
    using place = createPlace();
    const central = await startCentral({
      directory: join(place.folder, 'central'),
      kioskKeys: { [kioskId]: kioskKey },
    });
    try {
      const lost = valueOf(place.open({ clock: systemClock }));
      submit(lost);
      valueOf(lost.enqueue('rating.given', rating()));
      await sendAll(lost, central);
      submit(lost);
      valueOf(lost.enqueue('rating.given', rating()));
      const backup = join(place.folder, 'backup.db');
      valueOf(await lost.backup(backup));
      const after = submit(lost);
      if (isSent) await sendAll(lost, central);
      lost.close();

      const path = join(place.folder, 'new', 'kiosk.db');
      valueOf(restore(backup, { path, machineKey, kioskId }));
      const restored = valueOf(place.open({ path, clock: systemClock }));
      expect(submit(restored)).not.toBe(after);
      valueOf(restored.enqueue('rating.given', rating()));
      await sendAll(restored, central);
      expect(restored.deadLetters()).toEqual([]);
      expect(await central.counts()).toMatchObject({
        cases: isSent ? 4 : 3,
        ratings: 3,
        duplicates: 0,
        gaps: 0,
        quarantined: 0,
        deadLetters: 0,
      });
    } finally {
      await central.stop();
    }
  },
  30_000,
);
