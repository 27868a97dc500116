import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../kit/machine.ts';
import { createPadDecoder, type PadFrame } from './codec.ts';
import { padConfigSchema, padProtocolSchema } from './config.ts';
import { protocolOf } from './driver.ts';
import { padModelNames, padModels, type PadModelName } from './models.ts';
import { bytesOfHex, match, templateOf } from './pattern.ts';

type KeyFixture = { frames: { model: PadModelName; hex: string; level: number }[] };
const fixture = JSON.parse(readFileSync(new URL('fixtures/key-frames.json', import.meta.url), 'utf8')) as KeyFixture;

const frames = (decoded: readonly Decoded<PadFrame>[]): PadFrame[] =>
  decoded.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const discarded = (decoded: readonly Decoded<PadFrame>[]): number[] =>
  decoded.flatMap((item) => (item.type === 'discarded' ? [item.bytes.length] : []));
const decoderOf = (model: PadModelName) => createPadDecoder(protocolOf({ model }));

describe('keys', () => {
  test.each(fixture.frames)('$model: $hex is level $level', ({ model, hex, level }) => {
    expect(frames(decoderOf(model).push(bytesOfHex(hex)))).toEqual([{ type: 'key', level }]);
  });

  test.each(fixture.frames)('$model: $hex byte by byte', ({ model, hex, level }) => {
    const decoder = decoderOf(model);
    const seen = [...bytesOfHex(hex)].flatMap((byte) => frames(decoder.push(Uint8Array.of(byte))));
    expect(seen).toEqual([{ type: 'key', level }]);
  });

  test('two keys in one chunk are two keys', () => {
    expect(frames(decoderOf('exampleStxEtx').push(bytesOfHex('02 35 03 02 31 03')))).toEqual([
      { type: 'key', level: 5 },
      { type: 'key', level: 1 },
    ]);
  });

  test('a wrong sum is no key', () => {
    const decoder = decoderOf('exampleSum');
    const decoded = [...decoder.push(bytesOfHex('AA 01 05 B1')), ...(decoder.idle?.() ?? [])];
    expect(frames(decoded)).toEqual([]);
    expect(discarded(decoded)).toEqual([4]);
  });

  test('half a key is dropped after a silence and does not spoil the next one', () => {
    const decoder = decoderOf('exampleStxEtx');
    expect(decoder.push(bytesOfHex('02 35'))).toEqual([]);
    expect(discarded(decoder.idle?.() ?? [])).toEqual([2]);
    expect(frames(decoder.push(bytesOfHex('02 31 03')))).toEqual([{ type: 'key', level: 1 }]);
  });

  test('an unknown key is reported once, however it arrives', () => {
    const decoder = decoderOf('exampleStxEtx');
    const decoded = [0x02, 0x39, 0x03].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect([...decoded, ...(decoder.idle?.() ?? [])].map(({ type }) => type)).toEqual(['discarded']);
  });

  test('garbage before a key', () => {
    const decoded = decoderOf('exampleSum').push(bytesOfHex('00 FF AA AA 01 01 AC'));
    // AA AA 01 … could have been a key of address AA; its sum is wrong, so the scan goes on one byte later.
    expect(frames(decoded)).toEqual([{ type: 'key', level: 5 }]);
    expect(discarded(decoded)).toEqual([3]);
  });
});

