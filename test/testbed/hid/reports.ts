// What the host writes to a hidraw node → reports. The stand-in for the node is a stream: two writes may come as one piece.

import { parseHidDescriptor } from '../../../devices/kit/hid-descriptor.ts';

/** Bytes of a written report that begins with this number, the number included; 0: the descriptor knows none. */
const lengthOf = (descriptor: Uint8Array): ((reportNumber: number) => number) => {
  const reports = parseHidDescriptor(descriptor);
  return (reportNumber) => {
    if (!reports) return 0;
    if (reports.isNumbered) return reports.byteLength('output', reportNumber);
    const bytes = reports.byteLength('output', 0);
    return bytes === 0 ? 0 : 1 + bytes;
  };
};

/** Hands over whole reports, each with its number first, 00 where the device has none. What is shorter passes as it was written. */
export const createReportCutter = (
  descriptor: Uint8Array,
  onReport: (report: Uint8Array) => void,
): ((written: Uint8Array) => void) => {
  const length = lengthOf(descriptor);
  return (written) => {
    for (let at = 0; at < written.length;) {
      const size = length(written[at] ?? 0);
      const end = size === 0 ? written.length : Math.min(at + size, written.length);
      onReport(written.subarray(at, end));
      at = end;
    }
  };
};

/**
 * Sixty-four bytes each way without a number, as most vendor devices have: page FF00, usage 1, values 0…255, eight bits, 64 in, 64 out
 * (USB HID 1.11, 6.2.2).
 */
export const plainDescriptor = Uint8Array.from(
  Buffer.from('0600ff0901a101150026ff007508954009028102954009039102c0', 'hex'),
);
