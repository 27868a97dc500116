// The life of one kiosk in the campaign: a store of its own, messages in portions while the sender works, a restart in the middle of
// the sending for one in two, a week without a network for some, a clock that is ten years off for others. At the end the centre's
// books are read by a connection of our own and compared with what the store acknowledged, message by message.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { ok } from '../../../devices/kit/result.ts';
import { dayKeyAt, hallTimeZone } from '../../../main/store/day.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { machineKey, page, rating, submission, valueOf } from '../../../main/store/store-fixture.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import { isEmpty, until } from '../../testbed/sender-waits.ts';
import type { Random } from '../random.ts';
import { createJumpClock, type JumpClock } from './jump-clock.ts';

export type KioskTask = { kioskId: string; messages: number; isWeekOffline: boolean; clockOffsetMs: number };

export type KioskReport = {
  acknowledged: number;
  /** Acknowledged by the store and not in the centre's books. */
  lost: number;
  /** In the books more than once. */
  duplicated: number;
  /** In the books under another sequence number than the order of the acknowledgements says. */
  orderErrors: number;
  /** Still waiting or dead in the kiosk's outbox. */
  left: number;
  restarts: number;
  failures: string[];
};

export type KioskPlace = {
  folder: string;
  centralUrl: string;
  books: Database.Database;
  random: Random;
  stallMs: number;
  setOffline(kioskId: string, isOffline: boolean): void;
  flush(kioskId: string): Promise<void>;
};

const dayMs = 24 * 60 * 60 * 1000;
const startMs = Date.UTC(2026, 10, 22);
const portions = 4;
/** One message in so many is a case with a scan. */
const caseEvery = 100;

/** Puts one message into the store and answers with the id that the centre's books will show. */
const act = (store: Store, clock: JumpClock, random: Random, index: number): string => {
  if (index % caseEvery === caseEvery / 2) {
    const given = submission([page(1000 + random.below(30_000))], { at: clock.now() });
    valueOf(store.submitCase(given));
    return given.caseId;
  }
  if (index % 10 === 3) {
    const dayKey = dayKeyAt(clock.now(), hallTimeZone);
    const request = { businessCode: 'REG', prefix: 'A', priority: 'none', atMs: clock.now(), dayKey };
    return valueOf(store.takeNumber(request)).ticketId;
  }
  const payload = rating();
  valueOf(store.enqueue('rating.given', payload));
  return String(payload['ratingId']);
};

const idOf = (payload: Record<string, unknown>): string =>
  String(payload['ratingId'] ?? payload['ticketId'] ?? payload['caseId']);

type BookRow = { seq: number; payload: string };

export const compareWithBooks = (
  books: Database.Database,
  kioskId: string,
  acknowledged: readonly string[],
): Pick<KioskReport, 'lost' | 'duplicated' | 'orderErrors'> => {
  const rows = books
    .prepare<[string], BookRow>('SELECT seq, payload FROM events WHERE kiosk_id = ? ORDER BY seq')
    .all(kioskId);
  const seqs = new Map<string, number[]>();
  for (const { seq, payload } of rows) {
    const id = idOf(JSON.parse(payload) as Record<string, unknown>);
    seqs.set(id, [...(seqs.get(id) ?? []), seq]);
  }
  let [lost, orderErrors] = [0, 0];
  for (const [index, id] of acknowledged.entries()) {
    const found = seqs.get(id);
    if (!found) lost += 1;
    else if (found[0] !== index + 1) orderErrors += 1;
  }
  return { lost, duplicated: rows.length - seqs.size, orderErrors };
};

export const liveKiosk = async (task: KioskTask, place: KioskPlace): Promise<KioskReport> => {
  const { kioskId, messages, isWeekOffline, clockOffsetMs } = task;
  const { centralUrl, books, random, stallMs } = place;
  const folder = join(place.folder, kioskId);
  mkdirSync(folder, { recursive: true });
  const clock = createJumpClock(startMs + clockOffsetMs, stallMs);
  const own = createFetch();
  const acknowledged: string[] = [];
  let restarts = 0;

  const open = (): Store => valueOf(openStore({ path: join(folder, 'kiosk.db'), machineKey, kioskId, clock }));
  const begin = (store: Store): Sender =>
    startSender({
      store,
      central: {
        url: centralUrl,
        kioskKey: kioskId,
        requestTimeoutMs: 15_000,
        firstDelayMs: 1000,
        maxDelayMs: 300_000,
      },
      kioskId,
      clock,
      log: () => undefined,
      fetch: clock.watch(own.fetch),
      random: () => random.below(1_000_000) / 1_000_000,
    });

  let store = open();
  let sender = begin(store);
  const stop = async (): Promise<void> => {
    await sender.stop();
    store.close();
  };
  const enqueue = (count: number): void => {
    for (let done = 0; done < count;) {
      // Several acts in one commit, as journeys have them; acknowledged is what was committed.
      const together = Math.min(count - done, 1 + random.below(10));
      const first = acknowledged.length;
      const ids = valueOf(
        store.transact(() =>
          ok(Array.from({ length: together }, (_, index) => act(store, clock, random, first + index))),
        ),
      );
      acknowledged.push(...ids);
      done += together;
    }
    sender.wake();
  };

  if (isWeekOffline) place.setOffline(kioskId, true);
  const parts = isWeekOffline ? 7 : portions;
  for (let part = 0; part < parts; part++) {
    enqueue(Math.floor((messages * (part + 1)) / parts) - acknowledged.length);
    if (isWeekOffline) {
      await clock.reach(startMs + clockOffsetMs + (part + 1) * dayMs);
      continue;
    }
    // The next portion comes while this one is being sent.
    const depth = store.depth();
    await until(sender, (status) => status.depth < depth || depth === 0);
    if (part === 1 && random.chance(2)) {
      restarts += 1;
      await stop();
      store = open();
      sender = begin(store);
    }
  }
  place.setOffline(kioskId, false);
  sender.wake();
  await until(sender, isEmpty);
  const left = store.depth() + store.deadLetters().length;
  const failures = store.deadLetters().map(({ seq, reason }) => `${kioskId} #${seq}: ${reason}`);
  await stop();
  await own.close();
  clock.stop();
  await place.flush(kioskId);
  rmSync(folder, { recursive: true, force: true });
  return {
    acknowledged: acknowledged.length,
    ...compareWithBooks(books, kioskId, acknowledged),
    left,
    restarts,
    failures,
  };
};
