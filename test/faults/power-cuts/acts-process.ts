// The recorded process: `acts-process.ts FOLDER COUNT SEED`. A store does a bit of everything; after each act that it acknowledged a line goes to
// FOLDER/acks, which the recorder sees like any other write.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { kioskId, machineKey, morningMs, valueOf } from '../../../main/store/store-fixture.ts';
import { act } from '../acts.ts';
import { createRandom } from '../random.ts';

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
