// What the fault campaigns need of the control channels, on both wires.

import type { Rehearsal, SampleFrame } from '../../kit/rehearsal.ts';
import type { CameraControlReply } from './api.ts';
import { createHidControlDecoder, createSerialControlDecoder, type ControlFrame } from './codec.ts';
import { protocolOf, hidCameraConfigSchema, serialCameraConfigSchema } from './config.ts';
import { createCameraControlSimulator } from './simulator.ts';

const isType =
  (type: ControlFrame['type'], value?: number) =>
  (frame: unknown): boolean =>
    (frame as ControlFrame).type === type && (value === undefined || (frame as { value?: number }).value === value);

const drawSerial = (random: (below: number) => number): SampleFrame => {
  const value = random(256);
  const frame = (command: number, given: number): Uint8Array =>
    Uint8Array.of(0xa5, command, given, (0xa5 + command + given) % 256);
  const samples: readonly SampleFrame[] = [
    { bytes: frame(0x80, value), isFrame: isType('alive') },
    { bytes: frame(0x81, value), isFrame: isType('lampAnswer', value) },
    { bytes: frame(0x10, 0x01), isFrame: isType('shutter') },
  ];
  return samples[random(samples.length)] ?? (samples[0] as SampleFrame);
};

const drawHid = (random: (below: number) => number): SampleFrame => {
  const value = random(256);
  const report = (first: number, second: number): Uint8Array => Uint8Array.of(first, second, 0, 0, 0, 0, 0, 0);
  const samples: readonly SampleFrame[] = [
    { bytes: report(0x3f, value), isFrame: isType('alive') },
    { bytes: report(0x4c, value), isFrame: isType('lampAnswer', value) },
    // A press is the first report of a held button; a sample has to be one on its own, so only the release is drawn.
    { bytes: report(0x42, value & 0xfe), isFrame: isType('released') },
  ];
  return samples[random(samples.length)] ?? (samples[0] as SampleFrame);
};

const commands: Rehearsal['commands'] = [
  {
    name: 'lampOn',
    command: { type: 'setLamp', level: 100 },
    timeoutMs: 5000,
    isRight: (reply) => JSON.stringify(reply) === JSON.stringify({ type: 'lampSet', level: 100, isConfirmed: true }),
  },
  {
    name: 'lampOff',
    command: { type: 'setLamp', level: 0 },
    timeoutMs: 5000,
    isRight: (reply) => JSON.stringify(reply) === JSON.stringify({ type: 'lampSet', level: 0, isConfirmed: true }),
  },
  {
    name: 'checkLink',
    command: { type: 'checkLink' },
    timeoutMs: 5000,
    isRight: (reply) => (reply as CameraControlReply).type === 'done',
  },
];

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'camera-control-serial',
    config: { model: 'exampleSerialLamp' },
    wire: 'stream',
    simulator: createCameraControlSimulator,
    commands,
    codec: {
      createDecoder: () =>
        createSerialControlDecoder(protocolOf(serialCameraConfigSchema.parse({ model: 'exampleSerialLamp' }))),
      draw: drawSerial,
      check: 'checksum',
    },
  },
  {
    driver: 'camera-control-hid',
    config: { model: 'exampleHidLamp' },
    wire: 'reports',
    simulator: createCameraControlSimulator,
    simulatorSettings: { wire: 'hid' },
    commands,
    codec: {
      createDecoder: () =>
        createHidControlDecoder(protocolOf(hidCameraConfigSchema.parse({ model: 'exampleHidLamp' }))),
      draw: drawHid,
      check: 'none',
    },
  },
];
