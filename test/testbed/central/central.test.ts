// The reference centre on its own: what it takes, what it refuses, and that its faults are real ones.

import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReceiptCheck, parsePublicKey } from '../../../main/sync/receipt-signature.ts';
import type { EventAnswer, IntakeEvent } from '../../../main/contract/intake.ts';
import { payloadHash } from './canonical-hash.ts';
import { startCentral, type Central } from './central.ts';
import { onEachBackend } from './on-each-backend.ts';
import { ratedAt, ratingEvent } from './rating-event.ts';

const kioskId = 'HALL-01';
const epoch = randomUUID();

onEachBackend((backend) => {
  let directory: string;
  let central: Central;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'central-'));
    central = await startCentral({
      directory,
      ...backend.database(),
      kioskKeys: { [kioskId]: 'right-key', 'HALL-02': 'other-key' },
    });
  });

  afterEach(async () => {
    await central.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const post = (path: string, body: unknown, key = 'right-key'): Promise<Response> =>
    fetch(`${central.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, origin: 'http://portal.example' },
      body: JSON.stringify(body),
    });

  const send = async (...events: IntakeEvent[]): Promise<EventAnswer[]> => {
    const response = await post('/v1/events', { kioskId, epoch, events });
    expect(response.status).toBe(200);
    return ((await response.json()) as { answers: EventAnswer[] }).answers;
  };

  describe('events', () => {
    it('are taken once and answered with the same signed receipt each time', async () => {
      const event = ratingEvent(1);
      const [first] = await send(event);
      const [second] = await send(event);
      expect(first?.status).toBe('accepted');
      expect(second).toEqual({ ...first, status: 'duplicate' });
      const key = createPublicKey({ key: Buffer.from(central.publicKey, 'base64'), format: 'der', type: 'spki' });
      const { receivedAt = '', signature = '' } = first?.receipt ?? {};
      const text = `${event.eventId}|${event.payloadSha256}||${receivedAt}`;
      expect(verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))).toBe(true);
      expect(await central.counts()).toMatchObject({ events: 1, ratings: 1, resent: 1, duplicates: 0 });
    });

    it('are refused under a used id with other contents, a wrong hash, a wrong payload; the centre keeps them aside', async () => {
      const event = ratingEvent(1);
      await send(event);
      const answers = await send(
        ratingEvent(2, { eventId: event.eventId }),
        ratingEvent(3, { payloadSha256: 'ab'.repeat(32) }),
        ratingEvent(4, { payload: { level: 9 }, payloadSha256: payloadHash({ level: 9 }) }),
        ratingEvent(5),
        ratingEvent(7),
      );
      expect(answers.map(({ status, reason }) => [status, reason?.split(':')[0]])).toEqual([
        ['rejected', 'idReused'],
        ['rejected', 'hashMismatch'],
        ['rejected', 'invalidPayload'],
        ['accepted', undefined],
        ['accepted', undefined],
      ]);
      expect(await central.counts()).toMatchObject({ events: 3, rejected: 3, deadLetters: 3, gaps: 1, quarantined: 0 });
    });

    it('move the high-water mark over what came, not over what is missing, and it stays over a restart', async () => {
      const markAfter = async (...events: IntakeEvent[]): Promise<unknown> =>
        ((await (await post('/v1/events', { kioskId, epoch, events })).json()) as { highWater: number }).highWater;
      expect(await markAfter(ratingEvent(1), ratingEvent(2), ratingEvent(4))).toBe(2);
      expect(await markAfter(ratingEvent(6, { payloadSha256: 'ab'.repeat(32) }))).toBe(2);
      expect(await markAfter(ratingEvent(3))).toBe(4);
      await central.stop();
      central = await startCentral({ directory, ...backend.database() });
      expect(await markAfter(ratingEvent(5))).toBe(6);
    });

    it('of two disks under one epoch are not merged: what is new is kept aside, what was taken is still a duplicate', async () => {
      const [mine, early] = [ratingEvent(1), ratingEvent(2)];
      await send(mine);
      expect(await send(ratingEvent(1), early)).toMatchObject([
        { status: 'quarantined', reason: expect.stringMatching(/^seqReused/) as string },
        { status: 'quarantined' },
      ]);
      expect(await send(mine, early, ratingEvent(3))).toMatchObject([
        { status: 'duplicate' },
        { status: 'quarantined' },
        { status: 'quarantined' },
      ]);
      expect(await central.counts()).toMatchObject({
        events: 1,
        ratings: 1,
        quarantined: 1,
        deadLetters: 3,
        rejected: 0,
      });
      const follows = { epoch, seq: 2 };
      const renewed = await post('/v1/events', {
        kioskId,
        epoch: randomUUID(),
        follows,
        events: [early, ratingEvent(3)],
      });
      expect(await renewed.json()).toMatchObject({
        answers: [{ status: 'accepted' }, { status: 'accepted' }],
        highWater: 3,
      });
      expect(await central.counts()).toMatchObject({ events: 3, ratings: 3, gaps: 0, duplicates: 0 });
    });

    it('whose dead letter’s number comes again for another event are quarantined too', async () => {
      const refused = ratingEvent(1, { payload: { level: 9 }, payloadSha256: payloadHash({ level: 9 }) });
      expect(await send(refused)).toMatchObject([{ status: 'rejected' }]);
      expect(await send(refused)).toMatchObject([{ status: 'rejected' }]);
      expect(await send(ratingEvent(1))).toMatchObject([{ status: 'quarantined' }]);
    });

    it('in a body that is not the one that was sent are not read', async () => {
      const body = JSON.stringify({ kioskId, epoch, events: [ratingEvent(1)] });
      const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
      const sendRaw = async (text: string): Promise<number> =>
        (
          await fetch(`${central.url}/v1/events`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'content-digest': digest,
              authorization: 'Bearer right-key',
            },
            body: text,
          })
        ).status;
      expect(await sendRaw(body.replace('"seq":1', '"seq":2'))).toBe(460);
      expect(await sendRaw(body.slice(0, -1))).toBe(460);
      expect(await central.counts()).toMatchObject({ events: 0, deadLetters: 0 });
      expect(await sendRaw(body)).toBe(200);
    });

    it('are taken from the kiosk whose key it is, and from nobody else', async () => {
      const body = { kioskId, epoch, events: [ratingEvent(1)] };
      expect((await post('/v1/events', body, 'other-key')).status).toBe(401);
      expect((await post('/v1/events', body, 'no-key')).status).toBe(401);
      expect((await central.counts()).events).toBe(0);
    });

    it('survive a restart of the centre, with the same key', async () => {
      const event = ratingEvent(1);
      await send(event);
      const { publicKey } = central;
      await central.stop();
      central = await startCentral({ directory, ...backend.database() });
      expect(central.publicKey).toBe(publicKey);
      expect((await send(event))[0]?.status).toBe('duplicate');
    });

    it('with a case whose scans are not there are refused', async () => {
      const payload = {
        caseId: randomUUID(),
        receiptNumber: 'R-1',
        itemCode: 'X',
        catalogueVersion: 1,
        applicant: { name: 'n', idType: 't', idNumber: 'i', verifiedBy: 'idCardReader' },
        form: {},
        materials: [],
        signature: { digest: 'ab'.repeat(32), imageSha256: 'cd'.repeat(32), signedAt: ratedAt },
        submittedAt: ratedAt,
      };
      const event = ratingEvent(1, { kind: 'case.submitted', payload, payloadSha256: payloadHash(payload) });
      expect(await send(event)).toMatchObject([{ status: 'rejected', reason: 'missingPages: 1 scans are not here' }]);
      expect(await central.case('R-1')).toBeUndefined();
    });
  });

  describe('uploads', () => {
    const bytes = Buffer.from('a scan that is whole');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const tus = (
      path: string,
      init: { method: string; headers?: Record<string, string>; body?: Buffer },
      key = 'right-key',
    ) =>
      fetch(`${central.url}${path}`, {
        method: init.method,
        headers: { 'tus-resumable': '1.0.0', authorization: `Bearer ${key}`, ...init.headers },
        ...(init.body ? { body: new Uint8Array(init.body) } : {}),
      });
    const metadata = (hash: string): string =>
      `sha256 ${Buffer.from(hash).toString('base64')},mediaType ${Buffer.from('image/png').toString('base64')}`;
    const create = (hash = sha256): Promise<Response> =>
      tus('/v1/uploads', {
        method: 'POST',
        headers: { 'upload-length': String(bytes.length), 'upload-metadata': metadata(hash) },
      });
    const append = (path: string, offset: number, body: Buffer, headers: Record<string, string> = {}, key?: string) =>
      tus(
        path,
        {
          method: 'PATCH',
          headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset), ...headers },
          body,
        },
        key,
      );
    const checksum = (body: Buffer): { 'upload-checksum': string } => ({
      'upload-checksum': `sha256 ${createHash('sha256').update(body).digest('base64')}`,
    });

    it('come in by chunks and count when the whole hash is right', async () => {
      const created = await create();
      expect(created.status).toBe(201);
      const path = created.headers.get('location') ?? '';
      expect((await append(path, 0, bytes.subarray(0, 5), checksum(bytes.subarray(0, 5)))).status).toBe(204);
      expect((await tus(path, { method: 'HEAD' })).headers.get('upload-offset')).toBe('5');
      expect((await append(path, 3, bytes.subarray(3), checksum(bytes.subarray(3)))).status).toBe(409);
      expect(await (await post('/v1/blobs/known', { kioskId, sha256: [sha256] })).json()).toEqual({ known: [] });
      expect((await append(path, 5, bytes.subarray(5), checksum(bytes.subarray(5)))).status).toBe(204);
      expect(await (await post('/v1/blobs/known', { kioskId, sha256: [sha256] })).json()).toEqual({ known: [sha256] });
      expect(readFileSync(central.blobPath(sha256)).equals(bytes)).toBe(true);
      expect(await central.counts()).toMatchObject({ uploads: 1, bytes: bytes.length });
    });

    it('are never called whole before they count: who asks while the last chunk is checked waits', async () => {
      const large = Buffer.alloc(4_000_000, 'a page ');
      const hash = createHash('sha256').update(large).digest('hex');
      const created = await tus('/v1/uploads', {
        method: 'POST',
        headers: { 'upload-length': String(large.length), 'upload-metadata': metadata(hash) },
      });
      const path = created.headers.get('location') ?? '';
      let isAnswered = false;
      const last = append(path, 0, large, checksum(large)).finally(() => void (isAnswered = true));
      const offsets: (string | null)[] = [];
      while (!isAnswered) offsets.push((await tus(path, { method: 'HEAD' })).headers.get('upload-offset'));
      expect((await last).status).toBe(204);
      expect(offsets.length).toBeGreaterThan(0);
      expect(offsets).not.toContain(String(large.length));
      expect((await tus(path, { method: 'HEAD' })).status).toBe(404);
    });

    it('whose server died between the last chunk and the check are checked when they are asked for', async () => {
      const path = (await create()).headers.get('location') ?? '';
      writeFileSync(join(directory, 'partial', path.split('/').at(-1) ?? ''), bytes);
      expect((await tus(path, { method: 'HEAD' })).status).toBe(404);
      expect(await (await post('/v1/blobs/known', { kioskId, sha256: [sha256] })).json()).toEqual({ known: [sha256] });
      const other = (await create('ab'.repeat(32))).headers.get('location') ?? '';
      writeFileSync(join(directory, 'partial', other.split('/').at(-1) ?? ''), bytes);
      expect((await tus(other, { method: 'HEAD' })).status).toBe(404);
      expect(await central.counts()).toMatchObject({ uploads: 1 });
    });

    it('with a chunk that does not fit its checksum write nothing', async () => {
      const path = (await create()).headers.get('location') ?? '';
      const broken = Buffer.from(bytes);
      broken[3] = 0;
      expect((await append(path, 0, broken, checksum(bytes))).status).toBe(460);
      expect((await tus(path, { method: 'HEAD' })).headers.get('upload-offset')).toBe('0');
    });

    it('need the checksum of each chunk', async () => {
      const path = (await create()).headers.get('location') ?? '';
      expect((await append(path, 0, bytes)).status).toBe(400);
      expect((await tus(path, { method: 'HEAD' })).headers.get('upload-offset')).toBe('0');
    });

    it('with another whole hash than announced are thrown away', async () => {
      const path = (await create('ab'.repeat(32))).headers.get('location') ?? '';
      expect((await append(path, 0, bytes, checksum(bytes))).status).toBe(460);
      expect((await tus(path, { method: 'HEAD' })).status).toBe(404);
      expect((await central.counts()).uploads).toBe(0);
    });

    it('need metadata and a key, and belong to the kiosk that began them', async () => {
      expect((await tus('/v1/uploads', { method: 'POST', headers: { 'upload-length': '3' } })).status).toBe(400);
      expect((await tus('/v1/uploads', { method: 'POST', headers: { 'upload-length': '3' } }, 'no-key')).status).toBe(
        401,
      );
      const path = (await create()).headers.get('location') ?? '';
      expect((await append(path, 0, bytes, {}, 'other-key')).status).toBe(404);
      expect((await tus(path, { method: 'GET' })).status).toBe(404);
    });

    it('open no door to pages of other sites', async () => {
      const answers = [await create(), await post('/v1/blobs/known', { kioskId, sha256: [] })];
      for (const answer of answers)
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    });
  });

  describe('the queue', () => {
    it('grows with each ticket and is served by open counters', async () => {
      await central.control.setBusiness({ code: 'REG', openCounters: 2, averageServiceSec: 100_000 });
      const ticket = {
        ticketId: randomUUID(),
        number: 'A001',
        businessCode: 'REG',
        priority: 'none',
        takenAt: ratedAt,
      };
      await send(ratingEvent(1, { kind: 'queue.ticketTaken', payload: ticket, payloadSha256: payloadHash(ticket) }));
      const answer = await fetch(`${central.url}/v1/queue?kioskId=${kioskId}`, {
        headers: { authorization: 'Bearer right-key' },
      });
      expect(await answer.json()).toMatchObject({ businesses: [{ code: 'REG', waiting: 1, openCounters: 2 }] });
    });
  });

  describe('faults', () => {
    const health = (): Promise<Response> => fetch(`${central.url}/v1/health`);

    it('an outage refuses connections, and the same address comes back', async () => {
      expect((await health()).status).toBe(200);
      await central.control.setOutage(true);
      await expect(health()).rejects.toThrow('fetch failed');
      await central.control.setOutage(true);
      await central.control.setOutage(false);
      expect((await health()).status).toBe(200);
      await central.control.setOutage(true);
    });

    it('errors come for the next so many requests, on the named path', async () => {
      central.control.setErrors({ status: 'html', next: 1, path: '/v1/health' });
      expect((await fetch(`${central.url}/openapi.json`)).headers.get('content-type')).toContain('json');
      expect((await health()).headers.get('content-type')).toContain('text/html');
      expect((await health()).headers.get('content-type')).toContain('json');
      central.control.setErrors({ status: 503 });
      expect((await health()).status).toBe(503);
      central.control.setErrors(undefined);
      expect((await health()).status).toBe(200);
    });

    it('a lost answer loses the answer only', async () => {
      const event = ratingEvent(1);
      central.control.setErrors({ status: 'dropAnswer', next: 1 });
      await expect(post('/v1/events', { kioskId, epoch, events: [event] })).rejects.toThrow('fetch failed');
      expect((await central.counts()).events).toBe(1);
    });

    it('a cut ends the connection inside the request, once', async () => {
      central.control.cutAfter(1, 10);
      expect((await health()).status).toBe(200);
      await expect(post('/v1/events', { kioskId, epoch, events: [ratingEvent(1)] })).rejects.toThrow('fetch failed');
      expect((await central.counts()).events).toBe(0);
      expect((await health()).status).toBe(200);
    });
  });

  describe('a receipt', () => {
    it('of the centre holds for the kiosk’s own check', async () => {
      const event = ratingEvent(1);
      const [answer] = await send(event);
      const key = parsePublicKey(central.publicKey);
      if (!key || !answer?.receipt) throw new Error('a key and a receipt should be there');
      expect(createReceiptCheck(key)(event.eventId, answer.receipt)).toBe(true);
    });
  });
});
