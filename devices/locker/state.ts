// What the machine remembers, and its delays. Serialisable; shared by machine.ts (the bus) and jobs.ts (the commands).

import type { DeviceEffect } from '../kit/machine.ts';
import type { DoorState, LockerNotice, LockerReply } from './api.ts';
import type { Target } from './protocol.ts';

/** An answer to a query takes about 10 ms at 9600 baud; late ones are dropped. One retry, for queries only. */
export const queryTimeoutMs = 300;
export const openTimeoutMs = 1000;
/** After an open command whose answer no manual states: what comes in this time answers nothing. */
export const openQuietMs = 100;
/** Bus turn-around before the next request. */
export const turnaroundMs = 20;
/** After a missing or bad answer: what still arrives in this time belongs to nobody. */
export const recoverMs = 50;
/** The contact is asked this long after the open command, and again at this interval. */
export const confirmEveryMs = 250;
export const confirmLimitMs = 3000;
export const closedPollMs = 600;
export const heartbeatMs = 6000;
export const understandRetryMs = 2000;
/** A door that a command opened may stand open this long before it counts as forgotten. */
export const allowedOpenMs = 180_000;

type Request =
  /**
   * `jobId`: the command that was in hand when it was asked; the answer serves no later one. `wasLate`: an answer came meanwhile, but
   * it was an earlier question's.
   */
  | { type: 'query'; target: Target; attempt: 1 | 2; jobId: string | undefined; wasLate: boolean }
  | { type: 'open'; cell: number; awaitsEcho: boolean };

/** The command in hand. `isWaiting`: the timer `job` runs, or the open command's answer is awaited; the bus is left to others. */
export type Job =
  /** `check` asks whether the door is shut, `open` sends the pulse, `confirm` asks the contact. */
  | {
      type: 'openCell';
      id: string;
      cell: number;
      step: 'check' | 'open' | 'confirm';
      pulsedAtMs: number;
      isWaiting: boolean;
    }
  | { type: 'awaitClosed'; id: string; cell: number; isWaiting: boolean }
  | { type: 'queryCells'; id: string; all: readonly number[]; remaining: readonly number[]; isWaiting: boolean };

export type BusState = {
  phase: 'down' | 'hello' | 'ready';
  /** By cell, as last heard; kept over a lost connection so that a change is told when it is found. */
  doors: Readonly<Record<number, DoorState>>;
  /** When a command last opened or awaited the cell: an open door is expected there. */
  askedAtMs: Readonly<Record<number, number>>;
  /** Cells whose door did not open at the last command. */
  stuck: readonly number[];
  /** Cells for whose lock the board does not answer. */
  unreported: readonly number[];
  /** Boards that do not answer while another one does; asked once a round, without a second try. */
  silent: readonly number[];
  /** By board, how often in a row it was missed: the next time another lock is asked, in case only the first is not there. */
  misses: Readonly<Record<number, number>>;
  /** The status bytes a board sent last, in the order of the wire. */
  statusBytes: Readonly<Record<number, readonly number[]>>;
  /** The adapter sends our own bytes back (seen on a query, which no answer resembles). */
  echoes: boolean;
  request?: Request | undefined;
  /** Questions whose time has passed and whose answers may still come (late.ts). */
  owed: readonly { target: Target; atMs: number }[];
  /** A query to repeat before anything else. */
  again?: { target: Target; attempt: 1 | 2 } | undefined;
  /** By board: the lock that answered last, and one that did not while the board may still be alive. */
  witnesses: Readonly<Record<number, Target['lock']>>;
  suspect?: { board: number; lock: number; isLastAsked: boolean } | undefined;
  /** The timer `pause` runs: nothing is sent. */
  isPausing: boolean;
  /** What is left of this round over the doors. */
  sweep: readonly Target[];
  job?: Job | undefined;
  /** Bytes came that made no frame since the last good answer. */
  heardNoise: boolean;
  lastPulseAtMs: number;
  /** The status told last. */
  told: string;
};

export const initialState: BusState = {
  phase: 'down',
  doors: {},
  askedAtMs: {},
  stuck: [],
  unreported: [],
  silent: [],
  misses: {},
  statusBytes: {},
  echoes: false,
  owed: [],
  witnesses: {},
  isPausing: false,
  sweep: [],
  heardNoise: false,
  lastPulseAtMs: 0,
  told: '',
};

/** One step in the making: `next` copies the state in and hands the result out. The facts below `now` never change. */
export type Turn = {
  state: BusState;
  effects: DeviceEffect<LockerReply, LockerNotice>[];
  readonly now: number;
  readonly hasContacts: boolean;
  readonly pulseGapMs: number;
};
