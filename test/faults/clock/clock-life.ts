// One kiosk whose clock is set again and again: between two acts, while a request is under way, before and after restarts, near the hours
// that summer time repeats or leaves out. The real store and sender against the real reference server.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'better-sqlite3';
import { createUpkeep } from '../../../main/host/upkeep.ts';
import { dayKeyAt } from '../../../main/store/day.ts';
import { openStore, type Store } from '../../../main/store/open.ts';
import { machineKey, page, rating, submission, valueOf } from '../../../main/store/store-fixture.ts';
import { createFetch } from '../../../main/sync/connection.ts';
import type { Fetch } from '../../../main/sync/exchange.ts';
import { startSender, type Sender } from '../../../main/sync/sender.ts';
import type { Random } from '../random.ts';
import { createJumpClock } from '../sync/jump-clock.ts';
import { compareWithBooks } from '../sync/kiosk-life.ts';
import { createSetClock } from './set-clock.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const tenYearsMs = 3652 * dayMs;

/** Zones, and a moment shortly before their clocks are put back or forward. */
const zones = [
  { timeZone: 'Asia/Shanghai', startMs: Date.UTC(2026, 10, 22) },
  { timeZone: 'America/New_York', startMs: Date.UTC(2026, 10, 1, 3, 30) },
  { timeZone: 'Europe/Berlin', startMs: Date.UTC(2026, 2, 28, 22, 30) },
  { timeZone: 'Australia/Lord_Howe', startMs: Date.UTC(2026, 3, 4, 13, 0) },
] as const;

/** How far off a clock is after it was set. Right again is as likely as all the rest. */
const settings = [tenYearsMs, -tenYearsMs, dayMs, -dayMs, hourMs, -hourMs, -3 * minuteMs, 40 * dayMs] as const;

async function* bytesOf(words: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield await Promise.resolve(new TextEncoder().encode(words));
}

export type ClockReport = {
  settings: number;
  acknowledged: number;
  lost: number;
  duplicated: number;
  orderErrors: number;
  numbersRepeated: number;
  /** Rows that were forgotten before their time. */
  prunedTooEarly: number;
  /** Rows that were forgotten in time: without any, nothing is proved. */
  prunedInTime: number;
  /** The outbox was not empty a day after the line and the clock were well. */
  stuck: number;
  failures: string[];
};

const youngRows = `SELECT 'ticket ' || ticket_id FROM tickets UNION ALL SELECT 'receipt ' || event_id FROM central_receipts`;

export type ClockPlace = {
  folder: string;
  centralUrl: string;
  booksPath: string;
  random: Random;
  /** The control: whatever the clock says is believed, and there is no other. */
  isCredulous?: boolean;
};

