import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHidDescriptor } from './hid-descriptor.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

/** The boot keyboard of the HID specification (USB HID 1.11, appendix E.6). */
const keyboard = bytesOf(`
  05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01
  95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0`);

describe('descriptors of the specification', () => {
  test('the boot keyboard: eight modifier bits, five lamps, an array of six keys', () => {
    const reports = parseHidDescriptor(keyboard);
    expect(reports?.isNumbered).toBe(false);
    expect(reports?.byteLength('input', 0)).toBe(8);
    expect(reports?.byteLength('output', 0)).toBe(1);
    expect(reports?.fields.slice(0, 2)).toMatchObject([
      { kind: 'input', usagePage: 7, usage: 0xe0, bitOffset: 0, bits: 1, count: 1 },
      { usage: 0xe1, bitOffset: 1 },
    ]);
    expect(reports?.fields.filter((field) => field.kind === 'output')).toHaveLength(5);
    // Constant fields take their room and are not told.
    expect(reports?.fields.find((field) => field.bits === 8)).toMatchObject({ bitOffset: 16 });
  });

  test('numbered reports begin with their number, and each counts for itself', () => {
    const reports = parseHidDescriptor(
      bytesOf('05 8C 09 02 A1 01 85 02 75 08 95 38 09 FE 82 02 01 85 04 75 01 95 03 09 60 09 5F 91 02 C0'),
    );
    expect(reports?.isNumbered).toBe(true);
    expect(reports?.byteLength('input', 2)).toBe(57);
    expect(reports?.byteLength('output', 4)).toBe(2);
    expect(reports?.fields).toEqual([
      { kind: 'input', reportId: 2, usagePage: 0x8c, usage: 0xfe, bitOffset: 8, bits: 8, count: 56 },
      { kind: 'output', reportId: 4, usagePage: 0x8c, usage: 0x60, bitOffset: 8, bits: 1, count: 1 },
      { kind: 'output', reportId: 4, usagePage: 0x8c, usage: 0x5f, bitOffset: 9, bits: 1, count: 2 },
    ]);
  });

  test('push, pop and a usage that names its own page', () => {
    const reports = parseHidDescriptor(
      bytesOf('05 01 A4 05 8C 75 08 95 01 09 FE 81 02 B4 75 08 95 01 0B FF 00 8C 00 81 02'),
    );
    expect(reports?.fields).toMatchObject([
      { usagePage: 0x8c, usage: 0xfe },
      { usagePage: 0x8c, usage: 0xff, bitOffset: 8 },
    ]);
  });
});

describe('what is no descriptor', () => {
  test.each([
    ['nothing', ''],
    ['cut short', '05 8C 09 02 A1 01 85 02 75 08 95 38 09 FE 82 02'],
    ['report number 0', '85 00 75 08 95 01 09 FE 81 02'],
    ['a count beyond reason', '75 08 97 FF FF FF FF 09 FE 81 02'],
    ['usages beyond reason', '75 08 95 01 19 00 2B FF FF FF FF 81 02'],
    ['a pop without a push', '75 08 95 01 B4 09 FE 81 02'],
  ])('%s', (_, hex) => {
    expect(parseHidDescriptor(bytesOf(hex))).toBeUndefined();
  });

  test('too long', () => {
    expect(parseHidDescriptor(new Uint8Array(5000))).toBeUndefined();
  });

  test('any bytes: no crash, and no field beyond its report', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const field of parseHidDescriptor(bytes)?.fields ?? []) {
          const end = field.bitOffset + field.bits * field.count;
          expect(end).toBeLessThanOrEqual((parseHidDescriptor(bytes)?.byteLength(field.kind, field.reportId) ?? 0) * 8);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
