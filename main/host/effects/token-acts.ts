// What a journey asks of signed codes: check in an appointment, find the cell of a pick-up or one for a deposit, spend, free the cell. All of it without a
// network: keys, clock and books are here.
//
//   code's text ─▶ main/tokens (is it genuine, here, now?) ─▶ store (was it used? spend it with its effect) ─▶ journey

import type { Clock } from '../../../devices/kit/clock.ts';
import { ok, type Result } from '../../../devices/kit/result.ts';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import type { TokenPayload, TokenPurpose } from '../../contract/tokens.ts';
import type { JourneyEffect, JourneyEvent, World } from '../../journeys/events.ts';
import type { Session, Ticket, Trouble } from '../../journeys/state.ts';
import type { StoreCode } from '../../store/failure.ts';
import type { Store } from '../../store/open.ts';
import type { SpendableToken } from '../../store/tokens.ts';
import type { Sender } from '../../sync/sender.ts';
import { openToken, uuidOf } from '../../tokens/codec.ts';
import type { IssuerKey } from '../../tokens/keys.ts';
import { verifyToken } from '../../tokens/verify.ts';
import { cellsOfResults, createPickUpCodes, type Results } from './pick-up-codes.ts';
import { takeTicket, type TicketSource } from './take-ticket.ts';

export type TokenEffect = Extract<
  JourneyEffect,
  { type: 'checkIn' | 'findCell' | 'spendPickUp' | 'spendResult' | 'spendDeposit' | 'releaseCell' }
>;

export type TokenActsOptions = {
  store: Store;
  sender: Pick<Sender, 'wake'>;
  config(): KioskConfig;
  clock: Clock;
  keys(): ReadonlyMap<string, IssuerKey>;
  world(): World;
  dispatch(event: JourneyEvent): void;
  log(event: string, detail?: Record<string, unknown>): void;
  numberBlocks?: TicketSource['numberBlocks'];
  /** Codes that come down from the centre; absent: none do. */
  results?: Results | undefined;
};

/** `11-22 08:30` in the hall's time zone. */
export const momentOf = (ms: number, timeZone: string): string => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(ms);
  const part = (type: string): string => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
};

const dayMs = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

const spendable = (payload: TokenPayload): SpendableToken => ({
  tokenId: uuidOf(payload.i),
  issuer: payload.k,
  purpose: payload.p,
  subject: payload.p === 'appointment' ? payload.s.b : payload.p === 'pickUp' ? uuidOf(payload.s.d) : payload.s.r,
  expiresMs: payload.e * 1000,
});

