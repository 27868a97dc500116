// Ticket document → lines of the paper. Lines are broken here and not by the printer, so that the screen can show the same
// ticket that the paper will carry.
//
//   TicketDocument ─▶ layOut ─┬▶ ticket-bytes.ts (ESC/POS)
//                             └▶ previewTicket   (screen, tests)

import type { DotImage, TicketBlock, TicketDocument } from './api.ts';
import { columnsOf, glyphsOf, type Encoding, type Glyph } from './charset.ts';
import { drawLine } from './raster.ts';

export type Align = 'left' | 'center' | 'right';
export type TextSize = 1 | 2 | 3;

export type PaperItem =
  | { type: 'line'; glyphs: readonly Glyph[]; size: TextSize; align: Align; isBold: boolean }
  /** A line with characters that the printer does not have, as a picture. */
  | { type: 'drawnLine'; glyphs: readonly Glyph[]; size: TextSize; align: Align; image: DotImage }
  | { type: 'image'; image: DotImage; align: Align }
  | { type: 'feed'; lines: number }
  | { type: 'qr'; data: string; moduleDots: number | undefined }
  | { type: 'barcode'; data: string };

/** Characters of the normal size on one line: 384 dots and 576 dots at 12 dots each. */
export const columnsOfPaper = { 58: 32, 80: 48 } as const;
export const dotsOfPaper = { 58: 384, 80: 576 } as const;
export type PaperWidthMm = keyof typeof columnsOfPaper;

// A line does not begin with the first kind nor end with the second (GB/T 15834, 标点符号用法).
const closing = new Set('\uff0c。、\uff1b\uff1a\uff1f\uff01\uff09》」』】〕”’\uff05,.;:?!)]}%'.split(''));
const opening = new Set('\uff08《「『【〔“‘\uffe5([{'.split(''));

/** Pieces that stay together: a Latin word or a number, a Chinese character, each with the punctuation that clings to it. */
const piecesOf = (glyphs: readonly Glyph[]): Glyph[][] => {
  const pieces: Glyph[][] = [];
  let previous: Glyph | undefined;
  for (const glyph of glyphs) {
    const last = pieces.at(-1);
    const isWord = glyph.columns === 1 && glyph.text !== ' ';
    const wasWord = previous !== undefined && previous.columns === 1 && previous.text !== ' ';
    const clings =
      previous !== undefined &&
      previous.text !== ' ' &&
      glyph.text !== ' ' &&
      ((isWord && wasWord) || closing.has(glyph.text) || opening.has(previous.text));
    if (last && clings) last.push(glyph);
    else pieces.push([glyph]);
    previous = glyph;
  }
  return pieces;
};

const isBlank = (piece: readonly Glyph[]): boolean => piece.length === 1 && piece[0]?.text === ' ';

/** Breaks one line of text into lines of at most `columns` columns. */
export const wrap = (glyphs: readonly Glyph[], columns: number): Glyph[][] => {
  const lines: Glyph[][] = [];
  let line: Glyph[] = [];
  const endLine = (): void => {
    while (line.at(-1)?.text === ' ') line.pop();
    lines.push(line);
    line = [];
  };
  for (const piece of piecesOf(glyphs)) {
    if (columnsOf(line) + columnsOf(piece) <= columns) {
      line.push(...piece);
      continue;
    }
    if (line.length > 0) endLine();
    // A blank at a break is not carried over.
    if (isBlank(piece)) continue;
    for (const glyph of piece) {
      if (columnsOf(line) + glyph.columns > columns) endLine();
      line.push(glyph);
    }
  }
  if (line.length > 0 || lines.length === 0) lines.push(line);
  return lines;
};

const textLine = (glyphs: readonly Glyph[], align: Align = 'left'): PaperItem => ({
  type: 'line',
  glyphs,
  size: 1,
  align,
  isBold: false,
});

const pairLines = (block: TicketBlock & { type: 'pair' }, columns: number, encoding: Encoding): PaperItem[] => {
  const label = glyphsOf(block.label, encoding);
  const value = glyphsOf(block.value, encoding);
  const gap = columns - columnsOf(label) - columnsOf(value);
  if (gap >= 1) return [textLine([...label, ...glyphsOf(' '.repeat(gap), encoding), ...value])];
  return [
    ...wrap(label, columns).map((line) => textLine(line)),
    // Pushed right with blanks, not with ESC a: the alignment command would be one more state to get wrong mid-ticket.
    ...wrap(value, columns).map((line) =>
      textLine([...glyphsOf(' '.repeat(columns - columnsOf(line)), encoding), ...line]),
    ),
  ];
};

