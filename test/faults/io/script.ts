// What the store is asked to do while its disk fails: a seeded script of acts, with what was acknowledged said at once. A failure comes back
// as a refusal and the script goes on, as a kiosk does; a read that breaks ends the host, which starts again.

import { createFakeClock } from '../../../devices/kit/clock.ts';
import { ok, type Result } from '../../../devices/kit/result.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { storageFailureOf } from '../../../main/store/failure.ts';
import { kioskId, machineKey, morningMs, valueOf } from '../../../main/store/store-fixture.ts';
import { act, type Kept } from '../acts.ts';
import { createRandom } from '../random.ts';

export type Script = {
  /** `birth` opens a store that is not there yet; `day` goes on with one that has some of everything. */
  kind: 'birth' | 'day';
  seed: number;
  acts: number;
};

export type Told = {
  refused: number;
  /** The host ended itself and started again. */
  restarts: number;
  /** Neither a refusal that names the disk nor an end of the host. */
  otherErrors: string[];
};

/** A host that cannot open its store is started again by the shell; so often here. */
const mostRestarts = 3;
const diskCodes = /^(diskFull|storeFailed|storeBusy|storeDamaged|notDurable): /;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Scans that wait are told to be at the centre, so that their cases can be settled. */
const upload = (store: Store): Kept[] => {
  const [scan] = store.pendingUploads();
  if (scan) valueOf(store.markUploaded(scan.sha256));
  return [];
};

/** Two acts that stand or fall together. */
const both = (store: Store, one: () => Kept[], other: () => Kept[]): Kept[] =>
  valueOf(store.transact((): Result<Kept[]> => ok([...one(), ...other()])));

export const playScript = (path: string, script: Script, acknowledge: (kept: Kept[]) => void): Told => {
  const random = createRandom(script.seed);
  const told: Told = { refused: 0, restarts: 0, otherErrors: [] };
  const open = (): Store | undefined => {
    for (let tries = 0; tries <= mostRestarts; tries += 1) {
      const opened = openStore({ path, machineKey, kioskId, clock: createFakeClock(morningMs) });
      if (opened.ok) return opened.value;
      told.restarts += 1;
      if (!diskCodes.test(`${opened.error.code}: `)) told.otherErrors.push(`opening: ${opened.error.message}`);
    }
    return undefined;
  };
  const close = (store: Store): void => {
    try {
      store.close();
    } catch (error) {
      if (!storageFailureOf(error, path)) throw error;
    }
  };
  let store = open();
  for (let done = 0; store && done < script.acts; done += 1) {
    const current = store;
    const what = random.below(8);
    try {
      const once = (): Kept[] => act(current, random);
      acknowledge(what === 0 ? upload(current) : what === 1 ? both(current, once, once) : once());
    } catch (error) {
      if (diskCodes.test(messageOf(error))) told.refused += 1;
      else if (storageFailureOf(error, path)) {
        told.restarts += 1;
        close(current);
        store = open();
      } else told.otherErrors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    if (store === current && done === script.acts >> 1) {
      close(current);
      store = open();
    }
  }
  if (store) close(store);
  return told;
};
