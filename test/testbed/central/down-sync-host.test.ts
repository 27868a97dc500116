// A whole kiosk and the reference server: what is published stands on the screen, but never changes under a citizen's hands.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { systemClock } from '../../../devices/kit/clock.ts';
import { loadCatalogue } from '../../../kiosk-config/catalogue/load.ts';
import { parseConfig } from '../../../kiosk-config/parse.ts';
import type { View } from '../../../main/contract/view.ts';
import { createDownSync } from '../../../main/host/down-sync.ts';
import { createKiosk } from '../../../main/host/kiosk.ts';
import { machineKey, valueOf } from '../../../main/store/store-fixture.ts';
import { openStore } from '../../../main/store/open.ts';
import { startSender } from '../../../main/sync/sender.ts';
import { startCentral } from './central.ts';

const kioskId = 'EZ-0001';
const kioskKey = 'key-of-kiosk-one-1234';
const text = (zh: string, en = zh) => ({ zh, en });

it('a notice comes down between two visits, not in the middle of one', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'down-sync-host-'));
  const central = await startCentral({ directory: join(folder, 'central'), kioskKeys: { [kioskId]: kioskKey } });
  const publish = (words: string): void =>
    void central.bundles.publish({
      channel: 'announcements',
      audience: { kiosks: [kioskId] },
      payload: { items: [{ id: 'n', text: text(words) }] },
    });
  const catalogue = valueOf(
    loadCatalogue(fileURLToPath(new URL('../../../kiosk-config/catalogue', import.meta.url)), { compileForms: false }),
  );
  const config = valueOf(
    parseConfig(
      {
        version: 1,
        kiosk: { id: kioskId, hall: text('大厅'), place: text('一楼'), askAt: text('导办台') },
        central: { url: central.url, kioskKey, bundleRoot: central.bundles.rootPath },
        services: { announcement: text('机内通知') },
        devices: [],
      },
      { drivers: [] },
    ),
  );
  const store = valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId }));
  const log = (): void => undefined;
  const downSync = createDownSync({
    config,
    catalogue,
    kioskKey,
    store,
    drivers: [],
    clock: systemClock,
    log,
    isVisitResumed: false,
  });
  publish('第一条');
  let rounds = 0;
  const sender = startSender({
    store,
    central: { url: central.url, kioskKey, requestTimeoutMs: 4000, firstDelayMs: 1, maxDelayMs: 1000 },
    kioskId,
    clock: systemClock,
    log,
    afterRound: async (line) => {
      rounds += 1;
      await downSync.afterRound(line);
    },
  });
  const kiosk = createKiosk({
    config,
    catalogue,
    store,
    serving: downSync.serving,
    sender,
    registry: [],
    log,
    deviceLog: log,
    onSessionBegan: log,
    onSessionEnded: log,
  });
  const until = (isSo: (view: View) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (view: View): void => {
        if (!isSo(view)) return;
        leave();
        resolve();
      };
      const leave = kiosk.sessions.onView(look);
      queueMicrotask(() => look(kiosk.sessions.view()));
    });
  const shows = (words: string) => (view: View) => JSON.stringify(view.screen).includes(words);
  try {
    await until(shows('第一条'));
    expect(rounds).toBeGreaterThan(0);
    kiosk.sessions.intend({ type: 'touch' }, Number.MAX_SAFE_INTEGER);
    expect(kiosk.sessions.session()).toBeDefined();
    // As a later round would: taken, and left waiting while somebody stands here.
    publish('第二条');
    const held = store.currentBundle('announcements');
    if (!held) throw new Error('nothing serves');
    const trust = store.bundleTrust();
    if (!trust) throw new Error('nothing is trusted');
    const payload = JSON.stringify({ items: [{ id: 'n', text: text('第二条') }] });
    valueOf(store.takeBundles(trust, [{ ...held, version: 2, payload }]));
    downSync.serving.noteTaken();
    expect(downSync.serving.announcement()?.zh).toBe('第一条');
    expect(store.currentBundle('announcements')?.version).toBe(1);
    kiosk.sessions.intend({ type: 'leave' }, Number.MAX_SAFE_INTEGER);
    await until(shows('第二条'));
    expect(kiosk.bundles?.()).toMatchObject({
      isOn: true,
      channels: expect.arrayContaining([
        expect.objectContaining({ channel: 'announcements', version: 2, state: 'good' }),
      ]),
    });
  } finally {
    await kiosk.stop();
    await central.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
