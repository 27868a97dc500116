import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fail, ok } from './result.ts';
import { createReportStream, reportLayoutOf, toReports, type ReportStreamOptions } from './report-stream.ts';
import type { Connection, LossReason, Transport } from './transport.ts';
import { createMemoryTransport } from './transports/memory.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** Example of USB HID 1.11, appendix E.6, a keyboard: output report for the lamps, no report numbers. */
const keyboard = bytesOf(
  '05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0',
);
/** Vendor page FF00: input report 1, output report 2, 63 bytes each. */
const numbered = bytesOf('06 00 FF 09 01 A1 01 15 00 26 FF 00 75 08 95 3F 85 01 09 01 81 02 85 02 09 01 91 02 C0');

const open = async (options: ReportStreamOptions, reportDescriptor?: Uint8Array) => {
  const memory = createMemoryTransport();
  const transport: Transport = {
    name: memory.name,
    async open(openOptions) {
      const opened = await memory.open(openOptions);
      return opened.ok && reportDescriptor ? ok({ ...opened.value, info: { reportDescriptor } }) : opened;
    },
  };
  const opened = await createReportStream(transport, options).open();
  if (!opened.ok) throw new Error(opened.error.message);
  const heard: number[] = [];
  opened.value.onData((bytes) => heard.push(...bytes));
  return { memory, stream: opened.value, heard };
};

describe('how reports are laid out', () => {
  test('by the descriptor: a keyboard has one byte for its lamps, and no numbers', () =>
    expect(reportLayoutOf({}, keyboard)).toEqual({ isNumbered: false, reportNumber: 0, reportBytes: 1 }));
  test('by the descriptor: number and size of the output report', () =>
    expect(reportLayoutOf({}, numbered)).toEqual({ isNumbered: true, reportNumber: 2, reportBytes: 63 }));
  test('what was asked for goes before', () =>
    expect(reportLayoutOf({ reportBytes: 32, reportNumber: 5 }, numbered)).toEqual({
      isNumbered: true,
      reportNumber: 5,
      reportBytes: 32,
    }));
  test('without a descriptor, or with one that is none: 64 bytes without a number', () => {
    const usual = { isNumbered: false, reportNumber: 0, reportBytes: 64 };
    expect(reportLayoutOf({})).toEqual(usual);
    expect(reportLayoutOf({}, bytesOf('85'))).toEqual(usual);
  });
  test('without a descriptor a number that was asked for says that reports are numbered', () => {
    for (const descriptor of [undefined, bytesOf('85')])
      expect(reportLayoutOf({ reportNumber: 3 }, descriptor)).toEqual({
        isNumbered: true,
        reportNumber: 3,
        reportBytes: 64,
      });
  });
});

describe('writing', () => {
  test('a short frame is one report: 00, the bytes, zeros', async () => {
    const { memory, stream } = await open({ reportBytes: 8 });
    await stream.write(bytesOf('AA BB CC'));
    expect(memory.written()).toEqual([bytesOf('00 AA BB CC 00 00 00 00 00')]);
  });

  test('a long one is cut, in order; a full report is not followed by an empty one', async () => {
    const { memory, stream } = await open({ reportBytes: 4 });
    await Promise.all([stream.write(bytesOf('01 02 03 04 05')), stream.write(bytesOf('0A 0B 0C 0D'))]);
    expect(memory.written().map((report) => Buffer.from(report).toString('hex'))).toEqual([
      '0001020304',
      '0005000000',
      '000a0b0c0d',
    ]);
  });

  test('numbered reports: the descriptor’s number, or the configured one', async () => {
    const fromDescriptor = await open({ reportBytes: 2 }, numbered);
    await fromDescriptor.stream.write(bytesOf('AA'));
    expect(fromDescriptor.memory.written()).toEqual([bytesOf('02 AA 00')]);
    const configured = await open({ reportBytes: 2, reportNumber: 9 }, numbered);
    await configured.stream.write(bytesOf('AA'));
    expect(configured.memory.written()).toEqual([bytesOf('09 AA 00')]);
  });

  test('after a report that was not taken the rest is not sent, and the next write is tried all the same', async () => {
    let refused = 0;
    const taken: Uint8Array[] = [];
    const connection: Connection = {
      write(report) {
        if (refused++ === 0) return Promise.reject(new Error('not taken'));
        taken.push(report);
        return Promise.resolve();
      },
      onData: () => undefined,
      onLost: () => undefined,
      close: () => Promise.resolve(),
    };
    const opened = await createReportStream(
      { name: 'x', open: () => Promise.resolve(ok(connection)) },
      { reportBytes: 1 },
    ).open();
    if (!opened.ok) throw new Error(opened.error.message);
    await expect(opened.value.write(bytesOf('01 02'))).rejects.toThrow('not taken');
    await opened.value.write(bytesOf('03'));
    expect(taken).toEqual([bytesOf('00 03')]);
  });

  test('no byte is lost or changed, whatever the sizes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 65 }), (bytes, size) => {
        const reports = toReports(bytes, size, 0);
        expect(reports.every((report) => report.length === size + 1 && report[0] === 0)).toBe(true);
        const all = reports.flatMap((report) => [...report.subarray(1)]);
        expect(all.slice(0, bytes.length)).toEqual([...bytes]);
        expect(all.slice(bytes.length).every((byte) => byte === 0)).toBe(true);
      }),
      { numRuns: 300 },
    ));
});

describe('reading', () => {
  test('unnumbered reports come through whole, padding included', async () => {
    const { memory, heard } = await open({ reportBytes: 4 }, keyboard);
    memory.peer()?.send(bytesOf('01 02 03 04'));
    memory.peer()?.send(bytesOf('05 00 00 00'));
    expect(heard).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
  });

  test('the number of numbered ones is taken off', async () => {
    const { memory, heard } = await open({ reportBytes: 4 }, numbered);
    memory.peer()?.send(bytesOf('01 0A 0B'));
    memory.peer()?.send(bytesOf('01 0C'));
    expect(heard).toEqual([10, 11, 12]);
  });

  test('without a descriptor a configured number says that reports are numbered', async () => {
    const { memory, heard } = await open({ reportBytes: 4, reportNumber: 3 });
    memory.peer()?.send(bytesOf('03 0A'));
    expect(heard).toEqual([10]);
  });
});

test('name, failures, loss and closing are the transport’s own', async () => {
  const memory = createMemoryTransport();
  const stream = createReportStream(memory, { reportBytes: 64 });
  expect(stream.name).toBe('memory');
  memory.refuse('permissionDenied');
  expect(await stream.open()).toEqual(fail('permissionDenied', 'hall', 'refused: permissionDenied'));
  memory.refuse(undefined);
  const opened = await stream.open();
  if (!opened.ok) throw new Error(opened.error.message);
  const lost: LossReason[] = [];
  opened.value.onLost((reason) => lost.push(reason));
  memory.peer()?.hangUp('unplugged');
  expect(lost).toEqual(['unplugged']);
  await expect(opened.value.write(bytesOf('01'))).rejects.toThrow('closed');
  await opened.value.close();
});
