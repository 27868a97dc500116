// The readers for the generated campaigns: every type of card, with and without fingerprints and appended address, on a serial line
// and on HID reports. Frames are made here by hand, from the documents' tables.

import { isDeepStrictEqual } from 'node:util';
import type { HandAct, Rehearsal, RehearsedCommand, SampleFrame } from '../kit/rehearsal.ts';
import type { IdCardReply } from './api.ts';
import { createSamDecoder, type SamFrame } from './codec.ts';
import { knownPersons, knownPhoto, type KnownPerson } from './known-persons.ts';
import { createSamHidSimulator } from './simulator-hid.ts';
import { createSamSimulator } from './simulator.ts';

type Draw = (below: number) => number;

const noise = (count: number, random: Draw): number[] => Array.from({ length: count }, () => random(256));
/** Photos and fingerprints: long, so drawn by start and stride. */
const ramp = (count: number, random: Draw): number[] => {
  const [start, stride] = [random(256), random(256)];
  return Array.from({ length: count }, (_, index) => (start + index * stride) & 0xff);
};
const word = (value: number): number[] => [value >> 8, value & 0xff];

/** Statuses without data: done, no content, found nothing, the errors of the documents' table. */
const bareStatuses = [
  0x90, 0x91, 0x80, 0x81, 0x10, 0x11, 0x21, 0x23, 0x24, 0x31, 0x32, 0x33, 0x40, 0x41, 0x47, 0x60, 0x66,
];

/** Status (SW1 SW2 SW3) and data of one reply. */
const drawReply = (random: Draw): { status: readonly [number, number, number]; data: readonly number[] } => {
  switch (random(8)) {
    case 0:
      return { status: [0, 0, 0x9f], data: [0, 0, 0, 0] };
    case 1:
      return { status: [0, 0, 0x90], data: [0, 0, 0, 0, 0, 0, 0, 0] };
    case 2:
      return { status: [0, 0, 0x90], data: [5, 0, 3, 0, ...noise(12, random)] };
    case 3:
      return { status: [0, 0, 0x90], data: noise(70, random) };
    case 4: {
      const photo = random(4) === 0 ? 0 : 1024;
      return { status: [0, 0, 0x90], data: [1, 0, ...word(photo), ...noise(256, random), ...ramp(photo, random)] };
    }
    case 5: {
      const print = [0, 512, 1024][random(3)] ?? 0;
      const data = [1, 0, 4, 0, ...word(print), ...noise(256, random), ...ramp(1024, random), ...ramp(print, random)];
      return { status: [0, 0, 0x90], data };
    }
    case 6:
      // The card's own status comes along with an error.
      return { status: [0x69, random(256), 0x41], data: [] };
    default:
      return { status: [0, 0, bareStatuses[random(bareStatuses.length)] ?? 0x90], data: [] };
  }
};

const drawFrame = (random: Draw, { isPadded }: { isPadded: boolean }): SampleFrame => {
  const { status, data } = drawReply(random);
  const body = [...word(3 + data.length + 1), ...status, ...data];
  const check = body.reduce((sum, byte) => sum ^ byte, 0);
  // Some adapters drop one of the three AA.
  const preamble = random(8) === 0 ? [0xaa, 0xaa] : [0xaa, 0xaa, 0xaa];
  const frame = [...preamble, 0x96, 0x69, ...body, check];
  while (isPadded && frame.length % 64 !== 0) frame.push(0);
  return {
    bytes: Uint8Array.from(frame),
    isFrame(given) {
      const { sw1, sw2, sw3, data: said } = given as SamFrame;
      return isDeepStrictEqual([sw1, sw2, sw3], [...status]) && Buffer.from(data).equals(said);
    },
  };
};

const codec = (isPadded: boolean): Rehearsal['codec'] => ({
  createDecoder: () => createSamDecoder({ isPadded }),
  draw: (random) => drawFrame(random, { isPadded }),
  check: 'checksum',
});

const appendedAddress = { resident: '北京市东城区新测试街9号' } as const satisfies Partial<Record<KnownPerson, string>>;
/** The simulated module's fingerprint data. */
const fingerprint = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 13 + 0x43) & 0xff);

