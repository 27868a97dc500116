// Reports of a HID POS reader → frames. Every chunk is one whole report.
//
//   report ─▶ [ layout ] ─▶ data · AIM identifier · more ──more──▶ held, 500 ms at most
//                                     │ last
//                                     ▼
//                        ]Z… or the reader's own text ─▶ reply        anything else ─▶ text? ─▶ code
//
// Reports carry no number and no checksum: one that was lost in the middle of a code cannot be told. What can be told is: a last one
// that never came, and parts with different identifiers, which belong to different codes.

import type { Decoded, Decoder } from '../../kit/machine.ts';
import { isOwnText, longestCodeBytes, replyOf } from '../codec.ts';
import { readCodeText, type TextEncoding } from '../code-text.ts';
import type { QrFrame } from '../protocol.ts';
import { readScanReport, type ScanLayout } from './scan-layout.ts';

export type PosOptions = { layout: ScanLayout; encoding: TextEncoding; hello: 'none' | 'honeywell' };

/** Between two reports of one code. USB delivers them in milliseconds. */
export const reportPatienceMs = 500;

/** AIM's mark for "no bar code". */
const isNoBarcode = (symbology: string | undefined): boolean => symbology?.startsWith(']Z') === true;
/** Honeywell's mark of the text in which it tells of itself; other codes may have it too. */
const otherSymbology = ']X0';

/** Frames are told with their whole reports. Discards: `emptyReport`, `otherReport`, `shortReport`, `wrongCount`, `cutShort`, `tooLong`, `tooLongRest`, `unreadableText`. */
export const createPosDecoder = ({ layout, encoding, hello }: PosOptions): Decoder<QrFrame> => {
  /** `raw`: the reports as they came. */
  let held: { raw: Buffer; data: Buffer; symbology?: string } | undefined;
  let isSkipping = false;

  const discarded = (bytes: Uint8Array, reason: string): Decoded<QrFrame>[] => [{ type: 'discarded', bytes, reason }];

  const endOfCode = (data: Uint8Array, symbology: string | undefined, raw: Uint8Array): Decoded<QrFrame>[] => {
    const text = Buffer.from(data).toString('latin1');
    const isReply =
      isNoBarcode(symbology) || (hello === 'honeywell' && symbology === otherSymbology && isOwnText(text, hello));
    if (isReply) return [{ type: 'frame', frame: replyOf(text), bytes: raw }];
    const { length } = text.replace(/[\r\n]+$/, '');
    if (length === 0) return discarded(raw, 'emptyReport');
    const code = readCodeText(data.subarray(0, length), { hasAimPrefix: false, encoding });
    if (!code) return discarded(raw, 'unreadableText');
    const told = symbology === undefined ? code : { ...code, symbology };
    return [{ type: 'frame', frame: { type: 'code', code: told }, bytes: raw }];
  };

  return {
    push(report) {
      const scan = readScanReport(layout, report);
      if (typeof scan === 'string') return discarded(report, scan);
      const out: Decoded<QrFrame>[] = [];
      const isOther = held && scan.symbology !== undefined && scan.symbology !== held.symbology;
      if (held && isOther) {
        out.push(...discarded(Uint8Array.from(held.raw), 'cutShort'));
        held = undefined;
      }
      if (isSkipping) {
        isSkipping = scan.hasMore;
        return [...out, ...discarded(report, 'tooLongRest')];
      }
      const symbology = held?.symbology ?? scan.symbology;
      const data = Buffer.concat([held?.data ?? new Uint8Array(), scan.data]);
      const raw = Buffer.concat([held?.raw ?? new Uint8Array(), report]);
      held = undefined;
      if (data.length > longestCodeBytes) {
        isSkipping = scan.hasMore;
        return [...out, ...discarded(Uint8Array.from(raw), 'tooLong')];
      }
      if (!scan.hasMore) return [...out, ...endOfCode(Uint8Array.from(data), symbology, Uint8Array.from(raw))];
      held = { raw, data, ...(symbology === undefined ? {} : { symbology }) };
      return out;
    },
    idle() {
      const rest = held ? discarded(Uint8Array.from(held.raw), 'cutShort') : [];
      held = undefined;
      isSkipping = false;
      return rest;
    },
    idleMs: reportPatienceMs,
  };
};
