// A kiosk with all kinds of trouble, for the consoles in the gallery: faults of every kind of person, originals overdue, letters that
// the centre refused, a disk that fills up.

import type {
  AuditLine,
  ConsoleCell,
  ConsoleDevice,
  ConsolePort,
  ConsoleView,
  TraceLine,
} from '../../main/contract/console.ts';
import type { FaultView } from '../../main/contract/devices.ts';

/** Sunday 22 November 2026, 14:30:05. */
const nowMs = new Date(2026, 10, 22, 14, 30, 5).getTime();
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const faults = {
  paperLow: {
    code: 'paperLow',
    who: 'hall',
    what: { zh: '纸快用完了', en: 'Paper is running out' },
    todo: { zh: '请准备 80 毫米热敏纸，最好现在就换', en: 'Get an 80 mm thermal roll ready; better change it now' },
  },
  portBusy: {
    code: 'portBusy',
    who: 'engineer',
    what: { zh: '设备的端口被别的程序占用', en: 'Another program holds the device’s port' },
    todo: {
      zh: '请关闭占用端口的程序（例如串口调试工具、ModemManager）',
      en: 'Stop the program that holds it (a serial terminal, ModemManager)',
    },
  },
  cutterJam: {
    code: 'cutterJam',
    who: 'engineer',
    what: { zh: '切刀卡住', en: 'The cutter is jammed' },
    todo: { zh: '关电，打开上盖，把切刀推回原位', en: 'Power off, open the cover and push the cutter back' },
  },
} as const satisfies Record<string, FaultView>;

const verdict = (passed: boolean, code: string, detail: string) => ({
  passed,
  code,
  detail,
  atMs: nowMs - 95 * minuteMs,
  by: 'li.hua',
});

const devices: ConsoleDevice[] = [
  {
    id: 'card',
    kind: 'id-card-reader',
    driver: 'sam-serial',
    name: { zh: '身份证阅读器', en: 'ID card reader' },
    link: 'serial /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0',
    place: { edge: 'right', at: 0.85, label: { zh: '右下方的读卡区', en: 'the card area at the lower right' } },
    required: true,
    state: 'offline',
    faults: [faults.portBusy],
    sinceMs: nowMs - 42 * minuteMs,
    identity: { capabilities: [] },
    statistics: { opened: 18, lost: 17, commands: 90_417, completed: 90_221, failed: 196, 'failed.timeOut': 102 },
    checks: [
      {
        name: 'status',
        scope: 'internal',
        title: { zh: '读卡器状态', en: 'Reader status' },
        last: verdict(false, 'portBusy', 'the port cannot be opened: EBUSY'),
      },
    ],
  },
  {
    id: 'code',
    kind: 'qr-reader',
    driver: 'line-qr',
    name: { zh: '扫码器', en: 'QR code reader' },
    link: 'serial /dev/serial/by-id/usb-Newland_Auto-ID_FM430_V1.00.012-if00',
    place: { edge: 'right', at: 0.6, label: { zh: '屏幕右侧的扫码口', en: 'the scan window on the right' } },
    required: true,
    state: 'online',
    faults: [],
    sinceMs: nowMs - 3 * dayMs,
    identity: { model: 'FM430', capabilities: ['trigger'] },
    statistics: { codesRead: 12_410 },
    checks: [],
  },
  {
    id: 'printer',
    kind: 'ticket-printer',
    driver: 'escpos',
    name: { zh: '凭条打印机', en: 'Ticket printer' },
    link: 'serial /dev/serial/by-id/usb-Prolific_Technology_Inc._USB-Serial_Controller_D-if00-port0',
    place: { edge: 'bottom', at: 0.5, label: { zh: '屏幕下方的出票口', en: 'the ticket slot below the screen' } },
    required: true,
    state: 'online',
    faults: [faults.paperLow],
    sinceMs: nowMs - 17 * minuteMs,
    identity: {
      model: 'SP-POS88V',
      serialNumber: 'PS4Q2207715',
      firmware: '1.34',
      capabilities: ['print', 'cut', 'qr', 'code128', 'confirm:processId'],
    },
    statistics: {
      opened: 4,
      lost: 3,
      commands: 40_231,
      completed: 40_180,
      failed: 51,
      printed: 39_870,
      unconfirmed: 12,
      paperMm: 5_581_800,
      cuts: 39_882,
      bytesIn: 1_204_551,
      bytesOut: 88_120_004,
    },
    checks: [
      {
        name: 'status',
        scope: 'internal',
        title: { zh: '打印机状态', en: 'Printer status' },
        last: verdict(true, 'passed', 'online, paperLow'),
      },
      {
        name: 'line',
        scope: 'internal',
        title: { zh: '线路质量', en: 'Line quality' },
        last: verdict(false, 'protocolError', '3 stray bytes, 1 requests without an answer'),
      },
      { name: 'testTicket', scope: 'external', title: { zh: '打印测试小票', en: 'Print a test ticket' } },
      {
        name: 'readable',
        scope: 'interactive',
        title: { zh: '打印测试小票并由人查看', en: 'Print a test ticket and have it looked at' },
      },
    ],
  },
  {
    id: 'pad',
    kind: 'rating-pad',
    driver: 'declarative-pad',
    name: { zh: '评价器', en: 'Rating pad' },
    link: 'serial /dev/ttyS3',
    place: { edge: 'left', at: 0.85, label: { zh: '左下方的评价器', en: 'the rating pad at the lower left' } },
    required: false,
    state: 'starting',
    faults: [],
    sinceMs: nowMs - 2000,
    identity: { capabilities: [] },
    statistics: {},
    checks: [],
  },
  {
    id: 'locker',
    kind: 'locker',
    driver: 'board-8a80',
    name: { zh: '文件存取柜', en: 'Document locker' },
    link: 'tcp 10.20.1.31:4001',
    place: { edge: 'right', at: 0.35, label: { zh: '右边的文件存取柜', en: 'the document locker on the right' } },
    required: false,
    state: 'busy',
    faults: [],
    sinceMs: nowMs - 1000,
    identity: { model: '8A/80 lock board', capabilities: ['open', 'query'] },
    statistics: {},
    checks: [],
  },
  {
    id: 'scanner',
    kind: 'document-scanner',
    driver: 'sane',
    name: { zh: '文件扫描仪', en: 'Document scanner' },
    link: 'own',
    place: { edge: 'left', at: 0.5, label: { zh: '左边的扫描仪', en: 'the scanner on the left' } },
    required: false,
    state: 'hardwareError',
    faults: [faults.cutterJam],
    sinceMs: nowMs - 26 * 60 * minuteMs,
    identity: { model: 'genesys:libusb:001:004', capabilities: ['300dpi'] },
    statistics: {},
    checks: [],
  },
];

