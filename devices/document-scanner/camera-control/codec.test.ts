// Templates and decoders. There are no foreign bytes to hold them against: no maker publishes any. The bytes here are written out.

import { array, assert, integer, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../kit/machine.ts';
import { createHidControlDecoder, createSerialControlDecoder, type ControlFrame } from './codec.ts';
import { cameraProtocolSchema, hidCameraConfigSchema, protocolOf, serialCameraConfigSchema } from './config.ts';
import { lampPlan } from './machine.ts';
import { fill, match, templateOf } from './pattern.ts';

const serial = protocolOf(serialCameraConfigSchema.parse({ model: 'exampleSerialLamp' }));
const hid = protocolOf(hidCameraConfigSchema.parse({ model: 'exampleHidLamp' }));
const framesOf = (decoded: readonly Decoded<ControlFrame>[]): ControlFrame[] =>
  decoded.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('templates', () => {
  test('what is sent: level, sum, XOR', () => {
    expect(fill(templateOf('A5 01 LEVEL SUM'), 0x80)).toEqual(hex('A5 01 80 26'));
    expect(fill(templateOf('02 LEVEL XOR'), 0x0f)).toEqual(hex('02 0F 0D'));
  });

  test('what is heard: any byte, bits, level, sum', () => {
    expect(match(templateOf('A5 10 ?? SUM'), hex('A5 10 07 BC'))).toEqual({ type: 'full' });
    expect(match(templateOf('A5 10 ?? SUM'), hex('A5 10 07 BD'))).toEqual({ type: 'no' });
    expect(match(templateOf('A5 10 ?? SUM'), hex('A5 10'))).toEqual({ type: 'part' });
    expect(match(templateOf('42 &01'), hex('42 81'))).toEqual({ type: 'full' });
    expect(match(templateOf('42 &03'), hex('42 81'))).toEqual({ type: 'no' });
    expect(match(templateOf('4C LEVEL'), hex('4C 0A 00'))).toEqual({ type: 'full', level: 10 });
  });

  test.each([
    [{ model: 'exampleSerialLamp', protocol: {} }],
    [{}],
    [{ protocol: { shutter: ['A5 1'] } }],
    [{ protocol: { lamp: { type: 'switch', on: ['&01'], off: ['00'] } } }],
    [
      {
        protocol: {
          lamp: {
            type: 'steps',
            steps: [
              { level: 50, send: ['01'] },
              { level: 100, send: ['02'] },
            ],
          },
        },
      },
    ],
    [{ model: 'exampleHidLamp' }],
  ])('settings that mean nothing are refused: %o', (config) => {
    expect(serialCameraConfigSchema.safeParse(config).success).toBe(false);
  });
});

describe('lamps', () => {
  const lampOf = (lamp: unknown) => cameraProtocolSchema.parse({ lamp }).lamp!;

  test('a switch is on or off', () => {
    const lamp = lampOf({ type: 'switch', on: ['01'], off: ['00'] });
    expect(lampPlan(lamp, 30)).toMatchObject({ send: ['01'], level: 100 });
    expect(lampPlan(lamp, 0)).toMatchObject({ send: ['00'], level: 0 });
  });

  test('steps: the nearest one, and a faint light is not none', () => {
    const lamp = lampOf({
      type: 'steps',
      steps: [
        { level: 0, send: ['30'] },
        { level: 50, send: ['31'] },
        { level: 100, send: ['32'] },
      ],
    });
    expect([0, 5, 60, 90].map((level) => lampPlan(lamp, level).send[0])).toEqual(['30', '31', '31', '32']);
  });

  test('levels: in the protocol’s own scale', () => {
    const lamp = lampOf({ type: 'level', send: ['LEVEL'], max: 10 });
    expect([0, 1, 50, 100].map((level) => lampPlan(lamp, level).value)).toEqual([0, 1, 5, 10]);
  });
});

describe('serial', () => {
  const wire = hex('A5 80 00 25  A5 10 01 B6  A5 81 FF 25');
  const expected: ControlFrame[] = [{ type: 'alive' }, { type: 'shutter' }, { type: 'lampAnswer', value: 255 }];

  test('frames in any chunks', () => {
    assert(
      property(array(integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const decoder = createSerialControlDecoder(serial);
        const frames: ControlFrame[] = [];
        for (let at = 0, turn = 0; at < wire.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          frames.push(...framesOf(decoder.push(wire.subarray(at, at + size))));
          at += size;
        }
        expect(frames).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test('a frame with a wrong sum is none, and the next one is found', () => {
    const decoder = createSerialControlDecoder(serial);
    const decoded = [...decoder.push(hex('A5 10 01 B7  A5 10 01 B6')), ...(decoder.idle?.() ?? [])];
    expect(framesOf(decoded)).toEqual([{ type: 'shutter' }]);
    expect(decoded.filter(({ type }) => type === 'discarded')).toHaveLength(1);
  });

  test('noise neither throws nor stays', () => {
    assert(
      property(array(uint8Array({ maxLength: 100 }), { maxLength: 20 }), (chunks) => {
        const decoder = createSerialControlDecoder(serial);
        const decoded = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])];
        const seen = decoded.reduce((sum, { bytes }) => sum + bytes.length, 0);
        expect(seen).toBe(chunks.reduce((sum, { length }) => sum + length, 0));
      }),
      { numRuns: 100 },
    );
  });
});

describe('HID', () => {
  const report = (...bytes: number[]): Uint8Array =>
    Uint8Array.from([...bytes, ...Array<number>(8).fill(0)].slice(0, 8));

  test('a held button is one press, whatever other bits do', () => {
    const decoder = createHidControlDecoder(hid);
    const reports = [report(0x42, 0x01), report(0x42, 0x03), report(0x42, 0x02), report(0x42, 0x01)];
    const frames = framesOf(reports.flatMap((each) => decoder.push(each)));
    expect(frames.map(({ type }) => type)).toEqual(['shutter', 'released', 'shutter']);
  });

  test('an answer in between does not release it', () => {
    const decoder = createHidControlDecoder(hid);
    const reports = [report(0x42, 0x01), report(0x3f, 5), report(0x42, 0x01)];
    expect(framesOf(reports.flatMap((each) => decoder.push(each))).map(({ type }) => type)).toEqual([
      'shutter',
      'alive',
    ]);
  });
});
