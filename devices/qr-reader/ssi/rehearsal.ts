// What the fault campaigns need to know of SSI. Packets are put together here by the manual's table, with a checksum of their own.

import type { Rehearsal, RehearsedCommand, SampleFrame } from '../../kit/rehearsal.ts';
import { createSsiDecoder, type SsiOptions } from './codec.ts';
import { createSsiSimulator } from './simulator.ts';

const shown = 'https://example.org/办事/3501-0001';
/** Longer than one packet of the simulated reader. */
const shownLong = `${shown}/${Array.from({ length: 80 }, (_, index) => index).join('-')}`;

type Reply = { type?: string; code?: { text?: string } };
const isDone = (reply: unknown): boolean => (reply as Reply | undefined)?.type === 'done';
const readCode = (name: string, text: string): RehearsedCommand => ({
  name,
  command: { type: 'readCode' },
  timeoutMs: 8000,
  hand: [{ knob: 'show', argument: text, afterMs: 300 }],
  tidy: [{ knob: 'takeAway' }],
  isRight: (reply) => (reply as Reply | undefined)?.code?.text === text,
});
const query: RehearsedCommand = { name: 'query', command: { type: 'query' }, timeoutMs: 8000, isRight: isDone };
const beep: RehearsedCommand = { name: 'beep', command: { type: 'beep' }, timeoutMs: 8000, isRight: isDone };

type Frame = { type?: string; status?: string; code?: { text?: string }; identity?: { firmware?: string } };

const packet = (opcode: number, data: readonly number[]): Uint8Array => {
  const message = [data.length + 4, opcode, 0x00, 0x00, ...data];
  let left = 0x10000;
  for (const byte of message) left -= byte;
  return Uint8Array.from([...message, left >>> 8, left & 0xff]);
};

const letters = ['A', '7', '/', '=', '办', '事'] as const;

const drawText = (random: (below: number) => number, longest: number): string => {
  let text = 'CODE';
  for (let left = random(longest); left > 0; left -= 1) text += letters[random(letters.length)] ?? 'A';
  return text;
};

const causes = [
  [1, 'again'],
  [2, 'enq'],
  [6, 'nak'],
] as const;

const drawPacket = (random: (below: number) => number): SampleFrame => {
  const kind = random(6);
  if (kind === 0) return { bytes: packet(0xd0, []), isFrame: (frame) => (frame as Frame).status === 'ack' };
  if (kind === 1) {
    const [cause, status] = causes[random(causes.length)] ?? causes[0];
    return { bytes: packet(0xd1, [cause]), isFrame: (frame) => (frame as Frame).status === status };
  }
  if (kind === 2) {
    const text = `PAAB${random(100)}-R0${random(10)}`;
    const bytes = packet(0xa4, [...Buffer.from(text, 'latin1')]);
    return { bytes, isFrame: (frame) => (frame as Frame).identity?.firmware === text };
  }
  const text = drawText(random, 60);
  const bytes = packet(0xf3, [[0x03, 0x0b, 0x1c, 0x99][random(4)] ?? 0x1c, ...Buffer.from(text, 'utf8')]);
  return { bytes, isFrame: (frame) => (frame as Frame).code?.text === text };
};

const drawPlain = (random: (below: number) => number): SampleFrame => {
  const text = drawText(random, 60);
  return {
    bytes: Uint8Array.from(Buffer.from(`${text}\r\n`, 'utf8')),
    isFrame: (frame) => (frame as Frame).code?.text === text,
  };
};

const options: SsiOptions = {
  frameEnd: 'suffix',
  suffix: 'crlf',
  silenceMs: 80,
  hasAimPrefix: false,
  encoding: 'auto',
  rawText: 'never',
  hasTypeInEveryPacket: false,
};

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'qr-ssi',
    config: { rawText: 'never' },
    wire: 'stream',
    simulator: createSsiSimulator,
    simulatorSettings: { isTriggered: true, isPacketed: true, maxData: 100 },
    commands: [readCode('readCode', shown), readCode('readLongCode', shownLong), query, beep],
    codec: { createDecoder: () => createSsiDecoder(options), draw: drawPacket, check: 'checksum' },
  },
  {
    driver: 'qr-ssi',
    variant: 'plain text, as shipped',
    config: { setsMode: false, isTriggered: false, rawText: 'always', frameEnd: 'suffix', suffix: 'crlf' },
    wire: 'stream',
    simulator: createSsiSimulator,
    simulatorSettings: { suffix: '0D0A' },
    commands: [readCode('readCode', shown), query, beep],
    codec: {
      createDecoder: () => createSsiDecoder({ ...options, rawText: 'always' }),
      draw: (random) => (random(2) === 0 ? drawPlain(random) : drawPacket(random)),
      check: 'none',
    },
  },
];
