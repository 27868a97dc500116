// The device's side of a gadget: a node that a simulator reads and writes, opened again whenever the cable was out.
//
//   host: /dev/ttyACM0 ══ dummy_hcd ══ /dev/ttyGS0 ◀─▶ FarEnd ◀─▶ simulator

import { constants, open, type FileHandle } from 'node:fs/promises';
import { SerialPort } from 'serialport';

export type FarEnd = {
  send(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Takes the node back before the gadget goes away. */
  close(): Promise<void>;
  open(): void;
};

const retryMs = 20;

/** A tty's far end. serialport sets it raw; everything else about it is the kernel's. */
export const createTtyEnd = (path: string): FarEnd => {
  let listener: (bytes: Uint8Array) => void = () => undefined;
  let port: SerialPort | undefined;
  let isWanted = false;
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    clearTimeout(timer);
    if (isWanted) timer = setTimeout(start, retryMs);
  };
  const start = (): void => {
    const fresh = new SerialPort({ path, baudRate: 115_200, autoOpen: false, lock: false });
    fresh.on('data', (bytes: Buffer) => listener(Uint8Array.from(bytes)));
    fresh.on('error', () => undefined);
    fresh.once('close', () => {
      if (port === fresh) port = undefined;
      again();
    });
    fresh.open((error) => {
      if (error) again();
      else if (isWanted) port = fresh;
      else fresh.close();
    });
  };
  return {
    send(bytes) {
      if (port?.isOpen) port.write(Buffer.from(bytes), () => undefined);
    },
    onBytes(given) {
      listener = given;
    },
    open() {
      if (isWanted) return;
      isWanted = true;
      start();
    },
    async close() {
      isWanted = false;
      clearTimeout(timer);
      const last = port;
      port = undefined;
      if (last?.isOpen) await new Promise<void>((resolve) => last.close(() => resolve()));
    },
  };
};

/** A poll costs some in a guest without hardware acceleration; the devices answer fast enough at this pace. */
const pollMs = 12;
const readSize = 4096;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A character device that reads and writes whole pieces and cannot be waited for: /dev/hidg0, /dev/g_printer0. */
export const createNodeEnd = (path: string): FarEnd => {
  let listener: (bytes: Uint8Array) => void = () => undefined;
  let file: FileHandle | undefined;
  let isWanted = false;
  let running: Promise<void> = Promise.resolve();
  const waiting: Uint8Array[] = [];
  const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** One thing at a time on the node: a piece out, or a look for one that came in. False: the node is dead. */
  const turn = async (handle: FileHandle, buffer: Buffer): Promise<boolean> => {
    let isIdle = true;
    try {
      const piece = waiting[0];
      if (piece) {
        await handle.write(piece, 0, piece.length, null);
        waiting.shift();
        isIdle = false;
      }
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return false;
    }
    try {
      const { bytesRead } = await handle.read(buffer, 0, readSize, null);
      if (bytesRead > 0) {
        isIdle = false;
        listener(Uint8Array.from(buffer.subarray(0, bytesRead)));
      }
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return false;
    }
    if (isIdle) await rest(pollMs);
    return true;
  };

  const run = async (): Promise<void> => {
    const buffer = Buffer.alloc(readSize);
    while (isWanted) {
      try {
        file = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
      } catch {
        await rest(retryMs);
        continue;
      }
      waiting.length = 0;
      while (isWanted && (await turn(file, buffer)));
      await file.close().catch(() => undefined);
      file = undefined;
    }
  };
  return {
    send(bytes) {
      if (file) waiting.push(Uint8Array.from(bytes));
    },
    onBytes(given) {
      listener = given;
    },
    open() {
      if (isWanted) return;
      isWanted = true;
      running = run();
    },
    async close() {
      isWanted = false;
      await running;
    },
  };
};
