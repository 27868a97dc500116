// What the fault campaigns need to know of the pads. Frames are drawn here by hand from the tables of the README, not by codec or
// simulator.

import type { Rehearsal, RehearsedCommand, SampleFrame } from '../kit/rehearsal.ts';
import { createHidPadDecoder } from './codec-hid.ts';
import { createPadDecoder } from './codec.ts';
import { hidProtocolOf } from './driver-hid.ts';
import { protocolOf } from './driver.ts';
import { hidPadModelNames, type HidPadModelName } from './models-hid.ts';
import { padModelNames, type PadModelName } from './models.ts';
import { createHidPadSimulator } from './simulator-hid.ts';
import { createRatingPadSimulator } from './simulator.ts';

/** A key is pressed after the prompt, well behind the time in which it would be taken for one from before. */
const rate = (level: number): RehearsedCommand => ({
  name: `askRating, key ${level}`,
  command: { type: 'askRating' },
  timeoutMs: 4000,
  hand: [{ knob: 'press', argument: String(level), afterMs: 1000 }],
  // Whoever hears no key must not have heard another one.
  isRight: (reply) => {
    const { type, level: heard } = (reply ?? {}) as { type?: string; level?: number };
    return type === 'notRated' || (type === 'rated' && heard === level);
  },
});

const nobody: RehearsedCommand = {
  name: 'askRating, nobody there',
  command: { type: 'askRating' },
  timeoutMs: 2000,
  isRight: (reply) => (reply as { type?: string } | undefined)?.type === 'notRated',
};

const checkLink: RehearsedCommand = {
  name: 'checkLink',
  command: { type: 'checkLink' },
  timeoutMs: 4000,
  isRight: (reply) => (reply as { type?: string } | undefined)?.type === 'done',
};

type Draw = (random: (below: number) => number) => SampleFrame;
type Seen = { type?: string; level?: number; levels?: readonly number[] };

const key = (level: number, ...bytes: number[]): SampleFrame => ({
  bytes: Uint8Array.from(bytes),
  isFrame: (frame) => (frame as Seen).type === 'key' && (frame as Seen).level === level,
});
const alive = (...bytes: number[]): SampleFrame => ({
  bytes: Uint8Array.from(bytes),
  isFrame: (frame) => (frame as Seen).type === 'alive',
});

const summed = (...bytes: number[]): number[] => {
  let total = 0;
  for (const byte of bytes) total += byte;
  return [...bytes, total % 0x100];
};

const serialFrames: Readonly<Record<PadModelName, Draw>> = {
  exampleAsciiDigits(random) {
    const level = 1 + random(5);
    return key(level, 0x30 | level);
  },
  exampleStxEtx(random) {
    const level = random(6);
    return level === 0 ? alive(0x02, 0x4f, 0x03) : key(level, 0x02, 0x30 | level, 0x03);
  },
  exampleSum(random) {
    const [address, number] = [random(0x100), random(6)];
    return number === 0 ? alive(...summed(0xaa, address, 0x4f)) : key(6 - number, ...summed(0xaa, address, number));
  },
};

const hidFrames: Readonly<Record<HidPadModelName, Draw>> = {
  exampleHidReports(random) {
    const [number, battery] = [random(6), random(16) << 4];
    return number === 0
      ? alive(0x4f, random(0x100), 0, 0, 0, 0, 0, 0)
      : key(6 - number, 0x4b, battery | number, 0, 0, 0, 0, 0, 0);
  },
  exampleHidKeypad(random) {
    const level = random(6);
    const usage = level === 0 ? 0 : (random(2) === 0 ? 0x1d : 0x58) + level;
    return {
      bytes: Uint8Array.of(0, 0, usage, 0, 0, 0, 0, 0),
      isFrame: (frame) =>
        (frame as Seen).type === 'held' && (frame as Seen).levels?.join() === (level === 0 ? '' : String(level)),
    };
  },
};

const serial = (model: PadModelName): Rehearsal => {
  const protocol = protocolOf({ model });
  return {
    driver: 'declarative-pad',
    variant: model,
    config: { model },
    wire: 'stream',
    simulator: createRatingPadSimulator,
    simulatorSettings: { model },
    isMute: protocol.heartbeat === undefined,
    commands: [rate(4), rate(1), nobody, ...(protocol.heartbeat ? [checkLink] : [])],
    codec: {
      createDecoder: () => createPadDecoder(protocol),
      draw: serialFrames[model],
      check: model === 'exampleSum' ? 'checksum' : 'none',
    },
  };
};

/** HID 1.11, 6.2.2: one vendor collection, eight bytes each way. */
const ownDescriptor = '06 00 FF 09 01 A1 01 15 00 26 FF 00 75 08 95 08 09 02 81 02 95 08 09 03 91 02 C0';
/** HID 1.11, Appendix B.1 and E.6: the boot keyboard with its five lamps. */
const keyboardDescriptor =
  '05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 05 75 01 05 08 19 01 29 05 91 02 ' +
  '95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0';
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (digits) => Number(`0x${digits}`));

const hid = (model: HidPadModelName): Rehearsal => {
  const protocol = hidProtocolOf({ model });
  const hasHeartbeat = protocol.type === 'reports' && protocol.heartbeat !== undefined;
  return {
    driver: 'declarative-pad-hid',
    variant: model,
    config: { model },
    wire: 'reports',
    info: {
      manufacturer: 'Example',
      product: model,
      reportDescriptor: bytesOf(protocol.type === 'keypad' ? keyboardDescriptor : ownDescriptor),
    },
    simulator: createHidPadSimulator,
    simulatorSettings: { model },
    isMute: !hasHeartbeat,
    commands: [rate(4), rate(1), nobody, ...(hasHeartbeat ? [checkLink] : [])],
    codec: { createDecoder: () => createHidPadDecoder(protocol), draw: hidFrames[model], check: 'none' },
  };
};

export const rehearsals: readonly Rehearsal[] = [...padModelNames.map(serial), ...hidPadModelNames.map(hid)];
