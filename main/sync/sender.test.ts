// The sender's time and its suspicions, with a clock that stands still and a centre made of a function. Real sockets are in
// test/testbed/central.

import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventAnswer, IntakeEvent } from '../contract/intake.ts';
import type { Store } from '../store/open.ts';
import { createPlace, page, rating, submission, valueOf, type Place } from '../store/store-fixture.ts';
import type { Fetch } from './exchange.ts';
import { batchLimit } from './round.ts';
import { idleProbeMs, startSender, type Sender } from './sender.ts';

const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

type Reply = { status?: number; headers?: Record<string, string>; body: string } | 'refuse' | 'never';
type Request = { path: string; atMs: number; body: unknown };

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });

let place: Place & Disposable;
let store: Store;
let sender: Sender | undefined;
let requests: Request[];
let logged: string[];
/** Overrides of the well-behaved centre, by path. */
let replies: Record<string, ((request: Request) => Reply) | undefined>;

const nowText = (): string => new Date(place.clock.now() + 5000).toISOString();

const receiptOf = (event: IntakeEvent): EventAnswer => {
  const receivedAt = nowText();
  const signature = sign(null, Buffer.from(`${event.eventId}|${event.payloadSha256}||${receivedAt}`), keys.privateKey);
  return {
    eventId: event.eventId,
    status: 'accepted',
    receipt: { receivedAt, payloadSha256: event.payloadSha256, signature: signature.toString('base64') },
  };
};

const eventsOf = (request: Request): IntakeEvent[] => (request.body as { events: IntakeEvent[] }).events;

const wellBehaved: Record<string, (request: Request) => Reply> = {
  '/v1/health': () => json({ status: 'ok', now: nowText(), receiptPublicKey: publicKey }),
  '/v1/events': (request) => json({ answers: eventsOf(request).map(receiptOf), highWater: 0, now: nowText() }),
  '/v1/queue': () => json({ asOf: nowText(), businesses: [] }),
};

const fetch: Fetch = (url, init) => {
  const { pathname } = new URL(url);
  const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
  const request = { path: pathname, atMs: place.clock.now(), body };
  requests.push(request);
  const reply = (replies[pathname] ?? wellBehaved[pathname])?.(request) ?? { status: 404, body: 'nothing here' };
  if (reply === 'refuse') return Promise.reject(new TypeError('fetch failed'));
  if (reply === 'never')
    return new Promise((_resolve, reject) => {
      init.signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const { status = 200, headers = {}, body: text } = reply;
  return Promise.resolve({
    status,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    body: (async function* chunks() {
      yield Buffer.from(text);
      await Promise.resolve();
    })(),
  });
};

const start = (options: { random?: number; receiptPublicKey?: string } = {}): Sender => {
  sender = startSender({
    store,
    central: {
      url: 'http://centre.invalid/',
      kioskKey: 'key',
      requestTimeoutMs: 15_000,
      firstDelayMs: 1000,
      maxDelayMs: 60_000,
      ...(options.receiptPublicKey === undefined ? {} : { receiptPublicKey: options.receiptPublicKey }),
    },
    kioskId: 'ezhou-hall-01',
    clock: place.clock,
    log: (event) => logged.push(event),
    fetch,
    random: () => options.random ?? 0.5,
  });
  return sender;
};

/** Lets time pass in small steps, each with turns enough for what it sets off, and everything come to rest. */
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 500) await place.clock.advance(Math.min(500, left));
  for (let turn = 0; turn < 20; turn++) await place.clock.advance(0);
};

const enqueue = (count = 1): void => {
  for (let index = 0; index < count; index++) valueOf(store.enqueue('rating.given', rating()));
};

const pathsOf = (): string[] => requests.map(({ path }) => path);

beforeEach(() => {
  place = createPlace();
  store = valueOf(place.open());
  requests = [];
  logged = [];
  replies = {};
});

afterEach(async () => {
  await sender?.stop();
  place[Symbol.dispose]();
});

