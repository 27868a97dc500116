// What is plugged in now. On Linux straight from /sys and /dev, so that it needs neither udevadm nor udevd; elsewhere from serialport.
//
//   /sys/class/tty/ttyUSB0/device ─▶ … ─▶ the USB device's folder: idVendor, idProduct, serial
//   /dev/serial/by-id/*, /dev/serial/by-path/*, /dev/hall/* ─▶ names that stay

import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SerialPort } from 'serialport';
import { loadHid } from '../transports/hid.ts';
import type { FoundPort, UsbFacts } from './ports.ts';

/** Where our udev rules put their links. */
export const ownLinks = '/dev/hall';

const serialNames = /^(?:tty(?:S|WCH|ACM|USB|AMA|MFD|O|XRUSB)|rfcomm)\d+$/;
const lpNames = /^lp\d+$/;

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

const textAt = (...parts: string[]): string | undefined => {
  try {
    return readFileSync(join(...parts), 'utf8').trim();
  } catch {
    return undefined;
  }
};

/** The node that a path means; undefined where nothing is. */
export const resolvePath = (path: string): string | undefined => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};

/** Facts of the USB device that a folder of /sys belongs to: the first one above it that carries USB's numbers. */
export const usbFactsAt = (folder: string): UsbFacts | undefined => {
  for (let at = resolvePath(folder) ?? '/'; at !== '/' && at !== '.'; at = dirname(at)) {
    const vendor = textAt(at, 'idVendor');
    const product = textAt(at, 'idProduct');
    if (vendor === undefined || product === undefined) continue;
    const [manufacturer, name, serialNumber] = [
      textAt(at, 'manufacturer'),
      textAt(at, 'product'),
      textAt(at, 'serial'),
    ];
    return {
      vendorId: Number.parseInt(vendor, 16),
      productId: Number.parseInt(product, 16),
      ...(manufacturer ? { manufacturer } : {}),
      ...(name ? { product: name } : {}),
      ...(serialNumber ? { serialNumber } : {}),
    };
  }
  return undefined;
};

/** Names in a folder of links, by the node they point to. */
const linksIn = (folder: string): Map<string, string[]> => {
  const names = new Map<string, string[]>();
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry);
    const node = resolvePath(path);
    if (node !== undefined) names.set(node, [...(names.get(node) ?? []), path]);
  }
  return names;
};

export type Roots = { sys: string; dev: string };

/** A built-in UART that does not exist is listed all the same, of type 0 (PORT_UNKNOWN). */
const isThere = (sys: string, name: string): boolean =>
  existsSync(join(sys, 'class/tty', name, 'device')) &&
  (!/^ttyS\d/.test(name) || textAt(sys, 'class/tty', name, 'type') !== '0');

export const listSerialOnLinux = ({ sys, dev }: Roots): FoundPort[] => {
  const byId = linksIn(join(dev, 'serial/by-id'));
  const byPath = linksIn(join(dev, 'serial/by-path'));
  const own = linksIn(join(dev, 'hall'));
  return entriesOf(join(sys, 'class/tty'))
    .filter((name) => serialNames.test(name) && isThere(sys, name))
    .map((name) => {
      const node = join(dev, name);
      const usb = usbFactsAt(join(sys, 'class/tty', name, 'device'));
      const key = resolvePath(node) ?? node;
      const [id, path, hall] = [byId.get(key) ?? [], byPath.get(key) ?? [], own.get(key) ?? []];
      // Without a serial number two adapters of one model share one by-id name: then the socket is what stays.
      const names = usb?.serialNumber === undefined ? [...path, ...hall, ...id] : [...id, ...hall, ...path];
      return { type: 'serial', node, names, ...(usb ? { usb } : {}) };
    });
};

export const listPrintersOnLinux = ({ sys, dev }: Roots): FoundPort[] => {
  const own = linksIn(join(dev, 'hall'));
  return entriesOf(join(sys, 'class/usbmisc'))
    .filter((name) => lpNames.test(name))
    .map((name) => {
      const node = join(dev, 'usb', name);
      const usb = usbFactsAt(join(sys, 'class/usbmisc', name, 'device'));
      return { type: 'lp', node, names: own.get(resolvePath(node) ?? node) ?? [], ...(usb ? { usb } : {}) };
    });
};

const listSerialElsewhere = async (): Promise<FoundPort[]> =>
  (await SerialPort.list()).map(({ path, vendorId, productId, manufacturer, serialNumber }) => ({
    type: 'serial',
    node: path,
    names: [],
    ...(vendorId === undefined || productId === undefined
      ? {}
      : {
          usb: {
            vendorId: Number.parseInt(vendorId, 16),
            productId: Number.parseInt(productId, 16),
            ...(manufacturer === undefined ? {} : { manufacturer }),
            ...(serialNumber === undefined ? {} : { serialNumber }),
          },
        }),
  }));

/** node-hid lists a device once for each of its top-level collections. */
const listHid = async (): Promise<FoundPort[]> => {
  const own = linksIn(ownLinks);
  const ports = new Map<string, FoundPort & { usages: { usagePage: number; usage: number }[] }>();
  for (const found of await (await loadHid()).devicesAsync()) {
    const { path, vendorId, productId, manufacturer, product, serialNumber, usagePage, usage } = found;
    if (path === undefined) continue;
    const port = ports.get(path) ?? {
      type: 'hid',
      node: path,
      names: own.get(path) ?? [],
      usb: {
        vendorId,
        productId,
        ...(manufacturer ? { manufacturer } : {}),
        ...(product ? { product } : {}),
        ...(serialNumber ? { serialNumber } : {}),
      },
      usages: [],
    };
    if (usagePage !== undefined && usage !== undefined) port.usages.push({ usagePage, usage });
    ports.set(path, port);
  }
  return [...ports.values()];
};

/** Every port of this machine. Costs an enumeration of the HID bus: not to be asked every second. */
export const listPorts = async (): Promise<FoundPort[]> => {
  const roots: Roots = { sys: '/sys', dev: '/dev' };
  const isLinux = process.platform === 'linux';
  const [serial, hid] = await Promise.all([
    isLinux ? listSerialOnLinux(roots) : listSerialElsewhere(),
    // A machine without HID support still has its other ports.
    listHid().catch(() => []),
  ]);
  return [...serial, ...hid, ...(isLinux ? listPrintersOnLinux(roots) : [])];
};
