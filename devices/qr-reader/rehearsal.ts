// What the fault campaigns need to know of the text readers. Sample frames are put together here from the manuals' tables; they
// do not come from codec.ts.

import type { Rehearsal, RehearsedCommand, SampleFrame } from '../kit/rehearsal.ts';
import { createLineDecoder, type LineOptions } from './codec.ts';
import { createQrSimulator } from './simulator.ts';

const shown = 'https://example.org/办事/3501-0001';

type Reply = { type?: string; code?: { text?: string } };
const isType = (reply: unknown, type: string): boolean => (reply as Reply | undefined)?.type === type;
const isCode = (reply: unknown, text: string): boolean => isType(reply, 'code') && (reply as Reply).code?.text === text;

const readCode: RehearsedCommand = {
  name: 'readCode',
  command: { type: 'readCode' },
  timeoutMs: 8000,
  hand: [{ knob: 'show', argument: shown, afterMs: 300 }],
  tidy: [{ knob: 'takeAway' }],
  isRight: (reply) => isCode(reply, shown),
};
const query: RehearsedCommand = {
  name: 'query',
  command: { type: 'query' },
  timeoutMs: 8000,
  isRight: (reply) => isType(reply, 'done'),
};
const beep: RehearsedCommand = {
  name: 'beep',
  command: { type: 'beep' },
  timeoutMs: 8000,
  isRight: (reply) => isType(reply, 'done'),
};

const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const asBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Pairs of bytes and text from the standards' tables: ASCII, UTF-8 (RFC 3629), GB 18030-2005. */
const letters: readonly (readonly [hex: string, text: string])[] = [
  ['41', 'A'],
  ['37', '7'],
  ['2F', '/'],
  ['3D', '='],
];
const utf8Letters = [...letters, ['E5 8A 9E', '办'], ['E4 BA 8B', '事']] as const;
const gbLetters = [...letters, ['D3 AA', '营'], ['D2 B5', '业'], ['95 32 82 36', '𠀀']] as const;

type Frame = { type?: string; status?: string; code?: { text?: string; encoding?: string } };

const drawCode = (random: (below: number) => number, suffix: string): SampleFrame => {
  const isGb = random(2) === 0;
  const table = isGb ? gbLetters : utf8Letters;
  // An unmistakable beginning: short GB18030 texts may be UTF-8 as well.
  const parts: (readonly [string, string])[] = isGb ? [['D3 AA D2 B5', '营业']] : [['43 4F 44 45', 'CODE']];
  for (let left = random(60); left > 0; left -= 1) parts.push(table[random(table.length)] ?? ['41', 'A']);
  const text = parts.map(([, letter]) => letter).join('');
  return {
    bytes: Uint8Array.from([...asBytes(parts.map(([hex]) => hex).join('')), ...latin(suffix)]),
    isFrame: (frame) => (frame as Frame).type === 'code' && (frame as Frame).code?.text === text,
  };
};

const honeywellReplies = [
  ['REVINF\x06.', 'ack'],
  ['CBRENA1\x06,SSX0\x06,DFT\x06.', 'ack'],
  ['ABCDEF1\x05.', 'enq'],
  ['CBRENA7\x15.', 'nak'],
] as const;
const newlandReplies = [
  ['\x02\x010000#SCNTRG1\x06;\x03', 'ack'],
  ['\x02\x010000#SCNMOD0\x06;\x03', 'ack'],
  ['\x02\x010000@C11ENA1\x06,MIN12\x06,MAX22\x06;\x03', 'ack'],
  ['\x02\x010000#SCNTRG9\x15;\x03', 'nak'],
  ['\x02\x010000#ABCDEF1\x05;\x03', 'enq'],
] as const;

const drawFor =
  (replies: readonly (readonly [text: string, status: string])[], suffix: string) =>
  (random: (below: number) => number): SampleFrame => {
    const reply = replies[random(replies.length + 3)];
    if (!reply) return drawCode(random, suffix);
    const [text, status] = reply;
    return {
      bytes: latin(text),
      isFrame: (frame) => (frame as Frame).type === 'reply' && (frame as Frame).status === status,
    };
  };

const line: LineOptions = {
  frameEnd: 'suffix',
  suffix: 'crlf',
  silenceMs: 80,
  hasAimPrefix: false,
  encoding: 'auto',
  hello: 'none',
};
/** Only a reader with a suffix can be told to have been cut short, so that is what a careful hall sets. */
const bySuffix = { frameEnd: 'suffix', suffix: 'crlf' } as const;

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'line-qr',
    config: bySuffix,
    wire: 'stream',
    simulator: createQrSimulator,
    simulatorSettings: { suffix: 'crlf' },
    isMute: true,
    commands: [readCode],
    codec: { createDecoder: () => createLineDecoder(line), draw: drawFor([], '\r\n'), check: 'none' },
  },
  {
    driver: 'line-qr',
    variant: 'asked and triggered',
    config: { ...bySuffix, hello: 'honeywell', trigger: 'honeywell' },
    wire: 'stream',
    simulator: createQrSimulator,
    simulatorSettings: { vendor: 'honeywell', isTriggered: true, suffix: 'crlf' },
    commands: [readCode, query, beep],
    codec: {
      createDecoder: () => createLineDecoder({ ...line, hello: 'honeywell' }),
      draw: drawFor(honeywellReplies, '\r\n'),
      check: 'none',
    },
  },
  {
    driver: 'qr-honeywell',
    config: bySuffix,
    wire: 'stream',
    simulator: createQrSimulator,
    simulatorSettings: { vendor: 'honeywell', isTriggered: true, suffix: 'crlf' },
    commands: [readCode, query, beep],
    codec: {
      createDecoder: () => createLineDecoder({ ...line, hello: 'honeywell' }),
      draw: drawFor(honeywellReplies, '\r\n'),
      check: 'none',
    },
  },
  {
    driver: 'qr-honeywell',
    variant: 'presentation',
    config: { ...bySuffix, isTriggered: false },
    wire: 'stream',
    simulator: createQrSimulator,
    simulatorSettings: { vendor: 'honeywell', suffix: 'crlf' },
    commands: [readCode, query, beep],
    codec: {
      createDecoder: () => createLineDecoder({ ...line, frameEnd: 'auto', hello: 'honeywell' }),
      draw: drawFor(honeywellReplies, '\r'),
      check: 'none',
    },
  },
  {
    driver: 'qr-newland',
    config: { ...bySuffix, setsMode: true },
    wire: 'stream',
    simulator: createQrSimulator,
    simulatorSettings: { vendor: 'newland', isTriggered: true, suffix: 'crlf' },
    commands: [readCode, query],
    codec: {
      createDecoder: () => createLineDecoder({ ...line, hello: 'newland' }),
      draw: drawFor(newlandReplies, '\r\n'),
      check: 'none',
    },
  },
];
