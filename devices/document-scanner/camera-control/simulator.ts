// A document camera's lamp and button at the far end of the wire. It speaks the two examples from its own tables and shares no code
// with the driver: what the driver's data says about them is checked against this.

import type { Knob, SimulatorFactory } from '../../kit/simulator.ts';

const controlFaultNames = [
  'none',
  'mute',
  'byteByByte',
  'lampDead',
  'wrongSum',
  'halfFrame',
  'bounce',
  'echo',
] as const;
type ControlFaultName = (typeof controlFaultNames)[number];

const byteGapMs = 2;
const bounceGapMs = 15;
const reportBytes = 8;

const withSum = (...bytes: number[]): number[] => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return [...bytes, sum % 256];
};

/** A written report as hidraw hands it on: without the number 00 in front. */
const reportOf = (...bytes: number[]): number[] => [...bytes, ...Array<number>(reportBytes - bytes.length).fill(0)];

/** Settings: `wire` (`serial`, `hid`). `look()`: how bright the lamp is (0–100) and how often the button was pressed. */
export const createCameraControlSimulator: SimulatorFactory = (wire, { clock, settings = {} }) => {
  const isHid = settings.wire === 'hid';
  let fault: ControlFaultName = 'none';
  let lamp = 0;
  let presses = 0;
  let input: number[] = [];
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
    if (fault === 'mute') return;
    let sent = [...bytes];
    if (fault === 'halfFrame' && !isHid) sent = sent.slice(0, -1);
    if (fault === 'wrongSum' && !isHid) sent = [...sent.slice(0, -1), ((sent.at(-1) ?? 0) + 1) % 256];
    if (fault !== 'byteByByte' || isHid) {
      wire.send(Uint8Array.from(sent));
      return;
    }
    for (const byte of sent) {
      lineFreeAt = Math.max(lineFreeAt, clock.now()) + byteGapMs;
      later(lineFreeAt - clock.now(), () => wire.send(Uint8Array.of(byte)));
    }
  };

  const setLamp = (value: number, most: number): boolean => {
    if (fault === 'lampDead') return false;
    lamp = Math.round((100 * Math.min(value, most)) / most);
    return true;
  };

  const takeSerial = (): void => {
    for (;;) {
      const start = input.indexOf(0xa5);
      if (start < 0 || input.length < start + 4) {
        input = start < 0 ? [] : input.slice(start);
        return;
      }
      const [, command = 0, value = 0, sum = -1] = input.slice(start, start + 4);
      const isSound = (0xa5 + command + value) % 256 === sum;
      input = input.slice(start + (isSound ? 4 : 1));
      if (!isSound) continue;
      if (command === 0x00) say(withSum(0xa5, 0x80, lamp));
      if (command === 0x01 && setLamp(value, 255)) say(withSum(0xa5, 0x81, value));
    }
  };

  const takeReport = (bytes: Uint8Array): void => {
    // hidraw refuses nothing, but the device knows reports of its own length only.
    if (bytes.length !== reportBytes + 1 || bytes[0] !== 0) return;
    const [, command, value = 0] = bytes;
    if (command === '?'.charCodeAt(0)) say(reportOf(0x3f, lamp));
    if (command === 'L'.charCodeAt(0) && setLamp(value, 10)) say(reportOf(0x4c, value));
  };

  const press = (): void => {
    const times = fault === 'bounce' ? 3 : 1;
    presses += 1;
    for (let time = 0; time < times; time += 1)
      later(time * bounceGapMs, () => {
        if (!isHid) {
          say(withSum(0xa5, 0x10, 0x01));
          return;
        }
        // Held: a real one repeats its report. Other bits are other buttons.
        say(reportOf(0x42, 0x81));
        say(reportOf(0x42, 0x81));
        say(reportOf(0x42, 0x80));
      });
  };

  const knobs: Record<string, Knob> = {
    press: { title: { zh: '按拍摄键', en: 'Press the button' }, turn: press },
    fault: {
      title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
      argument: controlFaultNames,
      turn(argument = 'none') {
        const found = controlFaultNames.find((name) => name === argument);
        if (!found) throw new RangeError(`there is no fault "${argument}"`);
        fault = found;
      },
    },
  };

  return {
    receive(bytes) {
      if (fault === 'echo' && !isHid) wire.send(bytes);
      if (isHid) takeReport(bytes);
      else {
        input.push(...bytes);
        takeSerial();
      }
    },
    knobs,
    look: () => ({ lamp, presses, fault }),
    stop() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
};