const cells: ConsoleCell[] = Array.from({ length: 24 }, (_, index): ConsoleCell => {
  const cell = index + 1;
  const label = String(cell).padStart(2, '0');
  const door = cell === 9 ? 'open' : cell === 20 ? 'unknown' : 'closed';
  const name = { zh: '食品经营许可证', en: 'Food business licence' };
  if (cell === 24) return { cell, label, door, use: { purpose: 'result', name, keepUntilMs: nowMs + 3 * dayMs } };
  if (cell % 5 !== 2) return { cell, label, door };
  const sinceMs = nowMs - (cell === 7 ? 9 : 2) * dayMs;
  const use = {
    purpose: 'deposit' as const,
    receipt: `42070020261122000${cell}`,
    sinceMs,
    keepUntilMs: sinceMs + 7 * dayMs,
  };
  return { cell, label, door, use };
});

export const consoleFixture: ConsoleView = {
  nowMs,
  hall: { zh: '鄂州市民中心 24 小时自助服务区', en: 'Ezhou Citizens’ Centre, 24-hour self-service zone' },
  version: '0.1.0',
  startedAtMs: nowMs - 11 * dayMs - 3 * 60 * minuteMs,
  devices,
  ports: [
    ...devices.flatMap(({ id, link }): ConsolePort[] => {
      const path = link.startsWith('serial ') ? link.slice('serial '.length) : undefined;
      return path === undefined ? [] : [{ state: 'assigned', type: 'serial', path, assignedTo: id }];
    }),
    { state: 'unassigned', type: 'hid', path: '/dev/hidraw2', identity: 'Honeywell 1602g · 19290B0A3F' },
    { state: 'unassigned', type: 'lp', path: '/dev/usb/lp0', identity: 'EPSON TM-T88V · J6FF012345' },
  ],
  cells,
  outbox: {
    isOnline: false,
    depth: 7,
    oldestMs: nowMs - 38 * minuteMs,
    lastSentMs: nowMs - 39 * minuteMs,
    nextTryMs: nowMs + 47_000,
    circuit: 'open',
    offlineSinceMs: nowMs - 38 * minuteMs,
    lastFailure: {
      code: 'unreachable',
      who: 'engineer',
      what: { zh: '连不上受理平台', en: 'The centre cannot be reached' },
      todo: {
        zh: '检查网线、专网和防火墙；没网时收件先存在本机，恢复后自动发送',
        en: 'Check cable, network and firewall; cases wait in the kiosk and go by themselves when the line is back',
      },
      message: 'ECONNREFUSED',
      atMs: nowMs - 13_000,
    },
    blocked: { why: 'quarantined', events: 7, sinceMs: nowMs - 26 * minuteMs },
    certificate: { subject: 'CN=ezhou-hall-01', expiresAtMs: nowMs + 19 * dayMs },
    dead: [
      {
        seq: 1843,
        kind: 'case.submitted',
        reason: 'schemaInvalid: form.area must be a number',
        atMs: nowMs - 5 * dayMs,
        receipt: 'EZH-20261117-0012',
        isDamaged: false,
      },
      { seq: 1871, kind: 'rating.given', reason: 'tampered', atMs: nowMs - 2 * dayMs, isDamaged: true },
      { seq: 1907, kind: 'rating.given', reason: 'unknownCase', atMs: nowMs - 3 * 60 * minuteMs, isDamaged: false },
    ],
    uploads: { pending: 12, bytes: 38_400_000 },
    transfer: {
      sentBytes: 15_700_000,
      totalBytes: 45_100_000,
      bytesPerSec: 31_500,
      leftMs: 933_000,
      capKbps: 256,
      scans: [
        {
          id: '5f1c09ab34de',
          receipt: 'EZH-20261122-0007',
          bytes: 20_000_000,
          sentBytes: 9_000_000,
          state: 'sending',
        },
        {
          id: '92ee01d2aa70',
          receipt: 'EZH-20261122-0007',
          bytes: 4_200_000,
          sentBytes: 0,
          state: 'failed',
          failure: {
            code: 'checksumMismatch',
            who: 'system',
            what: { zh: '扫描件在路上损坏，平台没有收下', en: 'The scan was damaged on the way and not taken' },
            todo: { zh: '无需处理，会重新上传', en: 'Nothing; it is uploaded again' },
          },
          attempts: 2,
          nextTryMs: nowMs + 8000,
        },
        ...Array.from({ length: 10 }, (_, index) => ({
          id: `c0ffee00000${index}`,
          receipt: `EZH-20261122-00${String(8 + Math.floor(index / 3)).padStart(2, '0')}`,
          bytes: 1_420_000,
          sentBytes: 0,
          state: 'waiting' as const,
        })),
      ],
    },
  },
  bundles: {
    isOn: true,
    manifest: { version: 214, issuedAtMs: nowMs - 9 * dayMs, expiresAtMs: nowMs - 2 * dayMs, isExpired: true },
    channels: [
      {
        channel: 'catalogue',
        state: 'good',
        version: 38,
        issuedAtMs: nowMs - 12 * dayMs,
        expiresAtMs: nowMs + 18 * dayMs,
      },
      {
        channel: 'configuration',
        state: 'expiredServes',
        version: 7,
        issuedAtMs: nowMs - 40 * dayMs,
        expiresAtMs: nowMs - 10 * dayMs,
        lastRefusal: { reason: 'contentsInvalid', atMs: nowMs - 9 * dayMs },
      },
      {
        channel: 'announcements',
        state: 'expiredRests',
        version: 91,
        issuedAtMs: nowMs - 31 * dayMs,
        expiresAtMs: nowMs - dayMs,
      },
      { channel: 'pickUpCodes', state: 'none' },
      {
        channel: 'queueBlocks',
        state: 'good',
        version: 300,
        issuedAtMs: nowMs - dayMs,
        expiresAtMs: nowMs + 6 * dayMs,
      },
      {
        channel: 'tokenKeys',
        state: 'good',
        version: 2,
        issuedAtMs: nowMs - 12 * dayMs,
        expiresAtMs: nowMs + 18 * dayMs,
      },
    ],
    fileRefusals: [{ file: 'manifest', reason: 'badSignature', atMs: nowMs - 30 * minuteMs }],
  },
  today: { sessions: 128, cases: 31, tickets: 64, ratings: 22 },
  freeBytes: 734_003_200,
  leastFreeBytes: 524_288_000,
};

