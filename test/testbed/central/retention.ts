// How long ids and receipts are remembered: at least 180 days, and then only of what has come without a gap. The marks of an install
// stay for good, so that a number whose event is forgotten is still a used one.

import type { Books } from './books.ts';

export const leastKeptDays = 180;
const dayMs = 24 * 60 * 60 * 1000;

type InstallRow = { kiosk_id: string; epoch: string; follows_epoch: string | null };

/** Forgets the events that came before; answers how many. Effects stay, and so do dead letters. */
export const forgetEventsBefore = async (books: Books, beforeMs: number): Promise<number> => {
  const before = new Date(beforeMs).toISOString();
  const installs = await books.all<InstallRow>(
    'SELECT kiosk_id, epoch, follows_epoch FROM installs ORDER BY kiosk_id, epoch',
  );
  let forgotten = 0;
  for (const { kiosk_id: kioskId, epoch, follows_epoch: follows } of installs) {
    const oldest = await books.get<{ received_at: string }>(
      'SELECT received_at FROM events WHERE kiosk_id = ? AND epoch = ? ORDER BY seq LIMIT 1',
      kioskId,
      epoch,
    );
    if (!oldest || oldest.received_at >= before) continue;
    forgotten += await books.transaction(async (transaction) => {
      await transaction.lock([`kiosk:${kioskId}`]);
      // An install that goes on from another one has its earlier numbers there.
      const [where, values] =
        follows === null ? ['kiosk_id = ? AND epoch = ?', [kioskId, epoch]] : ['kiosk_id = ?', [kioskId]];
      const young = await transaction.get<{ seq: number | null }>(
        `SELECT min(seq) AS seq FROM events WHERE ${where} AND received_at >= ?`,
        ...values,
        before,
      );
      const mark = await transaction.get<{ high_water: number }>(
        'SELECT high_water FROM installs WHERE kiosk_id = ? AND epoch = ?',
        kioskId,
        epoch,
      );
      const upTo = Math.min(mark?.high_water ?? 0, (young?.seq ?? Number.MAX_SAFE_INTEGER) - 1);
      await transaction.run(
        'UPDATE installs SET pruned_to = ? WHERE kiosk_id = ? AND epoch = ? AND pruned_to < ?',
        upTo,
        kioskId,
        epoch,
        upTo,
      );
      const old = await transaction.all<{ event_id: string }>(
        'DELETE FROM events WHERE kiosk_id = ? AND epoch = ? AND seq <= ? RETURNING event_id',
        kioskId,
        epoch,
        upTo,
      );
      return old.length;
    });
  }
  return forgotten;
};

/** Now and once a day; the function that it answers ends it. */
export const forgetDaily = (
  books: Books,
  keptDays: number,
  onError: (error: unknown) => void,
): (() => Promise<void>) => {
  let under: Promise<unknown> = Promise.resolve();
  const forget = (): void => {
    under = forgetEventsBefore(books, Date.now() - keptDays * dayMs).catch(onError);
  };
  forget();
  const timer = setInterval(forget, dayMs);
  return async () => {
    clearInterval(timer);
    await under;
  };
};
