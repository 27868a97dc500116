// What the machine of a SAM reader knows, and small questions about it. Pure; machine.ts moves from one to the next.

import type { DeviceEffect, DeviceMachine, DeviceStep } from '../kit/machine.ts';
import type { IdCardCommand, IdCardNotice, IdCardReply } from './api.ts';
import type { SamFrame } from './codec.ts';
import { isRead, type Exchange, type Health, type Pace } from './exchange.ts';
import type { RateOptions, RateState } from './rates.ts';
import type { Job, ReadOptions } from './reading.ts';

export type SamState = RateState & {
  link: 'closed' | 'hello' | 'ready';
  health: Health;
  /** What the bus calls it. */
  model?: string;
  samId?: string;
  exchange?: Exchange;
  /** Waiting for silence, and what comes after it. */
  draining?: 'resend' | 'resync';
  job?: Job;
  lastFindAtMs?: number;
  /** The module read a card that was never handed over: only after a reset does it find that card again. */
  hasUndelivered?: boolean;
  /** It does not know 30 10. */
  hasNoPrintCommand?: boolean;
};

export type Effect = DeviceEffect<IdCardReply, IdCardNotice>;
export type Step = DeviceStep<SamState, IdCardReply, IdCardNotice>;
export type SamMachine = DeviceMachine<SamState, SamFrame, IdCardCommand, IdCardReply, IdCardNotice>;

export type SamOptions = ReadOptions & RateOptions & { pace: Pace };

export const initial: SamState = { link: 'closed', health: 'ok', triedRates: 0 };

export const withEffects = (before: readonly Effect[], { state, effects }: Step): Step => ({
  state,
  effects: [...before, ...effects],
});

/** The command that the outstanding request was sent for has been given up. */
export const isAbandoned = ({ exchange, job }: SamState): boolean =>
  exchange?.purpose === 'job' && exchange.jobId !== job?.id;

/** The card is being read: what ends it now leaves a card that the module read and nobody got. */
export const isCutOff = ({ job, exchange }: SamState): boolean =>
  job?.command.type === 'readCard' && (job.needsReset || (exchange !== undefined && isRead(exchange.request)));
