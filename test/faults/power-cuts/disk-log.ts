// The recorder's log, and the disks that a power cut could leave at any moment of it. What was flushed is there; of what was not, any part
// may be, in any combination, and a write may have got through in part. A new name is there for sure only after its folder was flushed.

import { createRandom, type Random } from '../random.ts';

export type Operation =
  | { kind: 'write'; file: string; offset: number; bytes: Buffer }
  | { kind: 'truncate'; file: string; length: number }
  | { kind: 'create' | 'remove' | 'flush'; file: string }
  | { kind: 'flushFolder' };

const headBytes = 14;

export const readLog = (log: Buffer): Operation[] => {
  const names = new Map<number, string>();
  const operations: Operation[] = [];
  for (let at = 0; at + headBytes <= log.length;) {
    const kind = String.fromCharCode(log.readUInt8(at));
    const number = log.readUInt8(at + 1);
    const offset = Number(log.readBigUInt64LE(at + 2));
    const length = log.readUInt32LE(at + 10);
    at += headBytes;
    const bytes = log.subarray(at, at + length);
    at += length;
    const file = names.get(number) ?? '';
    switch (kind) {
      case 'N':
        names.set(number, bytes.toString('utf8'));
        break;
      case 'W':
        operations.push({ kind: 'write', file, offset, bytes });
        break;
      case 'T':
        operations.push({ kind: 'truncate', file, length: offset });
        break;
      case 'C':
        operations.push({ kind: 'create', file });
        break;
      case 'U':
        operations.push({ kind: 'remove', file });
        break;
      case 'S':
        operations.push({ kind: 'flush', file });
        break;
      case 'D':
        operations.push({ kind: 'flushFolder' });
        break;
      default:
        throw new Error(`the log has a record of kind ${kind}`);
    }
  }
  return operations;
};

/** A disk writes a sector whole or not at all. */
const sectorBytes = 512;

type Change = Extract<Operation, { kind: 'write' | 'truncate' }>;
type File = {
  /** What is on the disk for sure. */
  safe: Buffer;
  /** In order, what may be. */
  open: Change[];
  isNamed: boolean;
  /** The name is there for sure: its folder was flushed since. */
  isNameSafe: boolean;
};

const grown = (contents: Buffer, length: number): Buffer => {
  if (contents.length >= length) return contents;
  // Room ahead would be contents: a file is as long as it is.
  const larger = Buffer.alloc(length);
  contents.copy(larger);
  return larger;
};

const apply = (contents: Buffer, change: Change): Buffer => {
  if (change.kind === 'truncate') {
    const cut = Buffer.alloc(change.length);
    contents.copy(cut, 0, 0, change.length);
    return cut;
  }
  const larger = grown(contents, change.offset + change.bytes.length);
  change.bytes.copy(larger, change.offset);
  return larger;
};

/** Part of a write: each sector by itself there or not. */
const torn = (change: Change, random: Random): Change[] => {
  if (change.kind === 'truncate') return [change];
  const parts: Change[] = [];
  for (let from = 0; from < change.bytes.length;) {
    const to = Math.min(change.bytes.length, from + sectorBytes - ((change.offset + from) % sectorBytes));
    if (random.chance(2))
      parts.push({ ...change, offset: change.offset + from, bytes: change.bytes.subarray(from, to) });
    from = to;
  }
  return parts;
};

export type Disk = {
  /** Goes on by one operation. `isHonest` false: the drive ignores flushes, as some do. */
  step(operation: Operation): void;
  /** One of the disks that a power cut could leave now. */
  cut(random: Random): Map<string, Buffer>;
};

export const createDisk = ({ isHonest }: { isHonest: boolean }): Disk => {
  const files = new Map<string, File>();
  const fileOf = (name: string): File => {
    const known = files.get(name);
    if (known) return known;
    const fresh = { safe: Buffer.alloc(0), open: [], isNamed: true, isNameSafe: false };
    files.set(name, fresh);
    return fresh;
  };
  return {
    step(operation) {
      switch (operation.kind) {
        case 'write':
        case 'truncate':
          fileOf(operation.file).open.push(operation);
          break;
        case 'create':
          files.set(operation.file, { safe: Buffer.alloc(0), open: [], isNamed: true, isNameSafe: false });
          break;
        case 'remove':
          Object.assign(fileOf(operation.file), { isNamed: false, isNameSafe: false });
          break;
        case 'flush': {
          if (!isHonest) break;
          const file = fileOf(operation.file);
          file.safe = file.open.reduce(apply, file.safe);
          file.open = [];
          break;
        }
        case 'flushFolder':
          if (isHonest) for (const file of files.values()) file.isNameSafe = true;
          break;
        default:
          operation satisfies never;
      }
    },
    cut(random) {
      const disk = new Map<string, Buffer>();
      /** Nothing, everything, or any part of what is not safe. */
      const mood = random.below(4);
      for (const [name, file] of files) {
        const isThere = file.isNameSafe ? file.isNamed : random.chance(2);
        if (!isThere) continue;
        const chosen = file.open.flatMap((change): Change[] => {
          if (mood === 0) return [];
          if (mood === 1) return [change];
          return random.chance(2) ? (mood === 3 && random.chance(3) ? torn(change, random) : [change]) : [];
        });
        disk.set(name, chosen.reduce(apply, file.safe));
      }
      return disk;
    },
  };
};

export const cutsAt = (seed: number, at: number): Random => createRandom(seed ^ Math.imul(at + 1, 0x9e3779b1));
