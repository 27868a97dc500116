// Looks for many texts at once in the raw bytes of files, whatever structure they have.

import { readFileSync } from 'node:fs';

export type Needle = { bytes: Buffer; what: string };
export type Hit = { path: string; at: number; what: string };

/** Needles are told apart by their first four bytes; most places of a file begin none of them. */
const headBytes = 4;

export const searchFiles = (paths: readonly string[], needles: readonly Needle[]): { bytes: number; hits: Hit[] } => {
  const byHead = new Map<number, Needle[]>();
  const isHead = new Uint8Array(1 << 16);
  for (const needle of needles) {
    if (needle.bytes.length < headBytes) throw new Error(`${needle.what} is too short to be looked for`);
    const head = needle.bytes.readUInt32LE(0);
    isHead[head & 0xffff] = 1;
    const same = byHead.get(head);
    if (same) same.push(needle);
    else byHead.set(head, [needle]);
  }
  const hits: Hit[] = [];
  let bytes = 0;
  for (const path of paths) {
    const file = readFileSync(path);
    bytes += file.length;
    for (let at = 0; at + headBytes <= file.length; at += 1) {
      if (isHead[(file[at] ?? 0) | ((file[at + 1] ?? 0) << 8)] !== 1) continue;
      for (const needle of byHead.get(file.readUInt32LE(at)) ?? [])
        if (
          file.compare(needle.bytes, 0, needle.bytes.length, at, Math.min(file.length, at + needle.bytes.length)) === 0
        )
          hits.push({ path, at, what: needle.what });
    }
  }
  return { bytes, hits };
};
