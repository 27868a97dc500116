// What the fault campaigns need of the eSCL driver. There is no byte wire: the campaigns play with the messages between the driver and
// its HTTP side (late, lost, twice, none at all). TCP brings bytes whole or not at all, so messages with changed bytes do not exist;
// what a scanner can do wrong over a real socket is in network.test.ts.

import type { Rehearsal, SampleFrame } from '../../kit/rehearsal.ts';
import type { ScanReply } from '../api.ts';
import { createEsclDecoder, type EsclFrame } from './codec.ts';
import type { EsclConfig } from './config.ts';
import { startEsclScanner } from './driver.ts';
import { simulatedPage } from './simulated-scanner.ts';
import { createEsclSimulator, esclMessage } from './simulator.ts';

const space = 'xmlns:s="urn:any" xmlns:p="urn:other"';

const draw = (random: (below: number) => number): SampleFrame => {
  const tag = random(1000);
  const purposed = (purpose: string): object => ({ tag, purpose, path: '/eSCL/ScanJobs', httpStatus: 200 });
  const is = (type: string, test: (frame: never) => boolean) => (frame: unknown) =>
    (frame as EsclFrame).type === type && (frame as EsclFrame).tag === tag && test(frame as never);
  const feeders = ['Loaded', 'Empty', 'Jam', 'HatchOpen'] as const;
  const feeder = random(feeders.length);
  const width = 100 + random(2000);
  const page = 1 + random(90);
  const status = [404, 410, 503, 409, 500][random(5)] ?? 404;
  const samples: readonly SampleFrame[] = [
    {
      bytes: esclMessage(
        'answer',
        purposed('status'),
        Buffer.from(
          `<s:ScannerStatus ${space}><p:State>Idle</p:State><s:AdfState>ScannerAdf${feeders[feeder]}</s:AdfState></s:ScannerStatus>`,
        ),
      ),
      isFrame: is('status', (frame: { status: { feeder: string } }) => {
        return frame.status.feeder === ['loaded', 'empty', 'jammed', 'open'][feeder];
      }),
    },
    {
      bytes: esclMessage(
        'answer',
        purposed('capabilities'),
        Buffer.from(
          `<s:ScannerCapabilities ${space}><s:Platen><s:PlatenInputCaps><s:MaxWidth>${width}</s:MaxWidth></s:PlatenInputCaps></s:Platen></s:ScannerCapabilities>`,
        ),
      ),
      isFrame: is('capabilities', (frame: { capabilities: { platen?: { maxWidth?: number } } }) => {
        return frame.capabilities.platen?.maxWidth === width;
      }),
    },
    {
      bytes: esclMessage('answer', { ...purposed('createJob'), httpStatus: 201, location: `/eSCL/ScanJobs/${page}` }),
      isFrame: is('jobCreated', (frame: { path: string }) => frame.path === `/eSCL/ScanJobs/${page}`),
    },
    {
      bytes: esclMessage('answer', purposed('page'), simulatedPage(page)),
      isFrame: is('page', (frame: { page: { bytes: Uint8Array } }) => {
        return Buffer.from(frame.page.bytes).equals(simulatedPage(page));
      }),
    },
    {
      bytes: esclMessage('answer', { ...purposed('page'), httpStatus: status }),
      isFrame: is('refused', (frame: { httpStatus: number }) => frame.httpStatus === status),
    },
    {
      bytes: esclMessage('received', { tag, purpose: 'page', bytes: width, ofBytes: 5000 }),
      isFrame: is('received', (frame: { bytes: number }) => frame.bytes === width),
    },
    {
      bytes: esclMessage('failed', { tag, purpose: 'page', reason: 'hungUp' }),
      isFrame: is('failed', (frame: { reason: string }) => frame.reason === 'hungUp'),
    },
  ];
  return samples[random(samples.length)] ?? (samples[0] as SampleFrame);
};

const stackOf = 3;

/** One sheet after the other without a gap, up to the last one, or to a break that is told. */
const isStack = (reply: unknown): boolean => {
  const given = reply as ScanReply;
  if (given.type !== 'pages') return false;
  const numbers = given.pages.map(({ bytes }) =>
    [0, 1, 2, 3].find((number) => Buffer.from(bytes).equals(simulatedPage(number))),
  );
  const first = numbers[0] ?? 0;
  const isUnbroken = numbers.every((number, index) => number === first + index);
  return first > 0 && isUnbroken && (given.cutShort !== undefined || numbers.at(-1) === stackOf);
};

const isGlass = (reply: unknown): boolean => {
  const given = reply as ScanReply;
  const [page, ...others] = given.type === 'pages' ? given.pages : [];
  return page !== undefined && others.length === 0 && Buffer.from(page.bytes).equals(simulatedPage(0));
};

const scan = { type: 'scanPage', colour: 'colour', resolutionDpi: 200 } as const;

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'escl',
    // Otherwise a job that a killed host left behind keeps the scanner from everybody until it forgets it by itself.
    config: { url: 'http://127.0.0.1:1/eSCL', isExclusive: true },
    wire: 'reports',
    start: (config, dependencies) => startEsclScanner(config as EsclConfig, dependencies),
    simulator: createEsclSimulator,
    commands: [
      {
        name: 'scanGlass',
        command: { ...scan, source: 'platen' },
        timeoutMs: 20_000,
        isRight: isGlass,
      },
      {
        name: 'scanStack',
        command: { ...scan, source: 'feeder' },
        timeoutMs: 30_000,
        tidy: [{ knob: 'load', argument: '3' }],
        isRight: isStack,
      },
      {
        name: 'listOptions',
        command: { type: 'listOptions' },
        timeoutMs: 15_000,
        isRight: (reply) => JSON.stringify(reply).includes('"resolutions":[75,150,200,300]'),
      },
      {
        name: 'testLine',
        command: { type: 'testLine' },
        timeoutMs: 20_000,
        isRight: (reply) => (reply as { lengthBytes?: number }).lengthBytes === simulatedPage(0).length,
      },
    ],
    codec: { createDecoder: createEsclDecoder, draw, check: 'none' },
  },
];
