// Health checks for the technician, and wire-trace lines in words. The module has no lamp and no beeper, so there is no
// `external` check: nothing it does can be seen from outside.

import type { CheckVerdict, Device, HealthCheck } from '../kit/device.ts';
import type { TraceEntry } from '../kit/trace.ts';
import type { IdCardCommand, IdCardNotice, IdCardReply } from './api.ts';
import { formatSamId, requests, type RequestName } from './codec.ts';

type Reader = Device<IdCardCommand, IdCardReply, IdCardNotice>;
type Text = { zh: string; en: string };

const quickMs = 6000;
const personMs = 60_000;
const lineRounds = 10;

const runId = (name: string): string => `check:${name}:${crypto.randomUUID()}`;
const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

const checkSelfTest = async (reader: Reader): Promise<CheckVerdict> => {
  const result = await reader.execute({ type: 'selfTest' }, { id: runId('selfTest'), timeoutMs: quickMs });
  return result.ok ? verdict(true, 'passed', 'SW3 90') : verdict(false, result.error.code, result.error.message);
};

/** The third group of a SAM id is the day the module was made: nonsense there means a corrupted or forged module. */
const checkSamId = async (reader: Reader): Promise<CheckVerdict> => {
  const result = await reader.execute({ type: 'readSamId' }, { id: runId('samId'), timeoutMs: quickMs });
  if (!result.ok) return verdict(false, result.error.code, result.error.message);
  if (result.value.type !== 'samId') return verdict(false, 'protocolError', result.value.type);
  const known = reader.identity().serialNumber;
  if (known !== undefined && known !== result.value.samId)
    return verdict(false, 'samIdChanged', `${known} became ${result.value.samId}: another module, or a bad line`);
  return verdict(true, 'passed', result.value.samId);
};

const checkLine = async (reader: Reader): Promise<CheckVerdict> => {
  const before = reader.statistics();
  for (let round = 0; round < lineRounds; round += 1) {
    const result = await reader.execute({ type: 'readSamId' }, { id: runId('line'), timeoutMs: quickMs });
    if (!result.ok) return verdict(false, result.error.code, `round ${round + 1}: ${result.error.message}`);
  }
  const after = reader.statistics();
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  const bad = grown('bytesDiscarded');
  const errors = grown('lineErrors') + grown('timeouts');
  if (bad > 0 || errors > 0) return verdict(false, 'lineNoise', `${bad} stray bytes, ${errors} lost replies`);
  return verdict(true, 'passed', `${lineRounds} exchanges without a stray byte`);
};

const checkFieldEmpty = async (reader: Reader): Promise<CheckVerdict> => {
  const result = await reader.execute({ type: 'awaitRemoval' }, { id: runId('fieldEmpty'), timeoutMs: 2500 });
  if (result.ok) return verdict(true, 'passed', 'no card in the field');
  if (result.error.code === 'timeOut') return verdict(false, 'cardLeft', 'a card lies on the reader');
  return verdict(false, result.error.code, result.error.message);
};

type Ask = Parameters<HealthCheck['run']>[0];

const checkReading = async (reader: Reader, ask: Ask, makesPictures: boolean): Promise<CheckVerdict> => {
  const isReady = await ask({
    zh: '请把一张身份证平放在读卡区，放好后点“是”。没有证件请点“否”',
    en: 'Lay an ID card flat on the reader, then answer yes. Answer no if you have none',
  });
  if (!isReady) return verdict(false, 'noTestCard', 'no card at hand');
  const failures: string[] = [];
  const stopListening = reader.onNotice((notice) => {
    if (notice.type === 'readFailed') failures.push(notice.reason);
  });
  try {
    const read = await reader.execute({ type: 'readCard' }, { id: runId('readCard'), timeoutMs: 10_000 });
    if (!read.ok) {
      const last = failures.at(-1);
      return verdict(false, last ?? read.error.code, `${failures.length} failed attempts; ${read.error.message}`);
    }
    const type = read.value.type === 'card' ? read.value.card.type : read.value.type;
    const hasPicture = read.value.type === 'card' && read.value.card.photoFormat !== undefined;
    const removed = reader.execute({ type: 'awaitRemoval' }, { id: runId('removal'), timeoutMs: personMs });
    await ask({ zh: '读到了。请拿走证件，然后点“是”', en: 'It was read. Take the card away, then answer yes' });
    const gone = await removed;
    // What the card said is nobody's business here: only its type is kept.
    if (!gone.ok) return verdict(false, 'removalNotSeen', `read a ${type} card; ${gone.error.message}`);
    if (makesPictures && !hasPicture)
      return verdict(false, 'photoNotDecoded', `read a ${type} card; the photo decoder made no picture of its photo`);
    return verdict(true, 'passed', `read a ${type} card, removal seen, ${failures.length} failed attempts`);
  } finally {
    stopListening();
  }
};

