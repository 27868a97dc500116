// What must not be on the disk, looked for on the disk.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Hex } from './canonical.ts';
import { createSealer } from './envelope.ts';
import { applicantNumber, codeOf, createPlace, page, submission, valueOf, type Place } from './store-fixture.ts';

const diskOf = ({ path }: Place): Buffer =>
  Buffer.concat([path, `${path}-wal`].filter((file) => existsSync(file)).map((file) => readFileSync(file)));

const receiptFor = (payloadSha256: string): { receivedAt: string; payloadSha256: string; signature: string } => ({
  receivedAt: '2026-11-22T00:00:00.000Z',
  payloadSha256,
  signature: 'c2ln',
});

describe('a submitted case', () => {
  it('leaves neither number nor name nor page in the file or its log', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const scan = page(600_000);
    valueOf(store.submitCase(submission([scan])));
    const disk = diskOf(place);
    expect(disk.length).toBeGreaterThan(600_000);
    for (const needle of [applicantNumber, '张三', '鄂州小面馆', Buffer.from(scan.bytes).subarray(0, 64)])
      expect(disk.includes(needle)).toBe(false);
    // The same search finds what is there, so that it can fail.
    expect(disk.includes(scan.sha256)).toBe(true);
    expect(valueOf(store.readBlob(scan.sha256)).equals(scan.bytes)).toBe(true);
  });

  it('is shredded once the centre has scans and case', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const scan = page(300_000);
    const given = submission([scan]);
    valueOf(store.submitCase(given));
    for (const { sha256 } of store.pendingUploads()) valueOf(store.markUploaded(sha256));
    expect(codeOf(store.readBlob(scan.sha256))).toBe('ok');
    const [event] = valueOf(store.nextBatch(10));
    const receipt = receiptFor(event?.payloadSha256 ?? '');
    valueOf(store.settle(event?.eventId ?? '', { eventId: event?.eventId ?? '', status: 'accepted', receipt }));
    expect(codeOf(store.readBlob(scan.sha256))).toBe('notFound');
    store.close();
    const db = new Database(place.path, { readonly: true });
    expect(db.prepare('SELECT wrapped_key, state FROM cases').get()).toEqual({ wrapped_key: null, state: 'received' });
    expect(db.prepare('SELECT count(*) AS n FROM blob_chunks').get()).toEqual({ n: 0 });
    db.close();
  });
});

describe('the vault', () => {
  const key = randomBytes(32);

  it('gives back drafts and pages under the right key only', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const vault = store.vault('visit-1', key);
    valueOf(vault.putState({ step: 'form', number: applicantNumber }));
    valueOf(vault.putBlob('page-1', Buffer.from('one')));
    valueOf(vault.putBlob('page-2', Buffer.from('two')));
    valueOf(vault.putBlob('page-1', Buffer.from('one, again')));
    expect(valueOf(vault.getState())).toEqual({ step: 'form', number: applicantNumber });
    expect(vault.listBlobs()).toEqual(['page-1', 'page-2']);
    expect(valueOf(vault.getBlob('page-1')).toString()).toBe('one, again');
    valueOf(vault.removeBlob('page-2'));
    expect(codeOf(vault.getBlob('page-2'))).toBe('notFound');
    const stranger = store.vault('visit-1', randomBytes(32));
    expect(codeOf(stranger.getState())).toBe('wrongKey');
    expect(codeOf(stranger.getBlob('page-1'))).toBe('wrongKey');
    expect(codeOf(stranger.putState({}))).toBe('wrongKey');
    expect(valueOf(vault.getState())).toEqual({ step: 'form', number: applicantNumber });
    expect(diskOf(place).includes(applicantNumber)).toBe(false);
  });

  it('has nothing for a session that never wrote', () => {
    using place = createPlace();
    const vault = valueOf(place.open()).vault('visit-9', key);
    expect(vault.getState()).toEqual({ ok: true, value: undefined });
    expect(vault.listBlobs()).toEqual([]);
  });

  it('leaves nothing of a wiped session, not even ciphertext, and the others whole', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const needle = '1101051949';
    const vault = store.vault('visit-gone', key);
    valueOf(vault.putState({ needle }));
    valueOf(vault.putBlob('page', randomBytes(50_000)));
    valueOf(store.vault('visit-stays', key).putState({ stays: true }));
    const raw = new Database(place.path, { readonly: true });
    const sealed = raw
      .prepare<[], Buffer>("SELECT sealed FROM vault_items WHERE session_id = 'visit-gone'")
      .pluck()
      .all();
    raw.close();
    expect(sealed.map((bytes) => diskOf(place).includes(bytes.subarray(0, 40)))).toEqual([true, true]);
    valueOf(store.wipeSession('visit-gone'));
    const disk = diskOf(place);
    for (const bytes of sealed) expect(disk.includes(bytes.subarray(0, 40))).toBe(false);
    expect(disk.includes('visit-gone')).toBe(false);
    expect(valueOf(vault.getState())).toBeUndefined();
    expect(store.sessions().map(({ sessionId }) => sessionId)).toEqual(['visit-stays']);
    valueOf(store.wipeAllSessions());
    expect(store.sessions()).toEqual([]);
  });

  it('breaks the tie between a visit and its cases when the visit is wiped', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    valueOf(store.submitCase(submission(undefined, { sessionId: 'visit-7' })));
    expect(store.casesOfSession('visit-7')).toHaveLength(1);
    valueOf(store.wipeSession('visit-7'));
    expect(store.casesOfSession('visit-7')).toEqual([]);
    expect(store.today().cases).toBe(1);
  });
});

