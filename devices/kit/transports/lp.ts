// /dev/usb/lp* (the kernel's usblp) → Connection. The node reads and writes like a file, but it is a device
// (Linux drivers/usb/class/usblp.c):
//   - one opener at a time: EBUSY says so;
//   - Node cannot wait for it to become readable, and a blocking read would hold a libuv thread for ever. So it is opened
//     non-blocking and looked at again and again: often after a write or an answer, ever more seldom in between;
//   - a read of 0 bytes is an empty USB packet and not the end; EAGAIN means that nothing has come;
//   - a printer with a unidirectional interface (7/1/1) answers every read with EINVAL: it can be written to all the same;
//   - a write takes one block and returns while it is still on the bus. While a block waits, because the printer is out of paper
//     and its buffer full, the next write gets EAGAIN;
//   - an unplug shows as ENODEV or EIO at the next read or write.

import { constants, open, readFile, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, PortInfo, Transport } from '../transport.ts';

type LpLink = Extract<LinkConfig, { type: 'lp' }>;

/** What this file needs of a FileHandle; tests hand in one that fails as the kernel does. */
export type LpFile = {
  read(buffer: Uint8Array, offset: number, length: number, position: null): Promise<{ bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number, position: null): Promise<{ bytesWritten: number }>;
  close(): Promise<void>;
};

/** Shortest and longest time between two looks for an answer. */
export const quickestLookMs = 5;
export const slowestLookMs = 200;
/** An answer that took 800 ms is seen after at most 900: the wait between two looks grows with the silence. */
const silencePerLook = 8;
/** Between two offers of bytes that were not taken. */
const offerEveryMs = 20;
const readSize = 1024;

const classify = (code: string | undefined): OpenFailure => {
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') return 'notFound';
  if (code === 'EACCES' || code === 'EPERM') return 'permissionDenied';
  if (code === 'EBUSY') return 'portBusy';
  return 'openFailed';
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

// O_NOCTTY: where the path is a terminal after all, it must not become the controlling one of a service.
const openNode = (path: string): Promise<LpFile> =>
  open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY);

/**
 * What the printer says of itself in its IEEE 1284 device id, e.g. `MFG:ACME;CMD:ESC/POS;MDL:T-80;SN:0001;`. The kernel asked for it
 * when the printer was plugged in; keys may be long or short.
 */
export const infoOfDeviceId = (deviceId: string): PortInfo => {
  const fields = new Map<string, string>();
  for (const field of deviceId.split(';')) {
    const at = field.indexOf(':');
    if (at > 0) fields.set(field.slice(0, at).trim().toUpperCase(), field.slice(at + 1).trim());
  }
  const first = (...keys: string[]): string => keys.map((key) => fields.get(key)).find((value) => value) ?? '';
  const manufacturer = first('MFG', 'MANUFACTURER');
  const product = first('MDL', 'MODEL');
  const serialNumber = first('SN', 'SERN', 'SERIALNUMBER');
  return {
    ...(manufacturer ? { manufacturer } : {}),
    ...(product ? { product } : {}),
    ...(serialNumber ? { serialNumber } : {}),
  };
};

const infoOf = async (path: string, sysfs: string): Promise<PortInfo> => {
  try {
    // The configured path may be a link of udev's; sysfs knows the node by its kernel name.
    const node = basename(await realpath(path));
    return infoOfDeviceId(await readFile(`${sysfs}/${node}/device/ieee1284_id`, 'latin1'));
  } catch {
    // A name is a courtesy: a printer without one prints as well.
    return {};
  }
};

export type LpSystem = { openFile?(path: string): Promise<LpFile>; sysfs?: string };

/** `system` stands in for the kernel in tests. */
export const createLpTransport = (
  link: LpLink,
  { openFile = openNode, sysfs = '/sys/class/usbmisc' }: LpSystem = {},
): Transport => ({
  name: `lp ${link.path}`,
  async open(): Promise<Result<Connection, OpenFailure>> {
    try {
      const file = await openFile(link.path);
      return ok(connectionOf(file, await infoOf(link.path, sysfs)));
    } catch (error) {
      const code = classify(codeOf(error));
      return fail(code, code === 'notFound' ? 'hall' : 'engineer', String(error));
    }
  },
});

const connectionOf = (file: LpFile, info: PortInfo): Connection => {
  let data: (bytes: Uint8Array) => void = () => undefined;
  let lost: (reason: LossReason) => void = () => undefined;
  let ended: LossReason | undefined;
  let closing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let canRead = true;
  let heardAt = performance.now();
  const buffer = Buffer.alloc(readSize);

  const end = (reason: LossReason): void => {
    if (ended) return;
    ended = reason;
    clearTimeout(timer);
    lost(reason);
  };

  const lookAfter = (delayMs: number): void => {
    clearTimeout(timer);
    if (!ended && canRead) timer = setTimeout(() => void look(), delayMs);
  };
  const look = async (): Promise<void> => {
    isLooking = true;
    try {
      const { bytesRead } = await file.read(buffer, 0, readSize, null);
      if (ended) return;
      if (bytesRead > 0) {
        heardAt = performance.now();
        data(Uint8Array.from(buffer.subarray(0, bytesRead)));
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EINVAL') canRead = false;
      else if (code !== 'EAGAIN') end('unplugged');
    } finally {
      isLooking = false;
    }
    const silenceMs = performance.now() - heardAt;
    lookAfter(Math.min(slowestLookMs, Math.max(quickestLookMs, silenceMs / silencePerLook)));
  };
  /** Something was sent: the answer may come at once. */
  const expectAnswer = (): void => {
    heardAt = performance.now();
    if (!isLooking) lookAfter(quickestLookMs);
  };
  lookAfter(0);

  /**
   * What was not taken is offered again, never what was. There is no time-out here: a printer without paper may take nothing for as
   * long as it takes to bring a roll, and its ticket must go on afterwards. That nobody answers is the driver's to find.
   */
  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) {
      if (ended) throw new Error('the port is closed');
      let taken = 0;
      try {
        taken = (await file.write(bytes, at, bytes.length - at, null)).bytesWritten;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error;
      }
      at += taken;
      if (taken > 0) expectAnswer();
      else await new Promise((resolve) => setTimeout(resolve, offerEveryMs));
    }
  };
  let lastWrite: Promise<void> = Promise.resolve();

  return {
    info,
    write(bytes) {
      lastWrite = lastWrite.catch(() => undefined).then(() => writeAll(bytes));
      return lastWrite;
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
      clearTimeout(timer);
      closing ??= file.close().catch(() => undefined);
      return closing;
    },
  };
};
