// A line of the wire trace in words, for a technician who does not read hex.

import type { TraceEntry } from '../kit/trace.ts';
import { createPrinterDecoder, type PrinterFrame, type StatusKind } from './codec.ts';
import { conditionOfReport, faultsOf } from './condition.ts';
import { printerFaults } from './faults.ts';

type Words = { zh: string; en: string };

const statusNames: Record<StatusKind, Words> = {
  1: { zh: '打印机状态', en: 'printer status' },
  2: { zh: '脱机原因', en: 'offline cause' },
  3: { zh: '错误原因', en: 'error cause' },
  4: { zh: '纸张传感器', en: 'paper sensors' },
};

const requests: readonly { hex: string; words: Words }[] = [
  { hex: '10 04 01', words: { zh: '询问打印机状态', en: 'Asks for the printer status' } },
  { hex: '10 04 02', words: { zh: '询问脱机原因', en: 'Asks for the offline cause' } },
  { hex: '10 04 03', words: { zh: '询问错误原因', en: 'Asks for the error cause' } },
  { hex: '10 04 04', words: { zh: '询问纸张传感器', en: 'Asks for the paper sensors' } },
  { hex: '10 04 14', words: { zh: '询问出纸口', en: 'Asks for the outlet' } },
  { hex: '10 05 01', words: { zh: '切刀出错后继续打印', en: 'Goes on after a cutter error' } },
  {
    hex: '10 05 02',
    words: { zh: '切刀出错后清空缓冲并恢复', en: 'Recovers from a cutter error, dropping the buffer' },
  },
  { hex: '1D 65 02', words: { zh: '让出纸器收回小票', en: 'Has the presenter take the ticket back' } },
  { hex: '10 14 08', words: { zh: '清空打印缓冲', en: 'Clears the buffers' } },
  { hex: '1D 49 43', words: { zh: '询问型号', en: 'Asks for the model' } },
  { hex: '1D 49 41', words: { zh: '询问固件版本', en: 'Asks for the firmware version' } },
  { hex: '1D 49 44', words: { zh: '询问序列号', en: 'Asks for the serial number' } },
];

// `initialise` begins a ticket and both questions at hello; what follows tells them apart.
const initialiseHex = '1B 40 1D 61 0E 1C 26';

const sentWords = (hex: string, label: string): Words => {
  // A ticket may begin with the command that takes the last one back.
  const known = label === 'ticket' ? undefined : requests.find((request) => hex.startsWith(request.hex));
  if (known) return known.words;
  if (label !== 'ticket' && !hex.startsWith(initialiseHex)) return { zh: `发送：${label}`, en: `Sends: ${label}` };
  const rest = label === 'ticket' ? hex : hex.slice(initialiseHex.length).trim();
  if (rest === '') return { zh: '初始化，打开自动状态和汉字模式', en: 'Initialises: automatic status on, Chinese on' };
  if (rest.startsWith('1D 28 48'))
    return { zh: '询问能否用作业编号确认', en: 'Asks whether it confirms by process id' };
  if (rest === '1D 72 01') return { zh: '询问能否用排队状态确认', en: 'Asks whether it confirms by a queued status' };
  const [, byteCount] = /\((\d+) bytes\)$/.exec(hex) ?? [];
  const length = byteCount ?? String(hex.split(' ').length);
  return { zh: `发送小票，共 ${length} 字节`, en: `Sends a ticket of ${length} bytes` };
};

const faultWords = (frame: PrinterFrame & { type: 'autoStatus' }): Words => {
  const faults = faultsOf(conditionOfReport(frame.bytes)).map(({ code }) => printerFaults[code as 'paperOut']);
  if (faults.length === 0) return { zh: '正常', en: 'all is well' };
  return {
    zh: faults.map((fault) => fault.zh.what).join('；'),
    en: faults.map((fault) => fault.en.what).join('; '),
  };
};

