import * as fc from 'fast-check';
import { encode as encodeQr } from 'uqr';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../kit/machine.ts';
import type { TicketBlock, TicketDocument } from './api.ts';
import {
  clearBuffers,
  createPrinterDecoder,
  encodeTicket,
  processIdRequest,
  qrModules,
  realTimeCommandAt,
  type PrinterFrame,
} from './codec.ts';
import { conditionOfAnswers, conditionOfReport, faultsOf, type Condition } from './condition.ts';
import { bytesOfHex, hexFixture, hexOfBytes, jsonFixture } from './fixtures/read.ts';

const format = { encoding: 'gbk', paperWidthMm: 80 } as const;

const frames = (decoded: readonly Decoded<PrinterFrame>[]): PrinterFrame[] =>
  decoded.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
const discarded = (decoded: readonly Decoded<PrinterFrame>[]): number =>
  decoded.reduce((sum, item) => (item.type === 'discarded' ? sum + item.bytes.length : sum), 0);
const decode = (hex: string, hasPresenter = false): PrinterFrame[] =>
  frames(createPrinterDecoder({ hasPresenter }).push(bytesOfHex(hex)));

type AnswersFixture = {
  realTime: { kind: 1 | 2 | 3 | 4; hex: string; says: Partial<Condition> }[];
  automatic: { hex: string; says: Partial<Condition>; faults: string[] }[];
  blocks: { hex: string; frame: PrinterFrame }[];
};
const answers = jsonFixture<AnswersFixture>('answers.json');

const quiet: Condition = {
  isOffline: false,
  isCoverOpen: false,
  isPaperOut: false,
  isPaperNearEnd: false,
  hasCutterError: false,
  hasMechanicalError: false,
  isUnrecoverable: false,
  isOverheated: false,
};

