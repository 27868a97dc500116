// The machine key: 32 random bytes in a file that only this user may read. Everything on disk hangs from it, so that a stolen
// store without its key file is noise. Before it stand the sealed sources, where the machine has them (machine-key-source.ts).

import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../../devices/kit/result.ts';

export const machineKeyBytes = 32;

export type MachineKeyCode = 'keyFileMode' | 'keyFileLength' | 'keyFileUnreadable';

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/** Reads the key file, or makes it (mode 0600) when there is none. A file that others may read, or of another length, is refused. */
export const loadMachineKey = (path: string): Result<Buffer, MachineKeyCode> => {
  const read = readKey(path);
  if (read) return read;
  const fresh = randomBytes(machineKeyBytes);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // `wx`: of two processes that start together only one makes the key; the other reads it.
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, fresh);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // The name must survive a power cut too, or everything sealed meanwhile is lost.
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return ok(fresh);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      const theirs = readKey(path);
      if (theirs) return theirs;
    }
    return fail('keyFileUnreadable', 'engineer', `the key file ${path} cannot be made: ${errorCode(error)}`);
  }
};

const readKey = (path: string): Result<Buffer, MachineKeyCode> | undefined => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    return fail('keyFileUnreadable', 'engineer', `the key file ${path} cannot be read: ${errorCode(error)}`);
  }
  try {
    const { mode, size } = fstatSync(file);
    // Windows has no such bits; there the folder's access list is what counts.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8);
      return fail(
        'keyFileMode',
        'engineer',
        `the key file ${path} has mode ${octal}; only its owner may read it (600)`,
      );
    }
    if (size !== machineKeyBytes)
      return fail('keyFileLength', 'engineer', `the key file ${path} has ${size} bytes, not ${machineKeyBytes}`);
    const key = Buffer.alloc(machineKeyBytes);
    readSync(file, key, 0, machineKeyBytes, 0);
    return ok(key);
  } finally {
    closeSync(file);
  }
};
