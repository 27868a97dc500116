// Symbol/Zebra "simple COM port emulation" → frames. Reports of 64 bytes without a number hold pieces of what a serial line would
// carry (two sources: fragmentationneeded.net 2016/10, linux22.com archives/106927):
//
//   byte 0    1 …              rest
//   length    so many bytes    zeros     ─▶ line mode (../codec.ts)

import type { Decoded, Decoder } from '../../kit/machine.ts';
import { createLineDecoder, type LineOptions } from '../codec.ts';
import type { QrFrame } from '../protocol.ts';

/** What was read is told with the reports of its burst. Discards `wrongCount` and `emptyReport` beside those of line mode. */
export const createSymbolHidDecoder = (options: Omit<LineOptions, 'hello'>): Decoder<QrFrame> => {
  const lines = createLineDecoder({ ...options, hello: 'none' });
  /** Reports of this burst, as they came. */
  let raw: Buffer = Buffer.alloc(0);

  const withReports = (items: readonly Decoded<QrFrame>[]): Decoded<QrFrame>[] => {
    if (items.length === 0) return [];
    const whole = Uint8Array.from(raw);
    raw = Buffer.alloc(0);
    return items.map((item, index) => ({ ...item, bytes: index === 0 ? whole : new Uint8Array() }));
  };

  return {
    push(report) {
      const [count = 0] = report;
      if (count >= report.length) return [{ type: 'discarded', bytes: report, reason: 'wrongCount' }];
      if (count === 0) return [{ type: 'discarded', bytes: report, reason: 'emptyReport' }];
      raw = Buffer.concat([raw, report]);
      return withReports(lines.push(report.subarray(1, 1 + count)));
    },
    idle() {
      const items = lines.idle?.() ?? [];
      const nothing: Decoded<QrFrame>[] =
        raw.length === 0 ? [] : [{ type: 'discarded', bytes: raw, reason: 'emptyReport' }];
      return withReports(items.length === 0 ? nothing : items);
    },
    get idleMs() {
      return lines.idleMs ?? options.silenceMs;
    },
  };
};
