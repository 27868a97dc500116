// Which baud rate comes next: probing for a module at an unknown one, and setting the module to the configured one. Pure; used by
// machine.ts.

import { rateRequests, type ModuleBaudRate, type RequestName } from './codec.ts';
import { probeOrder } from './exchange.ts';

export type RateState = {
  /** Rate of the open port; undefined where the port has none or nobody chose one. */
  baudRate?: number;
  /** Rates of `probeOrder` tried since something last answered. */
  triedRates: number;
  /** `asked`: the module said that it changes, and the port was opened afresh. `refused`: it stays where it is. */
  rateChange?: 'asked' | 'refused';
};

export type RateOptions = { probeBaudRates: boolean; moduleBaudRate?: ModuleBaudRate | undefined };

/** The next rate to knock at; undefined when all were tried. */
export const nextProbe = (state: RateState, options: RateOptions): { baudRate: number; tried: number } | undefined => {
  if (!options.probeBaudRates) return undefined;
  const index = probeOrder.findIndex((rate, at) => at >= state.triedRates && rate !== state.baudRate);
  const baudRate = probeOrder[index];
  return baudRate === undefined ? undefined : { baudRate, tried: index + 1 };
};

/**
 * A module answered at `state.baudRate`. `request`: it stands at another rate than the configured one and was not asked yet.
 * `refused`: it was asked, and here it is at the old rate: it is not asked again before it was unplugged.
 */
export const rateAct = (
  { baudRate, rateChange }: RateState,
  { moduleBaudRate }: RateOptions,
): { act: 'none' | 'refused' } | { act: 'request'; request: RequestName } => {
  if (moduleBaudRate === undefined || baudRate === undefined || baudRate === moduleBaudRate) return { act: 'none' };
  if (rateChange !== undefined) return { act: 'refused' };
  return { act: 'request', request: rateRequests[moduleBaudRate] };
};
