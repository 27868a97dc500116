// Scans under a cap: what they cost the events, the citizen who asks, and a restart. The centre is a function that speaks tus; the
// clock stands still. Real sockets are in test/testbed/central and `npm run faults -- --upload-cuts`.

import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IntakeEvent } from '../contract/intake.ts';
import type { Store } from '../store/open.ts';
import { createPlace, page, rating, submission, valueOf, type Place } from '../store/store-fixture.ts';
import type { Fetch } from './exchange.ts';
import { createPace, uploadChunkBytes } from './pace.ts';
import { startSender, type Sender } from './sender.ts';

const keys = generateKeyPairSync('ed25519');
const receiptPublicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

type Patch = { sha256: string; offset: number; bytes: number; atMs: number };
type Upload = { sha256: string; length: number; offset: number };

let place: Place & Disposable;
let store: Store;
let sender: Sender | undefined;
let patches: Patch[];
let uploads: Map<string, Upload>;
let eventsAt: { seq: number; kind: string; atMs: number }[];
let areEventsLate: boolean;
/** What becomes of a chunk; absent: it is taken. */
let onPatch: ((upload: Upload) => 'take' | 'never' | 'refuse' | number) | undefined;

const nowText = (): string => new Date(place.clock.now()).toISOString();
const json = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) });

const answerOf = (event: IntakeEvent) => {
  eventsAt.push({ seq: event.seq, kind: event.kind, atMs: place.clock.now() });
  const receivedAt = nowText();
  const signature = sign(null, Buffer.from(`${event.eventId}|${event.payloadSha256}||${receivedAt}`), keys.privateKey);
  const receipt = { receivedAt, payloadSha256: event.payloadSha256, signature: signature.toString('base64') };
  return { eventId: event.eventId, status: 'accepted', receipt };
};

type Reply = { status: number; headers: Record<string, string>; body: string; isLate?: boolean } | 'never' | 'refuse';
/** Longer than what was set aside once waits. */
const lateMs = 5000;

const serve = (method: string, path: string, init: Parameters<Fetch>[1]): Reply => {
  if (path === '/v1/health') return json({ status: 'ok', now: nowText(), receiptPublicKey });
  if (path === '/v1/blobs/known') return json({ known: [] });
  if (path === '/v1/library/lookup') return json({ licences: [] });
  if (path === '/v1/events') {
    const { events } = JSON.parse(String(init.body)) as { events: IntakeEvent[] };
    return { ...json({ answers: events.map(answerOf), highWater: 0, now: nowText() }), isLate: areEventsLate };
  }
  const tus = { 'tus-resumable': '1.0.0' };
  if (path === '/v1/uploads' && method === 'POST') {
    const metadata = init.headers['Upload-Metadata'] ?? '';
    const sha256 = Buffer.from(/sha256 ([^,]+)/.exec(metadata)?.[1] ?? '', 'base64').toString();
    const location = `/v1/uploads/${uploads.size + 1}`;
    uploads.set(location, { sha256, length: Number(init.headers['Upload-Length']), offset: 0 });
    return { status: 201, headers: { ...tus, location: `http://centre.invalid${location}` }, body: '' };
  }
  const upload = uploads.get(path);
  if (!upload) return { status: 404, headers: {}, body: '' };
  const at = { 'upload-offset': String(upload.offset), 'upload-length': String(upload.length) };
  if (method === 'HEAD') return { status: 200, headers: { ...tus, ...at }, body: '' };
  const bytes = (init.body as Uint8Array).byteLength;
  patches.push({ sha256: upload.sha256, offset: upload.offset, bytes, atMs: place.clock.now() });
  const fate = onPatch?.(upload) ?? 'take';
  if (fate === 'never' || fate === 'refuse') return fate;
  if (typeof fate === 'number') return { status: fate, headers: {}, body: '' };
  upload.offset += bytes;
  return { status: 204, headers: { ...tus, 'upload-offset': String(upload.offset) }, body: '' };
};

