// What failing.c is told and tells: a page of memory that it maps, and that we read and write as a file.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { buildPreload } from '../preload/build.ts';

/** In the order of the C enumeration. A `short` write gets half through; a `lost` flush fails and takes the unflushed writes with it. */
export const manners = ['eio', 'full', 'short', 'lost'] as const;
export type Manner = (typeof manners)[number];

const controlBytes = 20;

export type Control = {
  /** Counts from the next operation on and makes number `failAt` fail; 0: none. */
  arm(failAt: number, manner: Manner, isPersistent: boolean): void;
  read(): { operations: number; failures: number };
  close(): void;
};

export const makeControlFile = (path: string): void => {
  const file = openSync(path, 'w', 0o600);
  writeSync(file, Buffer.alloc(controlBytes));
  closeSync(file);
};

export const openControl = (path: string): Control => {
  const file = openSync(path, 'r+');
  return {
    arm(failAt, manner, isPersistent) {
      const page = Buffer.alloc(controlBytes);
      page.writeInt32LE(failAt, 0);
      page.writeInt32LE(Number(isPersistent), 4);
      page.writeInt32LE(manners.indexOf(manner), 8);
      writeSync(file, page, 0, controlBytes, 0);
    },
    read() {
      const page = Buffer.alloc(controlBytes);
      readSync(file, page, 0, controlBytes, 0);
      return { operations: page.readInt32LE(12), failures: page.readInt32LE(16) };
    },
    close: () => closeSync(file),
  };
};

/** The library that makes calls fail: its path. */
export const buildFailing = (folder: string): string => buildPreload(new URL('./failing.c', import.meta.url), folder);
