import { expect, test } from 'vitest';
import { linkSchema, type LinkConfig } from '../transport.ts';
import { linkOf, portTitle, usesOf, type FoundPort } from './ports.ts';

const byId = '/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0';
const reader: FoundPort = {
  type: 'serial',
  node: '/dev/ttyUSB0',
  names: [byId, '/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0'],
  usb: { vendorId: 0x0403, productId: 0x6001, manufacturer: 'FTDI', product: 'FT232R', serialNumber: 'A50285BI' },
};
const scanner = (node: string, serialNumber?: string): FoundPort => ({
  type: 'hid',
  node,
  names: [],
  usb: { vendorId: 0x0c2e, productId: 0x0b61, ...(serialNumber === undefined ? {} : { serialNumber }) },
  usages: [{ usagePage: 0x8c, usage: 2 }],
});
const printer: FoundPort = { type: 'lp', node: '/dev/usb/lp1', names: ['/dev/hall/ticket-printer-7'] };

const serial = (path: string): LinkConfig => linkSchema.parse({ type: 'serial', path });
const hid = (more: object = {}): LinkConfig =>
  linkSchema.parse({ type: 'hid', vendorId: 0x0c2e, productId: 0x0b61, ...more });
const links = new Map([
  [byId, '/dev/ttyUSB0'],
  ['/dev/ttyUSB0', '/dev/ttyUSB0'],
  ['/dev/hall/ticket-printer-7', '/dev/usb/lp1'],
  ['/home/me/locker', '/dev/pts/3'],
]);
const resolve = (path: string): string | undefined => links.get(path);
const told = (ports: readonly FoundPort[], devices: { id: string; link?: LinkConfig }[]): string[] =>
  usesOf(ports, devices, resolve).map((use) =>
    use.state === 'unassigned' ? `${use.port.node} unassigned` : `${use.device} ${use.state}`,
  );

test('a device has its port under whatever name the port is configured', () => {
  for (const path of [byId, '/dev/ttyUSB0'])
    expect(told([reader, printer], [{ id: 'a', link: serial(path) }])).toEqual([
      'a assigned',
      '/dev/usb/lp1 unassigned',
    ]);
});

test('a port that nothing points to any more is missing', () => {
  expect(told([], [{ id: 'a', link: serial(byId.replace('A5', 'B6')) }])).toEqual(['a missing']);
  expect(told([scanner('/dev/hidraw0', 'X1')], [{ id: 'a', link: hid({ serialNumber: 'X2' }) }])).toEqual([
    'a missing',
    '/dev/hidraw0 unassigned',
  ]);
});

test('a name that the list does not know is taken at its word while it points somewhere', () => {
  expect(usesOf([reader], [{ id: 'a', link: serial('/home/me/locker') }], resolve)).toEqual([
    { state: 'assigned', device: 'a', port: { type: 'serial', node: '/dev/pts/3', names: ['/home/me/locker'] } },
    { state: 'unassigned', port: reader },
  ]);
});

test('two HID devices of one model go to two devices, one each', () => {
  const ports = [scanner('/dev/hidraw0'), scanner('/dev/hidraw1')];
  const devices = [
    { id: 'a', link: hid() },
    { id: 'b', link: hid() },
    { id: 'c', link: hid() },
  ];
  expect(told(ports, devices)).toEqual(['a assigned', 'b assigned', 'c missing']);
});

test('a collection that the HID device does not have is not it', () => {
  expect(told([scanner('/dev/hidraw0')], [{ id: 'a', link: hid({ usagePage: 0x8c }) }])).toEqual(['a assigned']);
  expect(told([scanner('/dev/hidraw0')], [{ id: 'a', link: hid({ usagePage: 1, usage: 6 }) }])[0]).toBe('a missing');
});

test('devices on the network or without a link have no port here', () => {
  const devices = [{ id: 'a', link: linkSchema.parse({ type: 'tcp', host: '10.0.0.2', port: 9100 }) }, { id: 'b' }];
  expect(told([printer], devices)).toEqual(['/dev/usb/lp1 unassigned']);
});

test('what is written into a configuration stays after a replug', () => {
  expect(linkOf(reader)).toMatchObject({ type: 'serial', path: byId });
  expect(linkOf(printer)).toEqual({ type: 'lp', path: '/dev/hall/ticket-printer-7' });
  expect(linkOf(scanner('/dev/hidraw0', 'X1'))).toEqual(hid({ serialNumber: 'X1' }));
  expect(linkOf({ type: 'serial', node: 'COM3', names: [] })).toMatchObject({ path: 'COM3' });
});

test('a port is called by maker, model and serial number, else by its numbers', () => {
  expect(portTitle(reader)).toBe('FTDI FT232R · A50285BI');
  expect(portTitle(scanner('/dev/hidraw0'))).toBe('USB 0c2e:0b61');
  expect(portTitle(printer)).toBeUndefined();
});