export const liveUnderSetClock = async (
  kioskId: string,
  index: number,
  { folder: parent, centralUrl, booksPath, random, isCredulous = false }: ClockPlace,
): Promise<ClockReport> => {
  const { timeZone, startMs } = zones[index % zones.length] ?? zones[0];
  const folder = join(parent, kioskId);
  mkdirSync(folder);
  const path = join(folder, 'kiosk.db');
  const base = createJumpClock(startMs, 2000);
  const set = createSetClock(base);
  const { steadyNow: _believed, ...credulous } = set;
  const clock = isCredulous ? credulous : set;
  const own = createFetch();
  const report: ClockReport = {
    settings: 0,
    acknowledged: 0,
    lost: 0,
    duplicated: 0,
    orderErrors: 0,
    numbersRepeated: 0,
    prunedTooEarly: 0,
    prunedInTime: 0,
    stuck: 0,
    failures: [],
  };
  const acknowledged: string[] = [];
  const numbers = new Set<string>();
  const isNew = (number: string): void => {
    if (numbers.has(number)) {
      report.numbersRepeated += 1;
      report.failures.push(`${kioskId}: ${number} was given twice`);
    }
    numbers.add(number);
  };
  const setSomehow = (): void => {
    report.settings += 1;
    set.setOff(random.chance(2) ? 0 : (settings[random.below(settings.length)] ?? 0));
  };

  let isOver = false;
  /** One request in three meets a clock that is set while it is under way; one in four fails. */
  const watched = base.watch(own.fetch);
  const fetch: Fetch = async (url, init) => {
    const isSet = !isOver && random.chance(3);
    if (isSet) setSomehow();
    const answer = await watched(url, init);
    if (isSet) setSomehow();
    const body = answer.body ? await text(answer.body) : '';
    if (random.chance(4)) throw new TypeError('the line broke');
    // The server lives in our time; the kiosk's true time began elsewhere and runs faster.
    const told = body.replace(/"now":"[^"]+"/, `"now":"${new Date(base.now()).toISOString()}"`);
    return { status: answer.status, headers: answer.headers, body: answer.body && bytesOf(told) };
  };

  let prunes = 0;
  const open = () => {
    const store = valueOf(openStore({ path, machineKey, kioskId, clock, timeZone, monotonicMs: base.now }));
    const sender = startSender({
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
      fetch,
      random: () => random.below(1_000_000) / 1_000_000,
    });
    const upkeep = createUpkeep({
      store: {
        note: store.note,
        prune(nowMs) {
          prunes += 1;
          return store.prune(nowMs);
        },
      },
      clock,
      isOnline: () => sender.status().isOnline,
      isVisited: () => false,
      onClockSet: () => undefined,
      log: () => undefined,
    });
    return { store, sender, upkeep };
  };
  let life = open();
  const end = async ({ store, sender }: { store: Store; sender: Sender }): Promise<void> => {
    await sender.stop();
    store.close();
  };
  const rows = (): string[] => {
    const db = new Database(path, { readonly: true });
    const found = db.prepare<[], string>(youngRows).pluck().all();
    db.close();
    return found;
  };
  /** Minutes pass, and the host looks after its store as it does every minute. */
  const pass = async (minutes: number): Promise<number> => {
    let gone = 0;
    for (let minute = 0; minute < minutes; minute += 1) {
      await base.reach(base.now() + minuteMs);
      const before = prunes;
      const there = rows();
      if (isCredulous) valueOf(life.store.prune(clock.now()));
      life.upkeep.look();
      if (isCredulous || prunes > before) {
        const left = new Set(rows());
        gone += there.filter((row) => !left.has(row)).length;
      }
    }
    return gone;
  };
  const act = (): string => {
    switch (random.below(4)) {
      case 0: {
        const given = submission([page(1000 + random.below(3000))], { at: clock.now() });
        isNew(valueOf(life.store.submitCase(given)).receiptNumber);
        return given.caseId;
      }
      case 1: {
        const dayKey = dayKeyAt(clock.now(), timeZone);
        const request = { businessCode: 'REG', prefix: 'A', priority: 'none', atMs: clock.now(), dayKey };
        const { ticketId, number } = valueOf(life.store.takeNumber(request));
        isNew(`${dayKey} ${number}`);
        return ticketId;
      }
      default: {
        const payload = rating();
        valueOf(life.store.enqueue('rating.given', payload));
        return String(payload['ratingId']);
      }
    }
  };
  const drained = async (): Promise<boolean> => {
    const endMs = base.now() + dayMs;
    life.sender.wake();
    while (life.store.depth() > 0 && base.now() < endMs) await base.reach(base.now() + minuteMs);
    return life.store.depth() === 0;
  };

  for (let done = 0; done < 30; done += 1) {
    if (random.chance(2)) setSomehow();
    acknowledged.push(act());
    life.sender.wake();
    // Long enough for the host to be sure of the time, once in a while.
    report.prunedTooEarly += await pass(random.chance(10) ? 20 : random.below(3));
    if (random.chance(10)) {
      await end(life);
      life = open();
    }
  }
  // Whatever the clock says now, and it stays so: the line is there, so everything must get through.
  isOver = true;
  if (!(await drained())) {
    report.stuck += 1;
    report.failures.push(`${kioskId}: ${life.store.depth()} events are stuck`);
  }
  // The clock is right, and half a year and more passes, by the centre's reckoning too: now what is old has to go.
  set.setOff(0);
  await end(life);
  await base.reach(Math.max(base.now(), Date.now()) + 200 * dayMs);
  life = open();
  report.prunedInTime += await pass(30);
  await end(life);
  await own.close();
  base.stop();
  const books = new Database(booksPath, { readonly: true });
  Object.assign(report, { acknowledged: acknowledged.length, ...compareWithBooks(books, kioskId, acknowledged) });
  books.close();
  rmSync(folder, { recursive: true, force: true });
  return report;
};
