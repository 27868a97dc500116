// Offline tokens that kiosks report as spent. Two kiosks without a network may each have taken the same one: the first that is heard of
// counts, the other is refused and waits at its kiosk as a dead letter, for a person to look into.

import { allIn, type Transaction, type Value } from './books.ts';

export type Spending = { spendingId: string; tokenId: string; issuer: string; spentAt: string };
export type Spendings = {
  /** Keeps it as a row to be written, or says where the token was used first. Its own row again is no conflict. */
  take(spending: Spending): { row: Value[] } | { refused: string };
};

export const spendingColumns = ['token_id', 'issuer', 'spending_id', 'kiosk_id', 'spent_at'] as const;
type Known = { token_id: string; issuer: string; spending_id: string; kiosk_id: string; spent_at: string };

/** What the books know of these tokens. */
export const readSpendings = async (
  transaction: Transaction,
  kioskId: string,
  tokenIds: readonly string[],
): Promise<Spendings> => {
  const rows = await allIn<Known>(
    transaction,
    (list) => `SELECT ${spendingColumns.join(', ')} FROM token_spendings WHERE token_id IN (${list})`,
    [],
    tokenIds,
  );
  const keyOf = (issuer: string, tokenId: string): string => `${issuer} ${tokenId}`;
  const known = new Map(rows.map((row) => [keyOf(row.issuer, row.token_id), row]));
  return {
    take({ spendingId, tokenId, issuer, spentAt }) {
      const key = keyOf(issuer, tokenId);
      const first = known.get(key);
      if (first && first.spending_id !== spendingId)
        return { refused: `tokenAlreadySpent: at ${first.kiosk_id}, ${first.spent_at}` };
      known.set(key, {
        token_id: tokenId,
        issuer,
        spending_id: spendingId,
        kiosk_id: kioskId,
        spent_at: spentAt,
      });
      return { row: [tokenId, issuer, spendingId, kioskId, spentAt] };
    },
  };
};
