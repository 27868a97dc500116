import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeClock } from '../../devices/kit/clock.ts';
import { createTrustedTime } from '../bundles/trusted-time.ts';
import { createPlace, morningMs, valueOf } from '../store/store-fixture.ts';
import type { Store } from '../store/open.ts';
import { expiryStandsMs, watchManifestExpiry, type ManifestExpiry } from './manifest-expiry.ts';
import { incidentsAnHour, startReports, type Reports } from './reports.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let place: ReturnType<typeof createPlace>;
let store: Store;
/** The kiosk's own; tests move it, and set it by `setByMs`. */
let clock: FakeClock;
let setByMs: number;
let isOnline: boolean;
let reports: Reports;
let expiry: ManifestExpiry;

/** As after a start of the host, on the same store. */
const start = (): void => {
  reports?.stop();
  const own = { ...clock, now: () => clock.now() + setByMs, steadyNow: clock.now };
  const time = createTrustedTime({
    clock: own,
    monotonicMs: () => clock.now(),
    offsetMs: () => Number(store.note('serverOffsetMs') ?? 0),
    floorMs: store.bundleTrust()?.timeFloorMs ?? 0,
  });
  reports = startReports({
    store,
    devices: { onChange: () => () => undefined },
    clock: own,
    wake: () => undefined,
    log: () => undefined,
  });
  expiry = watchManifestExpiry({
    store,
    clock: own,
    manifest() {
      const held = store.bundleTrust()?.manifest;
      return held && { ...held, isExpired: held.expiresAtMs <= time.now().atMs };
    },
    isOnline: () => isOnline,
    tell: (detail) => reports.incident('manifestExpired', detail),
    log: () => undefined,
  });
};

/** As the fetcher keeps it once it is verified. */
const bring = (version: number, days = 7): void => {
  const issuedAtMs = clock.now();
  const manifest = { version, sha256: 'a'.repeat(64), issuedAtMs, expiresAtMs: issuedAtMs + days * dayMs };
  valueOf(store.takeBundles({ firstRootSha256: '', roots: [], versions: {}, timeFloorMs: issuedAtMs, manifest }, []));
};

const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += minuteMs) {
    await clock.advance(minuteMs);
    expiry.look();
  }
};

const told = (): unknown[] =>
  valueOf(store.nextBatch(500))
    .filter(({ kind, payload }) => kind === 'incident.reported' && payload['type'] === 'manifestExpired')
    .map(({ payload }) => payload['detail']);

beforeEach(() => {
  place = createPlace();
  clock = place.clock;
  store = valueOf(place.open());
  [setByMs, isOnline] = [0, true];
  start();
});
afterEach(() => {
  reports.stop();
  place[Symbol.dispose]();
});

it('a manifest that ran out is told once, with its version and day, without a line too', async () => {
  bring(214);
  isOnline = false;
  await pass(7 * dayMs - minuteMs);
  expect(told()).toEqual([]);
  await pass(minuteMs + expiryStandsMs);
  const detail = `manifest 214 ran out at ${new Date(morningMs + 7 * dayMs).toISOString()}, and no newer one has come`;
  expect(told()).toEqual([detail]);
  await pass(dayMs);
  expect(told()).toEqual([detail]);
});

it('a restart tells the same expiry no second time; a later one is told', async () => {
  bring(214);
  await pass(7 * dayMs + expiryStandsMs);
  for (let time = 0; time < 3; time += 1) {
    start();
    await pass(2 * expiryStandsMs);
  }
  expect(told()).toHaveLength(1);
  bring(215);
  await pass(dayMs);
  expect(told()).toHaveLength(1);
  await pass(6 * dayMs + expiryStandsMs);
  start();
  await pass(2 * expiryStandsMs);
  expect(told()).toEqual([expect.stringContaining('214'), expect.stringContaining('215')]);
});

it('one that is there again within minutes is not told: a kiosk that was switched off for a week', async () => {
  bring(214);
  await clock.advance(8 * dayMs);
  start();
  await pass(expiryStandsMs - minuteMs);
  bring(215);
  await pass(dayMs);
  expect(told()).toEqual([]);
});

it('a kiosk to which no manifest ever came has none to miss', async () => {
  await pass(dayMs);
  expect(told()).toEqual([]);
});

describe('a clock that was set', () => {
  it('back makes nothing young again that has passed in this run', async () => {
    bring(214);
    start();
    await pass(6 * dayMs);
    setByMs = -3650 * dayMs;
    await pass(dayMs + expiryStandsMs);
    expect(told()).toHaveLength(1);
  });

  it('ahead until the centre is heard costs one early word, and the real expiry is told all the same', async () => {
    bring(214);
    isOnline = false;
    setByMs = 3650 * dayMs;
    await pass(2 * expiryStandsMs);
    expect(told()).toHaveLength(1);
    isOnline = true;
    store.setNote('serverOffsetMs', String(-setByMs));
    await pass(dayMs);
    expect(told()).toHaveLength(1);
    await pass(6 * dayMs + expiryStandsMs);
    expect(told()).toHaveLength(2);
  });

  it('that begins at each start years behind, and is right once the centre was heard, tells nothing twice', async () => {
    bring(214);
    await pass(7 * dayMs + expiryStandsMs);
    isOnline = false;
    setByMs = -3650 * dayMs;
    start();
    await pass(2 * expiryStandsMs);
    isOnline = true;
    store.setNote('serverOffsetMs', String(-setByMs));
    await pass(2 * expiryStandsMs);
    expect(told()).toHaveLength(1);
  });
});

it('an incident that the hour has no room for is told later', async () => {
  bring(214);
  await clock.advance(7 * dayMs);
  for (let time = 0; time < incidentsAnHour; time += 1) reports.incident('manifestExpired', 'another');
  await pass(expiryStandsMs + minuteMs);
  expect([told().length, store.note('manifestExpiryTold')]).toEqual([incidentsAnHour, undefined]);
  await pass(60 * minuteMs);
  expect(told().at(-1)).toContain('manifest 214');
});
