// Pictures on paper: the manual's example byte for byte, limits, and lines with characters that no printer font has.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DotImage, TicketBlock, TicketDocument } from './api.ts';
import { encodeTicket, realTimeCommandAt } from './codec.ts';
import { bytesOfHex, hexOfBytes } from './fixtures/read.ts';
import { glyphsToDraw, previewTicket } from './layout.ts';
import { imageHeightLimit, imageProblem, rasterCommands } from './raster.ts';
import { startRig } from './test-rig.ts';

const format = { encoding: 'gbk', paperWidthMm: 80 } as const;

const imageOf = (widthDots: number, heightDots: number, fill = 0xff): DotImage => ({
  widthDots,
  heightDots,
  dots: new Uint8Array(Math.ceil(widthDots / 8) * heightDots).fill(fill),
});

const hexOf = (document: TicketDocument, paperWidthMm: 58 | 80 = 80): string => {
  const ticket = encodeTicket(document, { encoding: 'gbk', paperWidthMm });
  return ticket.ok ? hexOfBytes(ticket.value.bytes) : ticket.error.code;
};

/** 24 rows of the same bytes. */
const glyph = (widthDots: 12 | 24, row: string): DotImage => {
  const bytes = bytesOfHex(row);
  return {
    widthDots,
    heightDots: 24,
    dots: Uint8Array.from({ length: 24 * bytes.length }, (_, at) => bytes[at % bytes.length] ?? 0),
  };
};

/** A letter of one black column on its left edge; rare characters all black. */
const pictures: Record<string, DotImage> = {
  A: glyph(12, '80 00'),
  㐀: glyph(24, 'FF FF FF'),
  𠮷: glyph(24, 'FF FF FF'),
  张: glyph(24, '80 00 00'),
};