describe('encoder', () => {
  test('the worked ticket comes out byte for byte, but for GS a 0E after ESC @', () => {
    const document: TicketDocument = {
      blocks: [
        { type: 'text', text: 'A001', size: 2, align: 'center' },
        { type: 'text', text: '请到3号窗口', align: 'center' },
        { type: 'qr', data: 'https://a.cn/1' },
        { type: 'barcode', data: 'A001-20260101' },
      ],
    };
    const ticket = encodeTicket(document, format);
    if (!ticket.ok) throw new Error(ticket.error.message);
    const whole = `${hexOfBytes(ticket.value.bytes)} ${hexOfBytes(processIdRequest('0001'))}`;
    const worked = hexOfBytes(hexFixture('worked-ticket.hex'));
    expect(worked.split(' ')).toHaveLength(129);
    expect(whole).toContain('1B 40 1D 61 0E 1C 26');
    expect(whole.replace('1D 61 0E ', '')).toBe(worked);
  });

  test('GS a follows every ESC @', () => {
    const ticket = encodeTicket({ blocks: [{ type: 'text', text: 'x' }] }, format, true);
    if (!ticket.ok) throw new Error(ticket.error.message);
    const hex = hexOfBytes(ticket.value.bytes);
    expect(hex.match(/1B 40/g)).toHaveLength(hex.match(/1B 40 1D 61 0E/g)?.length ?? -1);
  });

  test('after a torn ticket the scrap is cut off before the first line', () => {
    const ticket = encodeTicket({ blocks: [{ type: 'text', text: 'x' }] }, format, true);
    expect(ticket.ok && hexOfBytes(ticket.value.bytes)).toBe('1B 40 1D 61 0E 1C 26 1D 56 42 00 78 0A 1D 56 42 00');
  });

  test('text cannot carry commands: control characters are dropped', () => {
    const ticket = encodeTicket({ blocks: [{ type: 'text', text: 'A\u001b@\u0010\u0004\u0001B\u007f' }] }, format);
    expect(ticket.ok && hexOfBytes(ticket.value.bytes)).toContain('41 40 42 0A');
  });

  test('a code that the printer would silently leave out is refused', () => {
    const refused = (block: TicketBlock): string => {
      const result = encodeTicket({ blocks: [block] }, { encoding: 'gbk', paperWidthMm: 58 });
      return result.ok ? 'encoded' : result.error.code;
    };
    expect(refused({ type: 'qr', data: '' })).toBe('documentInvalid');
    expect(refused({ type: 'qr', data: 'x'.repeat(601) })).toBe('documentInvalid');
    expect(refused({ type: 'barcode', data: '办件' })).toBe('documentInvalid');
    expect(refused({ type: 'barcode', data: '1'.repeat(30) })).toBe('documentInvalid');
    expect(refused({ type: 'barcode', data: 'A{1' })).toBe('encoded');
  });

  test('a QR code is made smaller until it fits the paper', () => {
    const dots = (length: number, paperWidthMm: 58 | 80): number => {
      const result = encodeTicket(
        { blocks: [{ type: 'qr', data: 'x'.repeat(length) }] },
        { encoding: 'gbk', paperWidthMm },
      );
      const hex = result.ok ? hexOfBytes(result.value.bytes) : '';
      return Number.parseInt(/1D 28 6B 03 00 31 43 (..)/.exec(hex)?.[1] ?? '', 16);
    };
    expect(dots(14, 58)).toBe(6);
    expect(dots(600, 58)).toBeLessThanOrEqual(384 / (qrModules(600) + 8));
    expect(dots(600, 58)).toBeGreaterThanOrEqual(3);
    expect(dots(600, 80)).toBeGreaterThan(dots(600, 58));
  });

  test('the module count agrees with a QR library', () => {
    for (const length of [1, 14, 15, 62, 63, 122, 213, 214, 412, 600])
      expect(qrModules(length)).toBe(encodeQr('a'.repeat(length), { ecc: 'M', border: 0 }).size);
  });

  test('a doubled brace keeps CODE128 from switching its code set', () => {
    const result = encodeTicket({ blocks: [{ type: 'barcode', data: 'A{1' }] }, format);
    expect(result.ok && hexOfBytes(result.value.bytes)).toContain('1D 6B 49 06 7B 42 41 7B 7B 31 0A');
  });

  test('no ticket whatsoever contains a real-time command', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const block: fc.Arbitrary<TicketBlock> = fc.oneof(
      text.map((value): TicketBlock => ({ type: 'text', text: value })),
      fc.tuple(text, text).map(([label, value]): TicketBlock => ({ type: 'pair', label, value })),
      fc.integer({ min: 0, max: 300 }).map((lines): TicketBlock => ({ type: 'feed', lines })),
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 16 }))
        .map(([data, moduleDots]): TicketBlock => ({ type: 'qr', data, moduleDots })),
      fc.stringMatching(/^[ -~]{1,16}$/).map((data): TicketBlock => ({ type: 'barcode', data })),
      fc
        .uint8Array({ minLength: 4, maxLength: 40 })
        .map((dots): TicketBlock => ({ type: 'image', image: { widthDots: 8, heightDots: dots.length, dots } })),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), (blocks) => {
        const result = encodeTicket({ blocks }, format);
        const verdict = result.ok ? realTimeCommandAt(result.value.bytes) : result.error.code;
        expect([-1, 'documentInvalid']).toContain(verdict);
      }),
      { numRuns: 300 },
    );
  });

  test('the real-time guard sees all three commands', () => {
    expect(realTimeCommandAt(bytesOfHex('41 10 04 01'))).toBe(1);
    expect(realTimeCommandAt(bytesOfHex('10 05'))).toBe(0);
    expect(realTimeCommandAt(clearBuffers)).toBe(0);
    expect(realTimeCommandAt(bytesOfHex('10 03 04'))).toBe(-1);
  });
});

