// The machine key as a file that can be exchanged: plain or sealed, with a next one beside it while a rotation is under way.
//
//   KEY ─▶ KEY.next (the coming one) ─▶ KEY.old (second name of KEY) ─▶ KEY.next renamed to KEY ─▶ KEY.old overwritten, removed

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { loadMachineKey, machineKeyBytes } from './machine-key.ts';
import { readSealedKey, type MachineKeyPlace, type MachineKeySourceCode } from './machine-key-source.ts';
import { sealCredential, sealingKeyOf, type SealingOptions } from './sealed-credential.ts';

export type KeyFileCode = MachineKeySourceCode;

/** How the key lies on disk. */
export type KeyHolder = {
  path: string;
  read(path: string): Result<Buffer, MachineKeySourceCode>;
  /** In one step: the file is whole or not there. */
  write(path: string, key: Uint8Array): Result<void, MachineKeySourceCode>;
};

export const nextPathOf = (path: string): string => `${path}.next`;
export const oldPathOf = (path: string): string => `${path}.old`;

const flushFolderOf = (path: string): void => {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const plainHolder = (path: string): KeyHolder => ({
  path,
  read: (file) =>
    existsSync(file) ? loadMachineKey(file) : fail('keyFileUnreadable', 'engineer', `there is no key file ${file}`),
  write(file, key) {
    const part = `${file}.part`;
    try {
      rmSync(part, { force: true });
      const opened = openSync(part, 'wx', 0o600);
      try {
        writeSync(opened, key);
        fsyncSync(opened);
      } finally {
        closeSync(opened);
      }
      renameSync(part, file);
      flushFolderOf(file);
      return ok(undefined);
    } catch (error) {
      rmSync(part, { force: true });
      return fail('keyFileUnreadable', 'engineer', `the key file ${file} cannot be written: ${String(error)}`);
    }
  },
});

/** Nothing where the key only comes from the service manager: then there is no file to exchange. */
export const keyHolderOf = (place: MachineKeyPlace, options: SealingOptions = {}): KeyHolder | undefined => {
  const { path, from } = place;
  if (from === 'serviceManager') return undefined;
  if (from === 'keyFile') return plainHolder(path);
  return {
    path,
    read: (file) => readSealedKey(file, options),
    write: (file, key) => sealCredential(key, file, sealingKeyOf(path) ?? 'host', options),
  };
};

/** A fresh key, or the one that an interrupted rotation left. */
export const keepNextKey = (holder: KeyHolder): Result<Buffer, MachineKeySourceCode> => {
  const next = nextPathOf(holder.path);
  if (existsSync(next)) return holder.read(next);
  const key = randomBytes(machineKeyBytes);
  const written = holder.write(next, key);
  // Read back: what cannot be read after a restart must not become the key of anything.
  return written.ok ? holder.read(next) : written;
};

/** Overwrites the bytes before the name goes. A disk that moves its blocks about (SSD) may keep a copy: sealing is the answer to that. */
export const shredFile = (path: string): void => {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, randomBytes(Math.max(1, fstatSync(file).size)), 0, undefined, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
  flushFolderOf(path);
};

const isSameFile = (a: string, b: string): boolean => statSync(a).ino === statSync(b).ino;

/** The next key becomes the key. Can be called again after a stop at any line. */
export const exchangeKeys = ({ path }: KeyHolder, onStep: (step: 'oldLinked' | 'exchanged') => void): void => {
  const [next, old] = [nextPathOf(path), oldPathOf(path)];
  if (!existsSync(next)) return;
  if (!existsSync(old)) {
    linkSync(path, old);
    flushFolderOf(path);
  }
  onStep('oldLinked');
  renameSync(next, path);
  flushFolderOf(path);
  onStep('exchanged');
};

/** Destroys the key of before, which nothing hangs from any more. */
export const shredOldKey = ({ path }: KeyHolder): void => {
  const old = oldPathOf(path);
  if (!existsSync(old)) return;
  // Two names of the key in use: only the second name goes.
  if (isSameFile(old, path)) rmSync(old);
  else shredFile(old);
};

/** Whether a rotation was begun and not brought to its end. */
export const isRotationOpen = (path: string): boolean => existsSync(nextPathOf(path)) || existsSync(oldPathOf(path));
