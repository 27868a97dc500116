// The contract's procedures over the books.

import { readFileSync } from 'node:fs';
import { implement, ORPCError } from '@orpc/server';
import { z } from 'zod';
import { intakeContract } from '../../../main/contract/intake.ts';
import { allIn, type Books } from './books.ts';
import type { HallQueue } from './hall-queue.ts';
import type { Intake } from './intake.ts';
import type { Kiosks } from './kiosks.ts';
import type { Signer } from './signing.ts';

export type CallContext = { bearer: string | undefined };

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
  books: Books;
  kiosks: Kiosks;
  intake: Intake;
  queue: HallQueue;
  signer: Signer;
}) => {
  const { books, kiosks, intake, queue, signer } = parts;
  const persons = readLicences();
  const os = implement(intakeContract).$context<CallContext>();
  const check = async ({ bearer }: CallContext, kioskId: string): Promise<void> => {
    if (!(await kiosks.mayActAs(bearer, kioskId)))
      throw new ORPCError('UNAUTHORIZED', { message: 'unknown kiosk key' });
  };
  return os.router({
    health: os.health.handler(() => ({
      status: 'ok' as const,
      now: new Date().toISOString(),
      receiptPublicKey: signer.publicKey,
    })),
    events: os.events.handler(async ({ input, context }) => {
      await check(context, input.kioskId);
      const { events, ...origin } = input;
      return { ...(await intake.take(origin, events)), now: new Date().toISOString() };
    }),
    knownBlobs: os.knownBlobs.handler(async ({ input, context }) => {
      await check(context, input.kioskId);
      const rows = await allIn<{ sha256: string }>(
        books,
        (list) => `SELECT sha256 FROM blobs WHERE sha256 IN (${list})`,
        [],
        input.sha256,
      );
      const known = new Set(rows.map(({ sha256 }) => sha256));
      return { known: input.sha256.filter((sha256) => known.has(sha256)) };
    }),
    libraryLookup: os.libraryLookup.handler(async ({ input, context }) => {
      await check(context, input.kioskId);
      const person = persons.find(({ idNumber }) => idNumber === input.idNumber);
      const held = person?.licences.filter(({ licenceType }) => input.licenceTypes.includes(licenceType)) ?? [];
      return { licences: held.map((licence) => ({ ...licence, holder: person?.holder ?? '' })) };
    }),
    queueState: os.queueState.handler(async ({ input, context }) => {
      await check(context, input.kioskId);
      return queue.state(Date.now());
    }),
  });
};
