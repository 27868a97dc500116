// What the platform's own people read, over HTTP and behind a key of their own, from any of its processes. Without such a key these
// addresses do not exist.
//
//   GET /admin/counts            what the books hold
//   GET /admin/events?kiosk=ID   one line of JSON an event, by epoch and sequence number: epoch, seq, eventId, kind, subject
//   GET /admin/arrivals          requests a second at this process, and how many it refused

import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { eventSubjects, type EventKind } from '../../../main/contract/intake.ts';
import type { Books } from './books.ts';
import type { Arrivals } from './capacity.ts';
import { countAll } from './counts.ts';

const isSame = (given: string | undefined, key: string): boolean => {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${key}`)];
  return left.length === right.length && timingSafeEqual(left, right);
};

type Row = { epoch: string; seq: number; event_id: string; kind: EventKind; payload: string };
const rowsAtOnce = 500;

async function* linesOf(books: Books, kioskId: string): AsyncGenerator<string> {
  let [epoch, seq] = ['', 0];
  for (;;) {
    const rows = await books.all<Row>(
      `SELECT epoch, seq, event_id, kind, payload FROM events WHERE kiosk_id = ? AND (epoch > ? OR (epoch = ? AND seq > ?))
       ORDER BY epoch, seq LIMIT ${rowsAtOnce}`,
      kioskId,
      epoch,
      epoch,
      seq,
    );
    for (const row of rows) {
      ({ epoch, seq } = row);
      const subject = (JSON.parse(row.payload) as Record<string, unknown>)[eventSubjects[row.kind]];
      yield `${JSON.stringify({ epoch, seq, eventId: row.event_id, kind: row.kind, subject })}\n`;
    }
    if (rows.length < rowsAtOnce) return;
  }
}

export const addAdmin = (
  app: FastifyInstance,
  parts: { adminKey: string | undefined; books: Books; arrivals(): Arrivals },
): void => {
  const { adminKey, books } = parts;
  if (adminKey === undefined) return;
  void app.register((admin, _options, done) => {
    admin.addHook('onRequest', async (request, reply) => {
      if (!isSame(request.headers.authorization, adminKey)) await reply.code(401).send({ code: 'UNAUTHORIZED' });
    });
    admin.get('/admin/counts', () => countAll(books));
    admin.get<{ Querystring: { kiosk?: string } }>('/admin/events', (request, reply) => {
      const { kiosk } = request.query;
      if (kiosk === undefined) return reply.code(400).send({ code: 'BAD_REQUEST', message: 'kiosk is missing' });
      return reply.type('application/x-ndjson').send(Readable.from(linesOf(books, kiosk)));
    });
    admin.get('/admin/arrivals', () => parts.arrivals());
    done();
  });
};
