// Every driver is a pure machine between a codec and the screens:
//
//   bytes ─▶ Decoder.push ─▶ frames ─▶ next(state, event, now) ─▶ effects ─▶ bytes, timers, status, completions
//
// `next` never touches a port, a timer or a clock; `startDevice` (run-device.ts) performs what it asks for.

import type { DeviceIdentity, DeviceState, Fault } from './status.ts';
import type { LossReason, PortInfo } from './transport.ts';
import type { Result } from './result.ts';

/** What a decoder makes of the stream: a frame, or bytes it threw away and why (they are traced, never lost silently). */
export type Decoded<Frame> =
  | { type: 'frame'; frame: Frame; bytes: Uint8Array }
  | { type: 'discarded'; bytes: Uint8Array; reason: string };

/** A streaming decoder: any chunking gives the same answers; its buffer is bounded (64 KiB at most). */
export type Decoder<Frame> = {
  push(chunk: Uint8Array): Decoded<Frame>[];
  /** Called after `idleMs` without a byte, for protocols whose frames end by silence. */
  idle?(): Decoded<Frame>[];
  idleMs?: number;
};

export type DeviceEvent<Frame, Command> =
  /** The port is open. The machine says hello; it reports `online` only when the device answered. */
  | { type: 'opened'; baudRate?: number; info?: PortInfo }
  | { type: 'lost'; reason: LossReason }
  | { type: 'frame'; frame: Frame }
  | { type: 'discarded'; reason: string; length: number }
  | { type: 'timer'; name: string }
  /** At most one command is outstanding; the next is handed over after `complete`. */
  | { type: 'command'; id: string; command: Command }
  /** The deadline passed or the caller gave up: the machine must `complete` this id in the same step. */
  | { type: 'cancel'; id: string; reason: 'timeOut' | 'canceled' };

export type DeviceEffect<Reply, Notice> =
  | { type: 'send'; bytes: Uint8Array; label: string }
  /** Starts (or restarts) the timer of that name. All timers die with the connection. */
  | { type: 'timer'; name: string; delayMs: number }
  | { type: 'clearTimer'; name: string }
  /**
   * Close, wait, open afresh; `baudRate` for the next opening. The machine gets `lost` (reason `silent`/`closed`) and later `opened`.
   * The wait is the runner's back-off, or `delayMs` where a machine tries baud rates and must not be slowed down by it.
   */
  | { type: 'reopen'; reason: Extract<LossReason, 'silent' | 'closed'>; baudRate?: number; delayMs?: number }
  /** Drop what the decoder holds, e.g. before a new request after a bad reply. */
  | { type: 'resetDecoder' }
  | { type: 'status'; state: DeviceState; faults: readonly Fault[] }
  | { type: 'identity'; identity: DeviceIdentity }
  | { type: 'complete'; id: string; result: Result<Reply> }
  | { type: 'notice'; notice: Notice }
  | { type: 'count'; name: string; by?: number };

export type DeviceStep<State, Reply, Notice> = { state: State; effects: readonly DeviceEffect<Reply, Notice>[] };

export type DeviceMachine<State, Frame, Command, Reply, Notice> = {
  initial: State;
  next(state: State, event: DeviceEvent<Frame, Command>, now: number): DeviceStep<State, Reply, Notice>;
};
