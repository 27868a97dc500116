// USB devices made of configfs, each on a controller of its own (dummy_hcd), so that each has its own cable.
// Documentation/usb/gadget_configfs.rst in the kernel's sources.

import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeEnd, createTtyEnd, type FarEnd } from './far-end.ts';

const base = '/sys/kernel/config/usb_gadget';

export type UsbFace = {
  vendorId: number;
  productId: number;
  manufacturer: string;
  product: string;
  serialNumber: string;
};

export type GadgetFunction =
  | { type: 'acm' }
  | { type: 'printer' }
  | { type: 'hid'; descriptor: Uint8Array; reportLength: number };

/** Something that can be plugged in and pulled out. */
export type Plug = { face: UsbFace; far: FarEnd; plug(): void; unplug(): Promise<void> };

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
let controllers = 0;
let printers = 0;

const functionOf = (folder: string, name: string, made: GadgetFunction): { path: string; far: () => FarEnd } => {
  const path = join(folder, 'functions', `${made.type}.${name}`);
  mkdirSync(path);
  switch (made.type) {
    case 'acm':
      return { path, far: () => createTtyEnd(`/dev/ttyGS${readFileSync(join(path, 'port_num'), 'utf8').trim()}`) };
    case 'printer':
      writeFileSync(join(path, 'pnp_string'), 'MFG:Hall;MDL:Test;CLS:PRINTER;');
      return { path, far: () => createNodeEnd(`/dev/g_printer${printers++}`) };
    case 'hid':
      writeFileSync(join(path, 'protocol'), '0');
      writeFileSync(join(path, 'subclass'), '0');
      writeFileSync(join(path, 'report_length'), String(made.reportLength));
      writeFileSync(join(path, 'report_desc'), made.descriptor);
      return {
        path,
        far: () => createNodeEnd(`/dev/hidg${readFileSync(join(path, 'dev'), 'utf8').trim().split(':')[1] ?? '0'}`),
      };
    default:
      return made satisfies never;
  }
};

/** A USB device with one function; not plugged in yet. */
export const createGadget = (name: string, face: UsbFace, made: GadgetFunction): Plug => {
  const folder = join(base, name);
  mkdirSync(join(folder, 'strings/0x409'), { recursive: true });
  mkdirSync(join(folder, 'configs/c.1/strings/0x409'), { recursive: true });
  const set = (file: string, value: string): void => writeFileSync(join(folder, file), value);
  set('idVendor', hex(face.vendorId));
  set('idProduct', hex(face.productId));
  set('bcdDevice', '0x0100');
  set('bcdUSB', '0x0200');
  set('strings/0x409/manufacturer', face.manufacturer);
  set('strings/0x409/product', face.product);
  set('strings/0x409/serialnumber', face.serialNumber);
  set('configs/c.1/strings/0x409/configuration', name);
  const { path, far: farOf } = functionOf(folder, name, made);
  symlinkSync(path, join(folder, 'configs/c.1', `${made.type}.${name}`));
  const controller = readdirSync('/sys/class/udc').sort()[controllers++] ?? '';
  const far = farOf();
  return {
    face,
    far,
    plug() {
      set('UDC', controller);
      far.open();
    },
    async unplug() {
      const closed = far.close();
      set('UDC', '\n');
      await closed;
    },
  };
};
