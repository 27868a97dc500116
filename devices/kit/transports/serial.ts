// serialport → Connection. Its traps, and what is done about them:
//   - bytes written to a closed SerialPort are sent when the same object reopens (a stale unlock!): a new object per opening;
//   - without a `data` listener an unplug goes unnoticed: one is attached before the port opens;
//   - a write in flight during an unplug emits `error` and two `close` events: the end is reported once;
//   - open errors have no code, only text.

import { SerialPort } from 'serialport';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, OpenOptions, Transport } from '../transport.ts';

type SerialLink = Extract<LinkConfig, { type: 'serial' }>;

const writeTimeoutMs = 5000;

const classify = (message: string): OpenFailure => {
  if (/no such file|cannot find|file not found/i.test(message)) return 'notFound';
  if (/permission denied|access denied/i.test(message)) return 'permissionDenied';
  if (/cannot lock port|temporarily unavailable|resource busy/i.test(message)) return 'portBusy';
  return 'openFailed';
};

export const createSerialTransport = (link: SerialLink, defaultBaudRate: number): Transport => ({
  name: `serial ${link.path}`,
  open: (options) => openSerial(link, options?.baudRate ?? link.baudRate ?? defaultBaudRate),
});

const openSerial = async (link: SerialLink, baudRate: number): Promise<Result<Connection, OpenFailure>> => {
  const port = new SerialPort({
    path: link.path,
    baudRate,
    dataBits: link.dataBits,
    stopBits: link.stopBits,
    parity: link.parity,
    rtscts: link.flowControl === 'rtscts',
    xon: link.flowControl === 'xonxoff',
    autoOpen: false,
  });
  let data: (bytes: Uint8Array) => void = () => undefined;
  let lost: (reason: LossReason) => void = () => undefined;
  let ended: LossReason | undefined;
  const end = (reason: LossReason): void => {
    if (ended) return;
    ended = reason;
    lost(reason);
  };
  port.on('data', (bytes: Buffer) => data(bytes));
  port.on('error', () => end('writeFailed'));
  port.on('close', () => end('unplugged'));

  const error = await new Promise<Error | null>((resolve) => port.open(resolve));
  if (error) {
    const code = classify(error.message);
    return fail(code, code === 'notFound' ? 'hall' : 'engineer', error.message);
  }

  const connection: Connection = {
    write(bytes) {
      if (ended || !port.isOpen) return Promise.reject(new Error('the port is closed'));
      return new Promise<void>((resolve, reject) => {
        // After an unplug serialport may never call back.
        const timer = setTimeout(() => reject(new Error('the write was not taken in time')), writeTimeoutMs);
        port.write(Buffer.from(bytes), (failure) => {
          clearTimeout(timer);
          if (failure) reject(failure);
          else resolve();
        });
      });
    },
    onData(listener) {
      data = listener;
    },
    onLost(listener) {
      lost = listener;
      // The port may have gone between `open` and this call.
      if (ended) listener(ended);
    },
    async close() {
      ended ??= 'closed';
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => {
        port.close(() => resolve());
      });
    },
  };
  return ok(connection);
};

export type { OpenOptions };