type CardExtras = { newestAddress?: boolean; printBytes?: number };

const reading = (person: KnownPerson, { newestAddress = false, printBytes = 0 }: CardExtras = {}): RehearsedCommand => {
  const address = newestAddress && person === 'resident' ? { newestAddress: appendedAddress[person] } : {};
  const print = printBytes > 0 ? { fingerprint: fingerprint(printBytes) } : {};
  const card = { ...knownPersons[person], photo: knownPhoto, ...address, ...print };
  return {
    name: `read ${person}`,
    command: { type: 'readCard' },
    timeoutMs: 8000,
    hand: [{ knob: 'place', argument: person, afterMs: 400 }],
    tidy: [{ knob: 'lift' }],
    isRight: (reply) => isDeepStrictEqual(reply, { type: 'card', card } satisfies IdCardReply),
  };
};

const simple = (
  type: 'awaitRemoval' | 'readSamId' | 'selfTest',
  reply: IdCardReply,
  hand: readonly HandAct[] = [],
): RehearsedCommand => ({
  name: type,
  command: { type },
  timeoutMs: 8000,
  hand,
  tidy: [{ knob: 'lift' }],
  isRight: (said) => isDeepStrictEqual(said, reply),
});

const moduleCommands: readonly RehearsedCommand[] = [
  simple('awaitRemoval', { type: 'removed' }, [
    { knob: 'place', argument: 'resident', afterMs: 0 },
    { knob: 'lift', afterMs: 2000 },
  ]),
  simple('readSamId', { type: 'samId', samId: '05.03-20130506-0012345678-1234567890' }),
  simple('selfTest', { type: 'selfTestPassed' }),
];

const serial = (variant: string | undefined, config: object, commands: readonly RehearsedCommand[]): Rehearsal => ({
  driver: 'sam-serial',
  ...(variant === undefined ? {} : { variant }),
  config,
  wire: 'stream',
  simulator: createSamSimulator,
  commands,
  codec: codec(false),
});

const hid: Rehearsal = {
  driver: 'sam-hid',
  config: {},
  wire: 'reports',
  simulator: createSamHidSimulator,
  commands: [reading('resident'), ...moduleCommands],
  codec: codec(true),
};

/** Vendor page, report 1 both ways, 64 bytes (USB HID 1.11, 6.2.2). */
const numberedDescriptor = Uint8Array.from(
  Buffer.from('0600ff0901a101150026ff007508954085010901810209019102c0', 'hex'),
);

const withPrint = { withFingerprint: true, handOverFingerprint: true };
const otherCards = ['residentLongTerm', 'hmtPermit', 'foreigner2017', 'foreigner2023'] as const;

export const rehearsals: readonly Rehearsal[] = [
  serial(undefined, {}, [reading('resident'), ...moduleCommands]),
  serial(
    'cards',
    {},
    otherCards.map((person) => reading(person)),
  ),
  serial('address', { withNewestAddress: true }, [
    reading('resident', { newestAddress: true }),
    reading('foreigner2023'),
  ]),
  serial('fingerprint', withPrint, [reading('resident', { printBytes: 1024 })]),
  {
    ...serial('short-fingerprint', withPrint, [reading('hmtPermit', { printBytes: 512 })]),
    simulatorSettings: { printBytes: 512 },
  },
  { ...serial('no-fingerprint', withPrint, [reading('resident')]), simulatorSettings: { printBytes: 0 } },
  serial('set-rate', { moduleBaudRate: 57_600 }, [reading('resident')]),
  {
    ...serial('find-alone', { removal: 'find' }, [reading('resident'), ...moduleCommands]),
    simulatorSettings: { refinds: true },
  },
  hid,
  {
    ...hid,
    variant: 'cards',
    config: { withNewestAddress: true },
    commands: [
      reading('resident', { newestAddress: true }),
      ...otherCards.map((person) => reading(person, { newestAddress: true })),
    ],
  },
  {
    ...hid,
    variant: 'numbered',
    config: withPrint,
    info: { reportDescriptor: numberedDescriptor },
    simulatorSettings: { numbered: true },
    commands: [reading('resident', { printBytes: 1024 })],
  },
];
