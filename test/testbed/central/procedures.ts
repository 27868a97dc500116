// The contract's procedures over the books.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { implement, ORPCError } from '@orpc/server';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import { intakeContract } from '../../../main/contract/intake.ts';
import type { HallQueue } from './hall-queue.ts';
import type { Intake } from './intake.ts';
import type { Signer } from './signing.ts';

export type CallContext = { bearer: string | undefined };

/** Which kiosk a bearer key belongs to. */
export type Kiosks = {
  of(bearer: string | undefined): string | undefined;
  /** Whether the key may speak for the kiosk. Where no keys were set up, the first key that comes with an id is the kiosk's. */
  mayActAs(bearer: string | undefined, kioskId: string): boolean;
};

const digestOf = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

export const createKiosks = (
  db: Database.Database,
  kioskKeys: Readonly<Record<string, string>> | undefined,
): Kiosks => {
  const put = db.prepare(
    'INSERT INTO kiosks VALUES (?, ?) ON CONFLICT (kiosk_id) DO UPDATE SET key_sha256 = excluded.key_sha256',
  );
  const byKey = db.prepare<[string], string>('SELECT kiosk_id FROM kiosks WHERE key_sha256 = ?').pluck();
  const byId = db.prepare<[string], number>('SELECT 1 FROM kiosks WHERE kiosk_id = ?').pluck();
  for (const [kioskId, key] of Object.entries(kioskKeys ?? {})) put.run(kioskId, digestOf(key));
  const of = (bearer: string | undefined): string | undefined =>
    bearer === undefined ? undefined : byKey.get(digestOf(bearer));
  return {
    of,
    mayActAs(bearer, kioskId) {
      const known = of(bearer);
      if (known !== undefined) return known === kioskId;
      if (kioskKeys !== undefined || bearer === undefined || byId.get(kioskId) !== undefined) return false;
      put.run(kioskId, digestOf(bearer));
      return true;
    },
  };
};

const licenceFile = z.array(
  z.object({
    idNumber: z.string(),
    holder: z.string(),
    licences: z.array(z.object({ licenceType: z.string(), number: z.string(), validUntil: z.iso.date().optional() })),
  }),
);

/** Licences of synthetic persons. */
const readLicences = (): z.infer<typeof licenceFile> =>
  licenceFile.parse(JSON.parse(readFileSync(new URL('./licences.json', import.meta.url), 'utf8')));

export const createProcedures = (parts: {
  db: Database.Database;
  kiosks: Kiosks;
  intake: Intake;
  queue: HallQueue;
  signer: Signer;
}) => {
  const { db, kiosks, intake, queue, signer } = parts;
  const known = db.prepare<[string], number>('SELECT 1 FROM blobs WHERE sha256 = ?').pluck();
  const persons = readLicences();
  const os = implement(intakeContract).$context<CallContext>();
  const check = ({ bearer }: CallContext, kioskId: string): void => {
    if (!kiosks.mayActAs(bearer, kioskId)) throw new ORPCError('UNAUTHORIZED', { message: 'unknown kiosk key' });
  };
  return os.router({
    health: os.health.handler(() => ({
      status: 'ok' as const,
      now: new Date().toISOString(),
      receiptPublicKey: signer.publicKey,
    })),
    events: os.events.handler(({ input, context }) => {
      check(context, input.kioskId);
      const { events, ...origin } = input;
      return { ...intake.take(origin, events), now: new Date().toISOString() };
    }),
    knownBlobs: os.knownBlobs.handler(({ input, context }) => {
      check(context, input.kioskId);
      return { known: input.sha256.filter((sha256) => known.get(sha256) !== undefined) };
    }),
    libraryLookup: os.libraryLookup.handler(({ input, context }) => {
      check(context, input.kioskId);
      const person = persons.find(({ idNumber }) => idNumber === input.idNumber);
      const held = person?.licences.filter(({ licenceType }) => input.licenceTypes.includes(licenceType)) ?? [];
      return { licences: held.map((licence) => ({ ...licence, holder: person?.holder ?? '' })) };
    }),
    queueState: os.queueState.handler(({ input, context }) => {
      check(context, input.kioskId);
      return queue.state(Date.now());
    }),
  });
};