/**
 * Every check can fail; the folder's tests show each one failing on a fault of the simulator. `makesPictures`: a photo decoder
 * is configured, and the reading check then asks for its picture too.
 */
export const idCardReaderChecks = (reader: Reader, { makesPictures = false } = {}): readonly HealthCheck[] => [
  {
    name: 'selfTest',
    scope: 'internal',
    title: { zh: '模块自检', en: 'Module self test' },
    run: () => checkSelfTest(reader),
  },
  {
    name: 'samId',
    scope: 'internal',
    title: { zh: '读取安全模块编号', en: 'Read the module’s number' },
    run: () => checkSamId(reader),
  },
  {
    name: 'line',
    scope: 'internal',
    title: { zh: '线路质量', en: 'Line quality' },
    run: () => checkLine(reader),
  },
  {
    name: 'fieldEmpty',
    scope: 'internal',
    title: { zh: '读卡区没有遗留证件', en: 'No card was left behind' },
    run: () => checkFieldEmpty(reader),
  },
  {
    name: 'readCard',
    scope: 'interactive',
    title: { zh: '读一张证件并拿走', en: 'Read a card and take it away' },
    run: (ask) => checkReading(reader, ask, makesPictures),
  },
];

const requestTexts: Readonly<Record<RequestName, Text>> = {
  reset: { zh: '复位模块', en: 'reset the module' },
  selfTest: { zh: '查询自检结果', en: 'ask for the self test' },
  readSamId: { zh: '读模块编号', en: 'read the module’s number' },
  find: { zh: '寻卡', en: 'find a card' },
  select: { zh: '选卡', en: 'select the card' },
  read: { zh: '读基本信息', en: 'read base information' },
  readAddress: { zh: '读追加地址', en: 'read the appended address' },
  readWithPrint: { zh: '读基本信息和指纹', en: 'read base information and fingerprint' },
  setRate115200: { zh: '把波特率改为 115200', en: 'set the baud rate to 115200' },
  setRate57600: { zh: '把波特率改为 57600', en: 'set the baud rate to 57600' },
  setRate38400: { zh: '把波特率改为 38400', en: 'set the baud rate to 38400' },
  setRate19200: { zh: '把波特率改为 19200', en: 'set the baud rate to 19200' },
  setRate9600: { zh: '把波特率改为 9600', en: 'set the baud rate to 9600' },
};

