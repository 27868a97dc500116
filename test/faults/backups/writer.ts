// Run by backups.ts as a process of its own: a kiosk that works while it is backed up. Says on standard output what the store has
// acknowledged, one JSON line an act: `writer.ts PATH SEED`.

import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../../main/store/open.ts';
import { kioskId, machineKey, valueOf } from '../../../main/store/store-fixture.ts';
import { act } from '../acts.ts';
import { createRandom } from '../random.ts';

/** A busy hall's pace many times over, and yet a file that stays small enough to be copied hundreds of times. */
const pauseMs = 4;

const [path = '', seed = '1'] = process.argv.slice(2);
const random = createRandom(Number(seed));
const store = valueOf(openStore({ path, machineKey, kioskId }));
for (;;) {
  const kept = act(store, random);
  // A blocking call: what was said stands in the pipe.
  if (kept.length > 0) writeSync(1, `${JSON.stringify(kept)}\n`);
  await pause(pauseMs);
}
