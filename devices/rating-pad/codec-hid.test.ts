import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHidPadDecoder } from './codec-hid.ts';
import { hidPadConfigSchema, hidPadProtocolSchema } from './config-hid.ts';
import { hidProtocolOf } from './driver-hid.ts';
import { hidPadModelNames, hidPadModels, type HidPadModelName } from './models-hid.ts';
import { bytesOfHex, match, overlap, templateOf } from './pattern.ts';

type Fixture = { reports: { model: HidPadModelName; hex: string; what: string; level?: number; held?: number[] }[] };
const fixture = JSON.parse(readFileSync(new URL('fixtures/hid-reports.json', import.meta.url), 'utf8')) as Fixture;

const decoderOf = (model: HidPadModelName) => createHidPadDecoder(hidProtocolOf({ model }));
const decoderFor = (protocol: unknown) => createHidPadDecoder(hidPadProtocolSchema.parse(protocol));
const only = (decoder: ReturnType<typeof decoderOf>, hex: string) => {
  const [item, ...more] = decoder.push(bytesOfHex(hex));
  expect(more).toEqual([]);
  return item?.type === 'frame' ? item.frame : item?.type;
};

describe('reports', () => {
  test.each(fixture.reports)('$model: $what ($hex)', ({ model, hex, level, held }) => {
    expect(only(decoderOf(model), hex)).toEqual(
      level === undefined ? { type: 'held', levels: held, isUnknown: false } : { type: 'key', level },
    );
  });

  test('the answer to a heartbeat, and a key that was let go', () => {
    expect(only(decoderOf('exampleHidReports'), '4F 64 00 00 00 00 00 00')).toEqual({ type: 'alive' });
    expect(only(decoderOf('exampleHidReports'), '4B 30 00 00 00 00 00 00')).toBeUndefined();
  });

  test('a report that fits no rule is told, also one that is too short or empty', () => {
    for (const hex of ['4B 39 00 00 00 00 00 00', '4C 01', '4B'])
      expect(only(decoderOf('exampleHidReports'), hex)).toBe('discarded');
    expect(decoderOf('exampleHidReports').push(new Uint8Array())).toMatchObject([{ type: 'discarded' }]);
    expect(only(decoderOf('exampleHidKeypad'), '00 00')).toBe('discarded');
  });

  test('a keyboard that cannot tell what is down (roll-over) says nothing', () => {
    expect(only(decoderOf('exampleHidKeypad'), '00 00 01 01 01 01 01 01')).toBeUndefined();
  });

  test('a key that means nothing, beside one that does', () => {
    expect(only(decoderOf('exampleHidKeypad'), '00 00 61 00 00 00 00 00')).toEqual({
      type: 'held',
      levels: [],
      isUnknown: true,
    });
    expect(only(decoderOf('exampleHidKeypad'), '00 00 61 59 00 00 00 00')).toEqual({
      type: 'held',
      levels: [1],
      isUnknown: true,
    });
  });
});

describe('protocols of one’s own', () => {
  test('a consumer control: report 03, one usage of two bytes', () => {
    const decoder = decoderFor({
      type: 'keypad',
      reportNumber: 3,
      array: { offset: 0, bytesPerKey: 2, count: 1 },
      keys: [
        { usage: '00E9', level: 5 },
        { usage: '0183', level: 1 },
      ],
    });
    expect(only(decoder, '03 E9 00')).toEqual({ type: 'held', levels: [5], isUnknown: false });
    expect(only(decoder, '03 83 01')).toEqual({ type: 'held', levels: [1], isUnknown: false });
    expect(only(decoder, '03 00 00')).toEqual({ type: 'held', levels: [], isUnknown: false });
    expect(only(decoder, '03 01 00')).toEqual({ type: 'held', levels: [], isUnknown: true });
    // Another collection of the same device.
    expect(only(decoder, '01 E9 00')).toBeUndefined();
  });

  test('a numbered vendor report with a check byte', () => {
    const decoder = decoderFor({ type: 'reports', match: [{ report: '05 ?? 02/0F SUM', level: 4 }] });
    expect(only(decoder, '05 10 12 27 00')).toEqual({ type: 'key', level: 4 });
    expect(only(decoder, '05 10 12 28 00')).toBe('discarded');
  });

  test('masks: only the bits under the mask count', () => {
    expect(match(templateOf('4B 01/0F'), bytesOfHex('4B F1'))).toBe('full');
    expect(match(templateOf('4B 01/0F'), bytesOfHex('4B F2'))).toBe('no');
    expect(match(templateOf('F1/0F'), bytesOfHex('01'))).toBe('full');
  });

  test('which templates can be the beginning of one report', () => {
    expect(overlap(templateOf('4B 01/0F'), templateOf('4B 02/0F'))).toBe(false);
    expect(overlap(templateOf('4B 01/0F'), templateOf('4B 10/F0'))).toBe(true);
    expect(overlap(templateOf('4B'), templateOf('4B 02'))).toBe(true);
    expect(overlap(templateOf('?? 01'), templateOf('4B SUM'))).toBe(true);
    expect(overlap(templateOf('SUM'), templateOf('4B'))).toBe(true);
  });
});

describe('configuration', () => {
  test.each(hidPadModelNames)('the example %s is valid', (model) => {
    expect(hidPadProtocolSchema.safeParse(hidPadModels[model].protocol).success).toBe(true);
    expect(hidPadModels[model].title.zh).toContain('示例');
  });

  const key = { report: '4B 01', level: 5 };
  test.each([
    ['two levels for one report', { type: 'reports', match: [key, { report: '4B ??', level: 4 }] }],
    ['a key that is also ignored', { type: 'reports', match: [key], ignore: ['4B 01/0F'] }],
    [
      'a key that is also the answer to a heartbeat',
      { type: 'reports', match: [key], heartbeat: { send: '00 3F', expect: '4B' } },
    ],
    ['a line longer than the report', { type: 'reports', match: [key], outputLength: 1, prompt: ['00 01 02'] }],
    [
      'a heartbeat longer than the report',
      { type: 'reports', match: [key], outputLength: 1, heartbeat: { send: '00 01 02', expect: '4F' } },
    ],
    [
      'one usage for two levels',
      {
        type: 'keypad',
        keys: [
          { usage: '1e', level: 1 },
          { usage: '001E', level: 5 },
        ],
      },
    ],
    ['a usage that is a key and ignored', { type: 'keypad', keys: [{ usage: '1E', level: 1 }], ignore: ['1E'] }],
    ['templates for a keypad', { type: 'keypad', match: [key] }],
    ['no keys', { type: 'keypad', keys: [] }],
    ['an unknown setting', { type: 'keypad', keys: [{ usage: '1E', level: 1 }], defaultLevel: 5 }],
  ])('%s is refused', (_name, protocol) => {
    expect(hidPadConfigSchema.safeParse({ protocol }).success).toBe(false);
  });

  test.each([{}, { model: 'exampleHidKeypad', protocol: { type: 'reports', match: [key] } }, { model: 'exampleSum' }])(
    'exactly one of model and protocol: %j is refused',
    (config) => {
      expect(hidPadConfigSchema.safeParse(config).success).toBe(false);
    },
  );
});

test('no report crashes a decoder, and each is answered by one thing at most', () => {
  fc.assert(
    fc.property(fc.constantFrom(...hidPadModelNames), fc.uint8Array({ maxLength: 80 }), (model, report) => {
      expect(decoderOf(model).push(report).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
  expect(decoderOf('exampleHidKeypad').push(new Uint8Array(4000))).toMatchObject([{ type: 'discarded' }]);
});
