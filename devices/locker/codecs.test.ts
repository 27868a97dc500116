// The younger protocols' bytes against published ones, and against anything a wire can do to them. The 8A/80 board has a test of its
// own, because its answers have no length.

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferLimit } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';
import { kerongCu16ConfigSchema } from './kerong-cu16/config.ts';
import { kerongCu16Protocol } from './kerong-cu16/driver.ts';
import { kerongCu48ConfigSchema } from './kerong-cu48/config.ts';
import { kerongCu48Protocol } from './kerong-cu48/driver.ts';
import { createModbusDecoder, encodePulse, encodeRead } from './modbus-relay/codec.ts';
import { modbusRelayConfigSchema } from './modbus-relay/config.ts';
import { modbusRelayProtocol } from './modbus-relay/driver.ts';
import type { LockProtocol } from './protocol.ts';
import { families } from './test-rig.ts';
import { winnsenConfigSchema } from './winnsen/config.ts';
import { winnsenProtocol } from './winnsen/driver.ts';

type Fixtures = {
  requests: { hex: string; what: 'open' | 'query'; board: number; lock?: number }[];
  answers: { hex: string; board: number; open: number[]; note: string }[];
  locks: number;
  forbidden: string[];
};
const read = <T>(folder: string): T =>
  JSON.parse(readFileSync(new URL(`${folder}/fixtures/frames.json`, import.meta.url), 'utf8')) as T;
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hexOf = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ')
    .toUpperCase();
const framesOf = <Frame>(items: readonly Decoded<Frame>[]): Frame[] =>
  items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const decode = <Frame>(decoder: Decoder<Frame>, ...chunks: Uint8Array[]): Frame[] =>
  framesOf([...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])]);

const boards = [0, 1].map((address) => ({ address, locks: 4 }));
const tables: [string, LockProtocol][] = [
  ['kerong-cu16', kerongCu16Protocol(kerongCu16ConfigSchema.parse({ boards }))],
  ['kerong-cu48', kerongCu48Protocol(kerongCu48ConfigSchema.parse({ boards }))],
  ['winnsen', winnsenProtocol(winnsenConfigSchema.parse({ boards }))],
];

describe.each(tables)('%s', (folder, protocol) => {
  const { requests, answers, locks, forbidden } = read<Fixtures>(folder);

  test.each(requests)('$what board $board is $hex', ({ hex, what, board, lock = 0 }) => {
    const encoded =
      what === 'open' ? protocol.encodeOpen({ board, lock }) : protocol.encodeQuery({ board, lock: 'all' });
    expect(hexOf(encoded)).toBe(hex);
  });

  test.each(answers)('$note: $hex', ({ hex, board, open }) => {
    const [frame] = decode(protocol.createDecoder(), bytesOf(hex));
    if (frame?.type !== 'doors') throw new Error('no status came out');
    expect(frame).toMatchObject({ board, lock: 'all' });
    expect(frame.doors).toHaveLength(locks);
    expect(frame.doors.filter(({ door }) => door === 'open').map(({ lock }) => lock)).toEqual(open);
  });

  test('locks that do not exist cannot be encoded, nor what opens all', () => {
    for (const lock of [0, -1, locks + 1, 1.5, Number.NaN])
      expect(() => protocol.encodeOpen({ board: 0, lock })).toThrow(RangeError);
    const all = Array.from({ length: locks }, (_, index) => hexOf(protocol.encodeOpen({ board: 0, lock: index + 1 })));
    expect(all.filter((hex) => forbidden.includes(hex))).toEqual([]);
    expect(new Set(all).size).toBe(locks);
  });

  test('our own question coming back is an echo, and the answer behind it counts', () => {
    for (const { hex, board } of answers) {
      const question = protocol.encodeQuery({ board, lock: 'all' });
      const frames = decode(protocol.createDecoder(), Buffer.concat([question, bytesOf(hex)]));
      expect(frames.map(({ type }) => type)).toEqual(['echo', 'doors']);
    }
  });

  test('another board is nobody', () => {
    const decoder = protocol.createDecoder();
    const strange = protocol.encodeQuery({ board: 7, lock: 'all' });
    expect(decode(decoder, strange)).toEqual([]);
  });
});

test('polarity is a setting', () => {
  const decoder = kerongCu16Protocol(kerongCu16ConfigSchema.parse({ cells: 4, statusBit: 'open' })).createDecoder();
  const [frame] = decode(decoder, bytesOf('02 00 35 FB FF 00 00 03 34'));
  if (frame?.type !== 'doors') throw new Error('no status came out');
  expect(frame.doors.filter(({ door }) => door === 'closed').map(({ lock }) => lock)).toEqual([3]);
});

