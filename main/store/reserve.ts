// Room that is kept for the day on which the disk is full: files of no use beside the store, given up when space runs out, so that what was
// begun can be finished, and kept again when there is room. The second file is for the next start alone: a kiosk that is switched off
// with a full disk must come up again.
//
//   room ─▶ fill ─▶ held ──space runs out──▶ given up ──room again──▶ fill …

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { freeBytesAt } from './failure.ts';

/** Some thirty thousand queue tickets, or the last cases of a day. */
export const usualReserveBytes = 64 * 1024 * 1024;

const blockBytes = 1024 * 1024;
/** Of the whole: kept for the next start. */
const startShare = 8;
/** Of the whole: with less free space than this the reserve is given up. */
const lowShare = 4;

export type Reserve = {
  /** Before the store is opened. */
  beforeStart(): void;
  /** Before something is written: gives the reserve up when there is hardly any space left. */
  beforeWrite(): void;
  /** A write found the disk full. */
  giveUp(): void;
  /** Fills what is missing, if there is room for it and as much again. */
  tend(): void;
  /** What lies on the disk for it. */
  heldBytes(): number;
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Real blocks: a file with holes would keep nothing. What is in it cannot be made smaller by the file system either. */
const fill = (path: string, bytes: number): void => {
  const block = randomBytes(Math.min(blockBytes, bytes));
  const file = openSync(path, 'a', 0o600);
  try {
    for (let size = sizeOf(path); size < bytes;)
      size += writeSync(file, block, 0, Math.min(block.length, bytes - size));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** `path` is the store's. `onGivenUp` is for the log. */
export const createReserve = (
  path: string,
  bytes: number,
  options: { freeBytes?: () => number; onGivenUp?: () => void } = {},
): Reserve => {
  const { freeBytes = () => freeBytesAt(path), onGivenUp = () => undefined } = options;
  const startBytes = Math.ceil(bytes / startShare);
  const parts = [
    { file: `${path}-reserve`, bytes: bytes - startBytes },
    { file: `${path}-reserve-start`, bytes: startBytes },
  ] as const;
  const [work, start] = parts;
  const low = Math.ceil(bytes / lowShare);
  let isHeld = sizeOf(work.file) > 0;
  const giveUp = (): void => {
    if (!isHeld) return;
    isHeld = false;
    rmSync(work.file, { force: true });
    onGivenUp();
  };
  return {
    beforeStart() {
      if (freeBytes() < low) giveUp();
      if (freeBytes() < start.bytes) rmSync(start.file, { force: true });
    },
    beforeWrite() {
      if (isHeld && freeBytes() < low) giveUp();
    },
    giveUp,
    tend() {
      const missing = parts.filter((part) => sizeOf(part.file) < part.bytes);
      if (missing.length === 0 || freeBytes() < 2 * bytes) return;
      try {
        for (const part of missing) fill(part.file, part.bytes);
        isHeld = true;
      } catch {
        // Somebody else took the room meanwhile: a part of a reserve would only be in the way.
        for (const { file } of missing) rmSync(file, { force: true });
        isHeld = sizeOf(work.file) > 0;
      }
    },
    heldBytes: () => parts.reduce((sum, { file }) => sum + sizeOf(file), 0),
  };
};
