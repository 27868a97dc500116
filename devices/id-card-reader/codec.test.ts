import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../kit/machine.ts';
import {
  createSamDecoder,
  encodeRequest,
  formatSamId,
  holdsCardData,
  requests,
  type RequestName,
  type SamFrame,
} from './codec.ts';
import frames from './fixtures/sam-frames.json' with { type: 'json' };
import { bytesOf } from './test-rig.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase().replace(/..\B/g, '$& ');
const framesOf = (items: Decoded<SamFrame>[]): SamFrame[] =>
  items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const reasonsOf = (items: Decoded<SamFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : []));
const reply = (name: string): Uint8Array => {
  const found = frames.replies.find((entry) => entry.name === name);
  if (!found) throw new Error(name);
  return bytesOf(found.hex);
};
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('requests', () => {
  test.each(Object.entries(frames.requests))('%s is the frame of the manual', (name, hex) => {
    expect(hexOf(encodeRequest(name as RequestName))).toBe(hex);
  });
  test('every request has a fixture', () => {
    expect(Object.keys(frames.requests).toSorted()).toEqual(Object.keys(requests).toSorted());
  });
});

describe('replies', () => {
  test.each(frames.replies)('$name is read', ({ hex, sw3, dataBytes }) => {
    const [frame, ...more] = framesOf(createSamDecoder().push(bytesOf(hex)));
    expect(more).toEqual([]);
    expect(frame).toMatchObject({ sw1: 0, sw2: 0, sw3 });
    expect(frame?.data.length).toBe(dataBytes);
  });

  test('the SAM id is printed as the vendors print it', () => {
    const [frame] = framesOf(createSamDecoder().push(reply('SAM id')));
    expect(formatSamId(frame?.data ?? new Uint8Array())).toBe(frames.samId);
    expect(formatSamId(new Uint8Array(15))).toBeUndefined();
  });

  test('only frames with a card’s text are private', () => {
    expect(holdsCardData({ sw1: 0, sw2: 0, sw3: 0x90, data: new Uint8Array(16) })).toBe(false);
    expect(holdsCardData({ sw1: 0, sw2: 0, sw3: 0x90, data: new Uint8Array(70) })).toBe(true);
  });
});

describe('a stream that is not clean', () => {
  const found = reply('card found');
  const none = reply('no card');

  test('byte by byte', () => {
    const decoder = createSamDecoder();
    const items = [...found].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect(framesOf(items).map((frame) => frame.sw3)).toEqual([0x9f]);
    expect(reasonsOf(items)).toEqual([]);
  });

  test('two frames in one chunk', () => {
    expect(framesOf(createSamDecoder().push(join(found, none))).map((frame) => frame.sw3)).toEqual([0x9f, 0x80]);
  });

  test('a dropped leading AA is forgiven, two dropped ones are not', () => {
    expect(framesOf(createSamDecoder().push(found.subarray(1)))).toHaveLength(1);
    expect(framesOf(createSamDecoder().push(found.subarray(2)))).toHaveLength(0);
  });

  test('garbage before, even garbage that looks like a preamble', () => {
    const items = createSamDecoder().push(join(bytesOf('00 FF 96 69 AA 55 AA AA AA AA'), found));
    expect(framesOf(items).map((frame) => frame.sw3)).toEqual([0x9f]);
    expect(reasonsOf(items)).toEqual(['noise']);
  });

  test('a wrong checksum is reported after silence, and not before', () => {
    const decoder = createSamDecoder();
    const bad = Uint8Array.from(found);
    bad[bad.length - 1] = 0x98;
    expect(decoder.push(bad)).toEqual([]);
    expect(decoder.idleMs).toBe(50);
    const items = decoder.idle?.() ?? [];
    expect(reasonsOf(items)).toEqual(['badChecksum']);
    expect(items[0]?.bytes.length).toBe(found.length);
    expect(decoder.idleMs).toBe(200);
  });

  test('a wrong checksum that a good frame follows is no lost reply', () => {
    const bad = Uint8Array.from(found);
    bad[10] = 0x01;
    const items = createSamDecoder().push(join(bad, none));
    expect(framesOf(items).map((frame) => frame.sw3)).toEqual([0x80]);
    expect(reasonsOf(items)).toEqual(['badChecksumSkipped']);
  });

  test('a reply cut in the middle is reported after silence', () => {
    const decoder = createSamDecoder();
    expect(decoder.push(found.subarray(0, 9))).toEqual([]);
    expect(decoder.idleMs).toBe(200);
    expect(reasonsOf(decoder.idle?.() ?? [])).toEqual(['cutShort']);
    expect(framesOf(decoder.push(found))).toHaveLength(1);
  });

  test('half a long frame does not swallow the good one behind it', () => {
    const decoder = createSamDecoder();
    const half = bytesOf('AA AA AA 96 69 05 08 00 00 90 01 00');
    expect(decoder.push(join(half, found))).toEqual([]);
    const items = decoder.idle?.() ?? [];
    expect(framesOf(items).map((frame) => frame.sw3)).toEqual([0x9f]);
    expect(reasonsOf(items)).toEqual(['cutShortSkipped']);
  });

  test.each(['00 00', '00 02', '0F FA', 'FF FF'])('LEN %s is impossible and the next frame is found', (length) => {
    const items = createSamDecoder().push(join(bytesOf(`AA AA AA 96 69 ${length}`), found));
    expect(framesOf(items)).toHaveLength(1);
    expect(reasonsOf(items)).toContain('badLength');
  });

  test('the longest frame passes', () => {
    const body = new Uint8Array(2 + 4089);
    body.set([0x0f, 0xf9, 0, 0, 0x90]);
    body[body.length - 1] = body.reduce((sum, byte) => sum ^ byte, 0);
    const [frame] = framesOf(createSamDecoder().push(join(bytesOf('AA AA AA 96 69'), body)));
    expect(frame?.data.length).toBe(4089 - 4);
  });

  test('an echo of our own request is no reply', () => {
    const items = createSamDecoder().push(join(encodeRequest('find'), found));
    expect(framesOf(items).map((frame) => frame.sw3)).toEqual([0x9f]);
    expect(reasonsOf(items)).toEqual(['echo']);
  });

  test('a megabyte of noise leaves nothing behind', () => {
    const decoder = createSamDecoder();
    const items = decoder.push(new Uint8Array(1 << 20).fill(0x55));
    expect(items.reduce((sum, item) => sum + item.bytes.length, 0)).toBe(1 << 20);
    expect(framesOf(decoder.push(found))).toHaveLength(1);
  });
});