describe('when the sender asks', () => {
  it('first after a random part of the first delay, health before anything else', async () => {
    enqueue();
    start();
    sender?.wake();
    await pass(499);
    expect(requests).toEqual([]);
    await pass(1);
    expect(pathsOf()).toEqual(['/v1/health', '/v1/events']);
    expect(store.depth()).toBe(0);
  });

  it('then at once when woken', async () => {
    start();
    await pass(500);
    enqueue();
    sender?.wake();
    await pass(0);
    expect(pathsOf()).toEqual(['/v1/health', '/v1/events']);
  });

  it('and with nothing to send about once a minute, for the screens', async () => {
    start();
    await pass(500);
    expect(sender?.status()).toMatchObject({ isOnline: true, depth: 0, circuit: 'closed' });
    await pass(idleProbeMs - 1);
    expect(requests).toHaveLength(1);
    await pass(1);
    expect(pathsOf()).toEqual(['/v1/health', '/v1/health']);
  });

  it('with growing pauses while the line is down, however often it is woken', async () => {
    enqueue();
    replies['/v1/health'] = () => 'refuse';
    start();
    await pass(500);
    for (let second = 0; second < 120; second++) {
      sender?.wake();
      await pass(1000);
    }
    const gaps = requests.slice(1).map(({ atMs }, index) => atMs - (requests[index]?.atMs ?? 0));
    expect(gaps).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(sender?.status()).toMatchObject({ isOnline: false, depth: 1, circuit: 'open' });
    expect(sender?.status().nextTryMs).toBeGreaterThan(place.clock.now());
    expect(logged.filter((event) => event === 'sendFailed')).toHaveLength(1);
  });

  it('with one probe when the circuit is open, and everything after its answer', async () => {
    enqueue(batchLimit + 10);
    replies['/v1/health'] = () => 'refuse';
    start();
    await pass(10_000);
    expect(sender?.status().circuit).toBe('open');
    replies = {};
    requests = [];
    await pass(60_000);
    expect(pathsOf().slice(0, 3)).toEqual(['/v1/health', '/v1/events', '/v1/events']);
    expect(requests.slice(1, 3).map((request) => eventsOf(request).length)).toEqual([batchLimit, 10]);
    expect(sender?.status()).toMatchObject({ isOnline: true, depth: 0, circuit: 'closed' });
    expect(sender?.lastFailure()).toBeUndefined();
  });

  it('not before the moment that the centre named', async () => {
    enqueue();
    replies['/v1/events'] = () => ({ status: 429, headers: { 'retry-after': '20' }, body: 'slow down' });
    start();
    await pass(500);
    requests = [];
    replies = {};
    await pass(20_000);
    expect(requests).toEqual([]);
    await pass(1000);
    expect(pathsOf()).toEqual(['/v1/events']);
  });

  it('no more once it is stopped, even when an answer is still under way', async () => {
    enqueue();
    replies['/v1/events'] = () => 'never';
    const stopping = start();
    await pass(500);
    const stopped = stopping.stop();
    // The host closes the store without waiting.
    store.close();
    await pass(120_000);
    await stopped;
    expect(pathsOf()).toEqual(['/v1/health', '/v1/events']);
    expect(stopping.status().depth).toBe(1);
    expect(await stopping.queueState()).toMatchObject({ ok: false, error: { code: 'offline' } });
  });
});

