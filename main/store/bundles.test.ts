// Bundles on disk: all of the new or all of the old, and a row that was changed is no bundle.

import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BundleTrust, HeldBundle } from './bundles.ts';
import { createPlace, valueOf, type Place } from './store-fixture.ts';
import type { Store } from './open.ts';

let place: Place & Disposable;
let store: Store;
beforeEach(() => {
  place = createPlace();
  store = valueOf(place.open());
});
afterEach(() => place[Symbol.dispose]());

const trust: BundleTrust = { firstRootSha256: 'a'.repeat(64), roots: [], versions: {}, timeFloorMs: 1 };
const bundle = (channel: HeldBundle['channel'], version: number): HeldBundle => ({
  channel,
  version,
  issuedAtMs: 1,
  expiresAtMs: 2,
  fileSha256: 'b'.repeat(64),
  payloadSha256: 'c'.repeat(64),
  payload: `{"version":${version}}`,
});
const take = (...bundles: HeldBundle[]): void => valueOf(store.takeBundles(trust, bundles));

it('what was taken waits until the switch, and then serves, all of it at once', () => {
  take(bundle('catalogue', 1), bundle('announcements', 1));
  expect(store.currentBundle('catalogue')).toBeUndefined();
  expect(store.newestBundle('catalogue')?.version).toBe(1);
  expect(valueOf(store.switchBundles())).toEqual(['catalogue', 'announcements']);
  take(bundle('catalogue', 2));
  expect(store.currentBundle('catalogue')?.version).toBe(1);
  expect(valueOf(store.switchBundles())).toEqual(['catalogue']);
  expect(store.currentBundle('catalogue')?.version).toBe(2);
  expect(store.currentBundle('announcements')?.version).toBe(1);
});

it('survives a restart, waiting ones too', () => {
  take(bundle('catalogue', 1));
  valueOf(store.switchBundles());
  take(bundle('catalogue', 2));
  store.close();
  store = valueOf(place.open());
  expect(store.currentBundle('catalogue')).toEqual(bundle('catalogue', 1));
  expect(store.newestBundle('catalogue')).toEqual(bundle('catalogue', 2));
  expect(store.bundleTrust()).toEqual(trust);
});

it('goes back to the one before, and from there to none', () => {
  for (const version of [1, 2]) {
    take(bundle('catalogue', version));
    valueOf(store.switchBundles());
  }
  expect(valueOf(store.revertBundle('catalogue'))?.version).toBe(1);
  expect(valueOf(store.revertBundle('catalogue'))).toBeUndefined();
});

it('a row that somebody changed, or moved to another channel, is reported and is no bundle', () => {
  take(bundle('catalogue', 1), bundle('tokenKeys', 1));
  valueOf(store.switchBundles());
  store.close();
  const raw = new Database(place.path);
  raw.exec(
    "UPDATE bundles SET sealed = (SELECT sealed FROM bundles WHERE channel = 'tokenKeys') WHERE channel = 'catalogue'",
  );
  raw.exec("UPDATE bundles SET sealed = zeroblob(200) WHERE channel = 'tokenKeys'");
  raw.close();
  const damage: string[] = [];
  store = valueOf(place.open({ onDamage: ({ where }) => void damage.push(where) }));
  expect([store.currentBundle('catalogue'), store.currentBundle('tokenKeys')]).toEqual([undefined, undefined]);
  expect(damage).toEqual(['bundle catalogue', 'bundle tokenKeys']);
});

it('the same refusal is news once a day, and complaints do not fill the disk', async () => {
  const refused = { file: 'catalogue', version: 3, reason: 'hashMismatch', detail: 'x' } as const;
  expect(valueOf(store.noteBundleRefusal(refused))).toMatchObject(refused);
  expect(valueOf(store.noteBundleRefusal(refused))).toBeUndefined();
  expect(valueOf(store.noteBundleRefusal({ ...refused, version: 4 }))).toBeDefined();
  await place.clock.advance(25 * 3_600_000);
  expect(valueOf(store.noteBundleRefusal(refused))).toBeDefined();
  for (let version = 10; version < 200; version += 1) store.noteBundleRefusal({ ...refused, version });
  expect(store.bundleRefusals()).toHaveLength(50);
  expect(store.bundleRefusals()[0]?.version).toBe(199);
});

const number = (blocks?: { from: number; to: number }[]): string => {
  const taken = store.takeNumber({
    businessCode: 'SOC',
    prefix: 'B',
    priority: 'none',
    atMs: place.clock.now(),
    dayKey: '2026-11-22',
    ...(blocks ? { blocks } : {}),
  });
  return taken.ok ? taken.value.number : taken.error.code;
};

it('numbers come from the reserved blocks, one after the other; when they are used up none is given', () => {
  const blocks = [
    { from: 101, to: 102 },
    { from: 301, to: 301 },
  ];
  expect([number(blocks), number(blocks), number(blocks), number(blocks)]).toEqual([
    'B101',
    'B102',
    'B301',
    'noNumbersLeft',
  ]);
  expect(number([])).toBe('noNumbersLeft');
});

it('a block that comes in the middle of the day begins at its own first number', () => {
  expect([number(), number(), number([{ from: 101, to: 150 }]), number([{ from: 101, to: 150 }])]).toEqual([
    'B001',
    'B002',
    'B101',
    'B102',
  ]);
});
