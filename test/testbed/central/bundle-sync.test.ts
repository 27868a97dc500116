// What the reference server publishes, all the way into what a kiosk serves: real HTTP, a real sender's line, a real store.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { loadCatalogue } from '../../../kiosk-config/catalogue/load.ts';
import { parseConfig } from '../../../kiosk-config/parse.ts';
import { createContentChecks } from '../../../main/bundles/contents.ts';
import { createServing, type Serving } from '../../../main/bundles/serving.ts';
import { createBundleSync, type BundleSync } from '../../../main/bundles/sync.ts';
import { sha256Hex } from '../../../main/store/canonical.ts';
import { machineKey, valueOf } from '../../../main/store/store-fixture.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { startCentral, type Central } from './central.ts';

const kioskId = 'EZ-0001';
const kioskKey = 'key-of-kiosk-one-1234';
const hallCode = 'EZ-HALL';
const toHall = { halls: [hallCode] };
const text = (zh: string, en = zh) => ({ zh, en });
const notice = (words: string) => ({ items: [{ id: 'n', text: text(words) }] });

const catalogue = valueOf(
  loadCatalogue(fileURLToPath(new URL('../../../kiosk-config/catalogue', import.meta.url)), { compileForms: false }),
);

let folder: string;
let central: Central;
let store: Store;
let net: ReturnType<typeof createFetch>;
let serving: Serving;
let sync: BundleSync;
let asked: string[];

const configOf = (url: string) =>
  valueOf(
    parseConfig(
      {
        version: 1,
        kiosk: { id: kioskId, hallCode, hall: text('大厅'), place: text('一楼'), askAt: text('导办台') },
        central: { url, kioskKey, bundleRoot: central.bundles.rootPath },
        services: { announcement: text('机内通知') },
        devices: [],
      },
      { drivers: [] },
    ),
  );

/** As after a start of the host. */
const start = (isVisitResumed = false): void => {
  const config = configOf(central.url);
  serving = createServing({
    store,
    clock: systemClock,
    config,
    catalogue,
    drivers: [],
    log: () => undefined,
    onRefused: () => undefined,
    isVisitResumed,
  });
  const made = createBundleSync({
    store,
    central: { url: central.url, kioskKey, requestTimeoutMs: 4000 },
    place: { kioskId, hallCode },
    root: readFileSync(central.bundles.rootPath),
    checks: createContentChecks(config, { drivers: [], isNew: true }),
    clock: systemClock,
    monotonicMs: () => performance.now(),
    log: () => undefined,
    onTaken: () => serving.noteTaken(),
    onRefused: () => undefined,
  });
  if ('error' in made) throw new Error(made.error);
  sync = made;
  serving.follow(sync);
};