describe('what the sender does not believe', () => {
  const failWith = async (path: string, reply: (request: Request) => Reply): Promise<string | undefined> => {
    enqueue();
    replies[path] = reply;
    start();
    await pass(500);
    expect(store.depth()).toBe(1);
    expect(store.deadLetters()).toEqual([]);
    return sender?.lastFailure()?.code;
  };

  it.each<[string, string, Reply]>([
    [
      'a page of a captive portal',
      'notJson',
      { headers: { 'content-type': 'text/html' }, body: '<html>sign in</html>' },
    ],
    ['an empty answer', 'notJson', { body: '' }],
    ['JSON that breaks off', 'notJson', { body: '{"answers":[' }],
    ['JSON of another shape', 'badAnswer', json({ answers: 'all fine', now: 'now' })],
    ['a redirect', 'redirected', { status: 302, headers: { location: 'http://portal/' }, body: '' }],
    ['two megabytes', 'tooLarge', { body: ' '.repeat(2 * 1024 * 1024) }],
    ['status 500', 'httpStatus', { status: 500, body: '{}' }],
    ['status 503', 'busy', { status: 503, body: '' }],
    ['status 401', 'unauthorised', { status: 401, body: '{}' }],
    ['a refusal that is a page', 'httpStatus', { status: 400, body: '<html>Bad Request</html>' }],
    [
      'a refusal of the kiosk, not of an event',
      'refused',
      { status: 400, body: '{"code":"BAD_REQUEST","data":{"issues":[{"path":["kioskId"]}]}}' },
    ],
    ['success without content', 'httpStatus', { status: 204, body: '' }],
    ['a broken connection', 'unreachable', 'refuse'],
  ])('%s: %s, and the row stays', async (_name, code, reply) => {
    expect(await failWith('/v1/events', () => reply)).toBe(code);
  });

  it('silence: timeout, and the row stays', async () => {
    enqueue();
    replies['/v1/events'] = () => 'never';
    start();
    await pass(500 + 14_999);
    expect(sender?.lastFailure()).toBeUndefined();
    await pass(1);
    expect(sender?.lastFailure()?.code).toBe('timeout');
    expect(store.depth()).toBe(1);
  });

  it('an answer that leaves the event out', async () => {
    expect(await failWith('/v1/events', () => json({ answers: [], highWater: 0, now: nowText() }))).toBe(
      'missingAnswers',
    );
  });

  it('a receipt without a signature of the centre', async () => {
    const forged = (request: Request): Reply =>
      json({
        answers: eventsOf(request).map((event) => {
          const answer = receiptOf(event);
          return { ...answer, receipt: { ...answer.receipt, centralNumber: 'not-what-was-signed' } };
        }),
        highWater: 0,
        now: nowText(),
      });
    expect(await failWith('/v1/events', forged)).toBe('badReceipt');
  });

  it('a signed receipt for another payload', async () => {
    const other = (request: Request): Reply =>
      json({
        answers: eventsOf(request).map((event) => receiptOf({ ...event, payloadSha256: 'ab'.repeat(32) })),
        highWater: 0,
        now: nowText(),
      });
    expect(await failWith('/v1/events', other)).toBe('badReceipt');
  });

  it('another public key than the one it knows', async () => {
    const stranger = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    enqueue();
    start({ receiptPublicKey: String(stranger) });
    await pass(500);
    expect(sender?.lastFailure()?.code).toBe('badReceipt');
    expect(logged).toContain('receiptKeyChanged');
    expect(store.depth()).toBe(1);
  });

  it('a public key that is none', async () => {
    expect(await failWith('/v1/health', () => json({ status: 'ok', now: nowText(), receiptPublicKey: 'none' }))).toBe(
      'badPublicKey',
    );
  });

  it('a bad receipt among good ones keeps only its own row, and delays nobody', async () => {
    enqueue(3);
    replies['/v1/events'] = (request) =>
      json({
        answers: eventsOf(request).map((event) =>
          event.seq === 2 ? { eventId: event.eventId, status: 'accepted' } : receiptOf(event),
        ),
        highWater: 0,
        now: nowText(),
      });
    start();
    await pass(500);
    expect(store.depth()).toBe(1);
    enqueue(5);
    sender?.wake();
    await pass(1000);
    expect(store.depth()).toBe(1);
    replies = {};
    await pass(60_000);
    expect(store.depth()).toBe(0);
  });
});

describe('an event that breaks the centre', () => {
  it('with status 500 is found one by one, set aside, and the others go through', async () => {
    enqueue(8);
    replies['/v1/events'] = (request) =>
      eventsOf(request).some(({ seq }) => seq === 4)
        ? { status: 500, body: '{}' }
        : wellBehaved['/v1/events']!(request);
    start();
    await pass(500);
    await pass(15_000);
    expect(store.depth()).toBe(1);
    expect(valueOf(store.nextBatch(10)).map(({ seq }) => seq)).toEqual([4]);
    expect(store.deadLetters()).toEqual([]);
    replies = {};
    await pass(120_000);
    expect(store.depth()).toBe(0);
  });

  it('again and again is shown to staff, until it goes through', async () => {
    enqueue(3);
    replies['/v1/events'] = (request) =>
      eventsOf(request).some(({ seq }) => seq === 2)
        ? { status: 500, body: '{}' }
        : wellBehaved['/v1/events']!(request);
    start();
    await pass(600_000);
    expect(sender?.status().blocked).toMatchObject({ why: 'stuck', events: 1 });
    replies = {};
    await pass(200_000);
    expect(sender?.status()).toMatchObject({ depth: 0 });
    expect(sender?.status().blocked).toBeUndefined();
  });

  it('with a refusal of the whole request becomes a dead letter, alone', async () => {
    enqueue(9);
    const refusal = { status: 422, body: '{"code":"UNPROCESSABLE_CONTENT"}' };
    replies['/v1/events'] = (request) =>
      eventsOf(request).some(({ seq }) => seq === 7) ? refusal : wellBehaved['/v1/events']!(request);
    start();
    await pass(500);
    expect(store.depth()).toBe(0);
    expect(store.deadLetters()).toMatchObject([{ seq: 7, reason: 'HTTP 422 UNPROCESSABLE_CONTENT' }]);
  });
});