describe('an image', () => {
  test('of the manual: 16 × 2 dots', () => {
    const image = { widthDots: 16, heightDots: 2, dots: bytesOfHex('FF 00 00 FF') };
    expect(hexOf({ blocks: [{ type: 'image', image, align: 'left' }] })).toBe(
      '1B 40 1D 61 0E 1C 26 1D 76 30 00 02 00 02 00 FF 00 00 FF 1D 56 42 00',
    );
  });

  test.each([
    [58, 384],
    [80, 576],
  ] as const)('fits on %i mm up to %i dots and is refused beyond', (paperWidthMm, dots) => {
    expect(hexOf({ blocks: [{ type: 'image', image: imageOf(dots, 3) }] }, paperWidthMm)).toContain('1D 76 30 00');
    expect(hexOf({ blocks: [{ type: 'image', image: imageOf(dots + 1, 3) }] }, paperWidthMm)).toBe('documentInvalid');
  });

  test('that is empty, endless or does not have the bytes it says is refused', () => {
    expect(imageProblem(imageOf(0, 8), 576)).toContain('dots');
    expect(imageProblem(imageOf(8, 0), 576)).toContain('rows');
    expect(imageProblem(imageOf(8, imageHeightLimit), 576)).toBeUndefined();
    expect(imageProblem(imageOf(8, imageHeightLimit + 1), 576)).toContain('rows');
    expect(imageProblem({ ...imageOf(9, 8), dots: new Uint8Array(8) }, 576)).toContain('instead of 16');
    expect(imageProblem(imageOf(8.5, 8), 576)).toContain('dots');
  });

  test('is sent in bands that fit any receive buffer, and lies on the paper in one piece', async () => {
    for (const command of rasterCommands(imageOf(576, 200))) expect(command.length).toBeLessThan(4096);
    const rig = await startRig();
    const image = imageOf(32, 100, 0xf0);
    const blocks: TicketBlock[] = [
      { type: 'text', text: '上' },
      { type: 'image', image },
      { type: 'text', text: '下' },
    ];
    expect(await rig.until(rig.print({ blocks }))).toMatchObject({ ok: true, value: { type: 'printed' } });
    const [ticket] = rig.tickets();
    expect(ticket?.lines.map((line) => line.trim())).toEqual(['上', '[image 1]', '下']);
    const picture = Array.from({ length: 25 }, () => '⣿⣿⠀⠀'.repeat(4));
    expect(ticket?.images).toEqual([{ widthDots: 32, heightDots: 100, picture }]);
    expect(rig.printer.statistics().paperMm).toBeGreaterThanOrEqual(12);
  });

  test('two of them stay two', async () => {
    const rig = await startRig();
    const blocks: TicketBlock[] = [
      { type: 'image', image: imageOf(8, 4) },
      { type: 'feed', lines: 1 },
      { type: 'image', image: imageOf(16, 4) },
    ];
    await rig.until(rig.print({ blocks }));
    expect(rig.tickets()[0]?.images.map(({ widthDots }) => widthDots)).toEqual([8, 16]);
  });

  test('never carries a real-time command; a dot more is the price, and no dot less', () => {
    const nasty = fc.constantFrom(0x10, 0x04, 0x05, 0x14, 0x00, 0xff);
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 200, maxLength: 200 }), (values) => {
        const dots = Uint8Array.from(values);
        const data = rasterCommands({ widthDots: 16, heightDots: 100, dots }).flatMap((command) => [
          ...command.subarray(8),
        ]);
        const block: TicketBlock = { type: 'image', image: { widthDots: 16, heightDots: 100, dots } };
        const ticket = encodeTicket({ blocks: [block] }, format);
        expect(ticket.ok && realTimeCommandAt(ticket.value.bytes)).toBe(-1);
        expect(data.every((byte, at) => byte === values[at] || byte === ((values[at] ?? 0) | 0x02))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('characters that no printer font has', () => {
  const name: TicketDocument = { blocks: [{ type: 'text', text: 'A㐀' }], rasterGlyphs: pictures };

  test('are printed with their line as a picture', () => {
    // 12 dots of A, 24 of the rare one, 4 of padding; then 6 dots to where the next line begins.
    const rows = Array.from({ length: 24 }, () => '80 0F FF FF F0').join(' ');
    expect(hexOf(name)).toBe(`1B 40 1D 61 0E 1C 26 1D 76 30 00 05 00 18 00 ${rows} 1B 4A 06 1D 56 42 00`);
  });

  test('are not counted as replaced, and the screen shows them as they are', () => {
    const ticket = encodeTicket(name, format);
    expect(ticket.ok && ticket.value.replaced).toBe(0);
    expect(previewTicket(name, 48)).toEqual(['A㐀']);
    expect(previewTicket({ blocks: name.blocks }, 48)).toEqual(['A〓']);
  });

  test('come out of the printer among lines of its own font', async () => {
    const rig = await startRig();
    const document: TicketDocument = {
      blocks: [
        { type: 'text', text: '申请人' },
        { type: 'text', text: '张㐀', align: 'center' },
        { type: 'text', text: '请到3号窗口' },
      ],
      rasterGlyphs: pictures,
    };
    expect(await rig.until(rig.print(document))).toMatchObject({ ok: true, value: { type: 'printed' } });
    const [ticket] = rig.tickets();
    expect(ticket?.lines.map((line) => line.trim())).toEqual(['申请人', '[image 1]', '请到3号窗口']);
    expect(ticket?.images[0]?.picture[0]).toBe(`⡇${'⠀'.repeat(11)}${'⣿'.repeat(12)}`);
    expect(rig.printer.statistics().replacedCharacters).toBe(0);
  });

  test('double size makes every dot four; bold makes it wider', () => {
    const block = { type: 'text', text: 'A㐀', size: 2 } as const;
    // 24 dots of A, of which 2 are black (3 when bold), 48 of the rare one.
    expect(hexOf({ blocks: [block], rasterGlyphs: pictures })).toContain(
      '00 09 00 30 00 C0 00 00 FF FF FF FF FF FF C0',
    );
    expect(hexOf({ blocks: [{ ...block, bold: true }], rasterGlyphs: pictures })).toContain('30 00 E0 00 00 FF');
  });

  test('a pair stays a pair, its blanks need no picture', () => {
    const blocks = [{ type: 'pair', label: 'A', value: '㐀' }] as const;
    expect(hexOf({ blocks, rasterGlyphs: pictures }, 58)).toContain('1D 76 30 00 30 00 18 00 80 00');
  });

  test('one picture missing, or of the wrong size: the line keeps its 〓 and is counted', () => {
    const { 张: other, ...withoutOther } = pictures;
    const incomplete: Record<string, DotImage>[] = [
      withoutOther,
      { ...pictures, 㐀: imageOf(23, 24) },
      { ...pictures, 㐀: { widthDots: 24, heightDots: 24, dots: new Uint8Array(5) } },
      {},
    ];
    expect(other).toBeDefined();
    for (const rasterGlyphs of incomplete) {
      const ticket = encodeTicket({ blocks: [{ type: 'text', text: '张㐀' }], rasterGlyphs }, format);
      expect(ticket.ok && ticket.value.replaced).toBe(1);
      expect(ticket.ok && hexOfBytes(ticket.value.bytes)).toContain('D5 C5 A1 FE 0A');
    }
  });

  test('whoever has a font is told which pictures are wanted', () => {
    const blocks: TicketBlock[] = [
      { type: 'text', text: '请到3号窗口' },
      { type: 'pair', label: '申请人', value: '张𠮷' },
    ];
    expect(glyphsToDraw({ blocks }, 48, 'gbk')).toEqual(['申', '请', '人', '张', '𠮷']);
    expect(glyphsToDraw({ blocks: [{ type: 'text', text: '请到3号窗口' }] }, 48, 'gbk')).toEqual([]);
  });

  test('a line without rare characters is text, whatever pictures there are', () => {
    expect(hexOf({ blocks: [{ type: 'text', text: 'A张' }], rasterGlyphs: pictures })).toContain('41 D5 C5 0A');
  });
});