test('CU16: infrared bits are not doors, the broadcast address belongs to no board', () => {
  const [frame] = decode(tables[0]?.[1].createDecoder() as Decoder<unknown>, bytesOf('02 00 35 FF FF FF 0F 03 46'));
  expect(frame).toMatchObject({ raw: [0xff, 0xff] });
  expect(kerongCu16ConfigSchema.safeParse({ board: 15, cells: 4 }).success).toBe(false);
  expect(() => tables[0]?.[1].encodeOpen({ board: 15, lock: 1 })).toThrow(RangeError);
});

describe('modbus-relay', () => {
  type ModbusFixtures = {
    requests: {
      hex: string;
      what: 'readCoils' | 'readInputs' | 'flash' | 'coil';
      board: number;
      lock: number;
      pulseMs: number;
      count: number;
    }[];
    answers: { hex: string; frame: unknown }[];
  };
  const { requests, answers } = read<ModbusFixtures>('modbus-relay');

  test.each(requests)('$what is $hex', ({ hex, what, board, lock, pulseMs, count }) => {
    const encoded =
      what === 'flash' || what === 'coil'
        ? encodePulse(board, lock, what, pulseMs)
        : encodeRead(board, what === 'readCoils' ? 'coils' : 'inputs', count);
    expect(hexOf(encoded)).toBe(hex);
  });

  test.each(answers)('$hex', ({ hex, frame }) => {
    expect(decode(createModbusDecoder([1, 255]), bytesOf(hex))).toEqual([frame]);
  });

  test('the register of all relays and broadcasts cannot be encoded', () => {
    for (const lock of [0, 33, 256]) expect(() => encodePulse(1, lock, 'coil', 700)).toThrow(RangeError);
    for (const board of [0, 248]) expect(() => encodePulse(board, 1, 'flash', 700)).toThrow(RangeError);
  });

  test('an answer of another length or to the other question is not taken', () => {
    const protocol = modbusRelayProtocol(modbusRelayConfigSchema.parse({ cells: 8, contacts: 'inputs' }));
    const foreign = ['01 01 01 00 51 88', '01 02 02 00 00 B9 B8'];
    for (const hex of foreign) expect(decode(protocol.createDecoder(), bytesOf(hex))).toEqual([]);
    expect(decode(protocol.createDecoder(), bytesOf('01 02 01 00 A1 88'))).toHaveLength(1);
  });
});

describe.each(families.flatMap(({ rehearsals }) => rehearsals))('any stream: $driver $variant', ({ codec }) => {
  const drawn = fc.array(fc.nat(), { minLength: 16, maxLength: 16 }).map((numbers) => {
    let at = 0;
    return codec.draw((below) => (numbers[(at += 1) % numbers.length] ?? 0) % below);
  });
  const cut = (stream: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    for (let at = 0, turn = 0; at < stream.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      chunks.push(stream.subarray(at, at + size));
      at += size;
    }
    return chunks;
  };
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

  test('good frames come out as they went in, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), sizes, (samples, chunkSizes) => {
        const stream = Buffer.concat(samples.map(({ bytes }) => bytes));
        const frames = decode(codec.createDecoder(), ...cut(stream, chunkSizes));
        expect(frames).toHaveLength(samples.length);
        for (const [index, sample] of samples.entries()) expect(sample.isFrame(frames[index])).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('every byte is in a frame or discarded, and chunks change nothing', () => {
    const noise = fc.uint8Array({ maxLength: 12 });
    const pieces = fc.array(
      fc.oneof(
        noise,
        drawn.map(({ bytes }) => bytes),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, sizes, (parts, chunkSizes) => {
        const stream = Buffer.concat(parts);
        const play = (chunks: Uint8Array[]) => {
          const decoder = codec.createDecoder();
          return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])];
        };
        const [whole, cutUp] = [play([stream]), play(cut(stream, chunkSizes))];
        expect(framesOf(cutUp)).toEqual(framesOf(whole));
        const out = cutUp.reduce((sum, item) => sum + item.bytes.length, 0);
        expect(out).toBeLessThanOrEqual(stream.length);
        expect(stream.length - out).toBeLessThanOrEqual(bufferLimit);
      }),
      { numRuns: 200 },
    );
  });
});
