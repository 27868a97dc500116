// Any binding is bytes out, bytes in, and one end. A driver never knows which of these it stands on:
//
//   driver ── codec ── Connection ──┬── serial (serialport)     a tty
//                                   ├── hid    (node-hid)       reports
//                                   ├── tcp    (node:net)       a serial server
//                                   └── memory (tests)          another function

import { z } from 'zod';
import type { Result } from './result.ts';

export const baudRates = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] as const;

export const serialLinkSchema = z.strictObject({
  type: z.literal('serial'),
  /** Stable path: prefer /dev/serial/by-id/… or by-path/… over ttyUSB0, which renumbers. */
  path: z.string().min(1),
  baudRate: z.union(baudRates.map((rate) => z.literal(rate))).optional(),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  /** `rtscts` also serves printers that use DTR/DSR, wired DTR → CTS. */
  flowControl: z.enum(['none', 'rtscts', 'xonxoff']).default('none'),
});

export const tcpLinkSchema = z.strictObject({
  type: z.literal('tcp'),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
});

export const hidLinkSchema = z.strictObject({
  type: z.literal('hid'),
  vendorId: z.int().min(0).max(0xffff),
  productId: z.int().min(0).max(0xffff),
  serialNumber: z.string().optional(),
  usagePage: z.int().optional(),
});

export const linkSchema = z.discriminatedUnion('type', [serialLinkSchema, tcpLinkSchema, hidLinkSchema]);
export type LinkConfig = z.infer<typeof linkSchema>;

export type OpenFailure = 'notFound' | 'permissionDenied' | 'portBusy' | 'openFailed';
export type LossReason = 'unplugged' | 'writeFailed' | 'silent' | 'closed';

/** One opening of one port. A new object for every opening: bytes written to a closed port must never be sent on the next one. */
export type Connection = {
  /** Resolves when the operating system took the bytes; rejects when it did not. Never queues on a closed port. */
  write(bytes: Uint8Array): Promise<void>;
  /** At most one listener each; set before any byte can arrive (in the same turn as `open` resolves). */
  onData(listener: (bytes: Uint8Array) => void): void;
  onLost(listener: (reason: LossReason) => void): void;
  /** Idempotent; resolves when the port is free again. */
  close(): Promise<void>;
};

export type OpenOptions = { baudRate?: number };

export type Transport = {
  /** For logs and screens, e.g. `serial /dev/ttyUSB0`. */
  readonly name: string;
  open(options?: OpenOptions): Promise<Result<Connection, OpenFailure>>;
};
