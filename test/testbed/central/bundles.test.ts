// What the reference server publishes, over HTTP and from several processes' point of view.

import { mkdtempSync, rmSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBundle } from '../../../main/bundles/read-bundle.ts';
import { readFirstRoot, readManifest, readNextRoot } from '../../../main/bundles/trust.ts';
import type { Root } from '../../../main/contract/bundles.ts';
import { valueOf } from '../../../main/store/store-fixture.ts';
import { openPublisher, type Publisher } from './bundles.ts';
import { startCentral, type Central } from './central.ts';

const kiosk = { kioskId: 'EZ-0001', hallCode: 'EZ-HALL' };
const notice = (id: string) => ({ items: [{ id, text: { zh: `通知 ${id}`, en: `Notice ${id}` } }] });
const place = kiosk;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'publisher-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const rootOf = (publisher: Publisher): Root => valueOf(readFirstRoot(readFileSync(publisher.rootPath)));
const manifestOf = (publisher: Publisher, root: Root, nowMs = Date.now()) =>
  valueOf(
    readManifest(root, publisher.manifest(kiosk), {
      kioskId: kiosk.kioskId,
      now: { atMs: nowMs, correctedMs: nowMs },
      heldVersion: () => 0,
    }),
  );

it('a kiosk gets the newest version that is meant for it, whole and as a delta of the one before', () => {
  const publisher = openPublisher(directory);
  const root = rootOf(publisher);
  const long = Array.from({ length: 20 }, (_, index) => notice(`n${index}`).items[0]);
  publisher.publish({ channel: 'announcements', audience: { halls: ['EZ-HALL'] }, payload: { items: long } });
  publisher.publish({ channel: 'announcements', audience: { halls: ['EZ-HALL'] }, payload: { items: long.slice(1) } });
  publisher.publish({ channel: 'announcements', audience: { halls: ['OTHER'] }, payload: notice('x') });
  const entry = manifestOf(publisher, root).channels['announcements'];
  if (!entry) throw new Error('the manifest does not name the channel');
  expect(entry).toMatchObject({ version: 2, deltas: [{ base: 1 }] });
  const now = { atMs: Date.now() };
  const channel = 'announcements' as const;
  const wanted = { channel, ...entry, wholeSha256: entry.sha256 };
  const whole = valueOf(readBundle(root, publisher.file(channel, 2) ?? Buffer.of(), wanted, { place, now }));
  const first = publisher.file(channel, 1) ?? Buffer.of();
  const [delta] = entry.deltas ?? [];
  if (!delta) throw new Error('there is no delta');
  const held = {
    ...whole.held,
    version: 1,
    payload: JSON.stringify({ items: long }),
    payloadSha256: '',
  };
  const { payloadSha256 } = JSON.parse(
    Buffer.from((JSON.parse(first.toString('utf8')) as { signed: string }).signed, 'base64').toString('utf8'),
  ) as { payloadSha256: string };
  const made = readBundle(
    root,
    publisher.file(channel, 2, 1) ?? Buffer.of(),
    { ...wanted, ...delta },
    { place, now, held: { ...held, payloadSha256 } },
  );
  expect(valueOf(made).held.payload).toBe(whole.held.payload);
  expect(delta.bytes).toBeLessThan(entry.bytes);
});

it('a manifest stands until something changes or half of its days are over; then it has the next version', () => {
  let now = Date.UTC(2026, 10, 22);
  const publisher = openPublisher(directory, () => now);
  const root = rootOf(publisher);
  publisher.publish({ channel: 'announcements', audience: { kiosks: ['EZ-0001'] }, payload: notice('a') });
  const first = publisher.manifest(kiosk);
  expect(publisher.manifest(kiosk)).toEqual(first);
  expect(openPublisher(directory, () => now).manifest(kiosk)).toEqual(first);
  now += 4 * 24 * 3_600_000;
  expect(manifestOf(publisher, root, now).version).toBe(2);
  publisher.publish({ channel: 'announcements', audience: { kiosks: ['EZ-0001'] }, payload: notice('b') });
  expect(manifestOf(publisher, root, now)).toMatchObject({ version: 3, channels: { announcements: { version: 2 } } });
});

it('after a rotation the root follows the first one, and the new keys sign', () => {
  const publisher = openPublisher(directory);
  const first = rootOf(publisher);
  publisher.publish({ channel: 'announcements', audience: { kiosks: ['EZ-0001'] }, payload: notice('a') });
  publisher.manifest(kiosk);
  expect(publisher.rotate({ roles: ['root', 'manifest'] })).toBe(2);
  const second = valueOf(readNextRoot(first, publisher.root(2) ?? Buffer.of()));
  expect(second.roles.manifest.keyIds).not.toEqual(first.roles.manifest.keyIds);
  expect(manifestOf(publisher, second).version).toBe(2);
  const now = { atMs: Date.now() };
  const refused = readManifest(first, publisher.manifest(kiosk), { kioskId: 'EZ-0001', now, heldVersion: () => 0 });
  expect(refused).toMatchObject({ error: { code: 'badSignature' } });
});

it('over HTTP: a kiosk with its own key, an administrator with another, nobody without', async () => {
  const central: Central = await startCentral({
    directory,
    kioskKeys: { 'EZ-0001': 'key-of-kiosk-one-1234', 'EZ-0002': 'key-of-kiosk-two-1234' },
    adminKey: 'key-of-the-administrator',
    hallCode: 'EZ-HALL',
  });
  try {
    const get = (path: string, key: string, more: Record<string, string> = {}): Promise<Response> =>
      fetch(`${central.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...more } });
    const publish = (key: string, body: unknown): Promise<Response> =>
      fetch(`${central.url}/admin/bundles`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const publication = { channel: 'announcements', audience: { halls: ['EZ-HALL'] }, payload: notice('a') };
    expect((await publish('key-of-kiosk-one-1234', publication)).status).toBe(401);
    expect((await publish('key-of-the-administrator', { ...publication, channel: 'devices' })).status).toBe(400);
    expect(await (await publish('key-of-the-administrator', publication)).json()).toMatchObject({ version: 1 });
    const manifest = '/v1/bundles/manifest?kioskId=EZ-0001';
    expect((await get(manifest, 'key-of-kiosk-two-1234')).status).toBe(401);
    const first = await get(manifest, 'key-of-kiosk-one-1234');
    expect(first.status).toBe(200);
    const etag = first.headers.get('etag') ?? '';
    expect((await get(manifest, 'key-of-kiosk-one-1234', { 'if-none-match': etag })).status).toBe(304);
    const file = '/v1/bundles/file/announcements/1?kioskId=EZ-0001';
    expect((await get(file, 'key-of-kiosk-one-1234')).status).toBe(200);
    expect((await get(file, 'key-of-kiosk-two-1234')).status).toBe(401);
    expect((await get('/v1/bundles/root/1', '')).status).toBe(200);
    expect((await get('/v1/bundles/root/2', '')).status).toBe(404);
    for (const path of ['..%2fkeys%2froot-1-1.pem', 'announcements%2f..%2f..%2fkeys'])
      expect((await get(`/v1/bundles/file/${path}/1?kioskId=EZ-0001`, 'key-of-kiosk-one-1234')).status).toBe(404);
  } finally {
    await central.stop();
  }
});