const bitsOf = (kind: StatusKind, value: number): Words => {
  const set = (mask: number, zh: string, en: string): Words[] => ((value & mask) === 0 ? [] : [{ zh, en }]);
  const said = {
    1: [...set(0x08, '脱机', 'offline')],
    2: [
      ...set(0x04, '上盖打开', 'cover open'),
      ...set(0x08, '正在手动走纸', 'fed by its button'),
      ...set(0x20, '缺纸停止', 'stopped for paper'),
      ...set(0x40, '有错误', 'error'),
    ],
    3: [
      ...set(0x04, '机械故障', 'mechanical error'),
      ...set(0x08, '切刀故障', 'cutter error'),
      ...set(0x20, '不可恢复故障', 'unrecoverable error'),
      ...set(0x40, '过热或电压异常', 'hot head or wrong voltage'),
    ],
    4: [...set(0x0c, '纸将尽', 'near end'), ...set(0x60, '缺纸', 'paper out')],
  }[kind];
  if (said.length === 0) return { zh: '正常', en: 'nothing reported' };
  return { zh: said.map(({ zh }) => zh).join('、'), en: said.map(({ en }) => en).join(', ') };
};

const receivedWords = (frame: PrinterFrame, before: TraceEntry | undefined): Words => {
  switch (frame.type) {
    case 'flow':
      return frame.isOn
        ? { zh: '打印机可以继续接收', en: 'The printer takes data again' }
        : { zh: '打印机请求暂停发送', en: 'The printer asks to pause' };
    case 'realTime': {
      const [, digit] = /^10 04 0([1-4])$/.exec(before?.hex ?? '') ?? [];
      const kind = digit === undefined ? undefined : (Number(digit) as StatusKind);
      if (!kind) return { zh: '实时状态（不知对应哪个询问）', en: 'Real-time status (the question is not known)' };
      const words = bitsOf(kind, frame.value);
      return { zh: `${statusNames[kind].zh}:${words.zh}`, en: `Answer, ${statusNames[kind].en}: ${words.en}` };
    }
    case 'autoStatus': {
      const words = faultWords(frame);
      return { zh: `自动状态：${words.zh}`, en: `Automatic status: ${words.en}` };
    }
    case 'presenter':
      return (frame.paper & 0x20) === 0
        ? { zh: '出纸口是空的', en: 'The outlet is empty' }
        : { zh: '小票还在出纸口', en: 'The ticket is still in the outlet' };
    case 'processId':
      return { zh: `作业 ${frame.processId} 已打印完成`, en: `Job ${frame.processId} has been printed` };
    case 'offlineReport':
      return { zh: '打印机报告脱机', en: 'The printer reports that it went offline' };
    case 'cleared':
      return { zh: '缓冲已清空', en: 'The buffers were cleared' };
    case 'info':
      return { zh: `打印机信息：${frame.text}`, en: `Printer information: ${frame.text}` };
    case 'queued':
      return { zh: '前面的数据已经处理完', en: 'Everything sent before has been worked off' };
    case 'echo':
      return { zh: '线路把我们发出的询问传了回来（回显）', en: 'The line handed our own question back (echo)' };
    case 'block':
      return { zh: '其他应答', en: 'Another answer' };
    default:
      frame satisfies never;
      return { zh: '', en: '' };
  }
};

/**
 * What one entry of the wire trace says. `before`: the last entry that was sent, because a one-byte status does not say which
 * question it answers.
 */
export const explainTrace = (entry: TraceEntry, before?: TraceEntry): Words => {
  if (entry.direction === 'out') return sentWords(entry.hex, entry.label);
  if (entry.direction === 'note') return { zh: `丢弃或断开：${entry.label}`, en: `Discarded or lost: ${entry.label}` };
  const bytes = Buffer.from(entry.hex.replaceAll(/[^0-9A-F]/g, ''), 'hex');
  const [item] = createPrinterDecoder({ hasPresenter: true }).push(bytes);
  return item?.type === 'frame'
    ? receivedWords(item.frame, before)
    : { zh: `无法识别：${entry.hex}`, en: `Not understood: ${entry.hex}` };
};
