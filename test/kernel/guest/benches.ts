// The hall of the guest: for each kind of link one simulated device on a cable that can be pulled, with the simulator and the
// commands of its driver's rehearsal.

import type { UsbIdentity } from '../../../devices/kit/device.ts';
import { adapters } from '../../../devices/kit/finding/adapters.ts';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { Simulator } from '../../../devices/kit/simulator.ts';
import type { LinkType } from '../../../devices/kit/transport.ts';
import { parseHidDescriptor } from '../../../devices/kit/hid-descriptor.ts';
import type { Rehearsed } from '../../faults/rehearsals.ts';
import { createGadget, type Plug, type UsbFace } from './gadget.ts';
import { createUhid } from './uhid.ts';

export type Bench = {
  id: string;
  rehearsed: Rehearsed;
  link: Exclude<LinkType, 'tcp'>;
  plug: Plug;
  simulator: Simulator;
};

type Wish = { id: string; drivers: readonly string[]; how: 'acm' | 'printer' | 'f_hid' | 'uhid'; serialNumber: string };

/** What stands in the guest; of several drivers the first one that there is. */
export const wishes: readonly Wish[] = [
  { id: 'id-reader', drivers: ['sam-serial'], how: 'acm', serialNumber: 'SAM0001' },
  { id: 'locker', drivers: ['board-8a80'], how: 'acm', serialNumber: 'LOCK0001' },
  { id: 'printer', drivers: ['escpos'], how: 'printer', serialNumber: 'PRN0001' },
  { id: 'id-reader-hid', drivers: ['sam-hid'], how: 'f_hid', serialNumber: 'SAMHID1' },
  { id: 'qr-hid', drivers: ['qr-hid-pos'], how: 'f_hid', serialNumber: 'QR0001' },
  { id: 'pad-hid', drivers: ['declarative-pad-hid'], how: 'uhid', serialNumber: 'PAD0001' },
];

const linkOfHow = { acm: 'serial', printer: 'lp', f_hid: 'hid', uhid: 'hid' } as const;
const subsystemOfHow = { acm: 'tty', printer: 'usbmisc', f_hid: 'hidraw', uhid: 'hidraw' } as const;

/** Numbers of a chip that shows itself as CDC ACM, for boards behind an adapter: QinHeng CH343 and CH9102. */
const acmChips = adapters.filter(({ model }) => /CH343|CH9102/.test(model));
/** For drivers that name no model: numbers of the kernel's own gadgets (Linux Foundation). */
const anonymous = { vendorId: 0x1d6b, productId: 0x0104, model: 'Test device' };

const faceOf = (
  { rehearsed, how, serialNumber }: Pick<Wish, 'how' | 'serialNumber'> & { rehearsed: Rehearsed },
  index: number,
): UsbFace => {
  const known: readonly UsbIdentity[] = rehearsed.definition.usb ?? [];
  const listed = known.find(({ subsystem }) => subsystem === subsystemOfHow[how]);
  const chip = how === 'acm' ? acmChips[index % acmChips.length] : undefined;
  const { vendorId, productId, model } = listed ?? chip ?? anonymous;
  return { vendorId, productId, manufacturer: 'Hall', product: model, serialNumber };
};

/** For drivers that do not read the descriptor: a vendor's page, one report of 64 bytes each way, without a number. */
const plainDescriptor = Uint8Array.from(Buffer.from('0600ff0901a101150026ff00750895400901810209019102c0', 'hex'));

const descriptorOf = ({ rehearsal }: Rehearsed): Uint8Array => rehearsal.info?.reportDescriptor ?? plainDescriptor;

/** The longest report, its number included: what the gadget's end points carry at once. */
const reportLengthOf = (descriptor: Uint8Array): number => {
  const reports = parseHidDescriptor(descriptor);
  const lengths = (reports?.fields ?? []).map(({ kind, reportId }) => reports?.byteLength(kind, reportId) ?? 0);
  return Math.max(8, ...lengths);
};

const plugOf = (id: string, how: Wish['how'], face: UsbFace, rehearsed: Rehearsed): Plug => {
  const descriptor = descriptorOf(rehearsed);
  switch (how) {
    case 'acm':
      return createGadget(id, face, { type: 'acm' });
    case 'printer':
      return createGadget(id, face, { type: 'printer' });
    case 'f_hid':
      return createGadget(id, face, { type: 'hid', descriptor, reportLength: reportLengthOf(descriptor) });
    case 'uhid':
      return createUhid(face, descriptor);
    default:
      return how satisfies never;
  }
};

/** Sets up one device; it is not plugged in yet. */
export const createBench = (wish: Wish, rehearsed: Rehearsed, index: number): Bench => {
  const { id, how } = wish;
  const face = faceOf({ ...wish, rehearsed }, index);
  const plug = plugOf(id, how, face, rehearsed);
  const simulator = rehearsed.rehearsal.simulator(
    { send: (bytes) => plug.far.send(bytes) },
    { clock: systemClock, settings: rehearsed.rehearsal.simulatorSettings ?? {} },
  );
  // The bus itself carries no report number where a device has one sort of report; simulators are told it all the same.
  const isBare = how === 'f_hid' && parseHidDescriptor(descriptorOf(rehearsed))?.isNumbered !== true;
  plug.far.onBytes((bytes) => simulator.receive(isBare ? Uint8Array.from([0, ...bytes]) : bytes));
  return { id, rehearsed, link: linkOfHow[how], plug, simulator };
};

export const createBenches = (rehearsals: readonly Rehearsed[], note: (text: string) => void): Bench[] =>
  wishes.flatMap((wish, index) => {
    const link = linkOfHow[wish.how];
    const rehearsed = wish.drivers
      .flatMap((driver) => rehearsals.filter(({ definition }) => definition.driver === driver))
      .find(({ definition }) => definition.links.includes(link));
    if (!rehearsed) note(`${wish.id}: no driver over ${link} among ${wish.drivers.join(', ')}`);
    return rehearsed ? [createBench(wish, rehearsed, index)] : [];
  });
