// Health checks of a scanner, and its trace in words. Before it: a started device; after it: the technician's screen.

import { randomUUID } from 'node:crypto';
import type { CheckVerdict, HealthCheck } from '../../kit/device.ts';
import type { Result } from '../../kit/result.ts';
import type { TraceEntry } from '../../kit/trace.ts';
import type { DocumentScanner, ScanReply } from '../api.ts';
import { messageKinds } from './codec.ts';
import { scannerFaults } from '../faults.ts';
import { capabilitiesOf, faultOfEnd } from './scanimage.ts';

const deadlineMs = 30_000;
const pageDeadlineMs = 120_000;

const failed = (result: Extract<Result<ScanReply>, { ok: false }>): CheckVerdict => ({
  passed: false,
  code: result.error.code,
  detail: result.error.message,
});

const checkOptions = async (device: DocumentScanner): Promise<CheckVerdict> => {
  const result = await device.execute({ type: 'listOptions' }, { id: randomUUID(), timeoutMs: deadlineMs });
  if (!result.ok) return failed(result);
  const can = result.value.type === 'options' ? capabilitiesOf(result.value.options) : [];
  if (!can.some((capability) => capability.endsWith('dpi')))
    return { passed: false, code: 'unsupportedCommand', detail: `no usable resolution: ${can.join(', ')}` };
  return { passed: true, code: 'ok', detail: can.join(', ') };
};

const checkLine = async (device: DocumentScanner): Promise<CheckVerdict> => {
  const result = await device.execute({ type: 'testLine' }, { id: randomUUID(), timeoutMs: deadlineMs });
  if (!result.ok) return failed(result);
  const lengthBytes = result.value.type === 'lineScanned' ? result.value.lengthBytes : 0;
  return { passed: true, code: 'ok', detail: `a test line came, ${lengthBytes} bytes` };
};

const checkPage =
  (device: DocumentScanner): HealthCheck['run'] =>
  async (ask) => {
    const isReady = await ask({
      zh: '请在玻璃板上放一张有字的纸，盖好盖子。放好了吗？',
      en: 'Put a printed sheet on the glass and close the lid. Is it there?',
    });
    if (!isReady) return { passed: false, code: 'notPrepared', detail: 'nobody put a sheet on the glass' };
    const result = await device.execute(
      { type: 'scanPage', source: 'platen', colour: 'grey', resolutionDpi: 150 },
      { id: randomUUID(), timeoutMs: pageDeadlineMs },
    );
    if (!result.ok) return failed(result);
    const hasMoved = await ask({
      zh: '扫描灯走过整页并回到原位了吗？',
      en: 'Did the lamp pass over the whole sheet and go back?',
    });
    if (!hasMoved)
      return { passed: false, code: 'lampStill', detail: 'a page came, but the person saw no lamp moving' };
    return { passed: true, code: 'ok', detail: 'a page came and the lamp was seen' };
  };

export const scannerChecks = (device: DocumentScanner): readonly HealthCheck[] => [
  {
    name: 'listsOptions',
    scope: 'internal',
    title: { zh: '扫描仪应答并列出功能', en: 'The scanner answers and lists its options' },
    run: () => checkOptions(device),
  },
  {
    name: 'scansLine',
    scope: 'external',
    title: { zh: '低分辨率试扫几毫米', en: 'Scans a few millimetres at low resolution' },
    run: () => checkLine(device),
  },
  {
    name: 'scansPage',
    scope: 'interactive',
    title: { zh: '扫描一页并观察', en: 'Scans a page while somebody watches' },
    run: checkPage(device),
  },
];

const textOf = (hex: string): string =>
  Buffer.from(hex.replace(/ … .*$/, '').replaceAll(' ', ''), 'hex')
    .subarray(1)
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
export const describeTraceEntry = (entry: TraceEntry): { zh: string; en: string } => {
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
