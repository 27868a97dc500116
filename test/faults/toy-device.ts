// A bell with a number display, for the campaigns' own tests: a device that nobody sells, with a driver that is right, and knobs that
// make it wrong in one way each, so that every count of the fault matrix is seen to rise.
//
//   A5 | letter | sequence | value | sum of the four before, mod 256        S/s status, R/r ring, W/w what does the display say

import { z } from 'zod';
import type { DriverDefinition, ExecuteOptions } from '../../devices/kit/device.ts';
import type { Decoded, Decoder, DeviceEffect, DeviceMachine } from '../../devices/kit/machine.ts';
import type { Rehearsal } from '../../devices/kit/rehearsal.ts';
import { fail, ok, type Result } from '../../devices/kit/result.ts';
import { startDevice } from '../../devices/kit/run-device.ts';
import type { SimulatorFactory } from '../../devices/kit/simulator.ts';
import type { Rehearsed } from './rehearsals.ts';

/** What is wrong with the driver. */
export const toyFlaws = [
  'none',
  'throwsOnGarbage',
  'neverEnds',
  'believesAnything',
  'ringsAgain',
  'staysDown',
  'answersLate',
  'leavesTimers',
] as const;
export type ToyFlaw = (typeof toyFlaws)[number];

type Frame = { letter: string; sequence: number; value: number };
type Command = { type: 'ring' } | { type: 'readDisplay' };
type Reply = { type: 'rung' } | { type: 'display'; value: number };
type State = {
  sequence: number;
  isReady: boolean;
  isAsked: boolean;
  misses: number;
  hasFailed?: boolean;
  job?: { id: string; type: Command['type']; sequence: number };
};

const length = 5;
const start = 0xa5;
const answerMs = 400;
/** Generous: hot-plug campaigns play on scaled clocks and busy machines. */
const helloAnswerMs = 8000;
const heartbeatMs = 3000;
export const shownValue = 42;

const frameOf = (letter: string, sequence: number, value: number): Uint8Array => {
  const code = letter.charCodeAt(0);
  return Uint8Array.of(start, code, sequence, value, (start + code + sequence + value) % 256);
};

export const createToyDecoder = (flaw: ToyFlaw = 'none'): Decoder<Frame> => {
  let held: number[] = [];
  return {
    push(chunk) {
      held.push(...chunk);
      const out: Decoded<Frame>[] = [];
      while (held.length > 0) {
        if (held[0] === start && held.length < length) break;
        const [, code = 0, sequence = 0, value = 0, sum] = held;
        const isGood = (start + code + sequence + value) % 256 === sum || flaw === 'believesAnything';
        if (held[0] === start && isGood) {
          const bytes = Uint8Array.from(held.splice(0, length));
          out.push({ type: 'frame', frame: { letter: String.fromCharCode(code), sequence, value }, bytes });
          continue;
        }
        if (flaw === 'throwsOnGarbage') throw new Error('that is not a frame');
        out.push({ type: 'discarded', bytes: Uint8Array.from(held.splice(0, 1)), reason: 'noFrame' });
      }
      return out;
    },
  };
};

const createToyMachine = (flaw: ToyFlaw): DeviceMachine<State, Frame, Command, Reply, never> => {
  type Effects = DeviceEffect<Reply, never>[];
  const send = (letter: string, sequence: number): Effects[number] => ({
    type: 'send',
    bytes: frameOf(letter, sequence, 0),
    label: letter,
  });
  const ask = (state: State): { state: State; effects: Effects } => {
    const sequence = (state.sequence + 1) % 256;
    return {
      state: { ...state, sequence, isAsked: true },
      effects: [send('S', sequence), { type: 'timer', name: 'answer', delayMs: helloAnswerMs }],
    };
  };
  const end = (state: State, result: Result<Reply>): { state: State; effects: Effects } => {
    const { job, ...rest } = state;
    if (!job) return { state, effects: [] };
    return {
      state: { ...rest, hasFailed: !result.ok },
      effects: [
        { type: 'clearTimer', name: 'job' },
        { type: 'complete', id: job.id, result },
      ],
    };
  };
  return {
    initial: { sequence: 0, isReady: false, isAsked: false, misses: 0 },
    next(state, event) {
      switch (event.type) {
        case 'opened':
          return flaw === 'staysDown' && state.hasFailed
            ? { state, effects: [] }
            : ask({ ...state, isReady: false, misses: 0 });
        case 'lost': {
          const ended = end(state, fail('connectionLost', 'hall', 'the connection ended'));
          return { state: { ...ended.state, isReady: false }, effects: ended.effects };
        }
        case 'frame': {
          const { letter, sequence, value } = event.frame;
          const { job } = state;
          if (letter === 's')
            return {
              state: { ...state, isReady: true, isAsked: false, misses: 0 },
              effects: [
                { type: 'clearTimer', name: 'answer' },
                { type: 'status', state: 'online', faults: [] },
                { type: 'timer', name: 'heartbeat', delayMs: heartbeatMs },
              ],
            };
          const isMine = job?.sequence === sequence || flaw === 'answersLate' || flaw === 'believesAnything';
          if (letter === 'r' && job?.type === 'ring' && isMine) return end(state, ok({ type: 'rung' }));
          if (letter === 'w' && job?.type === 'readDisplay' && isMine && value > 0)
            return end(state, ok({ type: 'display', value }));
          return { state, effects: [] };
        }
        case 'timer':
          if (event.name === 'heartbeat') return ask(state);
          if (event.name === 'answer') {
            if (state.misses < 2) return ask({ ...state, misses: state.misses + 1 });
            return {
              state: { ...state, misses: 0 },
              effects: [
                { type: 'status', state: 'offline', faults: [{ code: 'deviceSilent', who: 'engineer' }] },
                { type: 'reopen', reason: 'silent' },
              ],
            };
          }
          if (!state.job) return { state, effects: [] };
          if (state.job.type === 'readDisplay')
            return {
              state,
              effects: [send('W', state.job.sequence), { type: 'timer', name: 'job', delayMs: answerMs }],
            };
          if (flaw === 'ringsAgain')
            return {
              state,
              effects: [send('R', state.job.sequence), { type: 'timer', name: 'job', delayMs: answerMs }],
            };
          return end(state, fail('outcomeUnknown', 'hall', 'the bell did not answer'));
        case 'command': {
          const sequence = (state.sequence + 1) % 256;
          const job = { id: event.id, type: event.command.type, sequence };
          return {
            state: { ...state, sequence, job },
            effects: [
              send(event.command.type === 'ring' ? 'R' : 'W', sequence),
              { type: 'timer', name: 'job', delayMs: answerMs },
            ],
          };
        }
        case 'cancel':
          return end(state, fail(event.reason, 'system', 'given up'));
        default:
          return { state, effects: [] };
      }
    },
  };
};

