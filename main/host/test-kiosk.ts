// What the tests of the contract stand on: a whole kiosk with a real store in a folder of its own, the shipped catalogue, no devices,
// and a centre that nobody answers at. Its clock stands still until the test moves it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hash } from '@node-rs/argon2';
import { createFakeClock, type FakeClock } from '../../devices/kit/clock.ts';
import { loadCatalogue } from '../../kiosk-config/catalogue/load.ts';
import { parseConfig } from '../../kiosk-config/parse.ts';
import type { Catalogue } from '../contract/catalogue.ts';
import type { Session } from '../journeys/state.ts';
import { openStore, type Store } from '../store/open.ts';
import { startSender } from '../sync/sender.ts';
import { createKiosk, type Kiosk } from './kiosk.ts';

/** 2026-11-22 08:00 in the hall. */
export const morningMs = Date.UTC(2026, 10, 22, 0, 0);

export const staffPins = { manager: '246810', engineer: '135790' } as const;
export type StaffAccount = keyof typeof staffPins;

const roleOfAccount = { manager: 'manager', engineer: 'technician' } as const;

let accounts: Promise<{ account: string; name: string; role: 'manager' | 'technician'; pinHash: string }[]> | undefined;
/** Hashed once: argon2 is slow on purpose. */
const staffAccounts = (): NonNullable<typeof accounts> =>
  (accounts ??= Promise.all(
    (Object.keys(staffPins) as StaffAccount[]).map(async (account) => ({
      account,
      name: account,
      role: roleOfAccount[account],
      pinHash: await hash(staffPins[account]),
    })),
  ));

let catalogue: Catalogue | undefined;
const shippedCatalogue = (): Catalogue => {
  if (catalogue) return catalogue;
  const loaded = loadCatalogue(fileURLToPath(new URL('../../kiosk-config/catalogue', import.meta.url)), {
    compileForms: false,
  });
  if (!loaded.ok) throw new Error(loaded.error.message);
  catalogue = loaded.value;
  return catalogue;
};

const bilingual = (zh: string, en: string): { zh: string; en: string } => ({ zh, en });

export type TestKiosk = {
  kiosk: Kiosk;
  clock: FakeClock;
  store: Store;
  folder: string;
  stop(): Promise<void>;
};

/** `session`: a visit that was running when the host ended; its draft is in the store and the shell still has the key. */
export const createTestKiosk = async (options: { session?: Session } = {}): Promise<TestKiosk> => {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-'));
  const clock = createFakeClock(morningMs);
  const parsed = parseConfig(
    {
      version: 1,
      kiosk: {
        id: 'TEST-01',
        hall: bilingual('大厅', 'Hall'),
        place: bilingual('一楼', 'Ground floor'),
        askAt: bilingual('导办台', 'Desk'),
      },
      // Port 9 (discard) of this machine: refused.
      central: { url: 'http://127.0.0.1:9', kioskKey: 'a-key-for-the-tests' },
      queue: { businesses: [{ code: 'SOC', name: bilingual('社保', 'Insurance'), prefix: 'B', counters: 2 }] },
      devices: [],
    },
    { drivers: [] },
  );
  if (!parsed.ok) throw new Error(parsed.error.message);
  const config = parsed.value;
  const opened = openStore({
    path: join(folder, 'kiosk.db'),
    machineKey: Buffer.alloc(32, 7),
    kioskId: config.kiosk.id,
    clock,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  store.seedAccounts(await staffAccounts());
  const key = Buffer.alloc(32, 3);
  if (options.session) store.vault(options.session.id, key).putState(options.session);
  const sender = startSender({
    store,
    central: { url: config.central.url, kioskKey: 'k', requestTimeoutMs: 1000, firstDelayMs: 1000, maxDelayMs: 60_000 },
    kioskId: config.kiosk.id,
    clock,
    log: () => undefined,
  });
  const kiosk = createKiosk({
    config,
    catalogue: shippedCatalogue(),
    store,
    sender,
    registry: [],
    clock,
    log: () => undefined,
    deviceLog: () => undefined,
    onSessionBegan: () => undefined,
    onSessionEnded: () => undefined,
    ...(options.session ? { resume: { sessionId: options.session.id, key } } : {}),
  });
  return {
    kiosk,
    clock,
    store,
    folder,
    async stop() {
      await kiosk.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
