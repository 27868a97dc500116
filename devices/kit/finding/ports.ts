// Ports of this machine and who has them. Pure: what is there comes from list-ports.ts, what is wanted from the configuration.
//
//   what is plugged in ─┐
//                       ├─▶ usesOf ─▶ assigned · unassigned · missing
//   what is configured ─┘

import { linkSchema, type LinkConfig } from '../transport.ts';

export type UsbFacts = {
  vendorId: number;
  productId: number;
  manufacturer?: string;
  product?: string;
  serialNumber?: string;
};

export type FoundPort = {
  type: 'serial' | 'hid' | 'lp';
  /** The node of this moment, which may renumber: /dev/ttyACM0, /dev/hidraw1, /dev/usb/lp0, COM3. */
  node: string;
  /** Names that point to it and stay, best first. */
  names: readonly string[];
  usb?: UsbFacts;
  /** HID only: top-level collections. */
  usages?: readonly { usagePage: number; usage: number }[];
};

export type PortUse =
  | { state: 'assigned'; port: FoundPort; device: string }
  | { state: 'unassigned'; port: FoundPort }
  /** Configured, and its port is not there. */
  | { state: 'missing'; device: string; link: LinkConfig };

export const hex4 = (value: number): string => value.toString(16).padStart(4, '0');

/** What a person reads: maker and model where the bus tells them, else the numbers, else nothing. */
export const portTitle = ({ usb }: FoundPort): string | undefined => {
  if (!usb) return undefined;
  const words = [usb.manufacturer, usb.product].filter((word) => word !== undefined);
  const name = words.length > 0 ? words.join(' ') : `USB ${hex4(usb.vendorId)}:${hex4(usb.productId)}`;
  return usb.serialNumber === undefined ? name : `${name} · ${usb.serialNumber}`;
};

/** The name to write into a configuration: the one that stays, else the node. */
export const stableName = ({ names, node }: FoundPort): string => names[0] ?? node;

/**
 * The link that a configuration gets. A HID device is named by its numbers and its serial number; with several devices of one model
 * and no serial number nothing tells them apart.
 */
export const linkOf = (port: FoundPort): LinkConfig => {
  switch (port.type) {
    case 'serial':
    case 'lp':
      return linkSchema.parse({ type: port.type, path: stableName(port) });
    case 'hid':
      return linkSchema.parse({
        type: 'hid',
        vendorId: port.usb?.vendorId ?? 0,
        productId: port.usb?.productId ?? 0,
        ...(port.usb?.serialNumber === undefined ? {} : { serialNumber: port.usb.serialNumber }),
      });
    default:
      return port.type satisfies never;
  }
};

/** A link as a person reads and compares it. */
export const linkName = (link: LinkConfig): string => {
  switch (link.type) {
    case 'serial':
    case 'lp':
      return link.path;
    case 'tcp':
      return `${link.host}:${link.port}`;
    case 'hid': {
      const numbers = `hid ${hex4(link.vendorId)}:${hex4(link.productId)}`;
      return link.serialNumber === undefined ? numbers : `${numbers} ${link.serialNumber}`;
    }
    default:
      return link satisfies never;
  }
};

/** Whether `port` is the HID device that `link` describes. */
const isHidOf = (link: Extract<LinkConfig, { type: 'hid' }>, { type, usb, usages = [] }: FoundPort): boolean =>
  type === 'hid' &&
  usb?.vendorId === link.vendorId &&
  usb.productId === link.productId &&
  (link.serialNumber === undefined || usb.serialNumber === link.serialNumber) &&
  ((link.usagePage === undefined && link.usage === undefined) ||
    usages.some(
      ({ usagePage, usage }) =>
        (link.usagePage === undefined || usagePage === link.usagePage) &&
        (link.usage === undefined || usage === link.usage),
    ));

/**
 * Who has which port. `resolve` follows links to the node they mean, undefined where nothing is: a configured name may be one that
 * the list does not know (a link of one's own, a pseudo terminal). Links over the network are no port of this machine.
 */
export const usesOf = (
  ports: readonly FoundPort[],
  devices: readonly { id: string; link?: LinkConfig | undefined }[],
  resolve: (path: string) => string | undefined,
): PortUse[] => {
  const taken = new Set<string>();
  const uses: PortUse[] = [];
  for (const { id, link } of devices) {
    if (!link || link.type === 'tcp') continue;
    if (link.type === 'hid') {
      const port = ports.find((candidate) => !taken.has(candidate.node) && isHidOf(link, candidate));
      if (port) taken.add(port.node);
      uses.push(port ? { state: 'assigned', port, device: id } : { state: 'missing', device: id, link });
      continue;
    }
    const node = resolve(link.path);
    const port = ports.find((candidate) => candidate.node === (node ?? link.path));
    if (port) taken.add(port.node);
    if (port) uses.push({ state: 'assigned', port, device: id });
    else if (node === undefined) uses.push({ state: 'missing', device: id, link });
    else uses.push({ state: 'assigned', port: { type: link.type, node, names: [link.path] }, device: id });
  }
  return [
    ...uses,
    ...ports.filter(({ node }) => !taken.has(node)).map((port): PortUse => ({ state: 'unassigned', port })),
  ];
};