const createToySimulator: SimulatorFactory = (wire, { clock }) => {
  let held: number[] = [];
  let rings = 0;
  let shown = 0;
  const stops = new Set<() => void>();
  return {
    receive(bytes) {
      held.push(...bytes);
      for (;;) {
        const at = held.indexOf(start);
        if (at < 0 || held.length < at + length) return;
        const [first = 0, code = 0, sequence = 0, value = 0, sum] = held.slice(at, at + length);
        held = held.slice(at + length);
        if ((first + code + sequence + value) % 256 !== sum) continue;
        const letter = String.fromCharCode(code);
        if (letter === 'R') rings += 1;
        const answer = frameOf(letter.toLowerCase(), sequence, letter === 'W' ? shown : 0);
        const stop = clock.after(5, () => {
          stops.delete(stop);
          wire.send(answer);
        });
        stops.add(stop);
      }
    },
    knobs: {
      show: { title: { zh: '显示数字', en: 'Show a number' }, turn: () => void (shown = shownValue) },
      clear: { title: { zh: '清除数字', en: 'Clear the number' }, turn: () => void (shown = 0) },
    },
    look: () => ({ rings, shown }),
    stop() {
      for (const stop of stops) stop();
    },
  };
};

const ringsIn = (look: Record<string, unknown>): number => Number(look['rings']);

const rehearsal: Rehearsal = {
  driver: 'toy-bell',
  config: {},
  wire: 'stream',
  simulator: createToySimulator,
  commands: [
    {
      name: 'ring',
      command: { type: 'ring' },
      timeoutMs: 3000,
      isRight: (reply) => (reply as Reply).type === 'rung',
      acts: ringsIn,
    },
    {
      name: 'readDisplay',
      command: { type: 'readDisplay' },
      timeoutMs: 5000,
      hand: [{ knob: 'show', afterMs: 600 }],
      tidy: [{ knob: 'clear' }],
      isRight: (reply) => {
        const said = reply as Reply;
        return said.type === 'display' && said.value === shownValue;
      },
    },
  ],
  codec: {
    createDecoder: createToyDecoder,
    draw(random) {
      const letter = ['s', 'r', 'w'][random(3)] ?? 's';
      const sequence = random(256);
      const value = random(256);
      return {
        bytes: frameOf(letter, sequence, value),
        isFrame(frame) {
          const read = frame as Frame;
          return read.letter === letter && read.sequence === sequence && read.value === value;
        },
      };
    },
    check: 'checksum',
  },
};

/** The bell with its driver; a flaw makes the driver wrong. */
export const toy = (flaw: ToyFlaw = 'none'): Rehearsed => ({
  name: 'toy-bell',
  rehearsal: { ...rehearsal, codec: { ...rehearsal.codec, createDecoder: () => createToyDecoder(flaw) } },
  definition: {
    driver: 'toy-bell',
    kind: 'locker',
    title: { zh: '铃', en: 'Bell' },
    configSchema: z.strictObject({}),
    links: ['serial'],
    triedOn: [],
    commands: ['ring', 'readDisplay'],
    start(_config, dependencies) {
      const device = startDevice<State, Frame, Command, Reply, never>(
        {
          kind: 'locker',
          machine: createToyMachine(flaw),
          createDecoder: () => createToyDecoder(flaw),
          faultTexts: {},
          isDurable: (command) => command.type === 'ring',
        },
        dependencies,
      );
      if (flaw === 'leavesTimers') dependencies.clock.after(1e9, () => undefined);
      if (flaw !== 'neverEnds') return device;
      return {
        ...device,
        async execute(command: Command, options: ExecuteOptions) {
          const result = await device.execute(command, options);
          return result.ok ? result : await new Promise<never>(() => undefined);
        },
      };
    },
  } as DriverDefinition<Record<string, never>> as unknown as DriverDefinition,
});
