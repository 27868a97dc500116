// A small /sys and /dev of files and links, laid out as the kernel and udev do it.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listPrintersOnLinux, listSerialOnLinux, type Roots } from './list-ports.ts';

let folder: string;
let roots: Roots;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kiosk-ports-'));
  roots = { sys: join(folder, 'sys'), dev: join(folder, 'dev') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (path: string, text = ''): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const link = (path: string, target: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};

/** A node of a USB device: `interface` hangs below the device's folder, the class folder points to it. */
const plug = (kind: 'tty' | 'usbmisc', name: string, socket: string, facts: Record<string, string>): void => {
  const device = join(roots.sys, 'devices/usb1', socket);
  for (const [file, text] of Object.entries(facts)) put(join(device, file), `${text}\n`);
  mkdirSync(join(device, `${socket}:1.0`), { recursive: true });
  link(join(roots.sys, 'class', kind, name, 'device'), join(device, `${socket}:1.0`));
  put(join(roots.dev, kind === 'tty' ? name : `usb/${name}`));
};
const ftdi = { idVendor: '0403', idProduct: '6001', manufacturer: 'FTDI', product: 'FT232R' };
const at = (...parts: string[]): string => join(roots.dev, ...parts);

test('a USB adapter is listed with its numbers and its lasting names, by-id first', () => {
  plug('tty', 'ttyUSB0', '1-1', { ...ftdi, serial: 'A50285BI' });
  link(at('serial/by-id/usb-FTDI_A50285BI-if00-port0'), '../../ttyUSB0');
  link(at('serial/by-path/pci-usb-0:1:1.0'), '../../ttyUSB0');
  link(at('hall/serial-A50285BI'), '../ttyUSB0');
  expect(listSerialOnLinux(roots)).toEqual([
    {
      type: 'serial',
      node: at('ttyUSB0'),
      names: [
        at('serial/by-id/usb-FTDI_A50285BI-if00-port0'),
        at('hall/serial-A50285BI'),
        at('serial/by-path/pci-usb-0:1:1.0'),
      ],
      usb: { vendorId: 0x0403, productId: 0x6001, manufacturer: 'FTDI', product: 'FT232R', serialNumber: 'A50285BI' },
    },
  ]);
});

test('without a serial number the socket comes first: the by-id name may be another adapter tomorrow', () => {
  plug('tty', 'ttyUSB0', '1-1', ftdi);
  plug('tty', 'ttyUSB1', '1-2', ftdi);
  link(at('serial/by-id/usb-FTDI-if00-port0'), '../../ttyUSB1');
  link(at('serial/by-path/socket-1'), '../../ttyUSB0');
  link(at('serial/by-path/socket-2'), '../../ttyUSB1');
  expect(listSerialOnLinux(roots).map(({ names }) => names[0])).toEqual([
    at('serial/by-path/socket-1'),
    at('serial/by-path/socket-2'),
  ]);
});

test('a built-in UART is listed where the kernel found one', () => {
  for (const [name, type] of [
    ['ttyS0', '4'],
    ['ttyS1', '0'],
  ] as const) {
    put(join(roots.sys, 'class/tty', name, 'type'), `${type}\n`);
    mkdirSync(join(roots.sys, 'class/tty', name, 'device'));
    put(at(name));
  }
  // Terminals and pseudo terminals are no ports.
  for (const name of ['tty1', 'console', 'ptmx']) mkdirSync(join(roots.sys, 'class/tty', name), { recursive: true });
  expect(listSerialOnLinux(roots)).toEqual([{ type: 'serial', node: at('ttyS0'), names: [] }]);
});

test('a USB printer is listed, other devices of its class are not', () => {
  plug('usbmisc', 'lp1', '1-3', { idVendor: '04b8', idProduct: '0202', serial: 'TM1' });
  plug('usbmisc', 'hiddev0', '1-4', { idVendor: '051d', idProduct: '0002' });
  link(at('hall/ticket-printer-TM1'), '../usb/lp1');
  expect(listPrintersOnLinux(roots)).toEqual([
    {
      type: 'lp',
      node: at('usb/lp1'),
      names: [at('hall/ticket-printer-TM1')],
      usb: { vendorId: 0x04b8, productId: 0x0202, serialNumber: 'TM1' },
    },
  ]);
});

test('a machine without any of it lists nothing', () => {
  expect([...listSerialOnLinux(roots), ...listPrintersOnLinux(roots)]).toEqual([]);
});
