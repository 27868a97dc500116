// Two simulated HID pads: one with eight-byte reports of its own, one that is a number keypad. Written from the HID class's boot
// keyboard report and the example's description in the README; it shares no code with the driver. Every send is one whole report.
//
//   output report (number first) ─▶ prompting? ◀─ keys pressed by a person
//       ◀── input reports: key down, key up, heartbeat answers ──┘

import type { Clock } from '../kit/clock.ts';
import type { Knob, SimulatorFactory } from '../kit/simulator.ts';

export const hidPadFaultNames = [
  'none',
  'mute',
  'doublePress',
  'bounce',
  'keyBeforePrompt',
  'heldKey',
  'wrongKey',
  'twoKeys',
  'rollOver',
  'shortReport',
  'dark',
] as const;
export type HidPadFaultName = (typeof hidPadFaultNames)[number];

type Face = {
  down(level: number): number[];
  both(one: number, other: number): number[];
  up: number[];
  unknownDown: number[];
  /** What an output report asks for; its number has been taken off. */
  read(report: Uint8Array): 'prompt' | 'cancel' | 'heartbeat' | undefined;
  alive: number[] | undefined;
};

const padded = (length: number, ...bytes: number[]): number[] =>
  [...bytes, ...Array<number>(length).fill(0)].slice(0, length);

const batteryHigh = 0x30;
/** Keys of the other pad are numbered from the happiest. */
const ownReports: Face = {
  down: (level) => padded(8, 0x4b, batteryHigh + (6 - level)),
  // It has no way to say that: the second key wins.
  both: (_one, other) => padded(8, 0x4b, batteryHigh + (6 - other)),
  up: padded(8, 0x4b, batteryHigh),
  unknownDown: padded(8, 0x4b, batteryHigh + 9),
  read(report) {
    const letter = String.fromCharCode(report[0] ?? 0);
    if (letter === 'P') return report[1] === 1 ? 'prompt' : undefined;
    return ({ C: 'cancel', '?': 'heartbeat' } as const)[letter];
  },
  alive: padded(8, 'O'.charCodeAt(0), 0x64),
};

/** HID 1.11, Appendix B.1: modifiers, reserved, six usages. The digits of the number block begin with 1 at 59. */
const boot = (...usages: number[]): number[] => padded(8, 0, 0, ...usages);
const numberBlock = (level: number): number => 0x59 + level - 1;
const keypad: Face = {
  down: (level) => boot(numberBlock(level)),
  both: (one, other) => boot(numberBlock(one), numberBlock(other)),
  up: boot(),
  unknownDown: boot(0x61),
  read: () => undefined,
  alive: undefined,
};

const faces: Readonly<Record<string, Face>> = { exampleHidReports: ownReports, exampleHidKeypad: keypad };

const keyDownMs = 60;
const bounceGapMs = 8;
/** A keyboard whose idle rate is set, and some pads, say again and again what is down (HID 1.11, 7.2.4). */
const heldRepeatMs = 40;
const heldTimes = 40;

const levels = ['5', '4', '3', '2', '1'] as const;

/** Pieces one after the other, each some time after the last. */
const playOut = (
  clock: Clock,
  stops: Set<() => void>,
  steps: readonly (readonly [afterMs: number, act: () => void])[],
): void => {
  let delayMs = 0;
  for (const [afterMs, act] of steps) {
    delayMs += afterMs;
    if (delayMs === 0) {
      act();
      continue;
    }
    const stop = clock.after(delayMs, () => {
      stops.delete(stop);
      act();
    });
    stops.add(stop);
  }
};

/** Settings: `model` (exampleHidReports, exampleHidKeypad). `ratings` in `look()` counts keys pressed under a prompt. */
export const createHidPadSimulator: SimulatorFactory = (wire, { clock, settings = {} }) => {
  const name = typeof settings.model === 'string' ? settings.model : 'exampleHidReports';
  const face = Object.hasOwn(faces, name) ? faces[name] : undefined;
  if (!face) throw new RangeError(`there is no HID pad model "${name}"`);
  let fault: HidPadFaultName = 'none';
  let isPrompting = false;
  let prompts = 0;
  let pressedKeys = 0;
  let ratings = 0;
  const stops = new Set<() => void>();

  const say = (report: readonly number[]): void => {
    if (fault === 'mute') return;
    wire.send(Uint8Array.from(fault === 'shortReport' ? report.slice(0, 1) : report));
  };

  const pressReport = (down: readonly number[]): void => {
    pressedKeys += 1;
    if (isPrompting) ratings += 1;
    isPrompting = false;
    const press = [
      [0, () => say(down)],
      [keyDownMs, () => say(face.up)],
    ] as const;
    if (fault === 'doublePress')
      playOut(clock, stops, [...press, [keyDownMs, () => say(down)], [keyDownMs, () => say(face.up)]]);
    else if (fault === 'bounce')
      playOut(clock, stops, [
        [0, () => say(down)],
        [bounceGapMs, () => say(face.up)],
        [bounceGapMs, () => say(down)],
        [keyDownMs, () => say(face.up)],
      ]);
    else if (fault === 'heldKey')
      playOut(clock, stops, [
        [0, () => say(down)],
        ...Array.from({ length: heldTimes }, () => [heldRepeatMs, () => say(down)] as const),
        [heldRepeatMs, () => say(face.up)],
      ]);
    else playOut(clock, stops, press);
  };

  const press = (key = '5'): void => {
    if (!levels.some((level) => level === key)) throw new RangeError(`there is no key "${key}"`);
    const level = Number(key);
    if (fault === 'wrongKey') pressReport(face.down((level % 5) + 1));
    else if (fault === 'twoKeys') pressReport(face.both(level, (level % 5) + 1));
    else if (fault === 'rollOver' && face === keypad) pressReport(boot(1, 1, 1, 1, 1, 1));
    else pressReport(face.down(level));
  };

  const knobs: Record<string, Knob> = {
    press: {
      title: { zh: '按键（5 非常满意 … 1 非常不满意）', en: 'Press a key (5 very satisfied … 1)' },
      argument: levels,
      turn: press,
    },
    pressUnknown: {
      title: { zh: '按一个未定义的键', en: 'Press a key that means nothing' },
      turn: () => pressReport(face.unknownDown),
    },
    fault: {
      title: { zh: '故障', en: 'Fault' },
      argument: hidPadFaultNames,
      turn(argument = 'none') {
        const next = hidPadFaultNames.find((known) => known === argument);
        if (!next) throw new RangeError(`this pad has no fault "${argument}"`);
        fault = next;
      },
    },
  };

  return {
    receive(report) {
      const asked = face.read(report.subarray(1));
      if (asked === 'heartbeat' && face.alive) say(face.alive);
      if (asked === 'cancel') isPrompting = false;
      if (asked !== 'prompt') return;
      // Pressed just before the prompt: the two cross on the bus.
      if (fault === 'keyBeforePrompt') say(face.down(1));
      isPrompting = fault !== 'dark';
      prompts += 1;
    },
    knobs,
    look: () => ({ model: name, isPrompting, prompts, pressedKeys, ratings, fault }),
    stop() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
};
