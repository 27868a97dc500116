// A byte stream over HID reports, for protocols that were made for a serial line and only put into reports (ID readers, some
// scanners and boards):
//
//   driver ── write(any bytes) ─▶ [ cut, zero padding, report number ] ─▶ reports ─▶ HID transport
//   driver ◀── one chunk a report ◀── [ report number off ] ◀──────────── reports ◀─┘
//
// Padding of read reports stays in the stream: only the protocol's own decoder knows where a frame ends.

import type { Connection, Transport } from './transport.ts';

export type ReportStreamOptions = {
  /** Data bytes of a written report, without its number. */
  reportBytes: number;
  /** Number of the written reports. Absent: what the report descriptor says, 0 (none) where there is no descriptor. */
  reportNumber?: number;
};

/** What a report descriptor says of report numbers. */
export type ReportNumbers = {
  /** Read reports begin with their number only then (USB HID 1.11, 5.6). */
  isNumbered: boolean;
  /** Number of the first output report; 0 where reports have none. */
  output: number;
};

/** Item prefixes without their two size bits (USB HID 1.11, 6.2.2.4 and 6.2.2.7). */
const outputItem = 0x90;
const reportIdItem = 0x84;
const longItem = 0xfe;

/** Walks the items of a report descriptor (USB HID 1.11, 6.2.2). A broken one is read as far as it goes. */
export const reportNumbersOf = (descriptor: Uint8Array): ReportNumbers => {
  let current = 0;
  let first: number | undefined;
  let output: number | undefined;
  for (let at = 0; at < descriptor.length;) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === longItem) {
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const dataBytes = (prefix & 3) === 3 ? 4 : prefix & 3;
    if ((prefix & 0xfc) === reportIdItem) {
      current = descriptor[at + 1] ?? 0;
      first ??= current;
    }
    if ((prefix & 0xfc) === outputItem) output ??= current;
    at += 1 + dataBytes;
  }
  return { isNumbered: first !== undefined, output: output ?? first ?? 0 };
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

const streamOf = (connection: Connection, { reportBytes, reportNumber }: ReportStreamOptions): Connection => {
  const { info } = connection;
  const said = info?.reportDescriptor ? reportNumbersOf(info.reportDescriptor) : undefined;
  const number = reportNumber ?? said?.output ?? 0;
  const isNumbered = said?.isNumbered ?? number !== 0;
  let lastWrite: Promise<void> = Promise.resolve();
  // One report after the other: a later one must not overtake, and after a failure the rest would only confuse the device.
  const writeAll = async (bytes: Uint8Array): Promise<void> => {
    for (const report of toReports(bytes, reportBytes, number)) await connection.write(report);
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
