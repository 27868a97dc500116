import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHidDescriptor } from '../../kit/hid-descriptor.ts';
import type { Decoded } from '../../kit/machine.ts';
import type { QrFrame } from '../protocol.ts';
import { bytesOf } from '../test-rig.ts';
import { hidPosProtocol } from './commands.ts';
import { layoutFor } from './driver.ts';
import fixtures from './fixtures/hid-reports.json' with { type: 'json' };
import { createPosDecoder, type PosOptions } from './pos-codec.ts';
import { layoutOf, namedLayouts } from './scan-layout.ts';
import { descriptors } from './simulator.ts';
import { createSymbolHidDecoder } from './symbol-codec.ts';

const options: PosOptions = { layout: namedLayouts.aimFirst, encoding: 'auto', hello: 'none' };

/** By hand, from the manual's table: number, count, AIM identifier, data, further identifier, reserved, more. */
const aimReport = (text: string | Uint8Array, aim = ']Q1', more = 0): Uint8Array => {
  const data = Buffer.from(text);
  const report = new Uint8Array(64);
  report.set([2, data.length, ...Buffer.from(aim), ...data]);
  report[61] = 0x3f;
  report[63] = more;
  return report;
};

const textsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.type === 'code' ? [item.frame.code.text] : []));
const reasonsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : []));
const decode = (reports: Uint8Array[], changes: Partial<PosOptions> = {}): Decoded<QrFrame>[] => {
  const decoder = createPosDecoder({ ...options, ...changes });
  return [...reports.flatMap((report) => decoder.push(report)), ...(decoder.idle?.() ?? [])];
};

describe('where the code lies', () => {
  const layoutIn = (descriptor: Uint8Array) => {
    const reports = parseHidDescriptor(descriptor);
    return reports && layoutOf(reports);
  };

  test('a descriptor says what the makers print in their manuals', () => {
    expect(layoutIn(descriptors.aimFirst)).toEqual(namedLayouts.aimFirst);
    expect(layoutIn(descriptors.dataFirst)).toEqual(namedLayouts.dataFirst);
  });

  test('any other order, without number and count', () => {
    expect(layoutIn(descriptors.odd)).toEqual({
      reportId: 0,
      dataAt: 1,
      dataLength: 30,
      symbologyAt: [31, 32, 33],
      more: { at: 0, mask: 0x08 },
    });
  });

  test('a keyboard’s descriptor, or none: the layout that is configured, else the common one', () => {
    const keyboard = bytesOf('05 01 09 06 A1 01 75 08 95 08 19 E0 29 E7 81 02 C0');
    expect(layoutFor({ layout: 'auto' }, { reportDescriptor: keyboard })).toBe(namedLayouts.aimFirst);
    expect(layoutFor({ layout: 'auto' }, undefined)).toBe(namedLayouts.aimFirst);
    expect(layoutFor({ layout: 'auto' }, { reportDescriptor: descriptors.dataFirst })).toEqual(namedLayouts.dataFirst);
    expect(layoutFor({ layout: 'dataFirst' }, { reportDescriptor: descriptors.aimFirst })).toBe(namedLayouts.dataFirst);
  });
});

