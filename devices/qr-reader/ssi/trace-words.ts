// Lines of the wire trace in words, where SSI says more than the common words do.

import type { TraceEntry } from '../../kit/trace.ts';

type Text = { zh: string; en: string };

const causes: ReadonlyMap<string, Text> = new Map([
  ['01', { zh: '校验不对，请重发', en: 'damaged, send it again' }],
  ['02', { zh: '命令不认识', en: 'command unknown' }],
  ['06', { zh: '现在不能执行', en: 'not now, or not with this value' }],
  ['0A', { zh: '已取消', en: 'cancelled' }],
]);

const notes: Readonly<Record<string, Text>> = {
  damagedPacket: { zh: '损坏的数据包，丢弃', en: 'damaged packet, thrown away' },
  rawText: {
    zh: '应为数据包却收到文本，丢弃并重新设置',
    en: 'text where a packet was agreed on, thrown away; settings sent again',
  },
  echo: { zh: '自己发出的数据被送回', en: 'our own bytes came back' },
};

/** Undefined: the common words do. */
export const explainPacket = (entry: TraceEntry): Text | undefined => {
  if (entry.direction === 'note') {
    const note = notes[entry.label];
    return note && { zh: `${note.zh} ${entry.hex}`.trim(), en: `${note.en} ${entry.hex}`.trim() };
  }
  if (entry.direction !== 'in') return undefined;
  if (entry.hex.includes('private')) {
    const length = entry.hex.match(/\d+/)?.[0] ?? '?';
    return { zh: `数据包：${length} 字节，内容不显示`, en: `packet: ${length} bytes, not shown` };
  }
  const [, opcode, , , first = ''] = entry.hex.split(' ');
  if (opcode === 'D0') return { zh: '应答：好（ACK）', en: 'reply: done (ACK)' };
  if (opcode === 'A4') return { zh: '应答：固件版本', en: 'reply: firmware' };
  if (opcode !== 'D1') return undefined;
  const cause = causes.get(first) ?? { zh: `原因 ${first}`, en: `cause ${first}` };
  return { zh: `应答：拒绝（NAK），${cause.zh}`, en: `reply: refused (NAK), ${cause.en}` };
};
