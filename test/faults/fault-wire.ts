// A cable between a driver and a simulator that spoils what passes, on the fake clock. It belongs to nobody's protocol.
//
//   driver ── write ──▶ [ twist.toDevice ] ──▶ far end (simulator)
//     ▲                                            │
//     └──────── [ twist.fromDevice ] ◀─────────────┘
//
// Everything passes in a turn of its own, so that what either side throws comes out of the clock and is seen as a crash, and so that
// a cable pulled after a write is pulled before the answer.

import type { Clock } from '../../devices/kit/clock.ts';
import { fail, ok } from '../../devices/kit/result.ts';
import type { Connection, LossReason, OpenFailure, PortInfo, Transport } from '../../devices/kit/transport.ts';

/** Hands a piece on, at once or later. Pieces of one delay keep their order. */
export type Pass = (bytes: Uint8Array, delayMs?: number) => void;

export type Twist = {
  fromDevice?(bytes: Uint8Array, pass: Pass): void;
  /** `echo` sends bytes back to the driver. */
  toDevice?(bytes: Uint8Array, pass: Pass, echo: Pass): void;
  /** The port takes bytes and never says that they went out, as with a line that the device holds up. */
  isStuck?: boolean;
};

export type Step = 'write' | 'reply';

export type FaultWire = {
  readonly transport: Transport;
  /** What the simulator sends with. */
  fromDevice(bytes: Uint8Array): void;
  /** Who hears the driver. */
  attach(receive: (bytes: Uint8Array) => void): void;
  twist(twist: Twist | undefined): void;
  /** The next openings fail with this until it is undefined. */
  refuse(reason: OpenFailure | undefined): void;
  hangUp(reason?: LossReason): void;
  /** Told after a write reached the device and after a reply reached the driver. */
  onStep(listener: ((step: Step) => void) | undefined): void;
  readonly openings: number;
};

export const createFaultWire = (clock: Clock, info?: PortInfo): FaultWire => {
  let receive: (bytes: Uint8Array) => void = () => undefined;
  let current: Twist | undefined;
  let refusal: OpenFailure | undefined;
  let listener: ((step: Step) => void) | undefined;
  let port: { data(bytes: Uint8Array): void; lost(reason: LossReason): void } | undefined;
  let openings = 0;

  const toDriver: Pass = (bytes, delayMs = 0) => {
    clock.after(delayMs, () => {
      if (!port || bytes.length === 0) return;
      port.data(bytes);
      listener?.('reply');
    });
  };
  const toDevice: Pass = (bytes, delayMs = 0) => {
    clock.after(delayMs, () => {
      receive(bytes);
      listener?.('write');
    });
  };

  const open = (): Connection => {
    openings += 1;
    const mine = { data: (_bytes: Uint8Array): void => undefined, lost: (_reason: LossReason): void => undefined };
    port = mine;
    return {
      ...(info ? { info } : {}),
      async write(bytes) {
        if (port !== mine) throw new Error('the port is closed');
        if (current?.isStuck) {
          await new Promise(() => undefined);
          return;
        }
        const copy = Uint8Array.from(bytes);
        if (current?.toDevice) current.toDevice(copy, toDevice, toDriver);
        else toDevice(copy);
      },
      onData(data) {
        mine.data = data;
      },
      onLost(lost) {
        mine.lost = lost;
      },
      async close() {
        if (port === mine) port = undefined;
      },
    };
  };

  return {
    transport: {
      name: 'rehearsal',
      open: async () => (refusal ? fail(refusal, 'hall', `refused: ${refusal}`) : ok(open())),
    },
    fromDevice(bytes) {
      const copy = Uint8Array.from(bytes);
      if (current?.fromDevice) current.fromDevice(copy, toDriver);
      else toDriver(copy);
    },
    attach(listen) {
      receive = listen;
    },
    twist(twist) {
      current = twist;
    },
    refuse(reason) {
      refusal = reason;
    },
    hangUp(reason = 'unplugged') {
      const pulled = port;
      port = undefined;
      pulled?.lost(reason);
    },
    onStep(told) {
      listener = told;
    },
    get openings() {
      return openings;
    },
  };
};
