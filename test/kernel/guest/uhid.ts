// A HID device made in user space: /dev/uhid. The layout of its events is that of include/uapi/linux/uhid.h, packed, little-endian.
//
//   CREATE2  u32 type 11 | name 128 | phys 64 | uniq 64 | u16 descriptor size | u16 bus | u32 vendor, product, version, country | descriptor
//   INPUT2   u32 type 12 | u16 size | data            OUTPUT  u32 type 6 | data 4096 | u16 size | u8 report type

import { constants, open, type FileHandle } from 'node:fs/promises';
import type { FarEnd } from './far-end.ts';
import type { Plug, UsbFace } from './gadget.ts';

const types = {
  destroy: 1,
  output: 6,
  getReport: 9,
  getReportReply: 10,
  create2: 11,
  input2: 12,
  setReport: 13,
  setReportReply: 14,
};
const dataLength = 4096;
const eventLength = 4 + 128 + 64 + 64 + 2 + 2 + 16 + dataLength;
const usbBus = 3;
const pollMs = 12;
const notSupported = 95;

const createEvent = (face: UsbFace, descriptor: Uint8Array): Buffer => {
  const event = Buffer.alloc(eventLength);
  event.writeUInt32LE(types.create2, 0);
  event.write(`${face.manufacturer} ${face.product}`.slice(0, 127), 4, 'utf8');
  event.write(face.serialNumber.slice(0, 63), 4 + 128 + 64, 'utf8');
  let at = 4 + 128 + 64 + 64;
  at = event.writeUInt16LE(descriptor.length, at);
  at = event.writeUInt16LE(usbBus, at);
  at = event.writeUInt32LE(face.vendorId, at);
  at = event.writeUInt32LE(face.productId, at);
  event.set(descriptor, at + 8);
  return event;
};

/** A HID device on the USB bus as the kernel's HID layer sees it; there is no USB device behind it. */
export const createUhid = (face: UsbFace, descriptor: Uint8Array): Plug => {
  let file: FileHandle | undefined;
  let isWanted = false;
  let running: Promise<void> = Promise.resolve();
  let listener: (bytes: Uint8Array) => void = () => undefined;
  const waiting: Buffer[] = [];

  const refuse = async (handle: FileHandle, type: number, id: number): Promise<void> => {
    const reply = Buffer.alloc(16);
    reply.writeUInt32LE(type, 0);
    reply.writeUInt32LE(id, 4);
    reply.writeUInt16LE(type === types.setReportReply ? 0 : notSupported, 8);
    await handle.write(reply);
  };
  const run = async (): Promise<void> => {
    const handle = await open('/dev/uhid', constants.O_RDWR | constants.O_NONBLOCK);
    file = handle;
    await handle.write(createEvent(face, descriptor));
    const buffer = Buffer.alloc(eventLength);
    while (isWanted) {
      for (let event = waiting.shift(); event; event = waiting.shift()) await handle.write(event);
      const length = await handle.read(buffer, 0, eventLength, null).then(
        ({ bytesRead }) => bytesRead,
        () => 0,
      );
      if (length === 0) {
        await new Promise((resolve) => setTimeout(resolve, pollMs));
        continue;
      }
      const type = buffer.readUInt32LE(0);
      if (type === types.output) listener(Uint8Array.from(buffer.subarray(4, 4 + buffer.readUInt16LE(4 + dataLength))));
      if (type === types.setReport) {
        listener(Uint8Array.from(buffer.subarray(12, 12 + buffer.readUInt16LE(10))));
        await refuse(handle, types.setReportReply, buffer.readUInt32LE(4));
      }
      if (type === types.getReport) await refuse(handle, types.getReportReply, buffer.readUInt32LE(4));
    }
    // Closing the file is the unplug: the kernel takes the device away with it.
    await handle.close();
    file = undefined;
  };
  const far: FarEnd = {
    send(report) {
      if (!file) return;
      const event = Buffer.alloc(6 + report.length);
      event.writeUInt32LE(types.input2, 0);
      event.writeUInt16LE(report.length, 4);
      event.set(report, 6);
      waiting.push(event);
    },
    onBytes(given) {
      listener = given;
    },
    open() {
      if (isWanted) return;
      isWanted = true;
      waiting.length = 0;
      running = run();
    },
    async close() {
      isWanted = false;
      await running;
    },
  };
  return { face, far, plug: () => far.open(), unplug: () => far.close() };
};
