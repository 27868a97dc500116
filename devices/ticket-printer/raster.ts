// Pictures of one bit a dot → GS v 0. Lines with rare characters are put together here from pictures of their characters.
//
//   image block ───────────────────────────┐
//   glyphs + rasterGlyphs ─▶ drawLine ─▶ DotImage ─▶ rasterCommands ─▶ ticket-bytes.ts

import type { DotImage } from './api.ts';
import type { Glyph } from './charset.ts';

/** The character cell of the 12 × 24 and 24 × 24 dot fonts. */
export const cellDots = { width: 12, height: 24 } as const;

/** 300 mm of paper. */
export const imageHeightLimit = 2400;

/** Rows sent at once: with the widest paper (72 bytes a row) less than the 4 KB receive buffer that every printer has. */
const bandRows = 48;

const rowBytesOf = (image: DotImage): number => Math.ceil(image.widthDots / 8);

const isDots = (value: number, limit: number): boolean => Number.isInteger(value) && value >= 1 && value <= limit;

/** Why a picture cannot be printed on paper of so many dots, or undefined. */
export const imageProblem = (image: DotImage, paperDots: number): string | undefined => {
  if (!isDots(image.widthDots, paperDots)) return `an image of ${image.widthDots} dots, the paper has ${paperDots}`;
  if (!isDots(image.heightDots, imageHeightLimit))
    return `an image of ${image.heightDots} rows, the limit is ${imageHeightLimit}`;
  const wanted = rowBytesOf(image) * image.heightDots;
  return image.dots.length === wanted ? undefined : `an image of ${image.dots.length} bytes instead of ${wanted}`;
};

/**
 * Printers look for DLE EOT, DLE ENQ and DLE DC4 inside pictures too. One dot more, the last but one of the second byte, takes a
 * pair apart: 04 → 06, 05 → 07, 14 → 16.
 */
const defused = (dots: Uint8Array): Uint8Array => {
  const safe = Uint8Array.from(dots);
  for (let index = 1; index < safe.length; index++) {
    const byte = safe[index] ?? 0;
    if (safe[index - 1] === 0x10 && (byte === 0x04 || byte === 0x05 || byte === 0x14)) safe[index] = byte | 0x02;
  }
  return safe;
};

/** GS v 0 (1D 76 30 m xL xH yL yH data), band by band; x counts bytes of a row, y rows. */
export const rasterCommands = (image: DotImage): Uint8Array[] => {
  const rowBytes = rowBytesOf(image);
  const commands: Uint8Array[] = [];
  for (let top = 0; top < image.heightDots; top += bandRows) {
    const rows = Math.min(bandRows, image.heightDots - top);
    const data = image.dots.subarray(top * rowBytes, (top + rows) * rowBytes);
    commands.push(Uint8Array.from([0x1d, 0x76, 0x30, 0x00, rowBytes, 0x00, rows, 0x00, ...defused(data)]));
  }
  return commands;
};

const isBlack = (image: DotImage, x: number, y: number): boolean =>
  ((image.dots[y * rowBytesOf(image) + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;

/** The picture of one character, or undefined when none of the right size was supplied. */
const pictureOf = (glyph: Glyph, pictures: Readonly<Record<string, DotImage>>): DotImage | undefined => {
  const width = glyph.columns * cellDots.width;
  // Looked up as an own property: a character is data and may be any string.
  const image = Object.hasOwn(pictures, glyph.character) ? pictures[glyph.character] : undefined;
  const fits = image?.widthDots === width && image.heightDots === cellDots.height && !imageProblem(image, width);
  return fits ? image : undefined;
};

/**
 * One line of text as a picture, each dot `size` dots wide and high; undefined when a character has no picture. A blank needs
 * none. Bold is every dot twice, one to the right, as printers do it.
 */
export const drawLine = (
  glyphs: readonly Glyph[],
  size: number,
  isBold: boolean,
  pictures: Readonly<Record<string, DotImage>>,
): DotImage | undefined => {
  const columns = glyphs.reduce((sum, glyph) => sum + glyph.columns, 0);
  const widthDots = columns * cellDots.width * size;
  const heightDots = cellDots.height * size;
  const rowBytes = Math.ceil(widthDots / 8);
  const dots = new Uint8Array(rowBytes * heightDots);
  const ink = (x: number, y: number): void => {
    const at = y * rowBytes + (x >> 3);
    if (x < widthDots) dots[at] = (dots[at] ?? 0) | (0x80 >> (x & 7));
  };
  let left = 0;
  for (const glyph of glyphs) {
    const width = glyph.columns * cellDots.width;
    if (glyph.text !== ' ') {
      const picture = pictureOf(glyph, pictures);
      if (!picture) return undefined;
      for (let y = 0; y < heightDots; y++)
        for (let x = 0; x < width * size; x++) {
          if (!isBlack(picture, Math.floor(x / size), Math.floor(y / size))) continue;
          ink(left + x, y);
          if (isBold) ink(left + x + 1, y);
        }
    }
    left += width * size;
  }
  return { widthDots, heightDots, dots };
};
