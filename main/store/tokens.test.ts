// Each token once, with its effect and its event or not at all; and a clock that nobody turns back on it.

import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../devices/kit/result.ts';
import { keepSpentDays, type SpendableToken } from './tokens.ts';
import { codeOf, createPlace, morningMs, valueOf } from './store-fixture.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const token = (change: Partial<SpendableToken> = {}): SpendableToken => ({
  tokenId: '00010203-0405-0607-0809-0a0b0c0d0e0f',
  issuer: 'ez-1',
  purpose: 'appointment',
  subject: 'SOC',
  expiresMs: morningMs + 10 * hourMs,
  ...change,
});
const ticket = { businessCode: 'SOC', prefix: 'B', priority: 'appointment', atMs: morningMs, dayKey: '2026-11-22' };
/** A kiosk whose wall clock may be set to anything, while the clock of a run only goes on. */
const createKiosk = () => {
  const place = createPlace();
  let wallMs = morningMs;
  let runMs = 0;
  const clock = { ...place.clock, now: () => wallMs };
  return {
    open: () => valueOf(place.open({ clock, monotonicMs: () => runMs })),
    setWall: (ms: number) => void (wallMs = ms),
    wall: () => wallMs,
    later: (ms: number) => void (runMs += ms),
    [Symbol.dispose]: () => place[Symbol.dispose](),
  };
};

describe('spending', () => {
  it('commits the effect, the row and the event together, and tells the centre what was spent', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    const spent = valueOf(
      store.spendToken(token(), 'visit-1', (ticketId) => store.takeNumber({ ...ticket, ticketId })),
    );
    expect(spent).toMatchObject({ state: 'spent', isRepeat: false, value: { number: 'B001' } });
    const events = valueOf(store.nextBatch(10));
    expect(events.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['queue.ticketTaken', 1],
      ['token.spent', 2],
    ]);
    expect(events[1]?.payload).toMatchObject({
      tokenId: token().tokenId,
      issuer: 'ez-1',
      purpose: 'appointment',
      subject: 'SOC',
    });
  });

  it('is refused to everybody else, over a restart too, with the time of the first use', () => {
    using kiosk = createKiosk();
    const first = kiosk.open();
    valueOf(first.spendToken(token(), 'visit-1', () => ok('a')));
    kiosk.setWall(morningMs + hourMs);
    const again = valueOf(first.spendToken(token(), 'visit-2', () => ok('b')));
    expect(again.state).toBe('usedBefore');
    first.close();
    const second = kiosk.open();
    const later = valueOf(second.spendToken(token(), 'visit-3', () => ok('c')));
    if (later.state !== 'usedBefore') throw new Error('spent twice');
    expect(later.atMs).toBe(morningMs);
    expect(second.tokenUsedBefore(token(), 'visit-3')).toBe(later.atMs);
    expect(second.tokenUsedBefore(token(), 'visit-1')).toBeUndefined();
    expect(second.depth()).toBe(1);
  });

  it('in the same visit again is the same spending: the same number, one event', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    const spend = () =>
      valueOf(store.spendToken(token(), 'visit-1', (ticketId) => store.takeNumber({ ...ticket, ticketId })));
    const [first, second] = [spend(), spend()];
    if (first.state !== 'spent' || second.state !== 'spent') throw new Error('not spent');
    expect(second).toMatchObject({ isRepeat: true });
    expect(second.value.ticketId).toBe(first.value.ticketId);
    expect(store.depth()).toBe(2);
  });

  it('does not happen when the effect fails: the token stays good', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    expect(codeOf(store.spendToken(token(), 'visit-1', () => fail('noFreeCell', 'hall', 'full')))).toBe('noFreeCell');
    expect(() =>
      store.spendToken(token(), 'visit-1', () => {
        throw new Error('a bug in the effect');
      }),
    ).toThrow('a bug');
    expect(store.depth()).toBe(0);
    expect(valueOf(store.spendToken(token(), 'visit-2', () => ok(1))).state).toBe('spent');
  });

  it('of two issuers’ tokens of one id is two spendings', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    valueOf(store.spendToken(token(), 'visit-1', () => ok(1)));
    expect(valueOf(store.spendToken(token({ issuer: 'ez-2' }), 'visit-2', () => ok(1))).state).toBe('spent');
  });

  it('is remembered until the token is over and a month, by a proved time: a clock in 2036 makes nothing forgotten', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    valueOf(store.spendToken(token(), 'visit-1', () => ok(1)));
    const isKnown = (): boolean => store.tokenUsedBefore(token(), '') !== undefined;
    kiosk.setWall(morningMs + 3650 * dayMs);
    valueOf(store.prune(kiosk.wall()));
    expect(isKnown()).toBe(true);
    const overMs = token().expiresMs + keepSpentDays * dayMs;
    valueOf(store.noteServerTime(overMs));
    valueOf(store.prune(kiosk.wall()));
    expect(isKnown()).toBe(true);
    valueOf(store.noteServerTime(overMs + hourMs));
    valueOf(store.prune(kiosk.wall()));
    expect(isKnown()).toBe(false);
    // What was forgotten stays over, even if the centre's time should go back.
    valueOf(store.noteServerTime(morningMs));
    expect(store.tokenNowMs()).toBeGreaterThan(token().expiresMs + 12 * hourMs);
  });
});