const round = () => {
  asked = [];
  const fetch: typeof net.fetch = (url, init) => {
    asked.push(new URL(url).pathname);
    return net.fetch(url, init);
  };
  return sync.run({ fetch, signal: new AbortController().signal });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'down-sync-'));
  central = await startCentral({ directory: join(folder, 'central'), kioskKeys: { [kioskId]: kioskKey }, hallCode });
  store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId }));
  net = createFetch();
  start();
});
afterEach(async () => {
  await net.close();
  await central.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const say = (words: string): void =>
  void central.bundles.publish({ channel: 'announcements', audience: toHall, payload: notice(words) });

it('a notice and a whole catalogue come down and serve after the switch; a second round fetches nothing', async () => {
  say('周五维护');
  central.bundles.publish({ channel: 'catalogue', audience: toHall, payload: { ...catalogue, version: 77 } });
  expect(await round()).toMatchObject({ taken: ['catalogue', 'announcements'], refused: [] });
  expect([serving.announcement()?.zh, serving.catalogue().version]).toEqual(['机内通知', catalogue.version]);
  expect(serving.switchOver()).toBe(true);
  expect([serving.announcement()?.zh, serving.catalogue().version]).toEqual(['周五维护', 77]);
  expect(await round()).toEqual({ taken: [], refused: [] });
  expect(asked).toEqual(['/v1/bundles/root/2', '/v1/bundles/manifest']);
});

it('a small change of a large catalogue comes as a delta', async () => {
  central.bundles.publish({ channel: 'catalogue', audience: toHall, payload: { ...catalogue, version: 77 } });
  await round();
  central.bundles.publish({ channel: 'catalogue', audience: toHall, payload: { ...catalogue, version: 78 } });
  expect(await round()).toMatchObject({ taken: ['catalogue'] });
  expect(asked.at(-1)).toBe('/v1/bundles/file/catalogue/2/from/1');
  serving.switchOver();
  expect(serving.catalogue().version).toBe(78);
});

it('a host that starts in the middle of a visit goes on with what the visit began with', async () => {
  say('旧');
  await round();
  serving.switchOver();
  say('新');
  await round();
  start(true);
  expect(serving.announcement()?.zh).toBe('旧');
  start();
  expect(serving.announcement()?.zh).toBe('新');
});

it('a bundle with a mistake in it is refused alone: the others serve, and the next version is taken', async () => {
  central.bundles.publish({ channel: 'configuration', audience: toHall, payload: { central: { url: 'http://x' } } });
  say('周五维护');
  expect(await round()).toMatchObject({
    taken: ['announcements'],
    refused: [{ file: 'configuration', version: 1, reason: 'contentsInvalid' }],
  });
  serving.switchOver();
  expect(serving.status().channels).toContainEqual(
    expect.objectContaining({
      channel: 'configuration',
      state: 'none',
      lastRefusal: expect.objectContaining({ reason: 'contentsInvalid' }),
    }),
  );
  central.bundles.publish({ channel: 'configuration', audience: toHall, payload: { locker: { keepDays: 21 } } });
  expect(await round()).toMatchObject({ taken: ['configuration'], refused: [] });
  serving.switchOver();
  expect(serving.config().locker.keepDays).toBe(21);
  expect(serving.config().central.url).toBe(central.url);
});

it('new keys are followed, with the old ones no more; all of it outlives a restart', async () => {
  say('一');
  await round();
  central.bundles.rotate({ roles: ['root', 'manifest', 'bundle'] });
  central.bundles.rotate({ roles: ['bundle'] });
  say('二');
  expect(await round()).toMatchObject({ taken: ['announcements'], refused: [] });
  expect(sync.rootVersion()).toBe(3);
  start();
  expect(sync.rootVersion()).toBe(3);
  expect(serving.announcement()?.zh).toBe('二');
  say('三');
  expect(await round()).toMatchObject({ taken: ['announcements'], refused: [] });
});

it('what does not load at a start gives way to the one before it, and that is said', async () => {
  say('一');
  await round();
  serving.switchOver();
  const good = store.currentBundle('announcements');
  if (!good) throw new Error('nothing was taken');
  // As if a newer software wrote it: this one cannot read it.
  store.takeBundles(store.bundleTrust() ?? { firstRootSha256: '', roots: [], versions: {}, timeFloorMs: 0 }, [
    { ...good, version: 2, payload: '{"items":"later"}' },
  ]);
  start();
  expect(serving.announcement()?.zh).toBe('一');
  expect(store.bundleRefusals()).toMatchObject([{ file: 'announcements', version: 2, reason: 'contentsInvalid' }]);
});

it('a centre that is gone, or asks to wait, changes nothing and is asked again later', async () => {
  say('一');
  await round();
  serving.switchOver();
  await central.control.setOutage(true);
  expect(await round()).toEqual({ taken: [], refused: [], failure: 'unreachable' });
  await central.control.setOutage(false);
  central.control.setErrors({ status: 503, rate: 1 });
  expect(await round()).toEqual({ taken: [], refused: [], failure: 'busy' });
  expect(await sync.maybeRun({ fetch: net.fetch, signal: new AbortController().signal })).toBeUndefined();
  expect(serving.announcement()?.zh).toBe('一');
});

it('another root in the configuration: nothing that the old one vouched for is trusted any more', async () => {
  say('一');
  await round();
  serving.switchOver();
  const other = await startCentral({ directory: join(folder, 'other'), kioskKeys: { [kioskId]: kioskKey }, hallCode });
  await central.stop();
  central = other;
  start();
  expect(store.currentBundle('announcements')).toBeUndefined();
  expect(await round()).toMatchObject({ taken: [], refused: [] });
});

it('the sender lends its line once its own work is done', async () => {
  say('周五维护');
  const taken = new Promise<void>((resolve) => {
    const sender = startSender({
      store,
      central: { url: central.url, kioskKey, requestTimeoutMs: 4000, firstDelayMs: 1, maxDelayMs: 1000 },
      kioskId,
      clock: systemClock,
      log: () => undefined,
      afterRound: async (line) => {
        await sync.maybeRun(line);
        await sender.stop();
        resolve();
      },
    });
  });
  await taken;
  expect(store.newestBundle('announcements')?.version).toBe(1);
});

it('pick-up codes come down: their cells are known, the code opens one, and a list that has run out opens nothing', async () => {
  const salt = 'a-salt-of-the-centre';
  const entry = {
    pickUpId: 'R1',
    salt,
    hash: sha256Hex(`${salt}|40717233`),
    cell: 7,
    name: text('营业执照'),
    until: new Date(Date.now() + 86_400_000).toISOString(),
  };
  expect(serving.pickUp('40717233')).toEqual({ state: 'noList' });
  expect(serving.listedResults()).toEqual([]);
  const payload = { codes: [entry], revoked: [] };
  central.bundles.publish({ channel: 'pickUpCodes', audience: { kiosks: [kioskId] }, payload });
  await round();
  serving.switchOver();
  expect(serving.hasPickUpCodes()).toBe(true);
  expect(serving.pickUp('40717233')).toMatchObject({ state: 'waiting', pickUpId: 'R1', cell: 7 });
  expect(serving.pickUp('40717234')).toEqual({ state: 'unknown' });
  const later = {
    ...sync,
    time: { ...sync.time, now: () => ({ ...sync.time.now(), atMs: Date.now() + 400 * 86_400_000 }) },
  };
  serving.follow(later);
  expect(serving.hasPickUpCodes()).toBe(false);
  expect(serving.pickUp('40717233')).toEqual({ state: 'listOver' });
  // What lies in the cell does not go away with the list.
  expect(serving.listedResults()).toMatchObject([{ pickUpId: 'R1', cell: 7, name: text('营业执照') }]);
});