const frameArbitrary = fc.uint8Array({ minLength: 0, maxLength: 40 }).map((data) => {
  const body = Uint8Array.of((4 + data.length) >> 8, 4 + data.length, 0, 0, 0x90, ...data);
  return join(bytesOf('AA AA AA 96 69'), body, Uint8Array.of(body.reduce((sum, byte) => sum ^ byte, 0)));
});
/** Noise that is full of preambles. */
const noiseArbitrary = fc.array(fc.oneof(fc.constantFrom(0xaa, 0x96, 0x69, 0x00, 0x04), fc.nat(255)), {
  maxLength: 120,
});

const cut = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const at = [0, ...cuts.map((value) => value % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

describe('properties', () => {
  test('good frames in any chunking come out whole and in order', () => {
    fc.assert(
      fc.property(fc.array(frameArbitrary, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 20 }), (good, cuts) => {
        const decoder = createSamDecoder();
        const items = cut(join(...good), cuts).flatMap((chunk) => decoder.push(chunk));
        expect(items.map((item) => [item.type, hexOf(item.bytes)])).toEqual(
          good.map((bytes) => ['frame', hexOf(bytes)]),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('any noise in any chunking: no crash, no byte lost or invented, same frames', () => {
    fc.assert(
      fc.property(noiseArbitrary, frameArbitrary, fc.array(fc.nat(), { maxLength: 12 }), (noise, good, cuts) => {
        const bytes = join(Uint8Array.from(noise), good);
        const whole = createSamDecoder();
        const atOnce = [...whole.push(bytes), ...(whole.idle?.() ?? [])];
        const parts = createSamDecoder();
        const chunked = [...cut(bytes, cuts).flatMap((chunk) => parts.push(chunk)), ...(parts.idle?.() ?? [])];
        for (const items of [atOnce, chunked])
          expect(hexOf(join(...items.map((item) => item.bytes)))).toBe(hexOf(bytes));
        expect(framesOf(chunked)).toEqual(framesOf(atOnce));
      }),
      { numRuns: 3000 },
    );
  });

  test('after any noise and a pause the next good frame is found', () => {
    fc.assert(
      fc.property(noiseArbitrary, frameArbitrary, (noise, good) => {
        const decoder = createSamDecoder();
        decoder.push(Uint8Array.from(noise));
        decoder.idle?.();
        const items = decoder.push(good);
        expect(items.map((item) => [item.type, hexOf(item.bytes)])).toEqual([['frame', hexOf(good)]]);
      }),
      { numRuns: 3000 },
    );
  });

  test('without a pause it is found too, once the silence after it is over', () => {
    fc.assert(
      fc.property(noiseArbitrary, frameArbitrary, (noise, good) => {
        const decoder = createSamDecoder();
        const items = [...decoder.push(Uint8Array.from(noise)), ...decoder.push(good), ...(decoder.idle?.() ?? [])];
        const last = hexOf(good);
        const inside = items.some((item) => item.type === 'frame' && last.endsWith(hexOf(item.bytes)));
        // Noise may end in a header whose claimed length happens to close with a right checksum over the good frame.
        const swallowed = items.some((item) => item.type === 'frame' && item.bytes.length !== good.length);
        expect(inside || swallowed).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  // A flip in the length makes a shorter frame, whose one-byte checksum fits once in 256: that is for the next layer, which knows
  // how long the answer to its command must be.
  test('a flipped bit is never taken for a reply of the same length with other content', () => {
    fc.assert(
      fc.property(frameArbitrary, fc.nat(), fc.nat(7), (good, where, bit) => {
        const bad = Uint8Array.from(good);
        const at = where % bad.length;
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
        const decoder = createSamDecoder();
        const items = [...decoder.push(bad), ...(decoder.idle?.() ?? [])];
        // A flip in the first AA leaves the two that are needed.
        const content = good.subarray(10, -1);
        const others = framesOf(items)
          .filter(({ data }) => data.length === content.length)
          .map(({ data }) => hexOf(data))
          .filter((hex) => hex !== hexOf(content));
        expect(others).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});