describe('status bytes of the manuals', () => {
  test.each(answers.realTime)('DLE EOT $kind → $hex', ({ kind, hex, says }) => {
    const [frame] = decode(hex);
    if (frame?.type !== 'realTime') throw new Error(`read as ${frame?.type}`);
    const all = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12, [kind]: frame.value };
    expect(conditionOfAnswers(all)).toEqual({ ...quiet, ...says });
  });

  test.each(answers.automatic)('automatic status $hex → $faults', ({ hex, says, faults }) => {
    const [frame] = decode(hex);
    if (frame?.type !== 'autoStatus') throw new Error(`read as ${frame?.type}`);
    const condition = conditionOfReport(frame.bytes);
    expect(condition).toEqual({ ...quiet, ...says });
    expect(faultsOf(condition).map((fault) => fault.code)).toEqual(faults);
  });

  test.each(answers.blocks)('$hex', ({ hex, frame }) => {
    expect(decode(hex)).toEqual([frame]);
  });

  test('with a presenter 10 0F is its answer, and an automatic status stays one', () => {
    expect(decode('10 0F 20 00 00 00', true)).toEqual([
      { type: 'presenter', paper: 0x20, transport: 0, supply: 0, fatal: 0 },
    ]);
    expect(decode('10 00 00 0F', true)).toEqual([{ type: 'autoStatus', bytes: [0x10, 0, 0, 0x0f] }]);
  });
});

describe('decoder', () => {
  const stream = answers.automatic
    .map(({ hex }) => hex)
    .concat(
      answers.blocks.map(({ hex }) => hex),
      answers.realTime.map(({ hex }) => hex),
    );
  const whole = bytesOfHex(stream.join(' '));
  const expected = frames(createPrinterDecoder().push(whole));

  test('reads one frame for each answer of the manuals in a row', () => {
    expect(expected).toHaveLength(stream.length);
  });

  test('byte by byte gives the same frames', () => {
    const decoder = createPrinterDecoder();
    expect([...whole].flatMap((byte) => frames(decoder.push(Uint8Array.of(byte))))).toEqual(expected);
  });

  test('any chunking gives the same frames', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (sizes) => {
        const decoder = createPrinterDecoder();
        const seen: PrinterFrame[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          seen.push(...frames(decoder.push(whole.subarray(at, at + size))));
          at += size;
        }
        expect(seen).toEqual(expected);
      }),
      { numRuns: 600 },
    );
  });

  test('XOFF inside an automatic status is skipped', () => {
    expect(decode('14 13 00 11 00 0F')).toEqual([{ type: 'autoStatus', bytes: [0x14, 0, 0, 0x0f] }]);
  });

  test('what is left of a broken report is not taken for a GS r answer', () => {
    const decoder = createPrinterDecoder();
    const decoded = decoder.push(bytesOfHex('14 00 00 FF 12'));
    expect(frames(decoded)).toEqual([{ type: 'realTime', value: 0x12 }]);
    expect(discarded(decoded)).toBe(4);
  });

  test('an answer that breaks off is dropped after a silence and does not eat the next one', () => {
    const decoder = createPrinterDecoder();
    expect(decoder.push(bytesOfHex('37 22 30 30'))).toEqual([]);
    expect(discarded(decoder.idle?.() ?? [])).toBe(4);
    expect(frames(decoder.push(bytesOfHex('37 22 30 30 30 31 00')))).toEqual([
      { type: 'processId', processId: '0001' },
    ]);
    expect(decoder.idle?.()).toEqual([]);
  });

  test('a process id with a digit missing confirms nothing', () => {
    expect(decode('37 22 30 30 30 00')).toEqual([{ type: 'block', id: 0x22, data: '000' }]);
  });

  test('garbage never crashes it, every byte is accounted for, and the next answer after a silence is read', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (noise, size, hasPresenter) => {
          const decoder = createPrinterDecoder({ hasPresenter });
          let accounted = 0;
          for (let at = 0; at < noise.length; at += size)
            for (const item of decoder.push(noise.subarray(at, at + size))) accounted += item.bytes.length;
          for (const item of decoder.idle?.() ?? []) accounted += item.bytes.length;
          expect(accounted).toBe(noise.length);
          expect(frames(decoder.push(bytesOfHex('37 22 30 30 34 32 00')))).toEqual([
            { type: 'processId', processId: '0042' },
          ]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('bytes that begin no answer are skipped without waiting for a silence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), (bytes) => {
        const noise = bytes.map((byte) => byte | 0x80);
        const decoded = createPrinterDecoder().push(Uint8Array.from([...noise, ...bytesOfHex('14 00 03 0F')]));
        expect(frames(decoded)).toEqual([{ type: 'autoStatus', bytes: [0x14, 0, 3, 0x0f] }]);
        expect(discarded(decoded)).toBe(noise.length);
      }),
      { numRuns: 600 },
    );
  });
});