describe('envelopes', () => {
  const sealer = createSealer('k-1', 'e-1');
  const key = Buffer.alloc(32, 1);

  it('open to the same bytes, and to nothing once any bit is changed or the row is another', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(1000),
        (plain, at, flip, seq) => {
          const sealed = sealer.seal(key, plain, { seq, kind: 'a' });
          const opened = sealer.open(key, sealed, { seq, kind: 'a' });
          expect(opened.ok && opened.value.equals(plain)).toBe(true);
          expect(codeOf(sealer.open(key, sealed, { seq: seq + 1, kind: 'a' }))).toBe('tampered');
          expect(codeOf(sealer.open(key, sealed, { seq, kind: 'b' }))).toBe('tampered');
          expect(codeOf(createSealer('k-2', 'e-1').open(key, sealed, { seq, kind: 'a' }))).toBe('tampered');
          expect(codeOf(sealer.open(Buffer.alloc(32, 2), sealed, { seq, kind: 'a' }))).toBe('tampered');
          const index = at % sealed.length;
          sealed[index] = (sealed[index] ?? 0) ^ flip;
          expect(codeOf(sealer.open(key, sealed, { seq, kind: 'a' }))).toBe('tampered');
          expect(codeOf(sealer.open(key, sealed.subarray(0, index), { seq, kind: 'a' }))).toBe('tampered');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('moved to another row in the file do not open', () => {
    using place = createPlace();
    const store = valueOf(place.open());
    const first = page(1000);
    const second = page(1000);
    valueOf(store.submitCase(submission([first, second])));
    store.close();
    const db = new Database(place.path);
    const sealed = db.prepare('SELECT sealed FROM blob_chunks WHERE sha256 = ?').pluck();
    const bytes = sealed.get(first.sha256);
    db.prepare('UPDATE blob_chunks SET sealed = ? WHERE sha256 = ?').run(bytes, second.sha256);
    db.close();
    const again = valueOf(place.open());
    expect(codeOf(again.readBlob(second.sha256))).toBe('tampered');
    expect(codeOf(again.readBlob(first.sha256))).toBe('ok');
    expect(dirname(again.path)).toBe(place.folder);
  });
});

describe('canonical JSON', () => {
  it('sorts keys at every level, keeps arrays in order and drops what is undefined', () => {
    const value = { b: [3, { z: null, a: '张' }], a: 1.5, skip: undefined };
    expect(canonicalJson(value)).toBe('{"a":1.5,"b":[3,{"a":"张","z":null}]}');
  });

  it('does not depend on the order in which keys were set, and reads back to the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(Object.fromEntries(Object.entries(value).toReversed()))).toBe(text);
      }),
    );
  });

  it('has the hash of Python’s json.dumps with sorted keys, no spaces and UTF-8', () => {
    // hashlib.sha256(json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()).hexdigest()
    const value = { b: [1, 2.5, { z: null, a: '张三' }], a: 'line\nbreak "quoted"', '10': true, '9': false, é: 'ü' };
    expect(sha256Hex(canonicalJson(value))).toBe('4dac6efc7b08fbd4254842e6ff1dd2cd50caeea42b07c19646f911681d35867f');
  });

  it('hashes UTF-8', () => {
    expect(sha256Hex('张')).toBe(
      createHash('sha256')
        .update(Buffer.from([0xe5, 0xbc, 0xa0]))
        .digest('hex'),
    );
  });
});
