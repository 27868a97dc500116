// The far end is a function in the same process. For unit tests only; real ttys carry the rest.

import { fail, ok } from '../result.ts';
import type { Connection, LossReason, OpenFailure, Transport } from '../transport.ts';

/** What a test (or a simulator) holds: the device's side of the wire. */
export type MemoryPeer = {
  /** Bytes from the device to the driver. */
  send(bytes: Uint8Array): void;
  hangUp(reason?: LossReason): void;
};

export type MemoryTransport = Transport & {
  /** Everything the driver wrote since the last opening. */
  written(): Uint8Array[];
  peer(): MemoryPeer | undefined;
  /** The next openings fail with this reason until it is set to undefined. */
  refuse(reason: OpenFailure | undefined): void;
};

export const createMemoryTransport = (
  onWrite: (bytes: Uint8Array, peer: MemoryPeer, baudRate: number | undefined) => void = () => undefined,
): MemoryTransport => {
  let sent: Uint8Array[] = [];
  let current: MemoryPeer | undefined;
  let refusal: OpenFailure | undefined;
  return {
    name: 'memory',
    written: () => sent,
    peer: () => current,
    refuse(reason) {
      refusal = reason;
    },
    async open(options) {
      if (refusal) return fail(refusal, 'hall', `refused: ${refusal}`);
      sent = [];
      let data: (bytes: Uint8Array) => void = () => undefined;
      let lost: (reason: LossReason) => void = () => undefined;
      let isOpen = true;
      const peer: MemoryPeer = {
        send: (bytes) => {
          if (isOpen) data(bytes);
        },
        hangUp(reason = 'unplugged') {
          if (!isOpen) return;
          isOpen = false;
          lost(reason);
        },
      };
      current = peer;
      const connection: Connection = {
        async write(bytes) {
          if (!isOpen) throw new Error('the port is closed');
          sent.push(bytes);
          onWrite(bytes, peer, options?.baudRate);
        },
        onData(listener) {
          data = listener;
        },
        onLost(listener) {
          lost = listener;
        },
        async close() {
          isOpen = false;
          if (current === peer) current = undefined;
        },
      };
      return ok(connection);
    },
  };
};