const statusTexts: Readonly<Record<number, Text>> = {
  0x90: { zh: '成功', en: 'done' },
  0x91: { zh: '没有这项内容', en: 'no such content' },
  0x9f: { zh: '找到卡', en: 'card found' },
  0x10: { zh: '收到的命令校验和不对', en: 'checksum of the request was wrong' },
  0x11: { zh: '收到的命令长度不对', en: 'length of the request was wrong' },
  0x21: { zh: '命令不认识或顺序不对', en: 'request unknown or out of order' },
  0x23: { zh: '没有权限', en: 'not permitted' },
  0x24: { zh: '不明错误', en: 'unrecognised error' },
  0x31: { zh: '卡认证模块失败', en: 'the card did not accept the module' },
  0x32: { zh: '模块认证卡失败', en: 'the module did not accept the card' },
  0x33: { zh: '信息验证失败', en: 'the signature of the data is wrong' },
  0x40: { zh: '不认识的卡', en: 'unknown card type' },
  0x41: { zh: '读卡失败', en: 'reading the card failed' },
  0x47: { zh: '取随机数失败', en: 'getting a random number failed' },
  0x60: { zh: '模块自检失败', en: 'the module’s self test failed' },
  0x66: { zh: '模块没有授权', en: 'the module is not authorised' },
  0x80: { zh: '没有卡（或卡已读过，还没拿走）', en: 'no card (or one that was read and still lies there)' },
  0x81: { zh: '选卡失败', en: 'selecting the card failed' },
};

const noteTexts: Readonly<Record<string, Text>> = {
  noise: { zh: '丢弃线路杂波', en: 'noise thrown away' },
  echo: { zh: '丢弃自己发出的回声', en: 'echo of our own request thrown away' },
  badLength: { zh: '丢弃长度不可能的帧头', en: 'header with an impossible length thrown away' },
  badChecksum: { zh: '丢弃校验和不对的应答', en: 'reply with a wrong checksum thrown away' },
  cutShort: { zh: '丢弃没有收完的应答', en: 'unfinished reply thrown away' },
  badChecksumSkipped: {
    zh: '跳过校验和不对的帧，后面的帧完好',
    en: 'frame with a wrong checksum skipped; the next one is good',
  },
  cutShortSkipped: { zh: '跳过没有收完的帧，后面的帧完好', en: 'unfinished frame skipped; the next one is good' },
};

const bytesOf = (hex: string): number[] =>
  hex
    .split(' ')
    .filter((pair) => /^[0-9A-F]{2}$/.test(pair))
    .map((pair) => Number.parseInt(pair, 16));

const explainReply = (entry: TraceEntry): Text => {
  if (entry.hex.includes('private')) {
    const length = entry.hex.match(/\d+/)?.[0] ?? '?';
    return { zh: `应答：证件内容，${length} 字节，不显示`, en: `reply: card data, ${length} bytes, not shown` };
  }
  const bytes = bytesOf(entry.hex);
  const body = bytes.findIndex((byte, index) => byte === 0x96 && bytes[index + 1] === 0x69) + 2;
  const status = bytes[body + 4] ?? -1;
  const text = statusTexts[status];
  const code = status < 0 ? '?' : status.toString(16).toUpperCase().padStart(2, '0');
  if (!text) return { zh: `应答：状态 ${code}，含义不明`, en: `reply: status ${code}, meaning unknown` };
  const samId = status === 0x90 ? formatSamId(Uint8Array.from(bytes.slice(body + 5, -1))) : undefined;
  const extra = samId === undefined ? '' : ` ${samId}`;
  return { zh: `应答 ${code}:${text.zh}${extra}`, en: `reply ${code}: ${text.en}${extra}` };
};

/** One line of the wire trace in words. */
export const explainTrace = (entry: TraceEntry): Text => {
  if (entry.direction === 'in') return explainReply(entry);
  if (entry.direction === 'out') {
    const bytes = bytesOf(entry.hex);
    const name = (Object.keys(requests) as RequestName[]).find(
      (key) => requests[key][0] === bytes[7] && requests[key][1] === bytes[8],
    );
    if (name === undefined) return { zh: `命令：${entry.label}`, en: `request: ${entry.label}` };
    return { zh: `命令：${requestTexts[name].zh}`, en: `request: ${requestTexts[name].en}` };
  }
  const note = noteTexts[entry.label];
  if (note) return { zh: `${note.zh} ${entry.hex}`.trim(), en: `${note.en} ${entry.hex}`.trim() };
  if (entry.label.startsWith('lost'))
    return { zh: `连接断开（${entry.label}）`, en: `connection ended (${entry.label})` };
  return { zh: entry.label, en: entry.label };
};
