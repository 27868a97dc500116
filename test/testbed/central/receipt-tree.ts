// The hash tree of RFC 9162 (2.1.1, 2.1.3.1) over the receipts of one batch, so that the platform signs once for all of them.

import { hash } from 'node:crypto';

const hashOf = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer');
const leafMark = Buffer.of(0x00);
const nodeMark = Buffer.of(0x01);

export type ReceiptTree = {
  root: Buffer;
  /** For each leaf the hashes beside its way up, lowest first. */
  paths: Buffer[][];
};

const grow = (leaves: readonly Buffer[]): ReceiptTree => {
  const [only] = leaves;
  if (only === undefined) throw new Error('a tree needs a leaf');
  if (leaves.length === 1) return { root: only, paths: [[]] };
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [grow(leaves.slice(0, half)), grow(leaves.slice(half))];
  return {
    root: hashOf(nodeMark, left.root, right.root),
    paths: [...left.paths.map((path) => [...path, right.root]), ...right.paths.map((path) => [...path, left.root])],
  };
};

export const receiptTree = (texts: readonly Uint8Array[]): ReceiptTree =>
  grow(texts.map((text) => hashOf(leafMark, text)));
