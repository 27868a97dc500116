// Printers with a presenter hold the ticket in an outlet and know when it was taken (DLE EOT 14h, Custom KPM150 manual). Asked
// once a second after each ticket until the outlet is empty.

import type { PrinterFrame } from './codec.ts';
import { presenterRequest } from './commands.ts';
import { outletPollMs, send, statusEffect, step, timer, type PrinterState, type Step } from './state.ts';

/** Questions after which a ticket that never showed up in the outlet is no longer looked for. */
export const outletCheckLimit = 3;
const ticketInOutletBit = 0x20;

export const askOutlet = (state: PrinterState): Step => {
  if (state.outlet === 'unknown') return step(state);
  if (state.outlet === 'looking' && state.outletChecks >= outletCheckLimit)
    return step({ ...state, outlet: 'unknown', isOutletAsked: false });
  return step(
    { ...state, isOutletAsked: true, outletChecks: state.outletChecks + 1 },
    send(presenterRequest, 'outlet?'),
    timer('outlet', outletPollMs),
  );
};

export const outletAnswered = (state: PrinterState, frame: PrinterFrame & { type: 'presenter' }): Step => {
  const holdsTicket = (frame.paper & ticketInOutletBit) !== 0;
  if (holdsTicket) {
    const next: PrinterState = { ...state, outlet: 'holdsTicket', isOutletAsked: false };
    return step(next, statusEffect(next));
  }
  if (state.outlet !== 'holdsTicket') return step({ ...state, isOutletAsked: false });
  const next: PrinterState = { ...state, outlet: 'unknown', isOutletAsked: false };
  return step(
    next,
    { type: 'clearTimer', name: 'outlet' },
    { type: 'notice', notice: { type: 'ticketTaken' } },
    statusEffect(next),
  );
};
