// node-hid → Connection; every chunk is one report. Its traps, and what is done about them:
//   - no unplug event: the read loop's `error` (whose argument is a plain string) or a failed write is the end, told once;
//   - what a `data` listener throws comes back as `error` and would look like an unplug: it is thrown again outside;
//   - reading starts one tick after the `data` listener was added and throws into the void when the device was closed in
//     between: the listener goes before the device does;
//   - a write that hangs after an unplug holds `close` back: both are given up after a while;
//   - enumeration is costly: only when opening, for one vendor and product, and the runner's back-off paces that;
//   - a composite device lists several collections with one vendor and product number: usage page and usage choose;
//   - hidraw lets any number of programs open one device: what this process holds already is not taken a second time, so that two
//     devices of one model without serial numbers go to two drivers.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as NodeHid from 'node-hid';
import type { Device as HidDevice } from 'node-hid';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, PortInfo, Transport } from '../transport.ts';

export type HidLink = Extract<LinkConfig, { type: 'hid' }>;

/** What is used of an open device (`HIDAsync`). */
export type HidHandle = {
  on(event: 'data', listener: (report: Buffer) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  removeAllListeners(event: 'data'): unknown;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
};
/** What is used of node-hid; tests put a double here. */
export type HidLibrary = {
  devicesAsync(vendorId: number, productId: number): Promise<HidDevice[]>;
  HIDAsync: { open(path: string): Promise<HidHandle> };
};

/** Loaded with the first HID device: a hall without one does not pay for it. */
export const loadHid = async (): Promise<typeof NodeHid> => {
  // A CommonJS package: all of it is its default export, which its types do not say.
  const { default: hid } = (await import('node-hid')) as unknown as { default: typeof NodeHid };
  // On Linux through hidraw: the kernel keeps the device and usage pages are known.
  if (process.platform === 'linux') hid.setDriverType('hidraw');
  return hid;
};

export const writeTimeoutMs = 5000;
export const closeTimeoutMs = 5000;

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

const matchesHid = (link: HidLink, device: HidDevice): boolean =>
  device.vendorId === link.vendorId &&
  device.productId === link.productId &&
  (link.serialNumber === undefined || device.serialNumber === link.serialNumber) &&
  (link.usagePage === undefined || device.usagePage === link.usagePage) &&
  (link.usage === undefined || device.usage === link.usage);

/** Linux words, and the numbers of Windows, whose words come in the system's language. */
const classify = (message: string): OpenFailure => {
  if (/permission denied|access (is )?denied|\(0x00000005\)/i.test(message)) return 'permissionDenied';
  if (/no such (file|device)|not found|\(0x0000000[23]\)/i.test(message)) return 'notFound';
  if (/busy|in use|\(0x00000020\)/i.test(message)) return 'portBusy';
  return 'openFailed';
};

/** hidraw's own copy of the descriptor; other systems give none and drivers then use the layout of their configuration. */
const readDescriptor = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    return Uint8Array.from(await readFile(`/sys/class/hidraw/${basename(path)}/device/report_descriptor`));
  } catch {
    return undefined;
  }
};

/** Paths that connections of this process hold. */
const heldPaths = new Set<string>();

export const createHidTransport = (link: HidLink, load: () => Promise<HidLibrary> = loadHid): Transport => ({
  name: `hid ${hex4(link.vendorId)}:${hex4(link.productId)}${link.serialNumber ? ` ${link.serialNumber}` : ''}`,
  async open(): Promise<Result<Connection, OpenFailure>> {
    let path: string | undefined;
    try {
      const hid = await load();
      const found = (await hid.devicesAsync(link.vendorId, link.productId)).filter((device) =>
        matchesHid(link, device),
      );
      if (found.length === 0) return fail('notFound', 'hall', 'no such HID device is attached');
      const free = found.find((device) => device.path && !heldPaths.has(device.path));
      if (!free?.path) return fail('portBusy', 'engineer', 'another device of this configuration holds it already');
      // Held before the first wait, so that two drivers that start together do not meet on one device.
      path = free.path;
      heldPaths.add(path);
      const reportDescriptor = await readDescriptor(path);
      const device = await hid.HIDAsync.open(path);
      const info: PortInfo = {
        ...(free.manufacturer ? { manufacturer: free.manufacturer } : {}),
        ...(free.product ? { product: free.product } : {}),
        ...(free.serialNumber ? { serialNumber: free.serialNumber } : {}),
        ...(reportDescriptor ? { reportDescriptor } : {}),
      };
      return ok(connectionOf(device, info, path));
    } catch (error) {
      if (path !== undefined) heldPaths.delete(path);
      const message = error instanceof Error ? error.message : String(error);
      const code = classify(message);
      return fail(code, code === 'notFound' ? 'hall' : 'engineer', message);
    }
  },
});

/** `promise`, or a rejection when it takes too long; its own late end is nobody's any more. */
const within = <T>(promise: Promise<T>, limitMs: number, complaint: string): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(complaint)), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const connectionOf = (device: HidHandle, info: PortInfo, path: string): Connection => {
  let data: (bytes: Uint8Array) => void = () => undefined;
  let lost: (reason: LossReason) => void = () => undefined;
  let ended: LossReason | undefined;
  let closing: Promise<void> | undefined;
  const end = (reason: LossReason): void => {
    if (ended) return;
    ended = reason;
    lost(reason);
  };
  device.on('data', (report: Buffer) => {
    if (ended) return;
    try {
      data(Uint8Array.from(report));
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  });
  device.on('error', () => end('unplugged'));

  const close = async (): Promise<void> => {
    device.removeAllListeners('data');
    try {
      await within(device.close(), closeTimeoutMs, 'the device was not closed in time');
    } catch {
      // It was closed already, or it hangs in the kernel: nothing more can be done about it.
    } finally {
      heldPaths.delete(path);
    }
  };

  return {
    info,
    async write(bytes) {
      if (ended) throw new Error('the device is closed');
      const taken = await within(device.write(Buffer.from(bytes)), writeTimeoutMs, 'the report was not taken in time');
      if (taken < bytes.length) throw new Error(`only ${taken} of ${bytes.length} bytes were taken`);
    },
    onData(listener) {
      data = listener;
    },
    onLost(listener) {
      lost = listener;
      if (ended) listener(ended);
    },
    close() {
      ended ??= 'closed';
      closing ??= close();
      return closing;
    },
  };
};
