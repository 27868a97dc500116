// What the machine remembers, and its delays. Serialisable; shared by machine.ts (the bus) and jobs.ts (the commands).

import type { DeviceEffect } from '../kit/machine.ts';
import type { DoorState, LockerNotice, LockerReply } from './api.ts';

/** An answer to a query takes about 10 ms at 9600 baud; late ones are dropped. One retry, for queries only. */
export const queryTimeoutMs = 300;
export const openTimeoutMs = 1000;
/** Bus turn-around before the next request. */
export const turnaroundMs = 20;
/** After a missing or bad answer: what still arrives in this time belongs to nobody. */
export const recoverMs = 50;
/** The contact is asked this long after the open command, and again at this interval. */
export const confirmEveryMs = 250;
export const confirmLimitMs = 3000;
export const closedPollMs = 600;
export const heartbeatMs = 6000;
/** One coil at a time: a solenoid draws 1–2 A at 12 V. */
export const pulseGapMs = 500;
export const understandRetryMs = 2000;
/** A door that a command opened may stand open this long before it counts as forgotten. */
export const allowedOpenMs = 180_000;

/** What one query asks for: a cell, or the board's whole status. */
export type Target = number | 'all';

export type Request =
  | { type: 'query'; target: Target; attempt: 1 | 2 }
  | { type: 'open'; cell: number; awaitsEcho: boolean };

/** The command in hand. `isWaiting`: the timer `job` runs; until then the bus is left to others. */
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

export type BoardState = {
  phase: 'down' | 'hello' | 'ready';
  /** By cell, as last heard; kept over a lost connection so that a change is told when it is found. */
  doors: Readonly<Record<number, DoorState>>;
  /** When a command last opened or awaited the cell: an open door is expected there. */
  askedAtMs: Readonly<Record<number, number>>;
  /** Cells whose door did not open at the last command. */
  stuck: readonly number[];
  /** Cells for whose lock the board does not answer. */
  unreported: readonly number[];
  /** The adapter sends our own bytes back (seen on a query, which no answer resembles). */
  echoes: boolean;
  request?: Request | undefined;
  /** A query to repeat before anything else. */
  again?: { target: Target; attempt: 1 | 2 } | undefined;
  /** The target that answered last, and one that did not while the board may still be alive. */
  witness?: Target | undefined;
  suspect?: { target: number; isLastAsked: boolean } | undefined;
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

/** One step in the making: `next` copies the state in and hands the result out. */
export type Turn = { state: BoardState; effects: DeviceEffect<LockerReply, LockerNotice>[]; readonly now: number };
