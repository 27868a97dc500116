// Places for the store campaigns: a folder in memory where flushing costs nothing, and disks so small that they fill up.

import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory where there is such a folder: the campaigns write the same file a hundred thousand times. */
export const fastFolder = (): string => {
  try {
    accessSync('/dev/shm', constants.W_OK | constants.X_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
};

export const smallDiskKinds = ['ext4', 'tmpfs', 'quota'] as const;
export type SmallDiskKind = (typeof smallDiskKinds)[number];

export type SmallDisk = Disposable & {
  folder: string;
  /** For a disk that is only as small as the store is told. */
  maxBytes?: number;
  roomyMaxBytes?: number;
  /** Frees four megabytes, as an engineer would who clears old logs; can be done twice. */
  makeRoom(): void;
};

/** As much as the write-ahead log may hold: what was committed on the full disk must fit into the file before anything new does. */
const roomBytes = 4 * 1024 * 1024;
const quietly = { stdio: 'ignore' } as const;

const mount: Record<Exclude<SmallDiskKind, 'quota'>, (folder: string, disk: string, bytes: number) => void> = {
  /** A real file system on a file; needs a loop device. Blocks as large as pages, as on every disk of a kiosk: with smaller ones a page
   * of SQLite's shared memory can be half there, and touching the other half on a full disk ends the process (SIGBUS). */
  ext4(folder, disk, bytes) {
    const image = join(folder, 'disk.img');
    writeFileSync(image, '');
    truncateSync(image, bytes + 2 * roomBytes + 1024 * 1024);
    execFileSync('mkfs.ext4', ['-q', '-b', '4096', '-O', '^has_journal', '-m', '0', image], quietly);
    execFileSync('mount', ['-o', 'loop', image, disk], quietly);
  },
  tmpfs: (_folder, disk, bytes) =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes + 2 * roomBytes}`, 'tmpfs', disk], quietly),
};

/** A disk of about `bytes` under `folder`, or nothing where this user may not have one. */
export const mountSmall = (kind: SmallDiskKind, folder: string, bytes: number): SmallDisk | undefined => {
  if (kind === 'quota')
    return {
      folder,
      maxBytes: bytes,
      roomyMaxBytes: bytes + roomBytes,
      makeRoom: () => undefined,
      [Symbol.dispose]: () => undefined,
    };
  const disk = join(folder, 'disk');
  const fillers = [join(disk, 'old-1.log'), join(disk, 'old-2.log')];
  try {
    mkdirSync(disk);
    mount[kind](folder, disk, bytes);
  } catch {
    return undefined;
  }
  for (const filler of fillers) writeFileSync(filler, Buffer.alloc(roomBytes, 'old log '));
  return {
    folder: disk,
    makeRoom: () => rmSync(fillers.pop() ?? ''),
    [Symbol.dispose]: () => void execFileSync('umount', [disk], quietly),
  };
};
