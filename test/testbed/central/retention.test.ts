import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IntakeEvent } from '../../../main/contract/intake.ts';
import { openBooks, type Books } from './books.ts';
import { countAll, type Counts } from './counts.ts';
import type { Origin } from './install.ts';
import { createIntake, type Intake } from './intake.ts';
import { onEachBackend } from './on-each-backend.ts';
import { ratedAt, ratingEvent } from './rating-event.ts';
import { forgetEventsBefore } from './retention.ts';
import { openSigner } from './signing.ts';

const origin: Origin = { kioskId: 'HALL-01', epoch: randomUUID() };
const tomorrowMs = Date.now() + 24 * 60 * 60 * 1000;

const rating = (seq: number): IntakeEvent => ratingEvent(seq);

onEachBackend((backend) => {
  let directory: string;
  let books: Books;
  let intake: Intake;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'central-'));
    books = await openBooks(directory, backend.database().databaseUrl);
    intake = createIntake(books, await openSigner(books));
  });
  afterEach(async () => {
    await books.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const counts = (): Promise<Counts> => countAll(books);

  it('forgets events that came long ago; the high-water mark, the effects and the count of gaps stay', async () => {
    await intake.take(origin, [1, 2, 3].map(rating));
    expect(await forgetEventsBefore(books, Date.parse(ratedAt) - 1)).toBe(0);
    expect(await forgetEventsBefore(books, tomorrowMs)).toBe(3);
    expect(await counts()).toMatchObject({ events: 0, ratings: 3, gaps: 0, duplicates: 0 });
    const { answers, highWater } = await intake.take(origin, [rating(4)]);
    expect([answers[0]?.status, highWater]).toEqual(['accepted', 4]);
    expect(await counts()).toMatchObject({ events: 1, ratings: 4, gaps: 0 });
  });

  it('an event that comes again after it was forgotten is not done twice', async () => {
    const old = rating(1);
    await intake.take(origin, [old]);
    await forgetEventsBefore(books, tomorrowMs);
    expect((await intake.take(origin, [old])).answers).toMatchObject([{ status: 'quarantined' }]);
    expect(await counts()).toMatchObject({ ratings: 1, quarantined: 1 });
  });

  it('nor one that comes again under an epoch that follows', async () => {
    const [first, second] = [rating(1), rating(2)];
    await intake.take(origin, [first, second]);
    const renewed = { kioskId: origin.kioskId, epoch: randomUUID(), follows: { epoch: origin.epoch, seq: 2 } };
    await intake.take(renewed, [second, rating(3)]);
    expect(await forgetEventsBefore(books, tomorrowMs)).toBe(3);
    expect((await intake.take(renewed, [second])).answers).toMatchObject([{ status: 'quarantined' }]);
    expect(await counts()).toMatchObject({ ratings: 3, gaps: 0 });
  });

  it('remembers what lies above a gap, and counts the gap', async () => {
    await intake.take(origin, [1, 2, 4].map(rating));
    expect(await forgetEventsBefore(books, tomorrowMs)).toBe(2);
    expect(await counts()).toMatchObject({ events: 1, gaps: 1 });
    expect((await intake.take(origin, [rating(3)])).highWater).toBe(4);
    expect(await counts()).toMatchObject({ gaps: 0 });
  });

  it('a sequence that comes backwards and in pieces ends without a gap', async () => {
    const events = Array.from({ length: 1200 }, (_, index) => rating(index + 1));
    for (let end = events.length; end > 0; end -= 100)
      await intake.take(origin, events.slice(Math.max(1, end - 100), end));
    expect((await intake.take(origin, [rating(1202)])).highWater).toBe(0);
    expect(await counts()).toMatchObject({ gaps: 2 });
    expect((await intake.take(origin, events.slice(0, 1))).highWater).toBe(1200);
    expect((await intake.take(origin, [rating(1201)])).highWater).toBe(1202);
    expect(await counts()).toMatchObject({ events: 1202, gaps: 0, duplicates: 0 });
  });
});
