// Incidents as a whole host sees them: each one from what really happened to it.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IntakeEvent } from '../contract/intake.ts';
import { valueOf } from '../store/store-fixture.ts';
import { createKiosk, type Kiosk } from './kiosk.ts';
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
const startAgain = (): Kiosk =>
  createKiosk({
    config: place.kiosk.config,
    catalogue: place.kiosk.catalogue,
    store: place.store,
    sender: place.kiosk.sender,
    registry: [],
    clock: place.clock,
    log: () => undefined,
    deviceLog: () => undefined,
    onSessionBegan: () => undefined,
    onSessionEnded: () => undefined,
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
