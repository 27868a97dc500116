// The operators' view of the way to the centre, and the end of a quarantine at a stopped kiosk: a real store, opened from outside.

import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type Store } from '../store/open.ts';
import {
  createPlace,
  kioskId,
  machineKey,
  page,
  rating,
  submission,
  valueOf,
  type Place,
} from '../store/store-fixture.ts';
import { installOf, noteQuarantine, quarantinedSince } from '../sync/install.ts';
import { lineText } from '../sync/line-note.ts';
import type { Command } from './command.ts';
import { syncRenewInstall, syncStatus } from './sync-command.ts';
import { fillHallFolder, type HallFolder } from './test-hall-folder.ts';
import { createTestIo } from './test-io.ts';

let place: Place & Disposable;
let hall: HallFolder;
let store: Store;
const open = (): Store => valueOf(openStore({ path: hall.path, machineKey, kioskId, clock: place.clock }));

beforeEach(() => {
  place = createPlace();
  hall = fillHallFolder(place.folder, { kioskKey: 'a-key-for-the-tests', uploadKbps: 256 });
  store = open();
});
afterEach(() => {
  store.close();
  place[Symbol.dispose]();
});

const call = async (command: Command, values: Record<string, string> = {}, isJson = true) => {
  const io = createTestIo();
  const code = await command.run({ positionals: [], values: { config: hall.config, ...values }, isJson }, io);
  const out = io.outLines.join('\n');
  return { code, out, err: io.errLines.join('\n'), json: isJson && out !== '' ? (JSON.parse(out) as object) : {} };
};

it('status beside a running kiosk: a good line is exit code 0', async () => {
  valueOf(store.setNote('line', lineText({})));
  valueOf(store.setNote('serverOffsetMs', '5000'));
  const { code, json } = await call(syncStatus);
  expect(json).toMatchObject({
    ok: true,
    isOnline: true,
    waiting: { events: 0 },
    uploads: { pending: 0, bytes: 0, capKbps: 256 },
    dead: [],
    clockOffsetMs: 5000,
    receiptKeyPinned: false,
  });
  expect(code).toBe(0);
});

it('status says what waits, what was refused and why, the quarantine, and the last failure with who acts', async () => {
  const given = submission([page(2000)]);
  const { receiptNumber: receipt } = valueOf(store.submitCase(given));
  valueOf(store.bury({ caseId: given.caseId }, 'a scan is not taken: 413'));
  valueOf(store.submitCase(submission([page(3000)])));
  valueOf(store.enqueue('rating.given', rating()));
  noteQuarantine(store, place.clock.now());
  const failure = { code: 'clientCertificateExpired', message: 'alert', atMs: place.clock.now() } as const;
  valueOf(store.setNote('line', lineText({ offlineSinceMs: place.clock.now(), failure })));
  const { code, json } = await call(syncStatus);
  expect(code).toBe(1);
  expect(json).toMatchObject({
    ok: false,
    isOnline: false,
    offlineSinceMs: place.clock.now(),
    quarantinedSinceMs: place.clock.now(),
    lastFailure: { code: 'clientCertificateExpired', who: 'engineer' },
    waiting: { events: 2, oldestMs: place.clock.now() },
    uploads: { pending: 2, bytes: 3200 },
    dead: [{ kind: 'case.submitted', receipt, reason: 'a scan is not taken: 413', isDamaged: false }],
  });
  const { out } = await call(syncStatus, {}, false);
  expect(out).toContain('has run out and is refused');
  expect(out).toContain('sync renew-install');
  expect(out).toContain(receipt);
});

it('a quarantine is not ended under a running kiosk', async () => {
  noteQuarantine(store, place.clock.now());
  const { code, json, err } = await call(syncRenewInstall, { reason: 'the clone is out of use' });
  expect({ code, ...json }).toMatchObject({ code: 'storeInUse', ok: false });
  expect(code).toBe(1);
  expect(err).toContain('running');
  expect(quarantinedSince(store)).toBe(place.clock.now());
});

it('a quarantine is ended at a stopped one, with the reason in the audit log', async () => {
  valueOf(store.enqueue('rating.given', rating()));
  const { epoch } = installOf(store, 1);
  noteQuarantine(store, place.clock.now());
  store.close();
  const { code, json } = await call(syncRenewInstall, { reason: 'the clone is out of use' });
  expect(code).toBe(0);
  expect(json).toMatchObject({ ok: true, follows: { epoch, seq: 1 } });
  store = open();
  expect(quarantinedSince(store)).toBeUndefined();
  expect(installOf(store, 1)).toMatchObject({ follows: { epoch } });
  expect(store.auditLines({ limit: 1 })).toMatchObject([
    {
      role: 'technician',
      act: 'renewInstall',
      detail: expect.stringContaining('the clone is out of use') as string,
      ok: true,
    },
  ]);
});

it('no quarantine, no new id; no reason, no act', async () => {
  const before = installOf(store, 1);
  store.close();
  expect(await call(syncRenewInstall, { reason: 'just so' })).toMatchObject({
    code: 1,
    json: { ok: false, code: 'notQuarantined' },
  });
  expect((await call(syncRenewInstall, { reason: ' ' })).code).toBe(2);
  expect((await call(syncRenewInstall)).code).toBe(2);
  store = open();
  expect(installOf(store, 1)).toEqual(before);
  expect(existsSync(store.path)).toBe(true);
});
