// /dev/usb/lp* (the kernel's usblp) → Connection. The node reads and writes like a file, but it is a device:
//   - one opener at a time: EBUSY says so;
//   - reading must be non-blocking and repeated: usblp answers 0 bytes or EAGAIN while the printer has nothing to say;
//   - an unplug shows as ENODEV, EIO or ENXIO at the next read or write.

import { constants, open, type FileHandle } from 'node:fs/promises';
import { fail, ok, type Result } from '../result.ts';
import type { Connection, LinkConfig, LossReason, OpenFailure, Transport } from '../transport.ts';

type LpLink = Extract<LinkConfig, { type: 'lp' }>;

/** Between two looks for an answer: real-time status answers stay quick, an idle host stays idle. */
export const readEveryMs = 20;
const readSize = 512;
const writeTimeoutMs = 5000;

const classify = (code: string | undefined): OpenFailure => {
  if (code === 'ENOENT' || code === 'ENODEV' || code === 'ENXIO') return 'notFound';
  if (code === 'EACCES' || code === 'EPERM') return 'permissionDenied';
  if (code === 'EBUSY') return 'portBusy';
  return 'openFailed';
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

export const createLpTransport = (link: LpLink): Transport => ({
  name: `lp ${link.path}`,
  async open(): Promise<Result<Connection, OpenFailure>> {
    try {
      return ok(connectionOf(await open(link.path, constants.O_RDWR | constants.O_NONBLOCK)));
    } catch (error) {
      const code = classify(codeOf(error));
      return fail(code, code === 'notFound' ? 'hall' : 'engineer', String(error));
    }
  },
});

const connectionOf = (file: FileHandle): Connection => {
  let data: (bytes: Uint8Array) => void = () => undefined;
  let lost: (reason: LossReason) => void = () => undefined;
  let ended: LossReason | undefined;
  let closing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const buffer = Buffer.alloc(readSize);

  const end = (reason: LossReason): void => {
    if (ended) return;
    ended = reason;
    clearTimeout(timer);
    lost(reason);
  };
  const look = async (): Promise<void> => {
    try {
      const { bytesRead } = await file.read(buffer, 0, readSize, null);
      if (ended) return;
      if (bytesRead > 0) data(Uint8Array.from(buffer.subarray(0, bytesRead)));
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') {
        end('unplugged');
        return;
      }
    }
    if (!ended) timer = setTimeout(() => void look(), readEveryMs);
  };
  timer = setTimeout(() => void look(), 0);

  /** A full printer buffer answers EAGAIN: what was not taken is offered again, never what was. */
  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    const untilMs = Date.now() + writeTimeoutMs;
    for (let at = 0; at < bytes.length;) {
      if (ended) throw new Error('the port is closed');
      try {
        at += (await file.write(bytes, at, bytes.length - at, null)).bytesWritten;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN') throw error;
        if (Date.now() > untilMs) throw new Error('the write was not taken in time', { cause: error });
        await new Promise((resolve) => setTimeout(resolve, readEveryMs));
      }
    }
  };
  let lastWrite: Promise<void> = Promise.resolve();

  return {
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
