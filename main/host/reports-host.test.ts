// Incidents as a whole host sees them: each one from what really happened to it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IntakeEvent } from '../contract/intake.ts';
import { valueOf } from '../store/store-fixture.ts';
import type { Sender, SenderStatus } from '../sync/sender.ts';
import { createServing } from '../bundles/serving.ts';
import { createTrustedTime } from '../bundles/trusted-time.ts';
import { createKiosk, type Kiosk, type KioskOptions } from './kiosk.ts';
import { expiryStandsMs } from './manifest-expiry.ts';
import { createTestKiosk, type TestKiosk } from './test-kiosk.ts';

let place: TestKiosk;
beforeEach(async () => {
  place = await createTestKiosk();
});
afterEach(() => place.stop());

const incidents = (): unknown[] =>
  valueOf(place.store.nextBatch(100))
    .filter(({ kind }: IntakeEvent) => kind === 'incident.reported')
    .map(({ payload }) => payload['type']);

/** Another host on the same store, as after a restart. */
const startAgain = (sender: Sender = place.kiosk.sender, more: Pick<KioskOptions, 'serving'> = {}): Kiosk =>
  createKiosk({
    config: place.kiosk.config,
    catalogue: place.kiosk.catalogue,
    store: place.store,
    sender,
    registry: [],
    clock: place.clock,
    log: () => undefined,
    deviceLog: () => undefined,
    onSessionBegan: () => undefined,
    onSessionEnded: () => undefined,
    ...more,
  });

it('a first start is no incident', () => {
  expect(incidents()).toEqual([]);
});

it('a host that comes back after it was cut off says so', () => {
  const { reports } = startAgain();
  expect(incidents()).toEqual(['hostCrashed']);
  reports.stop();
});

it('a host that had stopped in order does not', () => {
  place.store.setNote('run', 'ended');
  const { reports } = startAgain();
  expect(incidents()).toEqual([]);
  reports.stop();
});

it('a clock that was set by minutes is told, once; one that was corrected by seconds is not', async () => {
  let setByMs = 0;
  const real = place.clock.now;
  Object.assign(place.clock, { steadyNow: real, now: () => real() + setByMs });
  await place.clock.advance(120_000);
  setByMs = 60_000;
  await place.clock.advance(120_000);
  expect(incidents()).toEqual([]);
  setByMs -= 10 * 365 * 24 * 3_600_000;
  await place.clock.advance(120_000);
  expect(incidents()).toEqual(['clockJumped']);
});

/** A host whose sender says what the test wants it to say. */
const startWithLine = () => {
  place.store.setNote('run', 'ended');
  const listeners: ((status: SenderStatus) => void)[] = [];
  let last = place.kiosk.sender.status();
  let wakes = 0;
  const { reports } = startAgain({
    ...place.kiosk.sender,
    // As the real one: whoever wakes it hears of it before the call is over.
    wake: () => {
      wakes += 1;
      for (const listener of listeners) listener(last);
    },
    onChange(listener) {
      listeners.push(listener);
      return () => undefined;
    },
  });
  return {
    say: (change: Partial<SenderStatus>): void => {
      last = { ...place.kiosk.sender.status(), ...change };
      for (const listener of listeners) listener(last);
    },
    wakes: () => wakes,
    [Symbol.dispose]: () => reports.stop(),
  };
};

it('a quarantine is told when it begins, not at every try', () => {
  using line = startWithLine();
  const blocked = { why: 'quarantined', sinceMs: 0, events: 1 } as const;
  line.say({ blocked });
  line.say({ blocked });
  expect([incidents(), line.wakes()]).toEqual([['quarantined'], 1]);
  line.say({});
  line.say({ blocked });
  expect(incidents()).toEqual(['quarantined', 'quarantined']);
});

it('a clock that the centre contradicts by minutes is told once', () => {
  using line = startWithLine();
  place.store.setNote('serverOffsetMs', '90000');
  line.say({});
  expect(incidents()).toEqual([]);
  place.store.setNote('serverOffsetMs', '-600000');
  line.say({});
  line.say({});
  expect([incidents(), line.wakes()]).toEqual([['clockJumped'], 1]);
});

it('a manifest that nobody renewed stands on the console and is told once, after a restart too; the bundles go on serving', async () => {
  place.store.setNote('run', 'ended');
  const { clock, store } = place;
  const issuedAtMs = clock.now();
  const lastsMs = 600_000;
  const dates = { version: 3, issuedAtMs, expiresAtMs: issuedAtMs + lastsMs };
  const hashes = { fileSha256: 'a'.repeat(64), payloadSha256: 'b'.repeat(64) };
  const catalogue = { ...place.kiosk.catalogue, version: 77 };
  valueOf(
    store.takeBundles(
      {
        firstRootSha256: '',
        roots: [],
        versions: { catalogue: 3 },
        timeFloorMs: issuedAtMs,
        manifest: { ...dates, sha256: 'c'.repeat(64) },
      },
      [{ channel: 'catalogue', ...dates, ...hashes, payload: JSON.stringify(catalogue) }],
    ),
  );
  const start = (): Kiosk => {
    const { config } = place.kiosk;
    const serving = createServing({
      store,
      clock,
      config,
      catalogue: place.kiosk.catalogue,
      drivers: [],
      log: () => undefined,
      onRefused: () => undefined,
      isVisitResumed: false,
    });
    const time = createTrustedTime({
      clock,
      monotonicMs: () => clock.now(),
      offsetMs: () => 0,
      floorMs: issuedAtMs,
    });
    serving.follow({ time, manifest: () => store.bundleTrust()?.manifest });
    return startAgain(place.kiosk.sender, { serving });
  };
  const first = start();
  expect(first.bundles?.().manifest).toMatchObject({ version: 3, isExpired: false });
  await clock.advance(lastsMs + expiryStandsMs + 120_000);
  first.reports.stop();
  place.store.setNote('run', 'ended');
  const second = start();
  await clock.advance(2 * expiryStandsMs);
  expect(incidents()).toEqual(['manifestExpired']);
  expect(second.bundles?.()).toMatchObject({
    manifest: { isExpired: true },
    channels: expect.arrayContaining([expect.objectContaining({ channel: 'catalogue', state: 'expiredServes' })]),
  });
  expect(second.world().catalogue.version).toBe(77);
  second.reports.stop();
});
