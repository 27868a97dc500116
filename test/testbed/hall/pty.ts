// A pseudo terminal pair made in this process through libc, so that a demo needs no system package. The slave side is a real
// tty that serialport opens; this side is what the simulated device reads and writes.
//
//   driver ── serialport ── /dev/pts/N (slave) ══ kernel ══ master fd ── simulator

import { closeSync, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';

type Libc = {
  openpty(master: [number], slave: [number], name: null, termios: Buffer, size: null): number;
  ttyname(fd: number): string | null;
  cfmakeraw(termios: Buffer): void;
  fcntl(fd: number, command: number, type: 'int', argument: number): number;
};

// struct termios is 60 bytes on Linux x86-64 and arm64; a larger buffer does no harm.
const termiosBytes = 128;
/** `F_SETFD`, `FD_CLOEXEC`. */
const setFlags = 2;
const closeOnExec = 1;

const loadLibc = (): Libc => {
  const libc = koffi.load('libc.so.6');
  let openpty: ReturnType<typeof libc.func>;
  const prototype = 'int openpty(_Out_ int *master, _Out_ int *slave, void *name, void *termios, void *size)';
  try {
    openpty = libc.func(prototype);
  } catch {
    // Before glibc 2.34 openpty stood in a library of its own.
    openpty = koffi.load('libutil.so.1').func(prototype);
  }
  return {
    openpty,
    ttyname: libc.func('char *ttyname(int fd)'),
    cfmakeraw: libc.func('void cfmakeraw(void *termios)'),
    fcntl: libc.func('int fcntl(int fd, int cmd, ...)'),
  };
};

let libc: Libc | undefined;

export type Pty = {
  /** Path of the slave, e.g. `/dev/pts/7`. */
  readonly path: string;
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Hangs up: whoever has the slave open sees the device vanish. */
  close(): void;
};

export const openPty = (): Pty => {
  libc ??= loadLibc();
  const termios = Buffer.alloc(termiosBytes);
  libc.cfmakeraw(termios);
  const master: [number] = [-1];
  const slave: [number] = [-1];
  if (libc.openpty(master, slave, null, termios, null) !== 0)
    throw new Error('openpty failed: no pseudo terminal is left');
  // A child process that inherited this end would keep the tty alive after `close`.
  for (const fd of [master[0], slave[0]]) libc.fcntl(fd, setFlags, 'int', closeOnExec);
  const path = libc.ttyname(slave[0]);
  if (path === null) throw new Error('ttyname failed for the new pseudo terminal');
  // The slave stays open here too: otherwise the master reads EIO whenever no driver has it open.
  const keptSlave = openSync(path, 'r+');
  closeSync(slave[0]);
  const stream = new ReadStream(master[0]);
  let isOpen = true;
  stream.on('error', () => undefined);
  return {
    path,
    write(bytes) {
      if (isOpen) stream.write(bytes);
    },
    onData(listener) {
      stream.on('data', (chunk: Buffer) => listener(chunk));
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(keptSlave);
      stream.destroy();
    },
  };
};