describe('the time for tokens', () => {
  it('is the kiosk’s own, corrected by the centre’s offset', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    expect(store.tokenNowMs()).toBe(morningMs);
    valueOf(store.setNote('serverOffsetMs', String(-2 * hourMs)));
    store.close();
    const again = kiosk.open();
    expect(again.tokenNowMs()).toBe(morningMs - 2 * hourMs);
  });

  it('does not go back with the clock: not within a run, not below a token that was used, not before one that is over', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    kiosk.later(hourMs);
    kiosk.setWall(morningMs - 365 * dayMs);
    expect(store.tokenNowMs()).toBe(morningMs + hourMs);
    valueOf(store.spendToken(token(), 'visit-1', () => ok(1)));
    store.close();
    const second = kiosk.open();
    expect(second.tokenNowMs()).toBe(morningMs + hourMs);
    valueOf(second.noteExpired(morningMs + 5 * hourMs));
    second.close();
    expect(kiosk.open().tokenNowMs()).toBe(morningMs + 5 * hourMs);
  });

  it('is the centre’s from its word on, counted on in this run, whatever is done to the clock', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    valueOf(store.noteServerTime(morningMs + 3 * dayMs));
    kiosk.setWall(morningMs + 3650 * dayMs);
    kiosk.later(hourMs);
    expect(store.tokenNowMs()).toBe(morningMs + 3 * dayMs + hourMs);
    store.close();
    kiosk.setWall(morningMs);
    expect(kiosk.open().tokenNowMs()).toBe(morningMs + 3 * dayMs);
  });

  it('that a wrong clock had raised is taken back by the centre', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    valueOf(store.noteExpired(morningMs + 300 * dayMs));
    valueOf(store.noteServerTime(morningMs));
    expect(store.tokenNowMs()).toBe(morningMs);
  });

  it('is never before the newest signed file of the centre, whatever the line says', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    const trust = { firstRootSha256: '0'.repeat(64), roots: [], versions: {}, timeFloorMs: morningMs + 9 * dayMs };
    valueOf(store.takeBundles(trust, []));
    valueOf(store.noteServerTime(morningMs));
    expect(store.tokenNowMs()).toBe(morningMs + 9 * dayMs);
  });

  it('never lets one token carry the floor beyond its own expiry', () => {
    using kiosk = createKiosk();
    const store = kiosk.open();
    kiosk.setWall(morningMs + 3650 * dayMs);
    valueOf(store.spendToken(token(), 'visit-1', () => ok(1)));
    store.close();
    kiosk.setWall(morningMs);
    expect(kiosk.open().tokenNowMs()).toBe(morningMs);
  });
});
