// Which simulator stands for which kind of device, and how fast its wire usually is. The only table of simulators; loaded on
// demand, so that a process holds only its own.

import type { DeviceKind } from '../../../devices/kit/status.ts';
import type { SimulatorFactory } from '../../../devices/kit/simulator.ts';

/** Kinds with a wire. The document scanner has none: SANE's own test backend is its far end (sane.ts). */
export const wiredKinds = [
  'id-card-reader',
  'qr-reader',
  'ticket-printer',
  'rating-pad',
  'locker',
] as const satisfies readonly DeviceKind[];
export type WiredKind = (typeof wiredKinds)[number];

type Entry = {
  title: { zh: string; en: string };
  /** Bits per second of the real device's factory setting; the wire is paced at it. */
  baudRate: number;
  load(): Promise<SimulatorFactory>;
};

export const simulators: Readonly<Record<WiredKind, Entry>> = {
  'id-card-reader': {
    title: { zh: '身份证阅读器', en: 'ID card reader' },
    baudRate: 115_200,
    load: async () => (await import('../../../devices/id-card-reader/simulator.ts')).createSamSimulator,
  },
  'qr-reader': {
    title: { zh: '扫码器', en: 'Code reader' },
    baudRate: 9600,
    load: async () => (await import('../../../devices/qr-reader/simulator.ts')).createQrSimulator,
  },
  'ticket-printer': {
    title: { zh: '凭条打印机', en: 'Ticket printer' },
    baudRate: 115_200,
    load: async () => (await import('../../../devices/ticket-printer/simulator.ts')).createTicketPrinterSimulator,
  },
  'rating-pad': {
    title: { zh: '评价器', en: 'Rating pad' },
    baudRate: 9600,
    load: async () => (await import('../../../devices/rating-pad/simulator.ts')).createRatingPadSimulator,
  },
  locker: {
    title: { zh: '文件存取柜', en: 'Locker' },
    baudRate: 9600,
    load: async () => (await import('../../../devices/locker/board-8a80/simulator.ts')).createLockerSimulator,
  },
};

export const scannerTitle = { zh: '文件扫描仪', en: 'Document scanner' } as const;

export const titleOf = (kind: DeviceKind): { zh: string; en: string } =>
  kind === 'document-scanner' ? scannerTitle : simulators[kind].title;