describe('rules', () => {
  const decoderFor = (rules: unknown[]) => createPadDecoder(padProtocolSchema.parse({ match: rules }));

  test('a longer rule wins over its beginning, and the silence decides', () => {
    const decoder = decoderFor([
      { bytes: '31', level: 1 },
      { bytes: '31 0D', level: 2 },
    ]);
    expect(frames(decoder.push(bytesOfHex('31 0D')))).toEqual([{ type: 'key', level: 2 }]);
    expect(decoder.push(bytesOfHex('31'))).toEqual([]);
    expect(frames(decoder.idle?.() ?? [])).toEqual([{ type: 'key', level: 1 }]);
  });

  test('a regular expression sees the whole burst and nothing but it', () => {
    const decoder = decoderFor([{ regex: 'KEY=5\\r?\\n?', level: 5 }]);
    expect(decoder.push(Buffer.from('KEY'))).toEqual([]);
    expect(decoder.push(Buffer.from('=5\r\n'))).toEqual([]);
    expect(frames(decoder.idle?.() ?? [])).toEqual([{ type: 'key', level: 5 }]);
    decoder.push(Buffer.from('KEY=55'));
    expect(frames(decoder.idle?.() ?? [])).toEqual([]);
  });

  test('templates: any byte, sum and xor', () => {
    expect(match(templateOf('AA ?? 05 SUM'), bytesOfHex('AA 01 05 B0'))).toBe('full');
    expect(match(templateOf('8A 01 XOR'), bytesOfHex('8A 01 8B'))).toBe('full');
    expect(match(templateOf('8A 01 XOR'), bytesOfHex('8A 01 8C'))).toBe('no');
    expect(match(templateOf('AA ?? 05 SUM'), bytesOfHex('AA 01'))).toBe('part');
  });
});

describe('configuration', () => {
  test.each(padModelNames)('the example %s is valid', (model) => {
    expect(padProtocolSchema.safeParse(padModels[model].protocol).success).toBe(true);
    expect(padModels[model].title.zh).toContain('示例');
  });

  test.each([
    ['odd hex', { match: [{ bytes: '3', level: 5 }] }],
    ['a level 6', { match: [{ bytes: '36', level: 6 }] }],
    ['no keys', { match: [] }],
    ['a broken expression', { match: [{ regex: '(', level: 5 }] }],
    [
      'two levels for the same bytes',
      {
        match: [
          { bytes: '0a', level: 5 },
          { bytes: '0A', level: 1 },
        ],
      },
    ],
    ['an unknown setting', { match: [{ bytes: '35', level: 5 }], defaultLevel: 5 }],
  ])('%s is refused', (_name, protocol) => {
    expect(padConfigSchema.safeParse({ protocol }).success).toBe(false);
  });
});

test.each([{}, { model: 'exampleSum', protocol: { match: [{ bytes: '35', level: 5 }] } }, { model: 'mine' }])(
  'exactly one of model and protocol: %j is refused',
  (config) => {
    expect(padConfigSchema.safeParse(config).success).toBe(false);
  },
);

describe('any stream', () => {
  const models = fc.constantFrom(...padModelNames);

  test('garbage never crashes the decoder, every byte is accounted for, and the next key after a silence is read', () => {
    fc.assert(
      fc.property(models, fc.uint8Array({ maxLength: 120 }), fc.integer({ min: 1, max: 20 }), (model, noise, size) => {
        const decoder = decoderOf(model);
        let accounted = 0;
        for (let at = 0; at < noise.length; at += size)
          for (const item of decoder.push(noise.subarray(at, at + size))) accounted += item.bytes.length;
        for (const item of decoder.idle?.() ?? []) accounted += item.bytes.length;
        expect(accounted).toBe(noise.length);
        const key = fixture.frames.find((frame) => frame.model === model);
        expect(frames(decoder.push(bytesOfHex(key?.hex ?? '')))).toEqual([{ type: 'key', level: key?.level }]);
      }),
      { numRuns: 3000 },
    );
  });

  test('any chunking gives the same frames', () => {
    const stream = fc.array(
      fc.oneof(
        fc.constantFrom(...fixture.frames.filter(({ model }) => model === 'exampleSum').map(({ hex }) => hex)),
        fc.constantFrom('00', 'FF 01', 'AA 07 4F 00'),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (parts, sizes) => {
        const bytes = parts.length === 0 ? new Uint8Array() : bytesOfHex(parts.join(' '));
        const whole = decoderOf('exampleSum');
        const expected = [...frames(whole.push(bytes)), ...frames(whole.idle?.() ?? [])];
        const decoder = decoderOf('exampleSum');
        const seen: PadFrame[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          seen.push(...frames(decoder.push(bytes.subarray(at, at + size))));
          at += size;
        }
        seen.push(...frames(decoder.idle?.() ?? []));
        expect(seen).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
