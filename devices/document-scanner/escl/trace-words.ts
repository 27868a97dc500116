// The wire trace of an eSCL scanner in words, for the technician.

import type { TraceEntry } from '../../kit/trace.ts';
import { messageKinds } from './codec.ts';

type Text = { zh: string; en: string };

const purposes: Readonly<Record<string, Text>> = {
  capabilities: { zh: '功能', en: 'what it can do' },
  status: { zh: '状态', en: 'how it is' },
  createJob: { zh: '新建扫描任务', en: 'a new scan job' },
  page: { zh: '下一页', en: 'the next page' },
  deleteJob: { zh: '取消扫描任务', en: 'the end of the job' },
};

const field = (text: string, name: string): string | undefined =>
  new RegExp(`"${name}":"?([A-Za-z0-9]+)`).exec(text)?.[1];

/** Pages are traced by their length only; of other messages the head is enough. */
export const explainTrace = (entry: TraceEntry): Text => {
  switch (entry.direction) {
    case 'note':
      return { zh: `丢弃：${entry.label} ${entry.hex}`, en: `discarded: ${entry.label} ${entry.hex}` };
    case 'out':
      return entry.label === 'abort'
        ? { zh: '不再等这个应答', en: 'waits for this answer no more' }
        : { zh: `请求 ${entry.label}`, en: `asks ${entry.label}` };
    case 'in': {
      if (entry.hex.startsWith('(')) return { zh: `收到一页 ${entry.hex}`, en: `a page came ${entry.hex}` };
      const bytes = Buffer.from(entry.hex.replace(/ … .*$/, '').replaceAll(' ', ''), 'hex');
      const head = bytes.subarray(5).toString('latin1');
      const about = purposes[field(head, 'purpose') ?? ''] ?? { zh: '不明', en: 'something unknown' };
      switch (bytes[0]) {
        case messageKinds.answer: {
          const status = field(head, 'httpStatus');
          return { zh: `应答（${about.zh}）${status ?? ''}`, en: `answer about ${about.en} ${status ?? ''}`.trim() };
        }
        case messageKinds.received:
          return {
            zh: `正在收 ${field(head, 'bytes') ?? '?'} 字节`,
            en: `receiving, ${field(head, 'bytes') ?? '?'} bytes so far`,
          };
        case messageKinds.failed:
          return {
            zh: `没有得到应答（${about.zh}）:${field(head, 'reason') ?? '?'}`,
            en: `no answer about ${about.en}: ${field(head, 'reason') ?? '?'}`,
          };
        default:
          return { zh: `不明的消息：${entry.hex}`, en: `unknown message: ${entry.hex}` };
      }
    }
    default:
      return entry.direction satisfies never;
  }
};
