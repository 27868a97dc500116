// What the campaigns in test/faults need to know of a driver: the far end of its wire, a few commands with a person's part in them,
// and good frames that its own encoder did not make. A driver folder exports `rehearsals` from a file named `rehearsal.ts` or
// `*.rehearsal.ts`; whoever wants them finds them by that name (test/faults/rehearsals.ts), so that a new driver is covered without a
// new test.

import type { Device, DeviceDependencies } from './device.ts';
import type { Decoder } from './machine.ts';
import type { SimulatorFactory } from './simulator.ts';
import type { PortInfo } from './transport.ts';

/** Something a person does at the device: a knob of the simulator. */
export type HandAct = { knob: string; argument?: string; /** After the command was given. */ afterMs: number };

export type RehearsedCommand = {
  name: string;
  command: unknown;
  timeoutMs: number;
  /** What a person does so that the command can succeed. */
  hand?: readonly HandAct[];
  /** What a person does afterwards, so that the next command finds the device at rest. */
  tidy?: readonly Omit<HandAct, 'afterMs'>[];
  /** Whether a successful reply says what really happened. A reply that is ok and not right is wrong data. */
  isRight(reply: unknown): boolean;
  /**
   * Irreversible acts the device performed so far, from the simulator's `look()`: tickets printed, locks pulsed. One command may add
   * one at most, in every fault.
   */
  acts?(look: Record<string, unknown>): number;
};

/** A good frame as another encoder makes it, for the fuzzer. */
export type SampleFrame = {
  bytes: Uint8Array;
  /** Whether the decoder made of it what the bytes say. */
  isFrame(frame: unknown): boolean;
};

export type Rehearsal = {
  /** The driver's id in the registry. */
  driver: string;
  /** Names a variant when a driver has several rehearsals, e.g. another model. */
  variant?: string;
  /** Input of the driver's `configSchema`. */
  config: unknown;
  /**
   * For drivers that find their device themselves (SANE, HTTP): starts the driver over the transport it is given, whose bytes are the
   * codec's messages. `config` is the parsed one. Absent: the registry's definition takes the transport anyway.
   */
  start?(config: unknown, dependencies: DeviceDependencies): Device;
  /** `stream`: bytes come in any chunks. `reports`: every chunk is one whole report. */
  wire: 'stream' | 'reports';
  /** What the port says of itself (HID report descriptor). */
  info?: PortInfo;
  simulator: SimulatorFactory;
  simulatorSettings?: Record<string, unknown>;
  /** The device never speaks first and cannot be asked: presence is the port's presence (a plain scanner in line mode). */
  isMute?: boolean;
  commands: readonly RehearsedCommand[];
  codec: {
    createDecoder(): Decoder<unknown>;
    /** One good frame; `random(n)` is a whole number in 0…n-1. Draw every kind of frame the device sends. */
    draw(random: (below: number) => number): SampleFrame;
    /**
     * Whether frames carry a check that a changed byte breaks: then no frame may be made of a damaged one that differs from what
     * was sent. `none`: the protocol has no check and the fuzzer only looks for crashes, hangs and growth.
     */
    check: 'checksum' | 'none';
  };
};
