// The end of the cable that a driver can open: a real tty behind a path that stays the same, or a TCP port. Unplugging takes the
// end away, plugging in makes a new one, as the kernel does it with a USB adapter.
//
//   driver ── <link> ─▶ /dev/pts/N ══ pty ══▶ Port       or       driver ── 127.0.0.1:N ══▶ Port

import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { openPty, type Pty } from './pty.ts';

export type Port = {
  /** What a driver is configured with: a path, or `tcp://127.0.0.1:N`. */
  readonly path: string;
  readonly isPlugged: boolean;
  /** Bytes to the driver; dropped when nothing is plugged in. */
  write(bytes: Uint8Array): void;
  unplug(): Promise<void>;
  plug(): Promise<void>;
};

export type OnBytes = (bytes: Uint8Array) => void;

const pointLink = (link: string, target: string): void => {
  // Through a second name, so that the link never points nowhere in between.
  const next = `${link}.${process.pid}`;
  rmSync(next, { force: true });
  symlinkSync(target, next);
  renameSync(next, link);
};

const removeLink = (link: string, target: string): void => {
  try {
    if (readlinkSync(link) === target) rmSync(link);
  } catch {
    // Somebody else took the link away or pointed it elsewhere: it is not ours any more.
  }
};

/** A pseudo terminal, plugged in. With `link` the path stays the same over replugging. */
export const openTtyPort = (onBytes: OnBytes, link?: string): Port => {
  let pty: Pty | undefined;
  let lastPath = '';
  const plug = (): void => {
    if (pty) return;
    const fresh = openPty();
    try {
      if (link !== undefined) pointLink(link, fresh.path);
    } catch (error) {
      fresh.close();
      throw error;
    }
    fresh.onData(onBytes);
    pty = fresh;
    lastPath = fresh.path;
  };
  plug();
  return {
    get path() {
      return link ?? lastPath;
    },
    get isPlugged() {
      return pty !== undefined;
    },
    write: (bytes) => pty?.write(bytes),
    async unplug() {
      if (!pty) return;
      if (link !== undefined) removeLink(link, pty.path);
      pty.close();
      pty = undefined;
    },
    plug: async () => plug(),
  };
};

/** A serial server with one customer at a time; a new one takes the place of the old. */
export const openTcpPort = async (onBytes: OnBytes, wantedPort = 0): Promise<Port> => {
  let server: Server | undefined;
  let customer: Socket | undefined;
  let port = wantedPort;
  const plug = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (server) {
        resolve();
        return;
      }
      const fresh = createServer((socket) => {
        customer?.destroy();
        customer = socket;
        socket.setNoDelay(true);
        socket.on('data', onBytes);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          if (customer === socket) customer = undefined;
        });
      });
      fresh.once('error', reject);
      fresh.listen(port, '127.0.0.1', () => {
        const address = fresh.address();
        if (address !== null && typeof address === 'object') port = address.port;
        server = fresh;
        resolve();
      });
    });
  await plug();
  return {
    get path() {
      return `tcp://127.0.0.1:${port}`;
    },
    get isPlugged() {
      return server !== undefined;
    },
    write: (bytes) => customer?.write(bytes),
    async unplug() {
      const closing = server;
      server = undefined;
      customer?.destroy();
      if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    plug,
  };
};
