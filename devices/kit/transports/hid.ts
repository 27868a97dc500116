// node-hid → Connection; every chunk is one report. Its traps, and what is done about them:
//   - no unplug event: the read loop's `error` (whose argument may be a plain string) or a failed write is the end, told once;
//   - enumeration is costly: only when opening, and the runner's back-off paces that;
//   - a composite device lists several collections with one vendor and product number: usage page and usage choose.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as NodeHid from 'node-hid';
import type { Device as HidDevice, HIDAsync } from 'node-hid';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, PortInfo, Transport } from '../transport.ts';

export type HidLink = Extract<LinkConfig, { type: 'hid' }>;

/** Loaded with the first HID device: a hall without one does not pay for it. */
const loadHid = async (): Promise<typeof NodeHid> => {
  // A CommonJS package: all of it is its default export, which its types do not say.
  const { default: hid } = (await import('node-hid')) as unknown as { default: typeof NodeHid };
  // On Linux through hidraw: the kernel keeps the device and usage pages are known.
  if (process.platform === 'linux') hid.setDriverType('hidraw');
  return hid;
};

const writeTimeoutMs = 5000;

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

export const matchesHid = (link: HidLink, device: HidDevice): boolean =>
  device.vendorId === link.vendorId &&
  device.productId === link.productId &&
  (link.serialNumber === undefined || device.serialNumber === link.serialNumber) &&
  (link.usagePage === undefined || device.usagePage === link.usagePage) &&
  (link.usage === undefined || device.usage === link.usage);

const classify = (message: string): OpenFailure => {
  if (/permission denied|access denied/i.test(message)) return 'permissionDenied';
  if (/no such (file|device)|not found/i.test(message)) return 'notFound';
  if (/busy|in use/i.test(message)) return 'portBusy';
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

export const createHidTransport = (link: HidLink): Transport => ({
  name: `hid ${hex4(link.vendorId)}:${hex4(link.productId)}${link.serialNumber ? ` ${link.serialNumber}` : ''}`,
  async open(): Promise<Result<Connection, OpenFailure>> {
    try {
      const hid = await loadHid();
      const found = (await hid.devicesAsync(link.vendorId, link.productId)).find((device) => matchesHid(link, device));
      if (!found?.path) return fail('notFound', 'hall', 'no such HID device is attached');
      const [device, reportDescriptor] = [await hid.HIDAsync.open(found.path), await readDescriptor(found.path)];
      const info: PortInfo = {
        ...(found.manufacturer ? { manufacturer: found.manufacturer } : {}),
        ...(found.product ? { product: found.product } : {}),
        ...(found.serialNumber ? { serialNumber: found.serialNumber } : {}),
        ...(reportDescriptor ? { reportDescriptor } : {}),
      };
      return ok(connectionOf(device, info));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = classify(message);
      return fail(code, code === 'notFound' ? 'hall' : 'engineer', message);
    }
  },
});

const connectionOf = (device: HIDAsync, info: PortInfo): Connection => {
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
    if (!ended) data(Uint8Array.from(report));
  });
  device.on('error', () => end('unplugged'));
  return {
    info,
    write(bytes) {
      if (ended) return Promise.reject(new Error('the device is closed'));
      return new Promise<void>((resolve, reject) => {
        // After an unplug a write may never come back.
        const timer = setTimeout(() => reject(new Error('the report was not taken in time')), writeTimeoutMs);
        device
          .write([...bytes])
          .then(() => resolve(), reject)
          .finally(() => clearTimeout(timer));
      });
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
      closing ??= device.close().catch(() => undefined);
      return closing;
    },
  };
};
