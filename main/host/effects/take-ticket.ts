// A queue number at this kiosk, taken at the screen or for an appointment: the store counts, the world says who waits.

import { ok, type Result } from '../../../devices/kit/result.ts';
import type { Business } from '../../journeys/events.ts';
import type { Priority, Ticket } from '../../journeys/state.ts';
import { dayKeyAt } from '../../store/day.ts';
import type { StoreCode } from '../../store/failure.ts';
import type { Store } from '../../store/open.ts';

export type TicketSource = {
  store: Pick<Store, 'takeNumber'>;
  /** Numbers that the centre reserved for this kiosk; without it numbers start at 1. */
  numberBlocks?: ((dayKey: string, prefix: string) => { from: number; to: number }[] | undefined) | undefined;
};

/** Asked again with the same `ticketId`, the same ticket comes back. */
export const takeTicket = (
  { store, numberBlocks }: TicketSource,
  request: { business: Business; priority: Priority; atMs: number; timeZone: string; ticketId?: string },
): Result<Ticket, StoreCode> => {
  const { business, priority, atMs, timeZone, ticketId } = request;
  const dayKey = dayKeyAt(atMs, timeZone);
  const blocks = numberBlocks?.(dayKey, business.prefix);
  const taken = store.takeNumber({
    businessCode: business.code,
    prefix: business.prefix,
    priority,
    atMs,
    dayKey,
    ...(blocks ? { blocks } : {}),
    ...(ticketId === undefined ? {} : { ticketId }),
  });
  if (!taken.ok) return taken;
  const { number, aheadLocal } = taken.value;
  return ok({
    ticketId: taken.value.ticketId,
    number,
    businessCode: business.code,
    ahead: Math.max(business.ahead, aheadLocal),
    ...(business.waitMinutes === undefined ? {} : { waitMinutes: business.waitMinutes }),
    priority,
    takenAtMs: atMs,
  });
};
