// SAM_A / SAM_V frames (GA 450 family), both ways. Pure: which reply belongs to which request is known to machine.ts.
//
//   bytes ─▶ [ AA AA 96 69 ] ─▶ [ LEN 4…4089 ] ─▶ [ CHK ] ─▶ frame ─▶ card-text.ts
//                  │                  │              │
//                  └───── discarded ◀─┴── rescan ◀───┘
//
// HID readers put the same frames into reports and fill those up with zeros (`isPadded`).
//
// Host → reader: AA AA AA 96 69 | LEN(2) | CMD PARA | CHK          LEN is big-endian and counts what follows it, CHK included.
// Reader → host: AA AA AA 96 69 | LEN(2) | SW1 SW2 SW3 DATA | CHK  CHK is the exclusive-or of LEN…last byte before it.

import { createByteQueue } from '../kit/framing.ts';
import type { Decoded, Decoder } from '../kit/machine.ts';
import { fail, type Result } from '../kit/result.ts';
import type { IdCard } from './api.ts';
import { parseCardText, textBlockBytes, type CardProblem } from './card-text.ts';

/** CMD and PARA of every request that the driver makes. */
export const requests = {
  reset: [0x10, 0xff],
  selfTest: [0x11, 0xff],
  readSamId: [0x12, 0xff],
  find: [0x20, 0x01],
  select: [0x20, 0x02],
  read: [0x30, 0x01],
  readAddress: [0x30, 0x03],
  readWithPrint: [0x30, 0x10],
  setRate115200: [0x60, 0x00],
  setRate57600: [0x60, 0x01],
  setRate38400: [0x60, 0x02],
  setRate19200: [0x60, 0x03],
  setRate9600: [0x60, 0x04],
} as const satisfies Record<string, readonly [number, number]>;
export type RequestName = keyof typeof requests;

/** Rates that the module can be set to, and the request for each. */
export const rateRequests = {
  115200: 'setRate115200',
  57600: 'setRate57600',
  38400: 'setRate38400',
  19200: 'setRate19200',
  9600: 'setRate9600',
} as const satisfies Record<number, RequestName>;
export type ModuleBaudRate = keyof typeof rateRequests;

/** A reply. `sw3` is the protocol's status; `sw1`/`sw2` are the card's own when an error comes from the card. */
export type SamFrame = { sw1: number; sw2: number; sw3: number; data: Uint8Array };

/** Status bytes (SW3). */
export const sw3 = {
  ok: 0x90,
  noContent: 0x91,
  cardFound: 0x9f,
  checksumError: 0x10,
  lengthError: 0x11,
  badCommand: 0x21,
  unknownCardType: 0x40,
  selfTestFailed: 0x60,
  notAuthorised: 0x66,
  noCard: 0x80,
  selectFailed: 0x81,
} as const;

const header = Uint8Array.of(0xaa, 0xaa, 0x96, 0x69);
const shortestLength = 4;
const longestLength = 4089;
/** LEN of a bare command: what an echoing adapter sends back to us. */
const commandLength = 3;
/** Bytes of one frame arrive back to back; serial servers and USB adapters pause less than this. */
export const interByteMs = 200;
/** The same between the reports of one frame, as a published HID driver waits for them. */
export const interReportMs = 800;
/** Silence that ends a broken reply, before anything is sent again. */
export const drainMs = 50;
/** Noise is taken in portions, so that the buffer stays far below the kit's 64 KiB. */
const portionBytes = 8192;

const xorOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** The 10 bytes of a request. */
export const encodeRequest = (name: RequestName): Uint8Array => {
  const body = Uint8Array.of(0x00, commandLength, ...requests[name]);
  return Uint8Array.of(0xaa, 0xaa, 0xaa, 0x96, 0x69, ...body, xorOf(body));
};

const zerosAhead = (bytes: Uint8Array): number => {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length : first;
};

/** Where in `bytes` a header may have begun whose rest has not arrived; `bytes.length` when nowhere. */
const unfinishedHeaderAt = (bytes: Uint8Array): number => {
  for (let length = Math.min(header.length - 1, bytes.length); length > 0; length -= 1) {
    const start = bytes.length - length;
    if (header.subarray(0, length).every((byte, index) => bytes[start + index] === byte))
      // A third AA before the pair belongs to the preamble.
      return bytes[start - 1] === 0xaa ? start - 1 : start;
  }
  return bytes.length;
};

/** A reply was lost when one of these stands at the end of what arrived. */
const lossReasons: ReadonlySet<string> = new Set(['badChecksum', 'cutShort']);

/** A broken frame that a good one follows is no lost reply: the request was answered after all. */
const excuse = (item: Decoded<SamFrame>): Decoded<SamFrame> =>
  item.type === 'discarded' && lossReasons.has(item.reason) ? { ...item, reason: `${item.reason}Skipped` } : item;

/**
 * Streaming decoder. Takes two or three leading AA and anything before them. A frame whose CHK is wrong, whose LEN is
 * impossible or whose rest does not come within `interByteMs` is searched again behind its header, so it cannot swallow the
 * next good one. A lost reply (`badChecksum`, `cutShort`) is reported only when the line has been silent for `drainMs`; when a
 * good frame follows instead, it is `…Skipped`. Other reasons: `noise`, `echo`, `badLength`.
 *
 * `isPadded`: zeros between frames are a report's padding and pass unreported.
 */
