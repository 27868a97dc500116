// A simulated counter pad with five keys. It speaks the three example protocols from its own tables and shares no code with the
// driver: what the driver's data says about them is checked against this.
//
//   wire ─▶ frames of this model ─▶ prompting? ◀─ keys pressed by a person
//     ◀── key frames, heartbeat answers ──┘

import type { Knob, SimulatorFactory } from '../kit/simulator.ts';

export const padFaultNames = [
  'none',
  'mute',
  'byteByByte',
  'doublePress',
  'heldKey',
  'keyBeforePrompt',
  'halfKey',
  'badSum',
  'echo',
  'dark',
] as const;
export type PadFaultName = (typeof padFaultNames)[number];

type Model = {
  /** Bytes that the key with this face sends; 5 is the happiest. */
  key(level: number): number[];
  unknownKey: number[];
  /** What the received bytes ask for, when they end with something this model knows. */
  read(bytes: readonly number[]): 'prompt' | 'cancel' | 'heartbeat' | undefined;
  heartbeatAnswer: number[];
};

const STX = 0x02;
const ETX = 0x03;

const withSum = (...bytes: number[]): number[] => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return [...bytes, sum % 256];
};

const asciiDigits: Model = {
  key: (level) => [...Buffer.from(String(level), 'ascii')],
  unknownKey: [...Buffer.from('9', 'ascii')],
  read(bytes) {
    const text = Buffer.from(bytes).toString('ascii');
    if (text.endsWith('P\r')) return 'prompt';
    return text.endsWith('C\r') ? 'cancel' : undefined;
  },
  heartbeatAnswer: [],
};

const stxEtx: Model = {
  key: (level) => [STX, 0x30 + level, ETX],
  unknownKey: [STX, 0x39, ETX],
  read(bytes) {
    const [start, code, end] = bytes.slice(-3);
    if (start !== STX || end !== ETX || code === undefined) return undefined;
    const letter = String.fromCharCode(code);
    return ({ R: 'prompt', C: 'cancel', '?': 'heartbeat' } as const)[letter];
  },
  heartbeatAnswer: [STX, 'O'.charCodeAt(0), ETX],
};

const address = 0x07;
const sumPad: Model = {
  // The keys are numbered from the left, and the happiest face is on the left.
  key: (level) => withSum(0xaa, address, 6 - level),
  unknownKey: withSum(0xaa, address, 0x09),
  read(bytes) {
    const [start, to, code, sum] = bytes.slice(-4);
    if (start !== 0xaa || to === undefined || code === undefined || (start + to + code) % 256 !== sum) return undefined;
    return ({ P: 'prompt', C: 'cancel', '?': 'heartbeat' } as const)[String.fromCharCode(code)];
  },
  heartbeatAnswer: withSum(0xaa, address, 'O'.charCodeAt(0)),
};

const models: Readonly<Record<string, Model>> = {
  exampleAsciiDigits: asciiDigits,
  exampleStxEtx: stxEtx,
  exampleSum: sumPad,
};

const byteGapMs = 8;
/** Some pads send a key again and again while a finger stays on it. */
const heldRepeatMs = 40;
const heldTimes = 40;
const levels = ['5', '4', '3', '2', '1'] as const;

/** Settings: `model` (exampleAsciiDigits, exampleStxEtx, exampleSum). `ratings` in `look()` counts keys pressed under a prompt. */
export const createRatingPadSimulator: SimulatorFactory = (wire, { clock, settings = {} }) => {
  const name = typeof settings.model === 'string' ? settings.model : 'exampleAsciiDigits';
  const model = models[name];
  if (!model) throw new RangeError(`there is no pad model "${name}"`);
  let fault: PadFaultName = 'none';
  let isPrompting = false;
  let prompts = 0;
  let pressedKeys = 0;
  let ratings = 0;
  let received: number[] = [];
  let lineFreeAt = 0;
  const stops = new Set<() => void>();

  const later = (delayMs: number, act: () => void): void => {
    const stop = clock.after(delayMs, () => {
      stops.delete(stop);
      act();
    });
    stops.add(stop);
  };

  const say = (bytes: readonly number[]): void => {
    if (fault === 'mute' || bytes.length === 0) return;
    if (fault !== 'byteByByte') {
      wire.send(Uint8Array.from(bytes));
      return;
    }
    for (const byte of bytes) {
      lineFreeAt = Math.max(lineFreeAt, clock.now()) + byteGapMs;
      later(lineFreeAt - clock.now(), () => wire.send(Uint8Array.of(byte)));
    }
  };

  const pressBytes = (bytes: readonly number[]): void => {
    pressedKeys += 1;
    if (isPrompting) ratings += 1;
    if (fault === 'halfKey') say(bytes.slice(0, -1));
    else if (fault === 'badSum') say([...bytes.slice(0, -1), ((bytes.at(-1) ?? 0) + 1) % 256]);
    else say(bytes);
    if (fault === 'doublePress') say(bytes);
    if (fault === 'heldKey') for (let turn = 1; turn <= heldTimes; turn++) later(turn * heldRepeatMs, () => say(bytes));
    isPrompting = false;
  };

  const press = (face = '5'): void => {
    if (!levels.some((level) => level === face)) throw new RangeError(`there is no key "${face}"`);
    pressBytes(model.key(Number(face)));
  };

  const knobs: Record<string, Knob> = {
    press: {
      title: { zh: '按键（5 非常满意 … 1 非常不满意）', en: 'Press a key (5 very satisfied … 1)' },
      argument: levels,
      turn: press,
    },
    pressUnknown: {
      title: { zh: '按一个未定义的键', en: 'Press a key that means nothing' },
      turn: () => pressBytes(model.unknownKey),
    },
    fault: {
      title: { zh: '故障', en: 'Fault' },
      argument: padFaultNames,
      turn(argument = 'none') {
        const next = padFaultNames.find((known) => known === argument);
        if (!next) throw new RangeError(`this pad has no fault "${argument}"`);
        fault = next;
      },
    },
  };

  return {
    receive(bytes) {
      if (fault === 'echo') wire.send(bytes);
      for (const byte of bytes) {
        received = [...received.slice(-15), byte];
        const asked = model.read(received);
        if (!asked) continue;
        received = [];
        if (asked === 'heartbeat') say(model.heartbeatAnswer);
        if (asked === 'cancel') isPrompting = false;
        if (asked !== 'prompt') continue;
        // Pressed just before the prompt: the two cross on the line.
        if (fault === 'keyBeforePrompt') say(model.key(1));
        isPrompting = fault !== 'dark';
        prompts += 1;
      }
    },
    knobs,
    look: () => ({ model: name, isPrompting, prompts, pressedKeys, ratings, fault }),
    stop() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
};
