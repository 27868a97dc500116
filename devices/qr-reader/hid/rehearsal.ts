// What the fault campaigns need to know of the HID readers. Sample reports are put together here by the manuals' tables.

import type { Rehearsal, RehearsedCommand, SampleFrame } from '../../kit/rehearsal.ts';
import { createPosDecoder } from './pos-codec.ts';
import { namedLayouts } from './scan-layout.ts';
import { createHidQrSimulator, descriptors } from './simulator.ts';
import { createSymbolHidDecoder } from './symbol-codec.ts';

const shown = 'https://example.org/办事/3501-0001';

type Reply = { type?: string; code?: { text?: string } };
const isDone = (reply: unknown): boolean => (reply as Reply | undefined)?.type === 'done';
/**
 * A code of one report. Of a code of several, a lost or doubled report cannot be told, whatever a driver does: reports carry neither
 * a number nor a sum. USB itself neither loses nor doubles them; what can be told is tested in pos-codec.test.ts.
 */
const readCode: RehearsedCommand = {
  name: 'readCode',
  command: { type: 'readCode' },
  timeoutMs: 8000,
  hand: [{ knob: 'show', argument: shown, afterMs: 300 }],
  tidy: [{ knob: 'takeAway' }],
  isRight: (reply) => (reply as Reply | undefined)?.code?.text === shown,
};
const query: RehearsedCommand = { name: 'query', command: { type: 'query' }, timeoutMs: 8000, isRight: isDone };
const beep: RehearsedCommand = { name: 'beep', command: { type: 'beep' }, timeoutMs: 8000, isRight: isDone };

type Frame = { type?: string; status?: string; code?: { text?: string; symbology?: string } };
type Random = (below: number) => number;

const letters = ['A', '7', '/', '=', '办', '事'] as const;
const drawText = (random: Random, longestBytes: number): Buffer => {
  let text = 'CODE';
  for (let left = random(16); left > 0; left -= 1) text += letters[random(letters.length)] ?? 'A';
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length > longestBytes ? Buffer.from('CODE', 'utf8') : bytes;
};

const drawAimFirst = (random: Random): SampleFrame => {
  const isReply = random(4) === 0;
  const content = isReply ? Buffer.from('REVINF\u0006.', 'latin1') : drawText(random, 56);
  const aim = isReply ? ']Z6' : ([']Q1', ']C0', ']E0', ']d2'][random(4)] ?? ']Q1');
  const report = new Uint8Array(64);
  report.set([2, content.length, ...Buffer.from(aim, 'latin1'), ...content]);
  report[61] = 0x3f;
  return {
    bytes: report,
    isFrame: (frame) => {
      const { type, status, code } = frame as Frame;
      if (isReply) return type === 'reply' && status === 'ack';
      return code?.text === content.toString('utf8') && code.symbology === aim;
    },
  };
};

const drawDataFirst = (random: Random): SampleFrame => {
  const content = drawText(random, 56);
  const report = new Uint8Array(64);
  report.set([2, content.length, ...content]);
  report[62] = 0x73;
  return { bytes: report, isFrame: (frame) => (frame as Frame).code?.text === content.toString('utf8') };
};

const drawSymbol = (random: Random): SampleFrame => {
  const content = drawText(random, 60);
  const report = new Uint8Array(64);
  report.set([content.length + 2, ...content, 0x0d, 0x0a]);
  return { bytes: report, isFrame: (frame) => (frame as Frame).code?.text === content.toString('utf8') };
};

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'qr-hid-pos',
    config: {},
    wire: 'reports',
    info: { reportDescriptor: descriptors.dataFirst },
    simulator: createHidQrSimulator,
    simulatorSettings: { layout: 'dataFirst' },
    isMute: true,
    commands: [readCode],
    codec: {
      createDecoder: () => createPosDecoder({ layout: namedLayouts.dataFirst, encoding: 'auto', hello: 'none' }),
      draw: drawDataFirst,
      check: 'none',
    },
  },
  {
    driver: 'qr-hid-pos',
    variant: 'Honeywell commands',
    config: { hello: 'honeywell', trigger: 'honeywell' },
    wire: 'reports',
    info: { reportDescriptor: descriptors.aimFirst },
    simulator: createHidQrSimulator,
    simulatorSettings: { layout: 'aimFirst', vendor: 'honeywell', isTriggered: true },
    commands: [readCode, query, beep],
    codec: {
      createDecoder: () => createPosDecoder({ layout: namedLayouts.aimFirst, encoding: 'auto', hello: 'honeywell' }),
      draw: drawAimFirst,
      check: 'none',
    },
  },
  {
    driver: 'qr-hid-pos',
    variant: 'trigger report',
    config: { trigger: 'report', layout: 'aimFirst' },
    wire: 'reports',
    simulator: createHidQrSimulator,
    simulatorSettings: { layout: 'aimFirst', isTriggered: true },
    isMute: true,
    commands: [readCode],
    codec: {
      createDecoder: () => createPosDecoder({ layout: namedLayouts.aimFirst, encoding: 'auto', hello: 'none' }),
      draw: drawAimFirst,
      check: 'none',
    },
  },
  {
    driver: 'qr-hid-symbol',
    config: { frameEnd: 'suffix', suffix: 'crlf' },
    wire: 'reports',
    simulator: createHidQrSimulator,
    simulatorSettings: { layout: 'symbol', suffix: '0D0A' },
    isMute: true,
    commands: [readCode],
    codec: {
      createDecoder: () =>
        createSymbolHidDecoder({
          frameEnd: 'suffix',
          suffix: 'crlf',
          silenceMs: 80,
          hasAimPrefix: false,
          encoding: 'auto',
        }),
      draw: drawSymbol,
      check: 'none',
    },
  },
];
