// Offline tokens: each is spent once at this kiosk, together with what it was spent for and the event that tells the centre of it. What
// two kiosks took while neither had a network, the centre finds (`tokenAlreadySpent`).
//
//   verified ─▶ spendToken ─┬─ first time: row + effect + event, one commit
//                           ├─ again in the same visit: the same spending, so that a restart costs nobody the number
//                           └─ used before: when
//
// Time is the centre's as far as it was heard, and never goes back by a wrong clock: a code that is over stays over.

import { ok, type Result } from '../../devices/kit/result.ts';
import type { TokenPurpose } from '../contract/tokens.ts';
import type { StoreContext } from './database.ts';
import type { StorageCode, StoreCode } from './failure.ts';
import { checkPayload, type InsertEvent } from './outbox.ts';
import { uuidV7 } from './uuid.ts';

export type SpendableToken = {
  tokenId: string;
  /** Key id: ids are unique an issuer. */
  issuer: string;
  purpose: TokenPurpose;
  /** What it is about, nothing about the person: a business, a deposit. */
  subject: string;
  expiresMs: number;
};

export type Spent<T> = { state: 'spent'; isRepeat: boolean; value: T } | { state: 'usedBefore'; atMs: number };

export type Tokens = {
  /**
   * Spends a verified token and does `act` with it, in one transaction: both are on disk or neither. `act` gets an id for what
   * it makes (UUIDv7, the same each time) and must be idempotent under it: after a crash the same visit may come again.
   */
  spendToken<T>(
    token: SpendableToken,
    visitId: string,
    act: (effectId: string) => Result<T, StoreCode>,
  ): Result<Spent<T>, StoreCode>;
  /** When the token was used here, by a visit other than this one. */
  tokenUsedBefore(token: Pick<SpendableToken, 'issuer' | 'tokenId'>, visitId: string): number | undefined;
  /** What time it is for tokens: the centre's time as last heard and counted on, else the corrected clock, never below what is proved. */
  tokenNowMs(): number;
  /** The centre said what time it is. */
  noteServerTime(serverMs: number): Result<void, StorageCode>;
  /** A genuine token is over: whatever the clock says later, it is not earlier than that. */
  noteExpired(expiresMs: number): Result<void, StorageCode>;
};

export type TokensInternals = Tokens & { pruneTokens(): void };

/** How long a spent token is remembered beyond its expiry, by a time that is proved: no wrong clock makes it forgotten. */
export const keepSpentDays = 31;
const dayMs = 24 * 60 * 60 * 1000;
/** The floor is written down when it moved by more than this. */
const floorStepMs = 60_000;

/** Names of the times that stand beside the store's other small notes. */
type TimeName = 'tokenFloorMs' | 'tokensForgottenMs';
type Row = { effect_id: string; visit_id: string; spent_ms: number };

export const createTokens = (
  { db, clock, transact, monotonicMs }: StoreContext,
  events: { insertEvent: InsertEvent; nextSeq(): number },
  notes: { note(name: 'serverOffsetMs'): string | undefined },
  /** The newest signed file of the centre is from then. */
  signed: { bundleTrust(): { timeFloorMs: number } | undefined },
): TokensInternals => {
  const find = db.prepare<[string, string], Row>(
    'SELECT effect_id, visit_id, spent_ms FROM spent_tokens WHERE issuer = ? AND token_id = ?',
  );
  const insert = db.prepare(
    `INSERT INTO spent_tokens (token_id, issuer, purpose, spending_id, effect_id, visit_id, spent_ms, expires_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const prune = db.prepare<[number]>('DELETE FROM spent_tokens WHERE expires_ms < ?');
  const readTime = db.prepare<[TimeName], string>('SELECT value FROM meta WHERE name = ?').pluck();
  const writeTime = db.prepare<[TimeName, string]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );

  const timeOf = (name: TimeName): number => Number(readTime.get(name) ?? 0);
  const floorMs = (): number => timeOf('tokenFloorMs');
  const correctedMs = (): number => clock.now() + Number(notes.note('serverOffsetMs') ?? 0);
  const begun = { ms: Math.max(correctedMs(), floorMs()), monotonicMs: monotonicMs() };
  /** Within one run nobody can set this clock. */
  let heard: { ms: number; monotonicMs: number } | undefined;
  const countedFrom = (from: { ms: number; monotonicMs: number }): number =>
    from.ms + Math.max(0, Math.floor(monotonicMs() - from.monotonicMs));
  const nowMs = (): number =>
    Math.max(
      floorMs(),
      timeOf('tokensForgottenMs'),
      // The line may lie about the time; a signature does not.
      signed.bundleTrust()?.timeFloorMs ?? 0,
      heard ? countedFrom(heard) : Math.max(correctedMs(), countedFrom(begun)),
    );

  const setFloor = (ms: number): void => void writeTime.run('tokenFloorMs', String(Math.floor(ms)));

  return {
    spendToken: <T>(token: SpendableToken, visitId: string, act: (effectId: string) => Result<T, StoreCode>) =>
      transact((): Result<Spent<T>, StoreCode> => {
        const earlier = find.get(token.issuer, token.tokenId);
        if (earlier && earlier.visit_id !== visitId) return ok({ state: 'usedBefore', atMs: earlier.spent_ms });
        const effectId = earlier?.effect_id ?? uuidV7(clock.now());
        const done = act(effectId);
        if (!done.ok) return done;
        if (earlier) return ok({ state: 'spent', isRepeat: true, value: done.value });
        const spendingId = uuidV7(clock.now());
        const spentMs = nowMs();
        const { tokenId, issuer, purpose, subject, expiresMs } = token;
        insert.run(tokenId, issuer, purpose, spendingId, effectId, visitId, spentMs, expiresMs);
        // A signed code was good at this time, so it is not earlier; and it is not later than that code lets it be.
        if (spentMs <= expiresMs && spentMs > floorMs()) setFloor(spentMs);
        const payload = { spendingId, tokenId, issuer, purpose, subject, spentAt: new Date(spentMs).toISOString() };
        const fits = checkPayload('token.spent', payload);
        if (!fits.ok) return fits;
        events.insertEvent({ seq: events.nextSeq(), eventId: spendingId, kind: 'token.spent', payload });
        return ok({ state: 'spent', isRepeat: false, value: done.value });
      }),
    tokenUsedBefore({ issuer, tokenId }, visitId) {
      const row = find.get(issuer, tokenId);
      return row && row.visit_id !== visitId ? row.spent_ms : undefined;
    },
    tokenNowMs: nowMs,
    noteServerTime(serverMs) {
      heard = { ms: serverMs, monotonicMs: monotonicMs() };
      // The centre's word also takes back a floor that a wrong clock had raised.
      if (Math.abs(serverMs - floorMs()) <= floorStepMs) return ok(undefined);
      return transact(() => {
        setFloor(serverMs);
        return ok(undefined);
      });
    },
    noteExpired: (expiresMs) =>
      transact(() => {
        if (expiresMs > floorMs()) setFloor(expiresMs);
        return ok(undefined);
      }),
    pruneTokens() {
      // By the floor, not by the clock: what is proved to be over is over. From here on it is never again so early that a token which
      // was forgotten could be good, whatever the centre says of the time.
      const beforeMs = floorMs() - keepSpentDays * dayMs;
      if (prune.run(beforeMs).changes === 0) return;
      writeTime.run('tokensForgottenMs', String(Math.max(beforeMs + dayMs, timeOf('tokensForgottenMs'))));
    },
  };
};