describe('reports', () => {
  test('a code and its kind', () => {
    const [item] = decode([aimReport('HELLO')]);
    expect(item).toMatchObject({ frame: { type: 'code', code: { text: 'HELLO', symbology: ']Q1' } } });
  });

  test('data first, as Newland has it: byte 62 is the maker’s own mark', () => {
    const report = new Uint8Array(64);
    report.set([2, 5, ...Buffer.from('HELLO')]);
    report[62] = 0x73;
    const [item] = decode([report], { layout: namedLayouts.dataFirst });
    expect(item).toMatchObject({ frame: { code: { text: 'HELLO' } } });
    expect(item).not.toMatchObject({ frame: { code: { symbology: expect.anything() } } });
  });

  test('a code of three reports is one code; line breaks inside stay, those at its end go', () => {
    const long = 'A'.repeat(56);
    expect(
      textsOf(decode([aimReport(long, ']Q1', 1), aimReport(`B\n${'B'.repeat(54)}`, ']Q1', 1), aimReport('C\r\n')])),
    ).toEqual([`${long}B\n${'B'.repeat(54)}C`]);
  });

  test('a Chinese character that is cut by the end of a report is whole again', () => {
    const bytes = Buffer.from('事'.repeat(20));
    expect(textsOf(decode([aimReport(bytes.subarray(0, 56), ']Q1', 1), aimReport(bytes.subarray(56))]))).toEqual([
      '事'.repeat(20),
    ]);
  });

  test('GB18030, strictly: what is no text is told and not guessed', () => {
    expect(textsOf(decode([aimReport(bytesOf('D3 AA D2 B5 D6 B4 D5 D5'))]))).toEqual(['营业执照']);
    expect(reasonsOf(decode([aimReport(bytesOf('FF FE 41'))]))).toEqual(['unreadableText']);
    expect(reasonsOf(decode([aimReport(bytesOf('D5 D5'))], { encoding: 'utf-8' }))).toEqual(['unreadableText']);
  });

  test('the last report never came: nothing, and the next code is whole', () => {
    const decoder = createPosDecoder(options);
    decoder.push(aimReport('HALF', ']Q1', 1));
    expect(decoder.idleMs).toBe(500);
    expect(reasonsOf(decoder.idle?.() ?? [])).toEqual(['cutShort']);
    expect(textsOf(decoder.push(aimReport('WHOLE')))).toEqual(['WHOLE']);
  });

  test('parts of two kinds of code are not glued', () => {
    const items = decode([aimReport('HALF', ']Q1', 1), aimReport('6901234567892', ']E0')]);
    expect(textsOf(items)).toEqual(['6901234567892']);
    expect(reasonsOf(items)).toEqual(['cutShort']);
  });

  test('other reports, short ones and impossible counts are passed over', () => {
    const tooMany = aimReport('HELLO');
    tooMany[1] = 57;
    const items = decode([
      bytesOf('03 01 00'),
      aimReport('HELLO').subarray(0, 20),
      tooMany,
      new Uint8Array(),
      aimReport('OK'),
    ]);
    expect(reasonsOf(items)).toEqual(['otherReport', 'shortReport', 'wrongCount', 'otherReport']);
    expect(textsOf(items)).toEqual(['OK']);
  });

  test('more than 4096 bytes: thrown away to the end, and the next code is read', () => {
    const items = decode([
      ...Array.from({ length: 80 }, () => aimReport('7'.repeat(56), ']Q1', 1)),
      aimReport('7'),
      aimReport('NEXT'),
    ]);
    expect(reasonsOf(items)).toContain('tooLong');
    expect(textsOf(items)).toEqual(['NEXT']);
    for (const item of items) expect(item.bytes.length).toBeLessThan(5000);
  });
});

describe('what a Honeywell reader tells of itself is no code', () => {
  const reports = [...fixtures.revision, fixtures.revisionStatus].map(bytesOf);

  test('the captured answer of a Voyager 1602g', () => {
    const items = decode(reports, { hello: 'honeywell' });
    expect(textsOf(items)).toEqual([]);
    expect(items.map((item) => item.type === 'frame' && item.frame.type === 'reply' && item.frame.status)).toEqual([
      'none',
      'ack',
    ]);
    expect(items[0]).toMatchObject({
      frame: { identity: { model: 'Voyager 1602g', firmware: '16345', serialNumber: '15232B1F0C' } },
    });
  });

  test('its status is a reply even where nobody asks', () => {
    expect(textsOf(decode([bytesOf(fixtures.revisionStatus)]))).toEqual([]);
  });

  test('another code of kind ]X0 is a code', () => {
    expect(textsOf(decode([aimReport('A-1', ']X0')], { hello: 'honeywell' }))).toEqual(['A-1']);
  });
});

