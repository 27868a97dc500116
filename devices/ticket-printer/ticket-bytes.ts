// Paper items → one ESC/POS job. Modes are sent only where they change, from the state that ESC @ leaves.
//
//   layout.ts ─▶ encodeTicket ─▶ [initialise | lines, codes, feeds | cut] ─▶ machine.ts adds the confirmation request

import { fail, ok, type Result } from '../kit/result.ts';
import type { TicketDocument } from './api.ts';
import type { Encoding } from './charset.ts';
import { endOfTicket, initialise, realTimeCommandAt, type PaperEnd } from './commands.ts';
import {
  columnsOfPaper,
  dotsOfPaper,
  layOut,
  replacedIn,
  type Align,
  type PaperItem,
  type PaperWidthMm,
  type TextSize,
} from './layout.ts';
import { imageProblem, rasterCommands } from './raster.ts';

export type TicketFormat = PaperEnd & { encoding: Encoding; paperWidthMm: PaperWidthMm };

/** `replaced`: characters printed as 〓. `lengthMm`: paper used, to the nearest line. */
export type EncodedTicket = { bytes: Uint8Array; replaced: number; lengthMm: number };

/**
 * Bytes of a QR code of one ticket. Far more than a phone reads from 58 mm paper, and short enough that the length bytes of
 * GS ( k cannot form a real-time command (10 04 would be 1037 bytes, 10 05 1293).
 */
export const qrLimitBytes = 600;

const alignBytes: Record<Align, number> = { left: 0, center: 1, right: 2 };
const sizeBytes: Record<TextSize, number> = { 1: 0x00, 2: 0x11, 3: 0x22 };

// Byte mode, error level M, versions 1, 2, 3… (ISO/IEC 18004, table 7).
const qrCapacityM = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624] as const;
const quietZoneModules = 8;
const defaultModuleDots = 6;

/** Modules along one side of the QR code that holds so many bytes at level M. */
export const qrModules = (byteCount: number): number => {
  const index = qrCapacityM.findIndex((capacity) => byteCount <= capacity);
  return index < 0 ? Infinity : 21 + 4 * index;
};

const barcodeModuleDots = 2;
/** Start, check and stop symbol and both quiet zones of CODE128. */
const barcodeModules = (characterCount: number): number => 11 * (characterCount + 2) + 13 + 20;

const invalid = (message: string): Result<never> => fail('documentInvalid', 'system', message);

const qrBytes = (data: string, wantedDots: number | undefined, paperDots: number): Result<number[]> => {
  const content = Buffer.from(data, 'utf8');
  if (content.length === 0) return invalid('a QR code without content');
  if (content.length > qrLimitBytes)
    return invalid(`a QR code of ${content.length} bytes, the limit is ${qrLimitBytes}`);
  // A code wider than the paper is not printed at all, without a word from the printer.
  const fitting = Math.floor(paperDots / (qrModules(content.length) + quietZoneModules));
  const moduleDots = Math.max(1, Math.min(wantedDots ?? defaultModuleDots, fitting, 16));
  const stored = content.length + 3;
  const qr = (...parameters: number[]): number[] => [0x1d, 0x28, 0x6b, ...parameters];
  return ok([
    ...qr(0x04, 0x00, 0x31, 0x41, 0x32, 0x00),
    ...qr(0x03, 0x00, 0x31, 0x43, moduleDots),
    ...qr(0x03, 0x00, 0x31, 0x45, 0x31),
    ...qr(stored & 0xff, stored >> 8, 0x31, 0x50, 0x30, ...content),
    ...qr(0x03, 0x00, 0x31, 0x51, 0x30),
  ]);
};

const barcodeBytes = (data: string, paperDots: number): Result<number[]> => {
  // Code set B only: set C packs digit pairs into bytes of any value, and "1604" would become the real-time bytes 10 04.
  if (!/^[\x20-\x7e]+$/.test(data)) return invalid('a barcode holds printable ASCII characters only');
  if (barcodeModules(data.length) * barcodeModuleDots > paperDots)
    return invalid(`a barcode of ${data.length} characters is wider than the paper`);
  const content = [...Buffer.from(data.replaceAll('{', '{{'), 'latin1')];
  const gs = (...parameters: number[]): number[] => [0x1d, ...parameters];
  return ok([
    ...gs(0x68, 0x50),
    ...gs(0x77, barcodeModuleDots),
    ...gs(0x48, 0x02),
    ...gs(0x6b, 0x49, content.length + 2, 0x7b, 0x42, ...content),
    0x0a,
  ]);
};

