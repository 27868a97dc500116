// A rating as a kiosk sends it: the smallest event that is whole, with the hash of its payload.

import { randomUUID } from 'node:crypto';
import type { IntakeEvent } from '../../../main/contract/intake.ts';
import { uuidV7 } from '../../../main/store/uuid.ts';
import { payloadHash } from './canonical-hash.ts';

/** When the citizen rated. */
export const ratedAt = '2026-11-22T00:00:00.000Z';

export const ratingEvent = (seq: number, more: Partial<IntakeEvent> = {}): IntakeEvent => {
  const payload = {
    ratingId: randomUUID(),
    visitId: randomUUID(),
    level: 4,
    reasons: [],
    channel: 'screen',
    ratedAt,
  };
  return {
    eventId: uuidV7(Date.now()),
    seq,
    kind: 'rating.given',
    version: 1,
    occurredAt: ratedAt,
    bootId: randomUUID(),
    monotonicMs: 1,
    payloadSha256: payloadHash(payload),
    payload,
    ...more,
  };
};
