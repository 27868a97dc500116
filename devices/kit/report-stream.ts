// A byte stream over HID reports, for protocols that were made for a serial line and only put into reports (ID readers, some
// scanners and boards):
//
//   driver ── write(any bytes) ─▶ [ cut, zero padding, report number ] ─▶ reports ─▶ HID transport
//   driver ◀── one chunk a report ◀── [ report number off ] ◀──────────── reports ◀─┘
//
// Padding of read reports stays in the stream: only the protocol's own decoder knows where a frame ends.

import { parseHidDescriptor } from './hid-descriptor.ts';
import type { Connection, Transport } from './transport.ts';

/** Both are taken from the report descriptor where they are absent. */
export type ReportStreamOptions = {
  /** Data bytes of a written report, without its number. Without a descriptor: 64, the most of a full-speed report. */
  reportBytes?: number;
  /** Number of the written reports. Without a descriptor: 0, none. */
  reportNumber?: number;
};

const usualReportBytes = 64;

/** What a descriptor says of numbers, and of its first output report. One that is no descriptor says nothing. */
export const reportNumbersOf = (
  descriptor: Uint8Array,
): { isNumbered: boolean; output: number; outputBytes: number } => {
  const said = parseHidDescriptor(descriptor);
  const isNumbered = said?.isNumbered ?? false;
  const output = said?.fields.find(({ kind }) => kind === 'output')?.reportId ?? 0;
  return {
    isNumbered,
    output,
    outputBytes: Math.max(0, (said?.byteLength('output', output) ?? 0) - (isNumbered ? 1 : 0)),
  };
};

export type ReportLayout = {
  /** Read reports begin with their number only then (USB HID 1.11, 5.6). */
  isNumbered: boolean;
  reportNumber: number;
  reportBytes: number;
};

/** How reports are written and read: what was asked for goes before what the descriptor says. */
export const reportLayoutOf = (options: ReportStreamOptions, descriptor?: Uint8Array): ReportLayout => {
  const said = descriptor && reportNumbersOf(descriptor);
  const reportNumber = options.reportNumber ?? said?.output ?? 0;
  return {
    isNumbered: reportNumber !== 0 || (said?.isNumbered ?? false),
    reportNumber,
    reportBytes: options.reportBytes ?? (said?.outputBytes || usualReportBytes),
  };
};

/** `bytes` as reports: each its number, `reportBytes` of data, the last one filled up with zeros. */
export const toReports = (bytes: Uint8Array, reportBytes: number, reportNumber: number): Uint8Array[] => {
  const reports: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; from += reportBytes) {
    const report = new Uint8Array(1 + reportBytes);
    report[0] = reportNumber;
    report.set(bytes.subarray(from, from + reportBytes), 1);
    reports.push(report);
  }
  return reports;
};

/** The transport of reports as one of bytes; it keeps its name, its failures and what the port says of itself. */
export const createReportStream = (reports: Transport, options: ReportStreamOptions): Transport => ({
  name: reports.name,
  async open(openOptions) {
    const opened = await reports.open(openOptions);
    return opened.ok ? { ok: true, value: streamOf(opened.value, options) } : opened;
  },
});

const streamOf = (connection: Connection, options: ReportStreamOptions): Connection => {
  const { info } = connection;
  const { isNumbered, reportNumber, reportBytes } = reportLayoutOf(options, info?.reportDescriptor);
  let lastWrite: Promise<void> = Promise.resolve();
  // One report after the other: a later one must not overtake, and after a failure the rest would only confuse the device.
  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    for (const report of toReports(bytes, reportBytes, reportNumber)) await connection.write(report);
  };
  return {
    ...(info ? { info } : {}),
    write(bytes) {
      const written = lastWrite.then(() => writeAll(bytes));
      lastWrite = written.catch(() => undefined);
      return written;
    },
    onData: (listener) => connection.onData((report) => listener(isNumbered ? report.subarray(1) : report)),
    onLost: (listener) => connection.onLost(listener),
    close: () => connection.close(),
  };
};
