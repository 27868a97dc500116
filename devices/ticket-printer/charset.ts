// Text → what a Chinese receipt printer can print, character by character: bytes, columns on the paper, and whether the
// character had to be replaced.
//
//   ticket text ─▶ glyphsOf ─▶ layout.ts (wraps by columns) ─▶ ticket-bytes.ts

import iconv from 'iconv-lite';

export const encodings = ['gbk', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

/**
 * One printed character. Chinese and every other two-byte character takes two columns of the 12-dot font. `character` is what the
 * ticket says, `text` what the printer's own font shows of it.
 */
export type Glyph = { character: string; text: string; bytes: Uint8Array; columns: 1 | 2; isReplaced: boolean };

/**
 * Stands for a character that the printer has no picture of. The geta mark (〓, GBK A1 FE) is what Chinese and Japanese
 * printing uses for "a character is missing here"; a question mark inside a name would look like part of the name.
 */
const missingGlyph = { text: '〓', bytes: Uint8Array.of(0xa1, 0xfe), columns: 2, isReplaced: true } as const;

// The same sign under another code point that GBK does not have. The middle dot of Uyghur and other minority names is
// stored under all three code points, depending on who typed it.
const sameSign: Readonly<Record<string, string>> = {
  '\u2022': '·',
  '\u30fb': '·',
  '\u00a0': ' ',
  '\u00a5': '\uffe5',
  '\t': ' ',
};

// Control and format characters print nothing. Dropping them also means that no text, wherever it came from, can carry a
// printer command.
const invisible = /[\p{Cc}\p{Cf}\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

const glyphOf = (character: string, encoding: Encoding): Glyph => {
  const text = sameSign[character] ?? character;
  const bytes = iconv.encode(text, encoding);
  const [first = 0] = bytes;
  // One byte must be ASCII: CP936 puts the euro sign at 80, which printers take for half a Chinese character.
  const isAscii = bytes.length === 1 && first < 0x80 && (first !== 0x3f || text === '?');
  if (isAscii) return { character, text, bytes, columns: 1, isReplaced: false };
  // Four-byte GB18030 comes out as two wrong characters on most printers, whatever their manual says.
  if (bytes.length === 2) return { character, text, bytes, columns: 2, isReplaced: false };
  return { character, ...missingGlyph };
};

/** Characters of one line of text (no line feeds; those are dropped like every control character but the tab). */
export const glyphsOf = (text: string, encoding: Encoding): Glyph[] => {
  const glyphs: Glyph[] = [];
  for (const character of text.normalize('NFC')) {
    if (character !== '\t' && invisible.test(character)) continue;
    glyphs.push(glyphOf(character, encoding));
  }
  return glyphs;
};

export const columnsOf = (glyphs: readonly Glyph[]): number =>
  glyphs.reduce((columns, glyph) => columns + glyph.columns, 0);
