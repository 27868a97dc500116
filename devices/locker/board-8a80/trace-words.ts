// The 8A/80 board's frames in words, for the technician's wire trace.

import type { TraceEntry } from '../../kit/trace.ts';
import { bytesOfHex } from '../trace-words.ts';

/** One entry of the wire trace in words. Bytes that are no frame of this protocol are said to be that. */
export const describeTraceEntry = (entry: TraceEntry): { zh: string; en: string } => {
  if (entry.direction === 'note')
    return { zh: `丢弃：${entry.label} ${entry.hex}`, en: `discarded: ${entry.label} ${entry.hex}` };
  const bytes = bytesOfHex(entry.hex);
  const [kind = 0, board = 0, lock = 0, state] = bytes;
  const isQuery = kind === 0x80 && bytes.length === 5 && state === 0x33;
  if (isQuery && lock === 0) return { zh: `询问 ${board} 号板全部锁`, en: `board ${board}: how are all locks?` };
  if (isQuery) return { zh: `询问 ${board} 号板 ${lock} 号锁`, en: `board ${board}: how is lock ${lock}?` };
  const contact = {
    zh: state === 0x11 ? '接通（11）' : '断开（00）',
    en: state === 0x11 ? 'made (11)' : 'broken (00)',
  };
  if (bytes.length === 5 && kind === 0x8a && entry.direction === 'out')
    return { zh: `打开 ${board} 号板 ${lock} 号锁`, en: `board ${board}: open lock ${lock}` };
  if (bytes.length === 5 && kind === 0x8a)
    return {
      zh: `开锁命令的应答：${lock} 号锁触点${contact.zh}`,
      en: `answer to open: lock ${lock}, contact ${contact.en}`,
    };
  if (bytes.length === 5 && kind === 0x80)
    return { zh: `${lock} 号锁触点${contact.zh}`, en: `lock ${lock}: contact ${contact.en}` };
  if (bytes.length === 5 && kind === 0x82)
    return {
      zh: `锁控板主动报告：${lock} 号锁触点${contact.zh}`,
      en: `the board reports: lock ${lock}, contact ${contact.en}`,
    };
  if (kind === 0x80 && bytes.length > 5) {
    const bits = bytes
      .slice(2, -2)
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join(' ');
    return { zh: `全部锁的状态位（按线上顺序）:${bits}`, en: `status bits of all locks (order of the wire): ${bits}` };
  }
  return { zh: `不是本协议的数据：${entry.hex}`, en: `not of this protocol: ${entry.hex}` };
};
