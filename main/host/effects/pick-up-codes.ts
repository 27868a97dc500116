// Codes that are no signed token: the digits of a receipt, and codes of the centre's list. Both are short, so tries are few.
//
//   code ─▶ locked? ─▶ a deposit made here? ─▶ on the centre's list? ─┬─ waits ─▶ its cell
//                                                                      └─ used, revoked, over, unknown: why
//
// What is spent of the list stands beside the spent tokens, under an issuer that no key can have.

import type { Clock } from '../../../devices/kit/clock.ts';
import type { Result } from '../../../devices/kit/result.ts';
import type { KioskConfig } from '../../../kiosk-config/schema.ts';
import type { ListedResult } from '../../bundles/lookups.ts';
import type { Serving } from '../../bundles/serving.ts';
import type { Collected, WaitingResult } from '../../journeys/state.ts';
import type { StoreCode } from '../../store/failure.ts';
import type { Store } from '../../store/open.ts';
import type { Spent } from '../../store/tokens.ts';

/** The centre's list; absent where nothing comes down. */
export type Results = Pick<Serving, 'pickUp' | 'listedResults'>;

/** A key's id has no colon. */
const listIssuer = 'bundle:pickUpCodes';
/** As printed on receipts; typed codes of the list look the same. */
const receiptCode = /^\d{8}$/;
/** What the list's codes may look like in a QR code. Shorter ones could be guessed, whatever the limit of tries. */
const listCode = /^[A-Za-z0-9-]{8,64}$/;
export const mostWrongCodes = 5;
export const wrongCodesWithinMs = 15 * 60_000;

type Refused = { code: string; atMs?: number };
export type FoundCode = { found: { cell: number } & Collected } | { refused: Refused };

const spentMs = (store: Pick<Store, 'tokenUsedBefore'>, pickUpId: string): number | undefined =>
  // No visit goes by no name: a spending of this visit counts as well. Its door was opened for it.
  store.tokenUsedBefore({ issuer: listIssuer, tokenId: pickUpId }, '');

/** Results that lie in their cells, as far as anybody knows here, also when their code opens nothing any more. */
export const resultsInCells = (
  store: Pick<Store, 'tokenUsedBefore'>,
  results: Pick<Results, 'listedResults'> | undefined,
): ListedResult[] => (results?.listedResults() ?? []).filter(({ pickUpId }) => spentMs(store, pickUpId) === undefined);

/** Nothing of a depositor goes in there. */
export const cellsOfResults = (...from: Parameters<typeof resultsInCells>): ReadonlySet<number> =>
  new Set(resultsInCells(...from).map(({ cell }) => cell));

export type PickUpCodesOptions = {
  store: Pick<Store, 'depositByCode' | 'cellsInUse' | 'tokenUsedBefore' | 'spendToken'>;
  clock: Clock;
  config(): KioskConfig;
  results?: Results | undefined;
};

export const createPickUpCodes = ({ store, clock, config, results }: PickUpCodesOptions) => {
  /** Times of the last wrong codes. They are few enough that nobody guesses one of a hundred million. */
  let wrongCodes: number[] = [];

  const onList = (code: string): FoundCode => {
    const listed = results?.pickUp(code) ?? { state: 'noList' };
    switch (listed.state) {
      case 'unknown':
      case 'noList':
        wrongCodes.push(clock.now());
        return { refused: { code: receiptCode.test(code) ? 'pickUpCodeWrong' : 'tokenUnreadable' } };
      case 'listOver':
        wrongCodes.push(clock.now());
        return { refused: { code: 'pickUpListOver' } };
      case 'unclear':
        return { refused: { code: 'pickUpElsewhere' } };
      case 'waiting':
      case 'revoked':
      case 'expired':
        break;
      default:
        listed satisfies never;
    }
    const { state, pickUpId, cell, name, untilMs } = listed;
    const usedMs = spentMs(store, pickUpId);
    if (usedMs !== undefined) return { refused: { code: 'pickUpCodeUsed', atMs: usedMs } };
    if (state === 'revoked') return { refused: { code: 'pickUpCodeRevoked' } };
    if (state === 'expired') return { refused: { code: 'pickUpCodeExpired', atMs: untilMs } };
    const isOurs = config().locker.cells.some((known) => known.cell === cell);
    // Somebody's deposit lies behind that door: the list and the books cannot both be right.
    const isInUse = store.cellsInUse().some((use) => use.cell === cell);
    if (!isOurs || isInUse) return { refused: { code: 'pickUpElsewhere' } };
    wrongCodes = [];
    return { found: { cell, result: { pickUpId, name, untilMs } } };
  };

  return {
    /** Nothing for a text that is no such code. */
    find(code: string): FoundCode | undefined {
      const isTyped = receiptCode.test(code);
      if (!isTyped && (!results || !listCode.test(code))) return undefined;
      const now = clock.now();
      wrongCodes = wrongCodes.filter((atMs) => Math.abs(now - atMs) < wrongCodesWithinMs);
      const [first] = wrongCodes;
      if (first !== undefined && wrongCodes.length >= mostWrongCodes)
        return { refused: { code: 'pickUpCodeLocked', atMs: first + wrongCodesWithinMs } };
      const use = isTyped ? store.depositByCode(code) : undefined;
      if (!use) return onList(code);
      wrongCodes = [];
      const { depositId, cell, originals } = use;
      return { found: { cell, depositId, originals, token: code } };
    },
    /** The door is open: the code is used up, told together with the opening. Again in the same visit: once. */
    spend: (
      { pickUpId, untilMs }: WaitingResult,
      visitId: string,
      tellOpening: () => Result<void, StoreCode>,
    ): Result<Spent<void>, StoreCode> =>
      store.spendToken(
        { tokenId: pickUpId, issuer: listIssuer, purpose: 'pickUp', subject: pickUpId, expiresMs: untilMs },
        visitId,
        tellOpening,
      ),
  };
};
