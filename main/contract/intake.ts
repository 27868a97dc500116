// The central intake API (统一受理平台), as this project's contract: OpenAPI is generated from here. The platform itself is not ours.
//
//   outbox row ─▶ POST /v1/events (batches, at least once) ─▶ per-event answer with signed receipt ─▶ row leaves the outbox
//   scans      ─▶ /v1/uploads (tus 1.0, hashed)            ─▶ referred to by SHA-256 in the case
//
// What the platform owes a kiosk: an event and its effect commit together, once for each id; (kiosk, epoch, seq) stands for one id for
// ever; what it will not take it keeps as its own dead letter and answers with 200, so that nothing behind it waits.

import { oc } from '@orpc/contract';
import { z } from 'zod';
import { eventKinds, sha256Schema } from './intake-events.ts';

export * from './intake-events.ts';

const sha256 = sha256Schema;
const uuid = z.uuid();
const eventIdSchema = z.uuidv7();
const kioskId = z.string().regex(/^[A-Za-z0-9-]{3,40}$/);

export const intakeEventSchema = z.object({
  /** UUIDv7, the idempotency key. The same id with another payload is refused. */
  eventId: eventIdSchema,
  /** Grows by one a kiosk and epoch; the order of events, whatever the clocks say. */
  seq: z.int().min(1),
  kind: z.enum(eventKinds),
  version: z.literal(1),
  occurredAt: z.iso.datetime(),
  bootId: uuid,
  monotonicMs: z.int().min(0),
  /** SHA-256 of the payload's canonical JSON (keys sorted, no spaces, UTF-8). */
  payloadSha256: sha256,
  payload: z.record(z.string(), z.unknown()),
});
export type IntakeEvent = z.infer<typeof intakeEventSchema>;

/** Events in one request. */
export const eventsLimit = 500;

export const eventAnswerSchema = z.object({
  eventId: eventIdSchema,
  /**
   * `accepted` and `duplicate` both carry the receipt; `rejected` will never be accepted as it is. `quarantined`: two disks count
   * under this epoch (one was restored or cloned), so nothing new of it is merged; the event is kept aside and the kiosk keeps it too.
   */
  status: z.enum(['accepted', 'duplicate', 'rejected', 'quarantined']),
  reason: z.string().optional(),
  receipt: z
    .object({
      receivedAt: z.iso.datetime(),
      /** Central case number (办件编号), for cases. */
      centralNumber: z.string().optional(),
      payloadSha256: sha256,
      /**
       * Ed25519, base64: over `eventId|payloadSha256|centralNumber|receivedAt`, or with `tree` over `receipts|size|root`, where root is
       * that of a hash tree (RFC 9162) of such texts, in hexadecimal: one signature for a batch.
       */
      signature: z.string(),
      tree: z
        .object({
          index: z.int().min(0),
          size: z.int().min(1).max(eventsLimit),
          /** Hashes beside the way from the leaf to the root, base64, lowest first. */
          path: z.array(z.base64().length(44)).max(10),
        })
        .optional(),
    })
    .optional(),
});
export type EventAnswer = z.infer<typeof eventAnswerSchema>;

export const queueStateSchema = z.object({
  asOf: z.iso.datetime(),
  businesses: z.array(
    z.object({
      code: z.string(),
      waiting: z.int().min(0),
      openCounters: z.int().min(0),
      averageServiceSec: z.int().min(1),
    }),
  ),
});
export type QueueState = z.infer<typeof queueStateSchema>;

export const intakeContract = {
  health: oc
    .route({ method: 'GET', path: '/v1/health', summary: 'Is the platform there, and what time is it' })
    .output(z.object({ status: z.literal('ok'), now: z.iso.datetime(), receiptPublicKey: z.string() })),
  events: oc
    .route({ method: 'POST', path: '/v1/events', summary: 'Take a batch of kiosk events, exactly once each' })
    .input(
      z.object({
        kioskId,
        /** UUID of the install: sequence numbers count within it. */
        epoch: uuid,
        /** After a quarantine the kiosk goes on under a new epoch, from this sequence number of the old one. */
        follows: z.object({ epoch: uuid, seq: z.int().min(1) }).optional(),
        events: z.array(intakeEventSchema).min(1).max(eventsLimit),
      }),
    )
    .output(
      z.object({
        answers: z.array(eventAnswerSchema),
        /** Every sequence number of this epoch up to here has come. It never goes down and outlives the events themselves. */
        highWater: z.int().min(0),
        now: z.iso.datetime(),
      }),
    ),
  /** Which of these scans are already there: what is, is not uploaded again. */
  knownBlobs: oc
    .route({ method: 'POST', path: '/v1/blobs/known', summary: 'Which of these hashes are already stored' })
    .input(z.object({ kioskId, sha256: z.array(sha256).max(200) }))
    .output(z.object({ known: z.array(sha256) })),
  libraryLookup: oc
    .route({
      method: 'POST',
      path: '/v1/library/lookup',
      summary: 'What the licence library holds for a person who consented',
    })
    .input(z.object({ kioskId, idNumber: z.string(), licenceTypes: z.array(z.string()).max(50) }))
    .output(
      z.object({
        licences: z.array(
          z.object({
            licenceType: z.string(),
            number: z.string(),
            holder: z.string(),
            validUntil: z.iso.date().optional(),
          }),
        ),
      }),
    ),
  queueState: oc
    .route({ method: 'GET', path: '/v1/queue', summary: 'People waiting at each business of the hall' })
    .input(z.object({ kioskId }))
    .output(queueStateSchema),
};
export type IntakeContract = typeof intakeContract;