describe('a quarantine', () => {
  it('keeps every row, is shown over a restart, and ends when the centre takes again', async () => {
    enqueue(3);
    replies['/v1/events'] = (request) =>
      json({
        answers: eventsOf(request).map(({ eventId }) => ({ eventId, status: 'quarantined', reason: 'seqReused' })),
        highWater: 0,
        now: nowText(),
      });
    start();
    await pass(500);
    const atMs = place.clock.now();
    expect(sender?.lastFailure()?.code).toBe('quarantined');
    await pass(600_000);
    expect(store.deadLetters()).toEqual([]);
    await sender?.stop();
    expect(start().status()).toMatchObject({ depth: 3, blocked: { why: 'quarantined', events: 3, sinceMs: atMs } });
    expect(requests.length).toBeLessThan(60);
    replies = {};
    await pass(120_000);
    expect(sender?.status().depth).toBe(0);
    expect(sender?.status().blocked).toBeUndefined();
  });
});

describe('scans', () => {
  it('that the centre knows are not sent, and then the case goes', async () => {
    const given = submission([page(100)]);
    valueOf(store.submitCase(given));
    replies['/v1/blobs/known'] = (request) => json({ known: (request.body as { sha256: string[] }).sha256 });
    start();
    await pass(500);
    expect(pathsOf()).toEqual(['/v1/health', '/v1/blobs/known', '/v1/events']);
    expect(store.caseStatus(given.caseId)?.state).toBe('received');
  });

  it('are not marked because of an answer about other scans', async () => {
    valueOf(store.submitCase(submission([page(100)])));
    replies['/v1/blobs/known'] = () => json({ known: ['cd'.repeat(32)] });
    start();
    await pass(500);
    expect(store.uploadTotals().pending).toBe(2);
  });

  it('that the centre will not have make their case a dead letter in the end, and delay nobody', async () => {
    valueOf(store.submitCase(submission([page(100)])));
    enqueue();
    replies['/v1/blobs/known'] = () => json({ known: [] });
    replies['/v1/uploads'] = () => ({ status: 413, body: 'too large' });
    start();
    await pass(500);
    expect(store.depth()).toBe(1);
    await pass(300_000);
    expect(store.depth()).toBe(0);
    expect(store.deadLetters()).toMatchObject([
      { kind: 'case.submitted', reason: expect.stringContaining('413') as string },
    ]);
  });

  it('are not sent to another host than the centre', async () => {
    valueOf(store.submitCase(submission([page(100)])));
    replies['/v1/blobs/known'] = () => json({ known: [] });
    replies['/v1/uploads'] = () => ({ status: 201, headers: { location: 'http://elsewhere.invalid/take' }, body: '' });
    start();
    await pass(500);
    expect(sender?.lastFailure()?.code).toBe('redirected');
    expect(pathsOf()).not.toContain('/take');
    expect(store.uploadTotals().pending).toBe(2);
  });
});

describe('what the sender tells', () => {
  it('listeners hear of changes only, and of each one', async () => {
    const heard: string[] = [];
    const forget = start().onChange(({ isOnline, depth }) => heard.push(`${isOnline ? 'online' : 'offline'} ${depth}`));
    await pass(500);
    enqueue();
    sender?.wake();
    await pass(0);
    expect(heard).toEqual(['online 0', 'online 1', 'online 0']);
    forget();
    enqueue();
    sender?.wake();
    await pass(0);
    expect(heard).toHaveLength(3);
  });

  it('the offset of the centre’s clock and the last sending, over a restart', async () => {
    enqueue();
    start();
    await pass(500);
    expect(store.note('serverOffsetMs')).toBe('5000');
    const { lastSentMs } = sender?.status() ?? {};
    expect(lastSentMs).toBe(place.clock.now());
    await sender?.stop();
    expect(start().status().lastSentMs).toBe(lastSentMs);
  });

  it('questions fail at once while the circuit is open, and a failed one is noticed', async () => {
    start();
    await pass(500);
    replies = { '/v1/queue': () => 'refuse', '/v1/health': () => 'refuse' };
    const first = await sender?.queueState();
    expect(first).toMatchObject({ ok: false, error: { code: 'unreachable' } });
    expect(sender?.status().isOnline).toBe(false);
    await pass(10_000);
    requests = [];
    expect(await sender?.queueState()).toMatchObject({ ok: false, error: { code: 'offline' } });
    expect(requests).toEqual([]);
  });
});
