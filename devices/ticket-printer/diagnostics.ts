// Health checks for the technician. Each can fail, and the folder's tests show each one failing on a fault of the simulator.

import type { CheckVerdict, HealthCheck } from '../kit/device.ts';
import type { DotImage, TicketDocument, TicketPrinter } from './api.ts';

export { explainTrace } from './trace-words.ts';

const quickMs = 5000;
const printMs = 30_000;
const lineRounds = 5;

const runId = (name: string): string => `check:${name}:${crypto.randomUUID()}`;
const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

/** A frame with both diagonals, 64 × 32 dots: one that is bent, torn or mirrored is seen at once. */
const testPattern: DotImage = (() => {
  const [widthDots, heightDots] = [64, 32];
  const dots = new Uint8Array((widthDots / 8) * heightDots);
  for (let y = 0; y < heightDots; y++)
    for (let x = 0; x < widthDots; x++) {
      const isEdge = x === 0 || y === 0 || x === widthDots - 1 || y === heightDots - 1;
      const isDiagonal = x >> 1 === y || (widthDots - 1 - x) >> 1 === y;
      const at = y * (widthDots / 8) + (x >> 3);
      if (isEdge || isDiagonal) dots[at] = (dots[at] ?? 0) | (0x80 >> (x & 7));
    }
  return { widthDots, heightDots, dots };
})();

/** Everything that a ticket may hold: three sizes, Chinese, a pair line, a QR code, a barcode, an image. */
export const testTicket: TicketDocument = {
  blocks: [
    { type: 'text', text: '打印测试', size: 2, align: 'center', bold: true },
    { type: 'text', text: 'TEST TICKET', align: 'center' },
    { type: 'text', text: 'A001', size: 3, align: 'center' },
    { type: 'rule' },
    { type: 'pair', label: '中文 / 生僻字', value: '镕 喆 堃 䶮' },
    { type: 'pair', label: '0123456789', value: 'ABCXYZ abcxyz' },
    { type: 'rule' },
    { type: 'qr', data: 'HALL-KIOSK TEST' },
    { type: 'barcode', data: 'TEST-001' },
    { type: 'image', image: testPattern },
    { type: 'text', text: '本票仅供测试，无任何效力', align: 'center' },
  ],
};

/** The cause that stands is worth more to the technician than "the device is offline". */
const causeOf = (printer: TicketPrinter, otherwise: string): string => printer.status().faults[0]?.code ?? otherwise;

const checkStatus = async (printer: TicketPrinter): Promise<CheckVerdict> => {
  const asked = await printer.execute({ type: 'refreshStatus' }, { id: runId('status'), timeoutMs: quickMs });
  if (!asked.ok) return verdict(false, causeOf(printer, asked.error.code), asked.error.message);
  const { state, faults } = printer.status();
  const codes = faults.map((fault) => fault.code).join(', ');
  if (state !== 'online') return verdict(false, causeOf(printer, 'deviceNotReady'), `${state}: ${codes}`);
  return verdict(true, 'passed', codes === '' ? 'online, nothing reported' : `online, ${codes}`);
};

const checkConfirmation = (printer: TicketPrinter): CheckVerdict => {
  const ways = printer.identity().capabilities.filter((capability) => capability.startsWith('confirm:'));
  return ways.length > 0
    ? verdict(true, 'passed', ways.join(', '))
    : verdict(false, 'cannotConfirm', `${printer.status().state}: neither GS ( H nor GS r was answered`);
};

const checkLine = async (printer: TicketPrinter): Promise<CheckVerdict> => {
  const before = printer.statistics();
  for (let round = 1; round <= lineRounds; round++) {
    const asked = await printer.execute({ type: 'refreshStatus' }, { id: runId('line'), timeoutMs: quickMs });
    if (!asked.ok) return verdict(false, causeOf(printer, asked.error.code), `round ${round}: ${asked.error.message}`);
  }
  const after = printer.statistics();
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  const stray = grown('bytesDiscarded') + grown('unexpectedAnswers');
  const missing = grown('unanswered');
  return stray + missing > 0
    ? verdict(false, 'protocolError', `${stray} stray bytes, ${missing} requests without an answer`)
    : verdict(true, 'passed', `${lineRounds} rounds of four requests without a stray byte`);
};

const print = async (printer: TicketPrinter, name: string): Promise<CheckVerdict> => {
  const result = await printer.execute(
    { type: 'print', document: testTicket },
    { id: runId(name), timeoutMs: printMs },
  );
  if (!result.ok) return verdict(false, result.error.code, result.error.message);
  return result.value.type === 'printed'
    ? verdict(true, 'passed', `confirmed by ${result.value.confirmedBy}`)
    : verdict(false, 'unconfirmed', result.value.type === 'unconfirmed' ? result.value.reason : result.value.type);
};

const checkReadable = async (printer: TicketPrinter, ask: Parameters<HealthCheck['run']>[0]): Promise<CheckVerdict> => {
  const printed = await print(printer, 'readable');
  // A printer that cannot confirm may still print well: the person decides. Any other failure is final.
  if (!printed.passed && printed.code !== 'unconfirmed') return printed;
  const isGood = await ask({
    zh: '测试小票是否已经出来：文字清楚、二维码和带叉的方框完整、已经切断？',
    en: 'Did the test ticket come out: text readable, QR code and crossed frame complete, cut off?',
  });
  return isGood
    ? verdict(true, 'passed', `a person read it; ${printed.detail}`)
    : verdict(false, 'printPoor', `a person saw no proper ticket; ${printed.detail}`);
};

export const printerChecks = (printer: TicketPrinter): readonly HealthCheck[] => [
  {
    name: 'status',
    scope: 'internal',
    title: { zh: '打印机状态', en: 'Printer status' },
    run: () => checkStatus(printer),
  },
  {
    name: 'confirmation',
    scope: 'internal',
    title: { zh: '能否确认打印完成', en: 'Can confirm what it printed' },
    run: async () => checkConfirmation(printer),
  },
  {
    name: 'line',
    scope: 'internal',
    title: { zh: '线路质量', en: 'Line quality' },
    run: () => checkLine(printer),
  },
  {
    name: 'testTicket',
    scope: 'external',
    title: { zh: '打印测试小票', en: 'Print a test ticket' },
    run: () => print(printer, 'testTicket'),
  },
  {
    name: 'readable',
    scope: 'interactive',
    title: { zh: '打印测试小票并由人查看', en: 'Print a test ticket and have it looked at' },
    run: (ask) => checkReadable(printer, ask),
  },
];
