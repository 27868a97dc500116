// Printers with a presenter hold the ticket in an outlet and know when it was taken (DLE EOT 14h, Custom KPM150 manual). Asked
// once a second after each ticket until the outlet is empty.
//
//   printed ─▶ looking ─in the outlet─▶ holdsTicket ─empty─▶ ticketTaken
//                 │ three times not          │ retractAfterSeconds
//                 ▼                          ▼
//              unknown                   GS e 2 ─empty─▶ ticketRetracted

import type { PrinterFrame } from './codec.ts';
import { presenterRequest, retractTicket } from './commands.ts';
import type { EscposConfig } from './config.ts';
import {
  clearTimer,
  count,
  outletPollMs,
  send,
  statusEffect,
  step,
  timer,
  type PrinterState,
  type Step,
} from './state.ts';

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

export const outletAnswered = (
  state: PrinterState,
  frame: PrinterFrame & { type: 'presenter' },
  { retractAfterSeconds }: EscposConfig,
): Step => {
  const holdsTicket = (frame.paper & ticketInOutletBit) !== 0;
  const next: PrinterState = { ...state, isOutletAsked: false };
  if (holdsTicket) {
    const isNew = state.outlet !== 'holdsTicket';
    const held: PrinterState = { ...next, outlet: 'holdsTicket' };
    return isNew && retractAfterSeconds > 0
      ? step(held, statusEffect(held), timer('retract', retractAfterSeconds * 1000))
      : step(held, statusEffect(held));
  }
  if (state.outlet !== 'holdsTicket') return step(next);
  const empty: PrinterState = { ...next, outlet: 'unknown', isRetracting: false };
  return step(
    empty,
    clearTimer('outlet'),
    clearTimer('retract'),
    { type: 'notice', notice: { type: state.isRetracting ? 'ticketRetracted' : 'ticketTaken' } },
    statusEffect(empty),
  );
};

/** Once a ticket: a presenter that did not take it back the first time has no retractor or is jammed. */
export const retract = (state: PrinterState): Step =>
  state.outlet === 'holdsTicket' && !state.job
    ? step({ ...state, isRetracting: true }, send(retractTicket, 'retract the ticket'), count('retracted'))
    : step(state);