const fetch: Fetch = (url, init) => {
  const reply = serve(init.method, new URL(url).pathname, init);
  if (reply === 'refuse') return Promise.reject(new TypeError('fetch failed'));
  if (reply === 'never')
    return new Promise((_resolve, reject) => {
      init.signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const { status, headers, body, isLate = false } = reply;
  const answer = {
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    body: (async function* chunks() {
      yield Buffer.from(body);
      await Promise.resolve();
    })(),
  };
  if (!isLate) return Promise.resolve(answer);
  return new Promise((resolve) => void place.clock.after(lateMs, () => resolve(answer)));
};

const start = (uploadKbps?: number): Sender => {
  sender = startSender({
    store,
    central: {
      url: 'http://centre.invalid/',
      kioskKey: 'key',
      requestTimeoutMs: 15_000,
      firstDelayMs: 1000,
      maxDelayMs: 60_000,
      ...(uploadKbps === undefined ? {} : { uploadKbps }),
    },
    kioskId: 'ezhou-hall-01',
    clock: place.clock,
    log: () => undefined,
    fetch,
    random: () => 0.5,
  });
  return sender;
};

const pass = async (ms: number): Promise<void> => {
  await place.clock.advance(ms);
  for (let turn = 0; turn < 20; turn++) await place.clock.advance(0);
};

/** Second by second, so that what is set off in between has its turn. */
const passUntil = async (isReached: () => boolean, mostMs: number): Promise<void> => {
  for (let passed = 0; passed < mostMs && !isReached(); passed += 500) await pass(500);
};

const submit = (bytes: number): { caseId: string; sha256: string } => {
  const scan = page(bytes);
  const given = submission([scan]);
  valueOf(store.submitCase(given));
  return { caseId: given.caseId, sha256: scan.sha256 };
};

const rate = (): void => {
  valueOf(store.enqueue('rating.given', rating()));
  sender?.wake();
};

beforeEach(() => {
  place = createPlace();
  store = valueOf(place.open());
  patches = [];
  uploads = new Map();
  eventsAt = [];
  onPatch = undefined;
  areEventsLate = false;
});

afterEach(async () => {
  await sender?.stop();
  place[Symbol.dispose]();
});

describe('a capped upload', () => {
  const cap = 256;
  const size = 4_000_000;

  it('keeps the cap within a tenth at the centre, over several rounds', async () => {
    submit(size);
    start(cap);
    await passUntil(() => store.depth() === 0, 600_000);
    expect(store.depth()).toBe(0);
    const scan = patches.filter(({ bytes }) => bytes > 1000);
    const tookMs = (scan.at(-1)?.atMs ?? 0) - (scan[0]?.atMs ?? 0);
    const bytes = scan.slice(0, -1).reduce((sum, patch) => sum + patch.bytes, 0);
    expect(Math.abs((bytes * 8) / tookMs - cap) / cap).toBeLessThan(0.1);
    expect(tookMs).toBeGreaterThan(60_000);
    expect(scan.reduce((sum, patch) => sum + patch.bytes, 0)).toBe(size);
  });

  it('delays no event and no question of a citizen', async () => {
    submit(size);
    start(cap);
    await pass(20_000);
    const atMs = place.clock.now();
    rate();
    const asked = sender?.libraryLookup('11010519491231002X', ['businessLicence']);
    await pass(0);
    expect(eventsAt).toMatchObject([{ kind: 'rating.given', atMs }]);
    expect(await asked).toMatchObject({ ok: true });
    expect(place.clock.now()).toBe(atMs);
    expect(store.uploadTotals().pending).toBe(2);
  });

  it('says how far it is, how fast, and how long it takes', async () => {
    const { caseId } = submit(size);
    start(cap);
    await pass(30_000);
    const transfer = sender?.transfer();
    const receipt = store.caseStatus(caseId)?.receiptNumber;
    const sent = patches.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(transfer).toMatchObject({ sentBytes: sent, totalBytes: size + 200, capKbps: cap });
    expect(transfer?.scans).toMatchObject([
      { state: 'sending', sentBytes: sent, bytes: size, receipt },
      { state: 'waiting', sentBytes: 0 },
    ]);
    const kbps = ((transfer?.bytesPerSec ?? 0) * 8) / 1000;
    expect(Math.abs(kbps - cap) / cap).toBeLessThan(0.15);
    expect(transfer?.leftMs).toBeCloseTo(((size + 200 - sent) * 1000) / (transfer?.bytesPerSec ?? 1), -1);
  });

  it('goes on after a restart with one chunk sent again at most', async () => {
    const { caseId } = submit(size);
    start(cap);
    await pass(20_000);
    // One chunk is on its way when the power goes.
    onPatch = () => 'never';
    await pass(3000);
    await sender?.stop();
    store.close();
    onPatch = undefined;
    store = valueOf(place.open());
    start(cap);
    await passUntil(() => store.depth() === 0, 600_000);
    expect(store.caseStatus(caseId)?.state).toBe('received');
    const over = patches.filter(({ bytes }) => bytes > 1000).reduce((sum, { bytes }) => sum + bytes, 0) - size;
    expect(over).toBeGreaterThan(0);
    expect(over).toBeLessThanOrEqual(createPace({ uploadKbps: cap }, place.clock).chunkBytes());
  });
});

describe('without a cap', () => {
  it('scans go oldest first', async () => {
    const wanted = [submit(30_000), submit(20_000), submit(40_000)].map(({ sha256 }) => sha256);
    start();
    await pass(500);
    expect(store.depth()).toBe(0);
    expect(patches.filter(({ bytes }) => bytes > 1000).map(({ sha256 }) => sha256)).toEqual(wanted);
  });

  it('a chunk that gets no answer holds up no event', async () => {
    submit(uploadChunkBytes);
    onPatch = () => 'never';
    start();
    await pass(1000);
    expect(patches).toHaveLength(1);
    const atMs = place.clock.now();
    rate();
    await pass(0);
    expect(eventsAt).toMatchObject([{ kind: 'rating.given', atMs }]);
  });

  it.each([500, 413, 460, 409])(
    'a scan that is always answered %i delays no other scan and no event',
    async (status) => {
      const poison = submit(50_000);
      const others = [submit(30_000), submit(40_000)];
      onPatch = ({ sha256 }) => (sha256 === poison.sha256 ? status : 'take');
      start();
      await pass(500);
      rate();
      await pass(0);
      for (const { caseId } of others) expect(store.caseStatus(caseId)?.state).toBe('received');
      expect(eventsAt.map(({ atMs }) => atMs)).toEqual(eventsAt.map(() => place.clock.now()));
      expect(eventsAt).toHaveLength(3);
      expect(sender?.status()).toMatchObject({ isOnline: true, circuit: 'closed' });
      expect(sender?.transfer().scans[0]).toMatchObject({ state: 'failed', attempts: 1 });
    },
  );

  it('a scan whose wait ends while events are on their way is tried at once, not a minute later', async () => {
    const poison = submit(50_000);
    const other = submit(60_000);
    let isBroken = true;
    onPatch = ({ sha256 }) => (sha256 === poison.sha256 && isBroken ? 500 : 'take');
    areEventsLate = true;
    start();
    await pass(500);
    isBroken = false;
    await pass(lateMs + 100);
    expect(store.caseStatus(other.caseId)?.state).toBe('received');
    await pass(lateMs + 100);
    expect(store.caseStatus(poison.caseId)?.state).toBe('received');
  });

  it('a centre that breaks on every scan is not asked about each of them', async () => {
    for (let index = 0; index < 10; index++) submit(10_000);
    onPatch = () => 502;
    start();
    await pass(500);
    expect(patches).toHaveLength(2);
    expect(sender?.lastFailure()?.code).toBe('httpStatus');
  });
});

describe('a hand on the button', () => {
  it('tries at once although the pause is long, and once only', async () => {
    rate();
    let isDown = true;
    const given = serveDown(() => isDown);
    sender = startSender({ ...given, store, kioskId: 'ezhou-hall-01', clock: place.clock, log: () => undefined });
    await pass(200_000);
    expect(sender.status()).toMatchObject({ circuit: 'open', isOnline: false, lastFailure: { code: 'unreachable' } });
    const { offlineSinceMs } = sender.status();
    expect(offlineSinceMs).toBeLessThan(place.clock.now() - 190_000);
    isDown = false;
    sender.sendNow();
    sender.sendNow();
    await pass(0);
    expect(store.depth()).toBe(0);
    expect(sender.status()).toMatchObject({ isOnline: true, circuit: 'closed' });
    expect(sender.status().lastFailure).toBeUndefined();
    expect(eventsAt).toHaveLength(1);
  });

  it('what was wrong with the line is known after a restart', async () => {
    rate();
    const given = serveDown(() => true);
    const begin = (): Sender =>
      startSender({ ...given, store, kioskId: 'ezhou-hall-01', clock: place.clock, log: () => undefined });
    sender = begin();
    const sinceMs = place.clock.now();
    await pass(20_000);
    await sender.stop();
    sender = begin();
    expect(sender.status()).toMatchObject({ offlineSinceMs: sinceMs, lastFailure: { code: 'unreachable' } });
  });
});

function serveDown(isDown: () => boolean) {
  return {
    central: {
      url: 'http://centre.invalid/',
      kioskKey: 'key',
      requestTimeoutMs: 15_000,
      firstDelayMs: 1000,
      maxDelayMs: 60_000,
    },
    random: () => 0.5,
    fetch: ((url, init) =>
      isDown() ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init)) satisfies Fetch,
  };
}
