// Health checks for the technician, and wire-trace lines in words.

import type { CheckVerdict, Device, HealthCheck } from '../kit/device.ts';
import type { TraceEntry } from '../kit/trace.ts';
import type { QrCommand, QrNotice, QrReply } from './api.ts';
import type { CommandBytes } from './protocol.ts';

type Reader = Device<QrCommand, QrReply, QrNotice>;
type Text = { zh: string; en: string };
type Ask = Parameters<HealthCheck['run']>[0];

const quickMs = 6000;
const showMs = 20_000;

const runId = (name: string): string => `check:${name}:${crypto.randomUUID()}`;
const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

const execute = async (reader: Reader, command: QrCommand, timeoutMs: number): Promise<CheckVerdict> => {
  const result = await reader.execute(command, { id: runId(command.type), timeoutMs });
  return result.ok
    ? verdict(true, 'passed', result.value.type)
    : verdict(false, result.error.code, result.error.message);
};

/** Where the reader cannot be asked, the port is all that can be checked, and the verdict says so. */
const checkPort = (reader: Reader): CheckVerdict => {
  const status = reader.status();
  if (status.state !== 'online') return verdict(false, status.faults[0]?.code ?? status.state, 'the port is not open');
  return verdict(true, 'portOnly', 'the port is open; a reader without a hello cannot be asked whether it is there');
};

/** The beep itself goes unanswered. The question after it shows that the line was up and the reader still listens. */
const checkBeep = async (reader: Reader): Promise<CheckVerdict> => {
  const beep = await execute(reader, { type: 'beep' }, quickMs);
  if (!beep.passed) return beep;
  const alive = await execute(reader, { type: 'query' }, quickMs);
  return alive.passed ? verdict(true, 'sent', 'sent; only a person can say that it sounded') : alive;
};

const checkHearing = async (reader: Reader, ask: Ask): Promise<CheckVerdict> => {
  const beep = await execute(reader, { type: 'beep' }, quickMs);
  if (!beep.passed) return beep;
  const heard = await ask({ zh: '听到扫码器“嘀”的一声了吗？', en: 'Did the reader beep?' });
  return heard ? verdict(true, 'passed', 'heard') : verdict(false, 'notHeard', 'a person did not hear it');
};

const checkReading = async (reader: Reader, ask: Ask): Promise<CheckVerdict> => {
  const isReady = await ask({
    zh: '请准备一个测试用二维码，点“是”以后对准扫码窗口。没有请点“否”',
    en: 'Have a test code ready; answer yes, then hold it to the reader. Answer no if you have none',
  });
  if (!isReady) return verdict(false, 'noTestCode', 'no code at hand');
  const reasons: string[] = [];
  const stopListening = reader.onNotice((notice) => reasons.push(notice.reason));
  try {
    const result = await reader.execute({ type: 'readCode' }, { id: runId('readCode'), timeoutMs: showMs });
    if (!result.ok) return verdict(false, reasons.at(-1) ?? result.error.code, result.error.message);
    if (result.value.type !== 'code') return verdict(false, 'protocolError', result.value.type);
    const { text, encoding } = result.value.code;
    const start = text.slice(0, 6);
    const isRight = await ask({
      zh: `读到 ${text.length} 个字符，以“${start}”开头。对吗？`,
      en: `Read ${text.length} characters, beginning with “${start}”. Is that right?`,
    });
    const detail = `${text.length} characters, ${encoding}`;
    return isRight ? verdict(true, 'passed', detail) : verdict(false, 'wrongContent', detail);
  } finally {
    stopListening();
  }
};

