// Common parts of the trace words: every protocol folder says its own frames in its own `explain`.

import type { TraceEntry } from '../kit/trace.ts';

export type Words = { zh: string; en: string };

export const bytesOfHex = (hex: string): number[] =>
  hex
    .split(' ')
    .filter((part) => /^[0-9A-F]{2}$/.test(part))
    .map((part) => Number.parseInt(part, 16));

/** Doors behind status bits, as the lock numbers whose bit is set. */
const setBits = (bytes: readonly number[]): string =>
  bytes
    .flatMap((byte, index) =>
      Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1 ? [index * 8 + bit + 1] : [])).flat(),
    )
    .join(', ');

export const openWords = (board: number, lock: number): Words => ({
  zh: `打开 ${board} 号板 ${lock} 号锁`,
  en: `board ${board}: open lock ${lock}`,
});

export const queryWords = (board: number): Words => ({
  zh: `询问 ${board} 号板全部锁`,
  en: `board ${board}: how are all locks?`,
});

export const bitWords = (board: number, bytes: readonly number[]): Words => ({
  zh: `${board} 号板状态，置位的锁：${setBits(bytes) || '无'}`,
  en: `board ${board}: bits set for locks ${setBits(bytes) || 'none'}`,
});

/** Said of what is no frame of the protocol, and of the runner's own notes. */
export const otherWords = ({ direction, label, hex }: TraceEntry): Words =>
  direction === 'note'
    ? { zh: `丢弃：${label} ${hex}`, en: `discarded: ${label} ${hex}` }
    : { zh: `不是本协议的数据：${hex}`, en: `not of this protocol: ${hex}` };