export const auditFixture: AuditLine[] = [
  { act: 'openCell', detail: 'cell 7: 取出超期原件', who: 'wang.min', role: 'manager', ok: true },
  { act: 'signIn', detail: '', who: 'wang.min', role: 'manager', ok: true },
  { act: 'signIn', detail: 'wrong account or PIN', who: 'wang.min', role: 'system', ok: false },
  {
    act: 'assignPort',
    detail: 'card → /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0: 换了设备',
    who: 'li.hua',
    role: 'technician',
    ok: true,
  },
  { act: 'check', detail: 'printer line: protocolError', who: 'li.hua', role: 'technician', ok: false },
].map((line, index): AuditLine => ({
  ...(line as Omit<AuditLine, 'seq' | 'atMs'>),
  seq: 512 - index,
  atMs: nowMs - (index + 1) * 7 * minuteMs,
}));

export const traceFixture: TraceLine[] = [
  {
    atMs: nowMs - 420,
    direction: 'out',
    label: 'status 4',
    hex: '10 04 04',
    words: { zh: '询问纸张传感器', en: 'Asks the paper sensor' },
  },
  {
    atMs: nowMs - 418,
    direction: 'in',
    label: 'frame',
    hex: '1E',
    words: { zh: '纸张传感器：纸快用完', en: 'Paper sensor: near end' },
  },
  { atMs: nowMs - 400, direction: 'note', label: 'noise', hex: '(3 bytes)' },
];
