import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFile, type CheckReport } from './check.ts';
import { inspectFile } from './inspection.ts';
import { type Store } from './open.ts';
import { restore } from './restore.ts';
import { codeOf, createPlace, kioskId, machineKey, page, rating, submission, valueOf } from './store-fixture.ts';

const checked = (path: string): CheckReport => {
  using file = valueOf(inspectFile({ path, machineKey, kioskId }));
  return checkFile(file);
};

const found = (path: string): string[] => checked(path).problems.map(({ code, where }) => `${code}: ${where}`);

describe('restoring', () => {
  const backedUp = async (store: Store, folder: string): Promise<string> => {
    const target = join(folder, 'backup.db');
    valueOf(await store.backup(target));
    return target;
  };

  it('puts a copy with an epoch of its own into an empty folder', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const scan = page(1000);
    const first = valueOf(store.submitCase(submission([scan])));
    valueOf(store.vault('visit-1', Buffer.alloc(32, 3)).putState({ step: 'form' }));
    const from = await backedUp(store, place.folder);
    const after = valueOf(store.submitCase(submission()));
    const path = join(place.folder, 'new', 'kiosk.db');
    await place.clock.advance(60_000);
    const restored = valueOf(restore(from, { path, machineKey, kioskId }, { clock: place.clock }));
    expect(restored).toEqual({ path, epoch: expect.any(String) as string });
    expect(restored.epoch).not.toBe(store.epoch);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readdirSync(join(place.folder, 'new'))).toEqual(['kiosk.db']);
    expect(found(path)).toEqual([]);
    const copy = valueOf(place.open({ path }));
    expect(copy.epoch).toBe(restored.epoch);
    expect(copy.sessions()).toEqual([]);
    expect(valueOf(copy.readBlob(scan.sha256)).equals(scan.bytes)).toBe(true);
    expect(copy.receiptByNumber(first.receiptNumber)).toBeDefined();
    expect(copy.auditLines({ limit: 1 })).toMatchObject([{ act: 'storeRestored', detail: store.epoch }]);
    // The lost disk gave a number after the copy was made: it is not given to somebody else.
    expect(valueOf(copy.submitCase(submission())).receiptNumber).not.toBe(after.receiptNumber);
    copy.close();
    expect(checked(path)).toMatchObject({ isRestored: true, problems: [] });
    expect(codeOf(place.open({ path }))).toBe('ok');
  });

  it('keeps what stood there aside, and asks first', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.enqueue('rating.given', rating()));
    const from = await backedUp(store, place.folder);
    valueOf(store.enqueue('rating.given', rating()));
    const target = { path: place.path, machineKey, kioskId };
    const options = { clock: place.clock, replace: true };
    expect(codeOf(restore(from, target, options))).toBe('storeInUse');
    store.close();
    expect(codeOf(restore(from, target, { clock: place.clock }))).toBe('storeThere');
    const { aside = '' } = valueOf(restore(from, target, options));
    expect(aside).toBe(join(place.folder, 'kiosk.before-20261122T000000Z.db'));
    const again = valueOf(restore(from, target, options));
    expect(again.aside).toBe(join(place.folder, 'kiosk.before-20261122T000000Z-2.db'));
    expect(checked(aside).counts.events).toBe(2);
    expect(checked(place.path).counts.events).toBe(1);
  });

  it('refuses a damaged copy, another key and a missing one, and leaves the store as it is', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const from = await backedUp(store, place.folder);
    store.close();
    const before = readFileSync(place.path);
    const target = { path: place.path, machineKey, kioskId };
    const options = { clock: place.clock, replace: true };
    expect(codeOf(restore(join(place.folder, 'none.db'), target, options))).toBe('storeMissing');
    expect(codeOf(restore(from, { ...target, machineKey: Buffer.alloc(32, 9) }, options))).toBe('wrongKey');
    const bytes = readFileSync(from);
    writeFileSync(from, bytes.subarray(0, bytes.length / 2));
    expect(codeOf(restore(from, target, options))).toBe('storeDamaged');
    expect(readFileSync(place.path).equals(before)).toBe(true);
    expect(readdirSync(place.folder).sort()).toEqual(['backup.db', 'kiosk.db']);
  });

  it('brings a damaged store back from its backup', async () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.enqueue('rating.given', rating()));
    const from = await backedUp(store, place.folder);
    store.close();
    writeFileSync(place.path, 'no database any more'.repeat(500));
    const restored = valueOf(
      restore(from, { path: place.path, machineKey, kioskId }, { clock: place.clock, replace: true }),
    );
    expect(existsSync(restored.aside ?? '')).toBe(true);
    expect(valueOf(place.open()).depth()).toBe(1);
  });
});
