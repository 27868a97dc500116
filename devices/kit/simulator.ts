// The device's side of a wire. A simulator is told what arrives and sends what the real device would; its knobs are what a
// person can do to the real thing (place a card, take the paper out, shut a door) plus named faults.

import type { Clock } from './clock.ts';

export type Wire = {
  send(bytes: Uint8Array): void;
};

export type Knob = {
  title: { zh: string; en: string };
  /** Allowed values of the one argument, or a hint of its form; absent when the knob takes none. */
  argument?: readonly string[] | string;
  turn(argument?: string): void;
};

export type Simulator = {
  receive(bytes: Uint8Array): void;
  knobs: Readonly<Record<string, Knob>>;
  /** What a person standing in front of it would see, e.g. the printed tickets or which doors are open. JSON values only. */
  look(): Record<string, unknown>;
  stop(): void;
};

export type SimulatorOptions = { clock: Clock; settings?: Record<string, unknown> };
export type SimulatorFactory = (wire: Wire, options: SimulatorOptions) => Simulator;