export const createTokenActs = (options: TokenActsOptions) => {
  const { store, sender, config, clock, keys, world, dispatch, log } = options;
  const timeZone = (): string => config().kiosk.timeZone;
  const codes = createPickUpCodes({ store, clock, config, results: options.results });

  const verify = (text: string, purpose: TokenPurpose) => {
    const { kiosk, tokens } = config();
    return verifyToken(text, {
      keys: keys(),
      algorithms: tokens.algorithms,
      purpose,
      kioskId: kiosk.id,
      hallCode: kiosk.hallCode,
      nowMs: store.tokenNowMs(),
    });
  };

  /** Says why, in words for the person; the time of it where there is one. */
  const refuse = (attempt: string, code: string, text: string, atMs?: number): void => {
    const payload = openToken(text)?.payload;
    log('tokenRefused', { code, ...(payload ? { issuer: payload.k, tokenId: uuidOf(payload.i) } : {}) });
    // Only genuine codes come so far that they are judged by the time.
    if (payload && code === 'tokenExpired') {
      const noted = store.noteExpired(payload.e * 1000);
      if (!noted.ok) log('expiryNotNoted', { code: noted.error.code });
    }
    const momentMs =
      atMs ??
      (payload && code === 'tokenNotYet'
        ? payload.n * 1000
        : payload && code === 'tokenExpired'
          ? payload.e * 1000
          : undefined);
    const trouble: Trouble = { code, ...(momentMs === undefined ? {} : { detail: momentOf(momentMs, timeZone()) }) };
    dispatch({ type: 'tokenRefused', attempt, trouble });
  };

  const refuseStore = (attempt: string, code: StoreCode, text: string): void =>
    refuse(attempt, code === 'diskFull' || code === 'noNumbersLeft' ? code : 'storeFailed', text);

  const checkIn = ({ attempt, token: text }: TokenEffect & { type: 'checkIn' }, visitId: string): void => {
    const verified = verify(text, 'appointment');
    if (!verified.ok) return refuse(attempt, verified.error.code, text);
    if (verified.value.p !== 'appointment') return refuse(attempt, 'tokenOtherPurpose', text);
    const code = verified.value.s.b;
    const business = world().queue.businesses.find((candidate) => candidate.code === code);
    if (!business?.open) return refuse(attempt, 'queueClosed', text);
    const spent = store.spendToken(spendable(verified.value), visitId, (ticketId): Result<Ticket, StoreCode> =>
      // Asked for again, it is the same ticket.
      takeTicket(options, { business, priority: 'appointment', atMs: clock.now(), timeZone: timeZone(), ticketId }),
    );
    if (!spent.ok) return refuseStore(attempt, spent.error.code, text);
    if (spent.value.state === 'usedBefore') return refuse(attempt, 'tokenUsed', text, spent.value.atMs);
    log('tokenSpent', { purpose: 'appointment', isRepeat: spent.value.isRepeat });
    dispatch({ type: 'numberTaken', ticket: spent.value.value });
    sender.wake();
  };

  /** Papers are left by this code: a cell is kept for them, the same one when it is asked for again. */
  const findEmpty = (attempt: string, text: string, visitId: string): void => {
    const verified = verify(text, 'deposit');
    if (!verified.ok) return refuse(attempt, verified.error.code, text);
    const payload = verified.value;
    if (payload.p !== 'deposit') return refuse(attempt, 'tokenOtherPurpose', text);
    const usedMs = store.tokenUsedBefore(spendable(payload), visitId);
    if (usedMs !== undefined) return refuse(attempt, 'tokenUsed', text, usedMs);
    const number = payload.s.r;
    const withResults = cellsOfResults(store, options.results);
    const { cells, keepDays } = config().locker;
    const keepUntilMs = clock.now() + keepDays * dayMs;
    const reserved = store.reserveCell({
      cells: cells.map(({ cell }) => cell).filter((cell) => !withResults.has(cell)),
      // A receipt of this kiosk: its papers are known by the case, and lie in one cell only.
      caseId: store.receiptByNumber(number)?.caseId,
      receiptNumber: number,
      originals: [`材料（${number}）`],
      keepUntilMs,
    });
    if (reserved.ok)
      return dispatch({ type: 'depositReserved', attempt, ...reserved.value, number, token: text, keepUntilMs });
    const { code } = reserved.error;
    if (code === 'alreadyDeposited') return refuse(attempt, 'depositAlready', text);
    if (code === 'noFreeCell') return refuse(attempt, 'depositNoCell', text);
    refuseStore(attempt, code, text);
  };

  const findCell = ({ attempt, token: text }: TokenEffect & { type: 'findCell' }, visitId: string): void => {
    if (openToken(text)?.payload.p === 'deposit') return findEmpty(attempt, text, visitId);
    const byCode = codes.find(text);
    if (byCode) {
      if ('refused' in byCode) return refuse(attempt, byCode.refused.code, text, byCode.refused.atMs);
      return dispatch({ type: 'pickUpFound', attempt, ...byCode.found });
    }
    const verified = verify(text, 'pickUp');
    if (!verified.ok) return refuse(attempt, verified.error.code, text);
    const payload = verified.value;
    if (payload.p !== 'pickUp') return refuse(attempt, 'tokenOtherPurpose', text);
    const usedMs = store.tokenUsedBefore(spendable(payload), visitId);
    if (usedMs !== undefined) return refuse(attempt, 'tokenUsed', text, usedMs);
    const depositId = uuidOf(payload.s.d);
    const use = store.cellsInUse().find((candidate) => candidate.depositId === depositId);
    if (use?.state !== 'deposited') return refuse(attempt, 'pickUpNothing', text);
    if (payload.s.c !== undefined && payload.s.c !== use.cell) return refuse(attempt, 'pickUpElsewhere', text);
    dispatch({ type: 'pickUpFound', attempt, depositId, cell: use.cell, originals: use.originals, token: text });
  };

  const tellOpening = (
    openingId: string,
    cell: number,
    by: 'collector' | 'depositor',
    of: { depositId?: string; caseId?: string | undefined } = {},
  ): Result<void, StoreCode> => {
    const opening = { openingId, cell: String(cell), by, ...of, openedAt: iso(clock.now()) };
    const told = store.enqueue('locker.opened', opening, { eventId: openingId });
    // Told before a restart, with the time that it was then.
    return told.ok || told.error.code === 'idReused' ? ok(undefined) : told;
  };

  const spendResult = (effect: TokenEffect & { type: 'spendResult' }, visitId: string): void => {
    const { result, cell, openingId } = effect;
    const { pickUpId } = result;
    const spent = codes.spend(result, visitId, () => tellOpening(openingId, cell, 'collector'));
    if (!spent.ok) log('pickUpNotTold', { pickUpId, code: spent.error.code });
    else log('cellOpenedByCode', { pickUpId, isSigned: false });
    sender.wake();
  };

  const spendPickUp = (effect: TokenEffect & { type: 'spendPickUp' }, visitId: string): void => {
    const { token: text, depositId, openingId } = effect;
    const payload = openToken(text)?.payload;
    const use = store.cellsInUse().find((candidate) => candidate.depositId === depositId);
    const tell = (): Result<void, StoreCode> =>
      use ? tellOpening(openingId, use.cell, 'collector', { depositId, caseId: use.caseId }) : ok(undefined);
    // The digits of a receipt are good until the cell is free: nothing is spent with them.
    const spent = payload ? store.spendToken(spendable(payload), visitId, tell) : tell();
    if (!spent.ok) log('pickUpNotTold', { depositId, code: spent.error.code });
    else log('cellOpenedByCode', { depositId, isSigned: payload !== undefined });
    sender.wake();
  };

  const spendDeposit = (effect: TokenEffect & { type: 'spendDeposit' }, visitId: string): void => {
    const { token: text, depositId, openingId } = effect;
    const payload = openToken(text)?.payload;
    const use = store.cellsInUse().find((candidate) => candidate.depositId === depositId);
    if (!payload || !use) return log('depositNotTold', { depositId, code: 'notFound' });
    const spent = store.spendToken(spendable(payload), visitId, () =>
      tellOpening(openingId, use.cell, 'depositor', { depositId, caseId: use.caseId }),
    );
    if (!spent.ok) log('depositNotTold', { depositId, code: spent.error.code });
    else log('cellOpenedByCode', { depositId, isSigned: true });
    sender.wake();
  };

  const releaseCell = ({ depositId }: TokenEffect & { type: 'releaseCell' }): void => {
    const use = store.cellsInUse().find((candidate) => candidate.depositId === depositId);
    // Free already: this was done before a restart.
    if (!use) return;
    const released = store.releaseCell(use.cell);
    if (!released.ok) log('cellNotReleased', { cell: use.cell, code: released.error.code });
    else sender.wake();
  };

  const perform = (effect: TokenEffect, session: Session | undefined): void => {
    if (!session) return;
    switch (effect.type) {
      case 'checkIn':
        checkIn(effect, session.visitId);
        return;
      case 'findCell':
        findCell(effect, session.visitId);
        return;
      case 'spendPickUp':
        spendPickUp(effect, session.visitId);
        return;
      case 'spendResult':
        spendResult(effect, session.visitId);
        return;
      case 'spendDeposit':
        spendDeposit(effect, session.visitId);
        return;
      case 'releaseCell':
        releaseCell(effect);
        return;
      default:
        effect satisfies never;
    }
  };

  return { perform };
};
