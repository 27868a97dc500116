// Looks for texts in the memory of running processes: every readable and writable region of /proc/PID/mem, and where each hit lies.

import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

export type MemoryHit = {
  pid: number;
  process: string;
  what: string;
  /** It stands in a message of the protocol by which the test's own tool watches the browser. */
  isOfTool: boolean;
  /** The bytes around it as text, itself left out: whose it is. */
  around: string;
};
export type MemoryNeedle = { bytes: Buffer; what: string };

/** Ends every message of the DevTools protocol that the tool gets about a page; a kiosk's window has no such tool. */
const toolMark = Buffer.from('"sessionId":"');
const toolReach = 400;
/** In such a message a frame of the page is JSON in JSON: its quotes are escaped, as nothing of the product's own ever is. */
const escapedQuote = Buffer.from(String.raw`\"`);
const aroundBytes = 160;

const printable = (bytes: Buffer): string => bytes.toString('latin1').replaceAll(/[^ -~]+/g, '·');

const pieceBytes = 8 * 1024 * 1024;

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

/** All processes below one, itself not included. */
export const descendantsOf = (root: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in brackets may hold blanks; the parent is the second field after it.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
};

/** `renderer`, `gpu-process`, `utility`, … and `browser` for Chromium's processes; otherwise the program. */
export const kindOf = (pid: number): string => {
  const command = commandOf(pid);
  const type = /--type=(\S+)/.exec(command)?.[1];
  if (type !== undefined) return type;
  return /chrom/i.test(command) ? 'browser' : (command.split(' ').find((part) => part.endsWith('.ts')) ?? command);
};

/** As it is, in UTF-16 as V8 may keep it. */
export const memoryNeedles = (text: string, what: string): MemoryNeedle[] =>
  (['utf8', 'utf16le'] as const).map((encoding) => ({ bytes: Buffer.from(text, encoding), what }));

export const searchMemory = (
  pids: readonly number[],
  needles: readonly MemoryNeedle[],
): { bytes: number; hits: MemoryHit[] } => {
  const longest = Math.max(...needles.map(({ bytes }) => bytes.length));
  const piece = Buffer.alloc(pieceBytes);
  const hits: MemoryHit[] = [];
  let searched = 0;
  for (const pid of pids) {
    let memory: number;
    let maps: string[];
    try {
      maps = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
      memory = openSync(`/proc/${pid}/mem`, 'r');
    } catch {
      continue;
    }
    const process = kindOf(pid);
    for (const line of maps) {
      const [, from = '', to = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!rights.startsWith('rw')) continue;
      const end = Number(`0x${to}`);
      for (let at = Number(`0x${from}`); at < end; at += pieceBytes - longest) {
        let length: number;
        try {
          length = readSync(memory, piece, 0, Math.min(pieceBytes, end - at), at);
        } catch {
          break;
        }
        searched += length;
        const bytes = piece.subarray(0, length);
        for (const { bytes: needle, what } of needles)
          for (let found = bytes.indexOf(needle); found >= 0; found = bytes.indexOf(needle, found + needle.length)) {
            // The end of a message may be overwritten already.
            const isOfTool =
              bytes.subarray(found, found + toolReach).includes(toolMark) ||
              bytes.subarray(Math.max(0, found - escapedQuote.length), found).equals(escapedQuote);
            const before = printable(bytes.subarray(Math.max(0, found - aroundBytes), found));
            const after = printable(bytes.subarray(found + needle.length, found + needle.length + aroundBytes));
            hits.push({ pid, process, what, isOfTool, around: `${before}[…]${after}` });
          }
      }
    }
    closeSync(memory);
  }
  return { bytes: searched, hits };
};