/** ESC J: from the last row of a drawn line to where the next line of text begins, in dots. */
const spacingAfterDrawnLine = 6;

// 30 dots of line spacing and 24 dots of barcode text at 8 dots a millimetre.
const lengthOf = (item: PaperItem): number => {
  switch (item.type) {
    case 'line':
    case 'drawnLine':
      return 3.75 * item.size;
    case 'image':
      return item.image.heightDots / 8;
    case 'feed':
      return 3.75 * item.lines;
    case 'qr':
      return (qrModules(Buffer.byteLength(item.data)) * (item.moduleDots ?? defaultModuleDots)) / 8;
    case 'barcode':
      return (0x50 + 24) / 8;
    default:
      item satisfies never;
      return 0;
  }
};
/** From the print head to the cutter. */
const cutterFeedMm = 15;

/**
 * The whole job, cut included, confirmation request excluded. Fails with `documentInvalid` when a code cannot be printed.
 * `afterScrap`: a strip of an earlier, broken-off job may still hang in the printer; it is cut off first, so that nobody gets
 * another person's lines on top of the own ticket.
 */
export const encodeTicket = (
  document: TicketDocument,
  format: TicketFormat,
  afterScrap = false,
): Result<EncodedTicket> => {
  const items = layOut(document, columnsOfPaper[format.paperWidthMm], format.encoding);
  const paperDots = dotsOfPaper[format.paperWidthMm];
  const end = endOfTicket(format);
  const job: number[] = [...initialise, ...(afterScrap ? end : [])];
  let align: Align = 'left';
  let size: TextSize = 1;
  let isBold = false;
  const setAlign = (next: Align): void => {
    if (next !== align) job.push(0x1b, 0x61, alignBytes[next]);
    align = next;
  };
  // One by one: a picture has more bytes than a call may have arguments.
  const append = (bytes: Iterable<number>): void => {
    for (const byte of bytes) job.push(byte);
  };
  for (const item of items) {
    switch (item.type) {
      case 'line': {
        setAlign(item.align);
        if (item.size !== size) job.push(0x1d, 0x21, sizeBytes[item.size]);
        size = item.size;
        if (item.isBold !== isBold) job.push(0x1b, 0x45, item.isBold ? 1 : 0);
        isBold = item.isBold;
        for (const glyph of item.glyphs) job.push(...glyph.bytes);
        job.push(0x0a);
        break;
      }
      case 'drawnLine':
      case 'image': {
        const problem = imageProblem(item.image, paperDots);
        if (problem !== undefined) return invalid(problem);
        setAlign(item.align);
        for (const command of rasterCommands(item.image)) append(command);
        if (item.type === 'drawnLine') job.push(0x1b, 0x4a, spacingAfterDrawnLine);
        break;
      }
      case 'feed':
        if (item.lines > 0) job.push(0x1b, 0x64, item.lines);
        break;
      case 'qr':
      case 'barcode': {
        setAlign('center');
        const code =
          item.type === 'qr' ? qrBytes(item.data, item.moduleDots, paperDots) : barcodeBytes(item.data, paperDots);
        if (!code.ok) return code;
        append(code.value);
        break;
      }
      default:
        item satisfies never;
    }
  }
  append(end);
  const bytes = Uint8Array.from(job);
  // The limits above rule this out; a ticket that reset the printer in the middle would be worse than no ticket.
  const at = realTimeCommandAt(bytes);
  if (at >= 0) return invalid(`a real-time command inside the ticket at byte ${at}`);
  const lengthMm = Math.round(items.reduce((sum, item) => sum + lengthOf(item), cutterFeedMm));
  return ok({ bytes, replaced: replacedIn(items), lengthMm });
};
