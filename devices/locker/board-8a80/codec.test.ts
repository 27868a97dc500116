// The decoder against bytes from manuals and captures, and against anything a wire can do to them.

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bufferLimit } from '../../kit/framing.ts';
import type { Decoded, Decoder } from '../../kit/machine.ts';
import {
  createBoardDecoder,
  doorOfContact,
  doorOfStatus,
  encodeOpen,
  encodeQuery,
  encodeQueryAll,
  type BoardFrame,
} from './codec.ts';

type Fixtures = {
  requests: { hex: string; what: 'open' | 'query' | 'queryAll'; board: number; lock: number }[];
  singles: { hex: string; frame: BoardFrame }[];
  alls: { hex: string; open: number[]; note: string }[];
  openAll: string;
};
const fixtures = JSON.parse(readFileSync(new URL('fixtures/frames.json', import.meta.url), 'utf8')) as Fixtures;

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array): string =>
  Buffer.from(data)
    .toString('hex')
    .toUpperCase()
    .replaceAll(/(..)(?!$)/g, '$1 ');

const decodeAll = (decoder: Decoder<BoardFrame>, chunks: readonly Uint8Array[]): Decoded<BoardFrame>[] => [
  ...chunks.flatMap((chunk) => decoder.push(chunk)),
  ...(decoder.idle?.() ?? []),
];
const framesOf = (items: readonly Decoded<BoardFrame>[]): BoardFrame[] =>
  items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const discardedOf = (items: readonly Decoded<BoardFrame>[]): number[] =>
  items.flatMap((item) => (item.type === 'discarded' ? [...item.bytes] : []));
const decode = (statusBy: 'single' | 'all', ...parts: string[]): BoardFrame[] =>
  framesOf(decodeAll(createBoardDecoder({ boards: [1], statusBy }), parts.map(bytes)));

describe('requests are the manual’s bytes', () => {
  test.each(fixtures.requests)('$what board $board lock $lock', ({ hex: expected, what, board, lock }) => {
    const encoded =
      what === 'open' ? encodeOpen(board, lock) : what === 'query' ? encodeQuery(board, lock) : encodeQueryAll(board);
    expect(hex(encoded)).toBe(expected);
  });

  test('opening all doors cannot be encoded', () => {
    expect(() => encodeOpen(1, 0)).toThrow(RangeError);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 50 }), (board, lock) => {
        expect(encodeOpen(board, lock)[2]).not.toBe(0);
      }),
    );
    expect(hex(encodeOpen(1, 1))).not.toBe(fixtures.openAll);
  });
});

describe('answers', () => {
  test.each(fixtures.singles)('$hex', ({ hex: data, frame }) => {
    expect(decode('single', data)).toEqual([frame]);
  });

  test.each(fixtures.alls)('$note', ({ hex: data, open }) => {
    const [frame] = decode('all', data);
    if (frame?.type !== 'allReply') throw new Error('no status came out');
    const config = { queryAllOrder: 'lastByteFirst', queryAllBit: 'open' } as const;
    const doors = Array.from({ length: 24 }, (_, index) => doorOfStatus(frame.status, index + 1, config));
    expect(doors.flatMap((door, index) => (door === 'open' ? [index + 1] : []))).toEqual(open);
  });

  test('50-way status has seven bytes; a lock beyond the bytes is unknown', () => {
    const [frame] = decode('all', '80 01 02 00 00 00 00 00 01 33 B1');
    if (frame?.type !== 'allReply') throw new Error('no status came out');
    const config = { queryAllOrder: 'lastByteFirst', queryAllBit: 'open' } as const;
    expect(doorOfStatus(frame.status, 1, config)).toBe('open');
    expect(doorOfStatus(frame.status, 50, config)).toBe('open');
    expect(doorOfStatus(frame.status, 49, config)).toBe('closed');
    expect(doorOfStatus([0, 0, 1], 25, config)).toBe('unknown');
  });

  test('byte order, bit meaning and feedback polarity are settings', () => {
    expect(doorOfStatus([1, 0, 0], 1, { queryAllOrder: 'firstByteFirst', queryAllBit: 'open' })).toBe('open');
    expect(doorOfStatus([1, 0, 0], 17, { queryAllOrder: 'lastByteFirst', queryAllBit: 'open' })).toBe('open');
    expect(doorOfStatus([1, 0, 0], 1, { queryAllOrder: 'firstByteFirst', queryAllBit: 'closed' })).toBe('closed');
    expect(doorOfContact('made', 'closedOnLock')).toBe('closed');
    expect(doorOfContact('broken', 'closedOnLock')).toBe('open');
    expect(doorOfContact('made', 'closedOnOpen')).toBe('open');
    expect(doorOfContact('broken', 'closedOnOpen')).toBe('closed');
  });
});

