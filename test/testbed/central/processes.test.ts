// Several processes of the reference server on one database, and a round robin in front of them: what one of them took the others know,
// and one that is killed in the middle takes nothing with it.

import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventAnswer, IntakeEvent } from '../../../main/contract/intake.ts';
import { uuidV7 } from '../../../main/store/uuid.ts';
import { createReceiptCheck, parsePublicKey } from '../../../main/sync/receipt-signature.ts';
import { payloadHash } from './canonical-hash.ts';
import type { Counts } from './counts.ts';
import { onPostgres } from './on-each-backend.ts';

const mainFile = new URL('./main.ts', import.meta.url).pathname;
const adminKey = 'an-admin-key-for-tests';
const processes = 3;
const at = '2026-11-22T00:00:00.000Z';

type Process = { child: ChildProcess; url: string; publicKey: string };

const startProcess = async (directory: string, databaseUrl: string): Promise<Process> => {
  const child = fork(mainFile, ['--dir', directory, '--admin-key', adminKey], {
    silent: true,
    env: { ...process.env, DATABASE_URL: databaseUrl },
  });
  const [ready] = (await once(child, 'message')) as [{ url: string; publicKey: string }];
  return { child, ...ready };
};

const endProcess = async ({ child }: Process, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};

const eventOf = (seq: number, kind: IntakeEvent['kind'], payload: Record<string, unknown>): IntakeEvent => ({
  eventId: uuidV7(Date.now()),
  seq,
  kind,
  version: 1,
  occurredAt: at,
  bootId: randomUUID(),
  monotonicMs: seq,
  payloadSha256: payloadHash(payload),
  payload,
});

const scan = Buffer.from('the drawn hand of a test');
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const rating = (): Record<string, unknown> => ({
  ratingId: randomUUID(),
  visitId: randomUUID(),
  level: 4,
  reasons: [],
  channel: 'screen',
  ratedAt: at,
});
const ticket = (number: string): Record<string, unknown> => ({
  ticketId: randomUUID(),
  number,
  businessCode: 'REG',
  priority: 'none',
  takenAt: at,
});
const submitted = (receiptNumber: string): Record<string, unknown> => ({
  caseId: randomUUID(),
  receiptNumber,
  itemCode: 'X',
  catalogueVersion: 1,
  applicant: { name: 'n', idType: 't', idNumber: 'i', verifiedBy: 'idCardReader' },
  form: {},
  materials: [],
  signature: { digest: 'ab'.repeat(32), imageSha256: sha256Of(scan), signedAt: at },
  submittedAt: at,
});