const itemsOfBlock = (block: TicketBlock, columns: number, encoding: Encoding): PaperItem[] => {
  switch (block.type) {
    case 'text': {
      const size = block.size ?? 1;
      return block.text
        .split(/\r\n|\r|\n/)
        .flatMap((text) => wrap(glyphsOf(text, encoding), Math.floor(columns / size)))
        .map((glyphs) => ({ type: 'line', glyphs, size, align: block.align ?? 'left', isBold: block.bold ?? false }));
    }
    case 'pair':
      return pairLines(block, columns, encoding);
    case 'rule':
      return [textLine(glyphsOf('-'.repeat(columns), encoding))];
    case 'feed':
      return [{ type: 'feed', lines: Math.min(255, Math.max(0, Math.trunc(block.lines))) }];
    case 'qr':
      return [{ type: 'qr', data: block.data, moduleDots: block.moduleDots }];
    case 'barcode':
      return [{ type: 'barcode', data: block.data }];
    case 'image':
      return [{ type: 'image', image: block.image, align: block.align ?? 'center' }];
    default:
      block satisfies never;
      return [];
  }
};

/** What every reprint carries as its first line, so that one number in two hands can be told apart. */
export const reprintMark = '补打 REPRINT';

const hasRare = (item: PaperItem): item is PaperItem & { type: 'line' } =>
  item.type === 'line' && item.glyphs.some((glyph) => glyph.isReplaced);

/** Lines, codes and feeds in the order in which they leave the printer; `columns` of the normal size. */
export const layOut = (document: TicketDocument, columns: number, encoding: Encoding): PaperItem[] => {
  const mark: TicketBlock = { type: 'text', text: reprintMark, size: 2, align: 'center', bold: true };
  const blocks = document.isReprint === true ? [mark, ...document.blocks] : document.blocks;
  const { rasterGlyphs = {} } = document;
  return blocks
    .flatMap((block) => itemsOfBlock(block, columns, encoding))
    .map((item) => {
      if (!hasRare(item)) return item;
      const { glyphs, size, align } = item;
      const image = drawLine(glyphs, size, item.isBold, rasterGlyphs);
      return image ? { type: 'drawnLine', glyphs, size, align, image } : item;
    });
};

/**
 * The characters whose pictures `rasterGlyphs` must hold so that no 〓 is printed: all of a line that has a rare one, because a
 * picture and the printer's own font cannot share a line. Empty for most tickets. `columns` as in `layOut`.
 */
export const glyphsToDraw = (document: TicketDocument, columns: number, encoding: Encoding): string[] => {
  const lines = layOut({ ...document, rasterGlyphs: {} }, columns, encoding).filter(hasRare);
  const characters = lines.flatMap((line) => line.glyphs.map((glyph) => glyph.character));
  return [...new Set(characters)].filter((character) => character !== ' ');
};

/** Characters that the printer cannot print and that appear as 〓. */
export const replacedIn = (items: readonly PaperItem[]): number =>
  items.reduce(
    (count, item) => (item.type === 'line' ? count + item.glyphs.filter((glyph) => glyph.isReplaced).length : count),
    0,
  );

/**
 * The ticket as plain lines for a screen of `columns` columns (a Chinese character fills two). Large text stands where it
 * will stand on the paper; codes and images appear as `[QR …]`, `[CODE128 …]`, `[IMAGE …]`.
 */
export const previewTicket = (document: TicketDocument, columns: number, encoding: Encoding = 'gbk'): string[] => {
  const aligned = (text: string, width: number, align: Align): string => {
    const free = Math.max(0, columns - width);
    const indent = align === 'left' ? 0 : align === 'right' ? free : Math.floor(free / 2);
    return ' '.repeat(indent) + text;
  };
  return layOut(document, columns, encoding).flatMap((item) => {
    switch (item.type) {
      case 'line':
      case 'drawnLine': {
        const text = item.glyphs.map((glyph) => (item.type === 'line' ? glyph.text : glyph.character)).join('');
        return [aligned(text, columnsOf(item.glyphs) * item.size, item.align)];
      }
      case 'image': {
        const text = `[IMAGE ${item.image.widthDots}×${item.image.heightDots}]`;
        return [aligned(text, text.length, item.align)];
      }
      case 'feed':
        return Array.from({ length: item.lines }, () => '');
      case 'qr':
        return [`[QR ${item.data}]`];
      case 'barcode':
        return [`[CODE128 ${item.data}]`];
      default:
        item satisfies never;
        return [];
    }
  });
};
