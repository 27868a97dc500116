// What every locker board offers, whatever its protocol. Cells are numbered 1…n as printed on the doors.

import type { Device } from '../kit/device.ts';

export type DoorState = 'open' | 'closed' | 'unknown';
export type CellState = { cell: number; door: DoorState };

export type LockerCommand =
  /** Opens one cell and waits until its contact says open. Never retried by itself. There is no "open all". */
  | { type: 'openCell'; cell: number }
  /** Waits until the door is closed. */
  | { type: 'awaitClosed'; cell: number }
  | { type: 'queryCells' };

export const lockerCommands = ['openCell', 'awaitClosed', 'queryCells'] as const;

export type LockerReply =
  | { type: 'opened'; cell: number }
  | { type: 'closed'; cell: number }
  /** `statusBytes`: what each board said last, in the order of the wire, where it was asked for all locks at once. */
  | { type: 'cells'; cells: readonly CellState[]; statusBytes?: readonly StatusBytes[] };

export type StatusBytes = { board: number; bytes: readonly number[] };

/**
 * Failure codes beside the common ones: `doorDidNotOpen` (hall), `doorLeftOpen` (citizen), `unknownCell` (engineer), and
 * `unconfirmed` (citizen): the lock was pulsed, but nothing on this board feels the door, so a person has to look.
 */
export type LockerNotice = { type: 'door'; cell: number; door: DoorState };

export type Locker = Device<LockerCommand, LockerReply, LockerNotice>;