onPostgres((backend) => {
  let directory: string;
  let servers: Process[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'central-'));
    const { databaseUrl = '' } = backend.database();
    // All at once: they make the tables and the key together.
    servers = await Promise.all(Array.from({ length: processes }, () => startProcess(directory, databaseUrl)));
  });
  afterEach(async () => {
    for (const server of servers) await endProcess(server, 'SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  });

  const urlOf = (index: number): string => servers[index % servers.length]?.url ?? '';
  const keyOf = (kioskId: string): string => `key of ${kioskId}`;
  const counts = async (): Promise<Counts> => {
    const answer = await fetch(`${urlOf(0)}/admin/counts`, { headers: { authorization: `Bearer ${adminKey}` } });
    return (await answer.json()) as Counts;
  };
  const tus = (url: string, method: string, headers: Record<string, string>, body?: Buffer): Promise<Response> =>
    fetch(url, {
      method,
      headers: { 'tus-resumable': '1.0.0', authorization: `Bearer ${keyOf('HALL-00')}`, ...headers },
      ...(body ? { body: new Uint8Array(body) } : {}),
    });
  const create = async (bytes: Buffer): Promise<string> => {
    const coded = (text: string): string => Buffer.from(text).toString('base64');
    const answer = await tus(`${urlOf(0)}/v1/uploads`, 'POST', {
      'upload-length': String(bytes.length),
      'upload-metadata': `sha256 ${coded(sha256Of(bytes))},mediaType ${coded('image/png')}`,
    });
    expect(answer.status).toBe(201);
    return answer.headers.get('location') ?? '';
  };
  const append = (server: number, path: string, offset: number, chunk: Buffer): Promise<Response> =>
    tus(
      `${urlOf(server)}${path}`,
      'PATCH',
      {
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'upload-checksum': `sha256 ${createHash('sha256').update(chunk).digest('base64')}`,
      },
      chunk,
    );
  /** The first request with an id and a key makes them known. */
  const introduce = async (kioskId: string): Promise<void> => {
    const answer = await fetch(`${urlOf(1)}/v1/queue?kioskId=${kioskId}`, {
      headers: { authorization: `Bearer ${keyOf(kioskId)}` },
    });
    expect(answer.status).toBe(200);
  };

  describe('three processes on one database', () => {
    it('have one receipt key, and a key that comes to all of them at once is one kiosk’s', async () => {
      expect(new Set(servers.map(({ publicKey }) => publicKey)).size).toBe(1);
      const statuses = await Promise.all(
        ['A', 'B'].flatMap((key) =>
          servers.map(async ({ url }) => {
            const headers = { authorization: `Bearer ${key}` };
            return { key, status: (await fetch(`${url}/v1/queue?kioskId=HALL-77`, { headers })).status };
          }),
        ),
      );
      const known = new Set(statuses.filter(({ status }) => status === 200).map(({ key }) => key));
      expect(known.size).toBe(1);
      expect(statuses.filter(({ key, status }) => known.has(key) && status !== 200)).toEqual([]);
    });

    it('take the chunks of one scan in turn, and of two equal chunks at once only one', async () => {
      await introduce('HALL-00');
      const bytes = Buffer.alloc(300_000, 'scan ');
      const path = await create(bytes);
      expect((await append(1, path, 0, bytes.subarray(0, 100_000))).status).toBe(204);
      expect((await tus(`${urlOf(2)}${path}`, 'HEAD', {})).headers.get('upload-offset')).toBe('100000');
      const second = await Promise.all(
        [0, 1, 2].map((server) => append(server, path, 100_000, bytes.subarray(100_000, 200_000))),
      );
      expect(second.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409, 409]);
      expect((await append(0, path, 200_000, bytes.subarray(200_000))).status).toBe(204);
      expect(readFileSync(join(directory, 'blobs', sha256Of(bytes))).equals(bytes)).toBe(true);
      expect(await counts()).toMatchObject({ uploads: 1, bytes: bytes.length });
    });

    it('take each event once, whoever is asked and although one of them is killed, and all give the same receipt', async () => {
      await introduce('HALL-00');
      expect((await append(0, await create(scan), 0, scan)).status).toBe(204);
      const kiosks = Array.from({ length: 6 }, (_, index) => `HALL-0${index}`);
      const batches = 8;
      const perBatch = 10;
      let asked = 0;
      const receipts = new Map<string, EventAnswer[]>();

      /** Round robin; a process that died is passed over. */
      const send = async (body: unknown, kioskId: string): Promise<EventAnswer[]> => {
        for (;;) {
          const answer = await fetch(`${urlOf(asked++)}/v1/events`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(kioskId)}` },
            body: JSON.stringify(body),
          }).catch(() => undefined);
          if (answer?.status !== 200) continue;
          const text = await answer.text().catch(() => undefined);
          if (text !== undefined) return (JSON.parse(text) as { answers: EventAnswer[] }).answers;
        }
      };

      const live = async (kioskId: string): Promise<void> => {
        const epoch = randomUUID();
        for (let batch = 0; batch < batches; batch++) {
          const events = Array.from({ length: perBatch }, (_, place) => {
            const seq = batch * perBatch + place + 1;
            const number = `${kioskId}-${seq}`;
            if (place === 0) return eventOf(seq, 'case.submitted', submitted(number));
            return place % 2 === 0
              ? eventOf(seq, 'rating.given', rating())
              : eventOf(seq, 'queue.ticketTaken', ticket(number));
          });
          const body = { kioskId, epoch, events };
          const copies = await Promise.all([send(body, kioskId), send(body, kioskId), send(body, kioskId)]);
          for (const answer of copies.flat())
            receipts.set(answer.eventId, [...(receipts.get(answer.eventId) ?? []), answer]);
          if (kioskId === kiosks[0] && batch === batches / 2 && servers[2]) await endProcess(servers[2], 'SIGKILL');
        }
      };
      await Promise.all(kiosks.map(live));

      const total = kiosks.length * batches * perBatch;
      expect(await counts()).toMatchObject({
        events: total,
        cases: kiosks.length * batches,
        duplicates: 0,
        gaps: 0,
        deadLetters: 0,
        quarantined: 0,
      });
      const key = parsePublicKey(servers[0]?.publicKey ?? '');
      if (!key) throw new Error('there should be a key');
      const isSigned = createReceiptCheck(key);
      expect(receipts.size).toBe(total);
      const numbers: string[] = [];
      for (const [eventId, answers] of receipts) {
        expect(answers).toHaveLength(3);
        // One at most: where the process that took it was killed, nobody has heard `accepted`.
        expect(answers.filter(({ status }) => status === 'accepted').length).toBeLessThanOrEqual(1);
        expect(answers.filter(({ status }) => status !== 'accepted' && status !== 'duplicate')).toEqual([]);
        const said = answers.map(({ receipt }) => `${receipt?.receivedAt} ${receipt?.centralNumber}`);
        expect(new Set(said).size).toBe(1);
        expect(answers.every(({ receipt }) => receipt !== undefined && isSigned(eventId, receipt))).toBe(true);
        const number = answers[0]?.receipt?.centralNumber;
        if (number !== undefined) numbers.push(number);
      }
      expect(new Set(numbers).size).toBe(kiosks.length * batches);
      const queue = await fetch(`${urlOf(0)}/v1/queue?kioskId=HALL-00`, {
        headers: { authorization: `Bearer ${keyOf('HALL-00')}` },
      });
      expect(await queue.json()).toMatchObject({
        businesses: [{ code: 'REG', waiting: kiosks.length * batches * (perBatch / 2) }],
      });
    });
  });
});
