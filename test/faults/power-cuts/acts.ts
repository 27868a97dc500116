// The recorded process: `acts.ts FOLDER COUNT SEED`. A store does a bit of everything; after each act that it acknowledged a line goes to
// FOLDER/acks, which the recorder sees like any other write.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import {
  kioskId,
  machineKey,
  morningMs,
  page,
  rating,
  submission,
  valueOf,
} from '../../../main/store/store-fixture.ts';
import { createRandom, type Random } from '../random.ts';

/** What must be found again: a table, and the key in it. */
export type Kept = { event: string } | { case: string; scans: string[] } | { ticket: string } | { line: number };

const act = (store: Store, random: Random): Kept[] => {
  switch (random.below(6)) {
    case 0: {
      const given = submission([page(2000 + random.below(20_000)), page(500)]);
      valueOf(store.submitCase(given));
      return [{ case: given.caseId, scans: given.blobs.map(({ sha256 }) => sha256) }];
    }
    case 1: {
      const request = { businessCode: 'TAX', prefix: 'A', priority: 'none', atMs: morningMs, dayKey: '2026-11-22' };
      return [{ ticket: valueOf(store.takeNumber(request)).ticketId }];
    }
    case 2:
      return [
        { line: valueOf(store.audit({ who: 'wang', role: 'manager', act: 'openCell', detail: '', ok: true })).seq },
      ];
    case 3: {
      // A draft is nobody's promise: it may be gone. It makes the file move.
      valueOf(store.vault('visit', Buffer.alloc(32, 5)).putBlob(`page-${random.below(4)}`, page(9000).bytes));
      return [];
    }
    case 4: {
      const [event] = valueOf(store.nextBatch(1));
      if (!event) return [];
      const { eventId, payloadSha256 } = event;
      const receipt = { receivedAt: new Date(morningMs).toISOString(), payloadSha256, signature: 'c2lnbmVk' };
      valueOf(store.settle(eventId, { eventId, status: 'accepted', receipt }));
      return [{ event: eventId }];
    }
    default:
      return [{ event: valueOf(store.enqueue('rating.given', rating())).eventId }];
  }
};

const [folder = '', count = '0', seed = '1'] = process.argv.slice(2);
const random = createRandom(Number(seed));
const clock = createFakeClock(morningMs);
const path = join(folder, 'kiosk.db');
const open = (): Store => valueOf(openStore({ path, machineKey, kioskId, clock }));

const acks = openSync(join(folder, 'acks'), 'w');
let store = open();
for (let done = 0; done < Number(count); done += 1) {
  const kept = act(store, random);
  if (kept.length > 0) writeSync(acks, `${JSON.stringify(kept)}\n`);
  if (random.chance(60)) {
    store.close();
    store = open();
  }
}
store.close();
closeSync(acks);
