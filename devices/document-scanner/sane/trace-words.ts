// The wire trace of a SANE scanner in words, for the technician.

import type { TraceEntry } from '../../kit/trace.ts';
import { scannerFaults } from '../faults.ts';
import { messageKinds } from './codec.ts';
import { faultOfEnd } from './scanimage.ts';

const textOf = (hex: string): string =>
  Buffer.from(hex.replace(/ … .*$/, '').replaceAll(' ', ''), 'hex')
    .subarray(3)
    .toString('utf8')
    .replaceAll(/[\r\n]+/g, ' · ')
    .trim();

const wordsOfEnd = (text: string): { zh: string; en: string } => {
  const code = /"code":(\d+|null)/.exec(text)?.[1];
  const fault = faultOfEnd({ code: code === undefined || code === 'null' ? null : Number(code) }, []);
  if (code === '0') return { zh: '扫描程序正常结束', en: 'scanimage ended well' };
  if (code === undefined || code === 'null')
    return { zh: `扫描程序没有正常结束：${text}`, en: `scanimage did not end by itself: ${text}` };
  const words = fault === undefined ? undefined : scannerFaults[fault];
  return {
    zh: `扫描程序结束，状态 ${code}:${words?.zh.what ?? '不明'}`,
    en: `scanimage ended with status ${code}: ${words?.en.what ?? 'unknown'}`,
  };
};

/** One entry of the trace in words. Pages are traced by their length only. */
export const explainTrace = (entry: TraceEntry): { zh: string; en: string } => {
  if (entry.direction === 'note')
    return { zh: `丢弃：${entry.label} ${entry.hex}`, en: `discarded: ${entry.label} ${entry.hex}` };
  if (entry.direction === 'out') {
    if (entry.label === 'SIGINT') return { zh: '请扫描程序停止', en: 'asks scanimage to stop' };
    if (entry.label === 'SIGKILL') return { zh: '强制结束扫描程序', en: 'ends scanimage by force' };
    return { zh: `运行 ${entry.label}`, en: `runs ${entry.label}` };
  }
  if (entry.hex.startsWith('(')) return { zh: `收到一页 ${entry.hex}`, en: `a page came ${entry.hex}` };
  const text = textOf(entry.hex);
  switch (Number.parseInt(entry.hex.slice(0, 2), 16)) {
    case messageKinds.stderr:
      return { zh: `扫描程序说：${text}`, en: `scanimage says: ${text}` };
    case messageKinds.stdout:
      return { zh: '扫描仪列出了功能', en: 'the scanner listed its options' };
    case messageKinds.ended:
      return wordsOfEnd(text);
    default:
      return { zh: `不明的消息：${entry.hex}`, en: `unknown message: ${entry.hex}` };
  }
};