/** Every check can fail; the folder's tests show each one failing on a fault of the simulator. */
export const qrReaderChecks = (reader: Reader, commands: CommandBytes): readonly HealthCheck[] => {
  const canAsk = commands.question !== undefined;
  const canBeep = canAsk && commands.beep !== undefined;
  const first: HealthCheck = canAsk
    ? {
        name: 'answers',
        scope: 'internal',
        title: { zh: '扫码器应答', en: 'The reader answers' },
        run: () => execute(reader, { type: 'query' }, quickMs),
      }
    : {
        name: 'port',
        scope: 'internal',
        title: { zh: '端口已打开', en: 'The port is open' },
        run: () => Promise.resolve(checkPort(reader)),
      };
  const sound: HealthCheck[] = canBeep
    ? [
        {
          name: 'beep',
          scope: 'external',
          title: { zh: '发出提示音', en: 'Beep' },
          run: () => checkBeep(reader),
        },
        {
          name: 'hearBeep',
          scope: 'interactive',
          title: { zh: '听提示音', en: 'Hear the beep' },
          run: (ask) => checkHearing(reader, ask),
        },
      ]
    : [];
  return [
    first,
    ...sound,
    {
      name: 'readCode',
      scope: 'interactive',
      title: { zh: '扫一个测试码', en: 'Read a test code' },
      run: (ask) => checkReading(reader, ask),
    },
  ];
};

const sentTexts: Readonly<Record<string, Text>> = {
  hello: { zh: '问：在不在', en: 'question: are you there' },
  heartbeat: { zh: '问：还在不在', en: 'question: still there' },
  query: { zh: '问：型号或工作方式', en: 'question: model or mode' },
  triggerOn: { zh: '命令：开始扫码', en: 'command: start reading' },
  triggerOff: { zh: '命令：停止扫码', en: 'command: stop reading' },
  beep: { zh: '命令：响一声', en: 'command: beep' },
  setUp: { zh: '命令：本次连接的设置', en: 'command: settings of this connection' },
  wakeUp: { zh: '唤醒', en: 'wake-up' },
  ack: { zh: '应答：收到（ACK）', en: 'answer: received (ACK)' },
  nak: { zh: '应答：没有收好，请重发（NAK）', en: 'answer: damaged, send it again (NAK)' },
};

const noteTexts: Readonly<Record<string, Text>> = {
  tooLong: { zh: '内容太长，丢弃', en: 'too long, thrown away' },
  tooLongRest: { zh: '太长内容的后续部分，丢弃', en: 'rest of what was too long, thrown away' },
  unreadableText: { zh: '不是文字，丢弃', en: 'not a text, thrown away' },
  emptyReport: { zh: '空的报告', en: 'empty report' },
  otherReport: { zh: '与扫码无关的报告', en: 'a report that has nothing to do with codes' },
  shortReport: { zh: '报告太短，丢弃', en: 'report too short, thrown away' },
  wrongCount: { zh: '报告里的长度不对，丢弃', en: 'impossible length in a report, thrown away' },
  cutShort: { zh: '没有等到结束符，丢弃', en: 'its suffix never came, thrown away' },
};

/** A status stands before a punctuation mark: `.`, `!`, `,` or `;`. */
const hasStatus = (hex: string, status: string): boolean => new RegExp(`${status} (2E|21|2C|3B)`).test(hex);

const explainReply = (hex: string): Text => {
  if (hasStatus(hex, '15')) return { zh: '应答：参数不对（NAK）', en: 'reply: value refused (NAK)' };
  if (hasStatus(hex, '05')) return { zh: '应答：命令不认识（ENQ）', en: 'reply: command unknown (ENQ)' };
  if (hasStatus(hex, '06')) return { zh: '应答：好（ACK）', en: 'reply: done (ACK)' };
  return { zh: '应答：扫码器自己的信息', en: 'reply: the reader tells of itself' };
};

/** One line of the wire trace in words. */
export const explainTrace = (entry: TraceEntry): Text => {
  if (entry.direction === 'out')
    return sentTexts[entry.label] ?? { zh: `命令：${entry.label}`, en: `command: ${entry.label}` };
  if (entry.direction === 'in') {
    if (!entry.hex.includes('private')) return explainReply(entry.hex);
    const length = entry.hex.match(/\d+/)?.[0] ?? '?';
    return { zh: `码：${length} 字节，内容不显示`, en: `code: ${length} bytes, not shown` };
  }
  const note = noteTexts[entry.label];
  if (note) return { zh: `${note.zh} ${entry.hex}`.trim(), en: `${note.en} ${entry.hex}`.trim() };
  if (entry.label.startsWith('lost'))
    return { zh: `连接断开（${entry.label}）`, en: `connection ended (${entry.label})` };
  return { zh: entry.label, en: entry.label };
};
