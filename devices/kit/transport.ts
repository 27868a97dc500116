// Any binding is bytes out, bytes in, and one end. A driver never knows which of these it stands on:
//
//   driver ── codec ── Connection ──┬── serial (serialport)     a tty
//                                   ├── hid    (node-hid)       reports
//                                   ├── tcp    (node:net)       a serial server
//                                   ├── lp     (node:fs)        /dev/usb/lp*
//                                   └── memory (tests)          another function
//
// On hid every chunk is one whole report, both ways. Written reports begin with the report number, 00 where the device has none;
// read ones begin with it only where the device numbers its reports (USB HID 1.11, 5.6).

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
  /** Which collection of a composite device. */
  usagePage: z.int().optional(),
  usage: z.int().optional(),
});

/** The kernel's usblp: a printer's own USB interface. */
export const lpLinkSchema = z.strictObject({
  type: z.literal('lp'),
  /** Prefer a udev link that names the printer over /dev/usb/lp0, which renumbers. */
  path: z.string().min(1),
});

export const linkSchema = z.discriminatedUnion('type', [serialLinkSchema, tcpLinkSchema, hidLinkSchema, lpLinkSchema]);
export type LinkConfig = z.infer<typeof linkSchema>;
export type LinkType = LinkConfig['type'];
export const linkTypes = ['serial', 'tcp', 'hid', 'lp'] as const satisfies readonly LinkType[];

export type OpenFailure = 'notFound' | 'permissionDenied' | 'portBusy' | 'openFailed';
export type LossReason = 'unplugged' | 'writeFailed' | 'silent' | 'closed';

/** What the bus says of a device before it has said anything itself. */
export type PortInfo = {
  manufacturer?: string;
  product?: string;
  serialNumber?: string;
  /** HID only: the descriptor that says how reports are laid out (USB HID 1.11, 6.2.2). */
  reportDescriptor?: Uint8Array;
};

/** One opening of one port. A new object for every opening: bytes written to a closed port must never be sent on the next one. */
export type Connection = {
  readonly info?: PortInfo;
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
