// What the fault campaigns need of the SANE driver. There is no wire: the campaigns play with the messages between the driver and the
// program scanimage. A message comes whole or not at all, and the program that wrote it is this computer's own, so a message with a
// changed byte does not exist; the files themselves are held by isWholePng.

import type { Rehearsal, SampleFrame } from '../../kit/rehearsal.ts';
import type { ScanReply } from '../api.ts';
import { createScanDecoder, type ScanFrame } from './codec.ts';
import type { SaneConfig } from './config.ts';
import { startScanner } from './driver.ts';
import { createScanimageSimulator, simulatedPage } from './simulator.ts';

const message = (kind: number, text: string): Uint8Array => Uint8Array.from([kind, 7, 0, ...Buffer.from(text, 'utf8')]);

const draw = (random: (below: number) => number): SampleFrame => {
  const percent = random(101);
  const status = random(12);
  const samples: readonly SampleFrame[] = [
    {
      bytes: message(1, `Progress: ${percent}.0%\r`),
      isFrame: (frame) =>
        (frame as ScanFrame).type === 'progress' && (frame as { percent: number }).percent === percent,
    },
    {
      bytes: message(1, `scanimage: rounded value of br-x from 210 to ${200 + percent}\n`),
      isFrame: (frame) => (frame as { line?: string }).line?.endsWith(` ${200 + percent}`) === true,
    },
    {
      bytes: message(2, `    --resolution 75|${100 + percent}dpi [75]\n`),
      isFrame: (frame) =>
        (frame as ScanFrame).type === 'options' && JSON.stringify(frame).includes(`[75,${100 + percent}]`),
    },
    {
      bytes: message(2, `device|usb:001:00${random(10)}|Maker|Model ${percent}\n`),
      isFrame: (frame) => (frame as ScanFrame).type === 'devices' && JSON.stringify(frame).includes(`Model ${percent}`),
    },
    {
      bytes: Uint8Array.from([3, 7, 2, ...simulatedPage]),
      isFrame: (frame) => (frame as ScanFrame).type === 'page' && (frame as { number: number }).number === 2,
    },
    {
      bytes: message(4, JSON.stringify({ code: status, pages: 1 })),
      isFrame: (frame) => (frame as ScanFrame).type === 'ended' && (frame as { code: number }).code === status,
    },
  ];
  return samples[random(samples.length)] ?? (samples[0] as SampleFrame);
};

/** All sheets, or those before a break that is told. */
const hasPages = (reply: unknown, count: number): boolean => {
  const given = reply as ScanReply;
  if (given.type !== 'pages') return false;
  const isCount = given.cutShort ? given.pages.length < count : given.pages.length === count;
  return isCount && given.pages.every(({ bytes }) => Buffer.from(bytes).equals(simulatedPage));
};

const scan = { type: 'scanPage', colour: 'grey', resolutionDpi: 150 } as const;

const base: Omit<Rehearsal, 'config'> = {
  driver: 'sane',
  wire: 'reports',
  start: (config, dependencies) => startScanner(config as SaneConfig, dependencies),
  simulator: createScanimageSimulator,
  commands: [
    {
      name: 'scanGlass',
      command: { ...scan, source: 'platen' },
      timeoutMs: 10_000,
      isRight: (reply) => hasPages(reply, 1),
    },
    {
      name: 'scanStack',
      command: { ...scan, source: 'feeder' },
      timeoutMs: 10_000,
      isRight: (reply) => hasPages(reply, 3),
    },
    {
      name: 'listOptions',
      command: { type: 'listOptions' },
      timeoutMs: 10_000,
      isRight: (reply) => (reply as ScanReply).type === 'options',
    },
    {
      name: 'testLine',
      command: { type: 'testLine' },
      timeoutMs: 10_000,
      isRight: (reply) => (reply as { lengthBytes?: number }).lengthBytes === simulatedPage.length,
    },
  ],
  codec: { createDecoder: createScanDecoder, draw, check: 'none' },
};

export const rehearsals: readonly Rehearsal[] = [
  { ...base, config: { device: 'test:0' } },
  { ...base, variant: 'searched', config: { find: 'fi-7160' } },
];