describe('commands are the reports of the manuals', () => {
  const padded = (hex: string): Uint8Array => {
    const report = new Uint8Array(64);
    report.set(bytesOf(hex));
    return report;
  };
  const byMenu = hidPosProtocol({ hello: 'honeywell', trigger: 'honeywell' }, undefined).commands;

  test('Honeywell’s in report FD', () => {
    expect(byMenu.beep).toEqual(padded(fixtures.commands.beep));
    expect(byMenu.triggerOn).toEqual(padded(fixtures.commands.triggerOn));
    expect(byMenu.triggerOff).toEqual(padded(fixtures.commands.triggerOff));
    expect(byMenu.question).toEqual(padded(fixtures.commands.query));
  });

  test.each([
    ['without a descriptor', undefined],
    ['as the descriptor says', descriptors.aimFirst],
  ])('the trigger report %s', (_, descriptor) => {
    const reports = descriptor && parseHidDescriptor(descriptor);
    const { commands } = hidPosProtocol({ hello: 'none', trigger: 'report' }, reports);
    expect(commands.triggerOn).toEqual(bytesOf(fixtures.commands.reportTriggerOn));
    expect(commands.triggerOff).toEqual(bytesOf(fixtures.commands.reportTriggerOff));
    expect(commands.question).toBeUndefined();
  });

  test('a trigger report without a number gets a 00 in front', () => {
    const reports = parseHidDescriptor(bytesOf('05 8C 75 01 95 01 09 60 91 02 09 5F 91 02 95 06 91 03'));
    const { commands } = hidPosProtocol({ hello: 'none', trigger: 'report' }, reports);
    expect(commands.triggerOn).toEqual(Uint8Array.of(0, 0x01));
    expect(commands.triggerOff).toEqual(Uint8Array.of(0, 0x02));
  });
});

describe('Symbol’s COM port emulation', () => {
  const lines = { frameEnd: 'auto', suffix: 'cr', silenceMs: 80, hasAimPrefix: false, encoding: 'auto' } as const;
  const symbolReport = (text: string): Uint8Array => {
    const report = new Uint8Array(64);
    report.set([Buffer.byteLength(text), ...Buffer.from(text)]);
    return report;
  };

  test('a code in one report, and one in three', () => {
    const long = `${'A'.repeat(63)}${'B'.repeat(63)}C`;
    const decoder = createSymbolHidDecoder(lines);
    decoder.push(symbolReport('ONE\r'));
    expect(decoder.idleMs).toBe(20);
    expect(textsOf(decoder.idle?.() ?? [])).toEqual(['ONE']);
    for (const part of [long.slice(0, 63), long.slice(63, 126), `${long.slice(126)}\r`])
      decoder.push(symbolReport(part));
    expect(textsOf(decoder.idle?.() ?? [])).toEqual([long]);
  });

  test('a count beyond the report is no data', () => {
    const decoder = createSymbolHidDecoder(lines);
    expect(reasonsOf(decoder.push(Uint8Array.of(64, 0x41, 0x42)))).toEqual(['wrongCount']);
    expect(reasonsOf(decoder.push(new Uint8Array()))).toEqual(['wrongCount']);
  });
});

describe('properties', () => {
  test('any reports: no crash, bounded, and the next code is read after a pause', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ minLength: 63, maxLength: 63 })), {
          maxLength: 20,
        }),
        fc.constantFrom(...Object.values(namedLayouts)),
        fc.boolean(),
        (reports, layout, isNumbered) => {
          const decoder = createPosDecoder({ ...options, layout });
          for (const report of reports) decoder.push(isNumbered ? Uint8Array.of(2, ...report) : report);
          decoder.idle?.();
          const next = new Uint8Array(64);
          next.set([2, 4, ...(layout === namedLayouts.aimFirst ? Buffer.from(']Q1') : []), ...Buffer.from('NEXT')]);
          expect(textsOf(decoder.push(next))).toEqual(['NEXT']);
        },
      ),
      { numRuns: 800 },
    );
  });
});
