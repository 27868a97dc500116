// What the machine knows of the scanner, and how long it waits for what.

import type { ScanCommand, ScannedPage } from '../api.ts';
import type { ScanFaultCode } from '../faults.ts';
import type { Purpose } from './codec.ts';
import type { EsclCapabilities } from './documents.ts';
import type { ScanPlan } from './plan.ts';

export const probeEveryMs = 15_000;
/** A question that takes longer is given up. */
export const questionLimitMs = 10_000;
/** Without a byte of a page: a sheet at 300 dpi may be scanned whole before the first one comes. */
export const pageSilenceMs = 60_000;
/** After an unanswered heartbeat, and after a fault that may have passed. */
export const lookAgainMs = 2000;
export const missLimit = 2;
/** Between two tries while the scanner is busy with a page (503) or with somebody else. */
export const waitMs = 1000;
export const pageWaitLimit = 30;
export const busyWaitLimit = 10;

export type Scan = {
  plan: ScanPlan;
  /** Of the job at the scanner, once it was made. */
  path?: string;
  pages: readonly ScannedPage[];
  waits: number;
  percent: number;
  /** The command is over; only the job at the scanner is not. */
  isGivenUp?: boolean;
  /** Why the status is being asked in the middle. */
  asksWhy?: 'ended' | 'notReady' | 'refused';
};

export type EsclState = {
  capabilities?: EsclCapabilities | undefined;
  fault?: ScanFaultCode | undefined;
  tag: number;
  asked?: Purpose | undefined;
  misses: number;
  job?: { id: string; command: ScanCommand } | undefined;
  scan?: Scan | undefined;
};

export const initial: EsclState = { tag: 0, misses: 0 };