export const createSamDecoder = ({ isPadded = false } = {}): Decoder<SamFrame> => {
  const queue = createByteQueue();
  let held: Decoded<SamFrame>[] = [];

  const scan = (isSilent: boolean): Decoded<SamFrame>[] => {
    const out: Decoded<SamFrame>[] = [];
    const discard = (count: number, reason: string): void => {
      if (count > 0) out.push({ type: 'discarded', bytes: Uint8Array.from(queue.take(count)), reason });
    };
    for (;;) {
      if (isPadded) queue.take(zerosAhead(queue.view()));
      const at = queue.indexOf(header);
      if (at < 0) {
        discard(isSilent ? queue.length : unfinishedHeaderAt(queue.view()), 'noise');
        return out;
      }
      const start = queue.at(at - 1) === 0xaa ? at - 1 : at;
      discard(start, 'noise');
      const body = at - start + header.length;
      const claimed = queue.length < body + 2 ? undefined : (queue.at(body) << 8) | queue.at(body + 1);
      if (claimed !== undefined && claimed !== commandLength && (claimed < shortestLength || claimed > longestLength)) {
        discard(body, 'badLength');
        continue;
      }
      const total = body + 2 + (claimed ?? 0);
      if (claimed === undefined || queue.length < total) {
        if (!isSilent) return out;
        // The rest never came. What stands behind the header may be the next frame, whole.
        discard(restart(body, queue.length), 'cutShort');
        continue;
      }
      if (xorOf(queue.view().subarray(body, total)) !== 0) discard(restart(body, total), 'badChecksum');
      else if (claimed === commandLength) discard(total, 'echo');
      else {
        const bytes = Uint8Array.from(queue.take(total));
        const [sw1 = 0, sw2 = 0, status = 0] = bytes.subarray(body + 2);
        const data = bytes.slice(body + 5, total - 1);
        out.push({ type: 'frame', frame: { sw1, sw2, sw3: status, data }, bytes });
      }
    }
  };

  /** How many bytes of a broken frame of `total` bytes to drop: up to the next header in it, at most all of it. */
  const restart = (body: number, total: number): number => {
    const next = queue.indexOf(header, body);
    const from = next < 0 ? body + unfinishedHeaderAt(queue.view().subarray(body)) : next;
    const start = next > body && queue.at(next - 1) === 0xaa ? next - 1 : from;
    return Math.min(start, total);
  };

  /** Gives out everything up to the last good frame, and the rest too unless it holds a loss that may yet be made good. */
  const release = (isSilent: boolean): Decoded<SamFrame>[] => {
    const good = held.findLastIndex((item) => item.type === 'frame') + 1;
    const answered = held.slice(0, good).map(excuse);
    const rest = held.slice(good);
    const mayHeal = rest.some((item) => item.type === 'discarded' && lossReasons.has(item.reason));
    const heldBytes = rest.reduce((sum, item) => sum + item.bytes.length, 0);
    held = mayHeal && !isSilent && heldBytes <= portionBytes ? rest : [];
    return held.length > 0 ? answered : [...answered, ...rest];
  };

  return {
    push(chunk) {
      const out: Decoded<SamFrame>[] = [];
      for (let from = 0; from < chunk.length; from += portionBytes) {
        queue.append(chunk.subarray(from, from + portionBytes));
        held.push(...scan(false));
        out.push(...release(false));
      }
      return out;
    },
    idle() {
      held.push(...scan(true));
      return release(true);
    },
    get idleMs() {
      if (held.length > 0) return drainMs;
      return isPadded ? interReportMs : interByteMs;
    },
  };
};

/** Frames with more data than a SAM id hold a card's text. */
export const holdsCardData = (frame: SamFrame): boolean => frame.data.length > 16;

/**
 * 16 bytes of reply data → `05.03-20130506-0012345678-1234567890`: u16 vendor, u16 part, u32 date, u32, u32, little-endian,
 * printed as the vendors' own libraries print it. Undefined when the length differs.
 */
export const formatSamId = (data: Uint8Array): string | undefined => {
  if (data.length !== 16) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const two = (value: number): string => String(value).padStart(2, '0');
  const serial = String(view.getUint32(8, true)).padStart(10, '0');
  return `${two(view.getUint16(0, true))}.${two(view.getUint16(2, true))}-${view.getUint32(4, true)}-${serial}-${view.getUint32(12, true)}`;
};

/**
 * Data of an OK reply to `read` (two length words) or `readWithPrint` (three) → the card. Lengths that do not add up, and text
 * that does not validate, are `damagedData`. Photo (WLT) and fingerprint are passed on unread.
 */
export const parseCardData = (
  data: Uint8Array,
  request: 'read' | 'readWithPrint',
  today: string,
): Result<IdCard, CardProblem> => {
  const headBytes = request === 'read' ? 4 : 6;
  const word = (offset: number): number => ((data[offset] ?? 0) << 8) | (data[offset + 1] ?? 0);
  const photoBytes = word(2);
  const printBytes = request === 'read' ? 0 : word(4);
  if (word(0) !== textBlockBytes || data.length !== headBytes + textBlockBytes + photoBytes + printBytes)
    return fail('damagedData', 'citizen', 'the lengths in the reply do not add up');
  const parsed = parseCardText(data.subarray(headBytes, headBytes + textBlockBytes), today);
  if (!parsed.ok) return parsed;
  const photoAt = headBytes + textBlockBytes;
  const card: IdCard = { ...parsed.value };
  if (photoBytes > 0) card.photo = data.slice(photoAt, photoAt + photoBytes);
  if (printBytes > 0) card.fingerprint = data.slice(photoAt + photoBytes);
  return { ok: true, value: card };
};