describe('what a wire does', () => {
  test('two frames in one chunk', () => {
    expect(decode('single', '82 01 01 00 82 80 01 02 11 92').map((frame) => frame.type)).toEqual([
      'report',
      'lockReply',
    ]);
  });

  test('two good status answers in a row stay two, though their joint checksum is good', () => {
    const frames = decode('all', '80 01 00 00 01 33 B3 80 01 00 00 02 33 B0');
    expect(frames).toEqual([
      { type: 'allReply', board: 1, status: [0, 0, 1] },
      { type: 'allReply', board: 1, status: [0, 0, 2] },
    ]);
  });

  test('status whose bytes look like a shorter answer is read to the pause', () => {
    // Locks 1 and 8 open: the first five bytes alone would be a valid answer of "lock 0".
    expect(decode('all', '80 01 00 00 81 33 33')).toEqual([{ type: 'allReply', board: 1, status: [0, 0, 0x81] }]);
  });

  test('echo, then answer: the own query is told apart', () => {
    expect(decode('single', '80 01 01 33 B3 80 01 01 11 91').map((frame) => frame.type)).toEqual([
      'queryEcho',
      'lockReply',
    ]);
    expect(decode('all', '80 01 00 33 B2 80 01 00 00 01 33 B3').map((frame) => frame.type)).toEqual([
      'queryEcho',
      'allReply',
    ]);
  });

  test('garbage before the header, another board, a wrong checksum: discarded, the next good frame is found', () => {
    const decoder = createBoardDecoder({ boards: [1], statusBy: 'single' });
    const items = decodeAll(decoder, [bytes('FF 00 8A FE 80 02 01 11 92 80 01 01 11 90 80 01 01 11 91')]);
    expect(framesOf(items)).toEqual([{ type: 'lockReply', board: 1, lock: 1, contact: 'made' }]);
    expect(items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : []))).toContain('checksum');
  });

  test('an answer cut in the middle gives nothing, and does not spoil the next', () => {
    expect(decode('single', '80 01 01', '80 01 02 11 92')).toEqual([
      { type: 'lockReply', board: 1, lock: 2, contact: 'made' },
    ]);
    expect(decode('all', '80 01 00 00', '80 01 00 00 01 33 B3')).toEqual([
      { type: 'allReply', board: 1, status: [0, 0, 1] },
    ]);
  });

  test('a pause inside a status answer does not cut it', () => {
    const decoder = createBoardDecoder({ boards: [1], statusBy: 'all' });
    const early = [...decoder.push(bytes('80 01 00')), ...(decoder.idle?.() ?? [])];
    expect(early).toEqual([]);
    expect(framesOf(decodeAll(decoder, [bytes('00 01 33 B3')]))).toEqual([
      { type: 'allReply', board: 1, status: [0, 0, 1] },
    ]);
  });

  test('a status other than 00 and 11 is no answer', () => {
    expect(decode('single', '80 01 01 22 A2')).toEqual([]);
  });
});

describe('properties', () => {
  const contact = fc.constantFrom(0x00, 0x11);
  const sealed = (body: number[]): number[] => [...body, body.reduce((sum, byte) => sum ^ byte, 0)];
  const single = fc
    .tuple(fc.constantFrom(0x80, 0x82, 0x8a), fc.integer({ min: 1, max: 50 }), contact)
    .map(([header, lock, state]) => sealed([header, 1, lock, state]));
  const cut = (stream: readonly number[], sizes: readonly number[]): Uint8Array[] => {
    const chunks: Uint8Array[] = [];
    let at = 0;
    for (let turn = 0; at < stream.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      chunks.push(Uint8Array.from(stream.slice(at, at + size)));
      at += size;
    }
    return chunks;
  };
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

  test.each(['single', 'all'] as const)(
    'any chunking of any stream gives the same frames and loses no byte (%s)',
    (statusBy) => {
      const noise = fc.array(
        fc.oneof(fc.constantFrom(0x80, 0x82, 0x8a, 0x01, 0x33, 0x11, 0x00), fc.integer({ min: 0, max: 255 })),
        {
          maxLength: 12,
        },
      );
      fc.assert(
        fc.property(fc.array(fc.oneof(single, noise), { maxLength: 12 }), sizes, (parts, chunkSizes) => {
          const stream = parts.flat();
          const whole = decodeAll(createBoardDecoder({ boards: [1], statusBy }), [Uint8Array.from(stream)]);
          const cutUp = decodeAll(createBoardDecoder({ boards: [1], statusBy }), cut(stream, chunkSizes));
          expect(framesOf(cutUp)).toEqual(framesOf(whole));
          expect(discardedOf(cutUp)).toEqual(discardedOf(whole));
        }),
        { numRuns: 2000 },
      );
    },
  );

  test('good frames all come out, in order, with noise that holds no header between them', () => {
    const quiet = fc.array(fc.integer({ min: 0x90, max: 0xff }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(quiet, single), { maxLength: 10 }), sizes, (parts, chunkSizes) => {
        const decoder = createBoardDecoder({ boards: [1], statusBy: 'single' });
        const items = decodeAll(decoder, cut(parts.flat(2), chunkSizes));
        const good = items.flatMap((item) => (item.type === 'frame' ? [[...item.bytes]] : []));
        expect(good).toEqual(parts.map(([, frame]) => frame));
      }),
      { numRuns: 1000 },
    );
  });

  test('every status answer of documented length is read as sent', () => {
    const status = fc
      .constantFrom(3, 7)
      .chain((length) => fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length }));
    fc.assert(
      fc.property(status, sizes, (sent, chunkSizes) => {
        const frames = framesOf(
          decodeAll(
            createBoardDecoder({ boards: [1], statusBy: 'all' }),
            cut(sealed([0x80, 1, ...sent, 0x33]), chunkSizes),
          ),
        );
        expect(frames).toEqual([{ type: 'allReply', board: 1, status: sent }]);
      }),
      { numRuns: 2000 },
    );
  });

  test('endless noise never fills the memory nor hides the frame behind it', () => {
    for (const statusBy of ['single', 'all'] as const) {
      const decoder = createBoardDecoder({ boards: [1], statusBy });
      const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index % 2 === 0 ? 0x80 : 0x01));
      let out = 0;
      for (let turn = 0; turn < 64; turn += 1) for (const item of decoder.push(noise)) out += item.bytes.length;
      expect(64 * noise.length - out).toBeLessThan(Math.min(bufferLimit, 64));
      expect(framesOf(decodeAll(decoder, [bytes('82 01 05 11 97')]))).toEqual([
        { type: 'report', board: 1, lock: 5, contact: 'made' },
      ]);
    }
  });
});
