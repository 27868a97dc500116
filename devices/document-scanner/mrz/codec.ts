// Bytes of a line-mode swiper → documents and failed swipes. Pure.
//
//   bytes ─▶ runs of A–Z 0–9 < ─▶ lines ─▶ the last 2 or 3 have a document's shape? ─▶ check digits ─▶ document
//                │ CR, LF, STX, ETX, anything else ends a line            │ no, or wrong: kept until the silence
//                └──────────────── silence ─▶ unread, or discarded ◀──────┘
//
// A failed swipe is told only after the silence: what looks like a bad document may be noise before a good one.

import type { Decoded, Decoder } from '../../kit/machine.ts';
import type { UnreadReason } from './api.ts';
import { readZone, shapes, type ZoneDocument, type ZoneFailure } from './mrz.ts';

export type MrzFrame =
  | { type: 'document'; document: ZoneDocument }
  | { type: 'unread'; reason: UnreadReason; field?: ZoneFailure['field'] };

export type MrzDecoderOptions = { silenceMs: number };

/** Far above any document (3 × 30 with separators) and what a reader adds to it. */
export const burstLimit = 1024;
/** Fewer characters of a zone than this in a burst are noise, not somebody's document. */
const leastZone = 20;

const isZone = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x3c;

type Line = { text: string; start: number };

/** Lines of one document, with where it begins in the burst. */
type Candidate = { format: (typeof shapes)[number]['format']; lines: string[]; start: number };

/**
 * Shapes that the last lines have. The first line may have noise before it; the others are exact. A reader without separators
 * sends all lines as one.
 */
const candidatesOf = (lines: readonly Line[]): Candidate[] => {
  const last = lines.at(-1);
  if (!last) return [];
  const found: Candidate[] = [];
  for (const { format, lines: count, length } of shapes) {
    const joined = last.text.length === count * length;
    if (joined)
      found.push({
        format,
        lines: Array.from({ length: count }, (_, index) => last.text.slice(index * length, (index + 1) * length)),
        start: last.start,
      });
    const block = lines.slice(-count);
    const [first, ...others] = block;
    if (block.length < count || !first || first.text.length < length) continue;
    if (!others.every(({ text }) => text.length === length)) continue;
    // A whole line of another layout is no noise before a line of this one.
    if (first.text.length > length && shapes.some((other) => other.length === first.text.length)) continue;
    const noise = first.text.length - length;
    found.push({
      format,
      lines: [first.text.slice(noise), ...others.map(({ text }) => text)],
      start: first.start + noise,
    });
  }
  return found;
};

export const createMrzDecoder = ({ silenceMs }: MrzDecoderOptions): Decoder<MrzFrame> => {
  let burst: number[] = [];
  let lines: Line[] = [];
  let current: Line | undefined;
  let failure: ZoneFailure | undefined;

  const clear = (): void => {
    burst = [];
    lines = [];
    current = undefined;
    failure = undefined;
  };

  const discarded = (bytes: readonly number[], reason: string): Decoded<MrzFrame>[] =>
    bytes.length === 0 ? [] : [{ type: 'discarded', bytes: Uint8Array.from(bytes), reason }];

  const endLine = (): Decoded<MrzFrame>[] => {
    if (!current) return [];
    lines = [...lines.slice(-2), current];
    current = undefined;
    for (const candidate of candidatesOf(lines)) {
      const read = readZone(candidate.format, candidate.lines);
      if (!read.ok) {
        failure = read.failure;
        continue;
      }
      const before = burst.slice(0, candidate.start);
      const bytes = Uint8Array.from(burst.slice(candidate.start));
      clear();
      return [
        ...discarded(before.some(isZone) ? before : [], 'notADocument'),
        { type: 'frame', frame: { type: 'document', document: read.document }, bytes },
      ];
    }
    return [];
  };

  const flush = (): Decoded<MrzFrame>[] => {
    const decoded = endLine();
    const bytes = Uint8Array.from(burst);
    const zone = burst.filter(isZone).length;
    const found = failure;
    clear();
    if (zone === 0) return decoded;
    if (zone < leastZone) return [...decoded, { type: 'discarded', bytes, reason: 'notADocument' }];
    const frame: MrzFrame = found ? { type: 'unread', ...found } : { type: 'unread', reason: 'incomplete' };
    return [...decoded, { type: 'frame', frame, bytes }];
  };

  return {
    idleMs: silenceMs,
    push(chunk) {
      const decoded: Decoded<MrzFrame>[] = [];
      for (const byte of chunk) {
        if (burst.length >= burstLimit) {
          // A babbling line: what a document could still need is kept, the rest is told and forgotten.
          const surplus = burst.length - burstLimit / 2;
          decoded.push(...discarded(burst.slice(0, surplus), 'tooLong'));
          burst = burst.slice(surplus);
          lines = lines.map(({ text, start }) => ({ text, start: start - surplus })).filter(({ start }) => start >= 0);
          if (current) {
            const cut = Math.max(0, surplus - current.start);
            current = { text: current.text.slice(cut), start: Math.max(0, current.start - surplus) };
          }
        }
        burst.push(byte);
        if (!isZone(byte)) decoded.push(...endLine());
        else if (current) current.text += String.fromCharCode(byte);
        else current = { text: String.fromCharCode(byte), start: burst.length - 1 };
      }
      return decoded;
    },
    idle: flush,
  };
};
