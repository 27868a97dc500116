import { describe, expect, test } from 'vitest';
import { columnsOf, glyphsOf } from './charset.ts';
import { encodeTicket } from './codec.ts';
import { hexOfBytes, jsonFixture } from './fixtures/read.ts';
import { layOut, previewTicket, replacedIn, reprintMark, wrap } from './layout.ts';

type ChineseFixture = { texts: { text: string; gbk: string | null; gb18030: string }[] };
const chinese = jsonFixture<ChineseFixture>('chinese-text.json').texts;

const bytesOfText = (text: string, encoding: 'gbk' | 'gb18030'): string =>
  hexOfBytes(Buffer.concat(glyphsOf(text, encoding).map((glyph) => glyph.bytes)));

describe('Chinese', () => {
  test.each(chinese.filter(({ gbk }) => gbk !== null))('$text in GBK', ({ text, gbk }) => {
    expect(bytesOfText(text, 'gbk')).toBe(gbk);
  });

  test.each(chinese)('$text in GB18030', ({ text, gb18030 }) => {
    expect(bytesOfText(text, 'gb18030')).toBe(gb18030);
  });

  test('a character that the printer does not have becomes 〓 and is counted, in both encodings', () => {
    for (const encoding of ['gbk', 'gb18030'] as const) {
      expect(bytesOfText('张㐀𠮷', encoding)).toBe('D5 C5 A1 FE A1 FE');
      const ticket = encodeTicket({ blocks: [{ type: 'text', text: '张㐀𠮷?' }] }, { encoding, paperWidthMm: 80 });
      expect(ticket.ok && ticket.value.replaced).toBe(2);
    }
  });

  test('a question mark is a question mark', () => {
    expect(glyphsOf('?', 'gbk')[0]?.isReplaced).toBe(false);
  });

  test('the euro sign is never the lone byte 80', () => {
    expect(bytesOfText('€', 'gbk')).toBe('A1 FE');
    expect(bytesOfText('€', 'gb18030')).toBe('A2 E3');
  });

  test('the middle dot of a name prints, whichever code point it was typed with', () => {
    for (const dot of ['\u00b7', '\u2022', '\u30fb']) expect(bytesOfText(dot, 'gbk')).toBe('A1 A4');
  });

  test('invisible characters and variation selectors take no room', () => {
    expect(columnsOf(glyphsOf('张\u200b三\ufe0f\u{e0100}\ufeff', 'gbk'))).toBe(4);
  });
});

describe('lines', () => {
  const wrapped = (text: string, columns: number): string[] =>
    wrap(glyphsOf(text, 'gbk'), columns).map((line) => line.map((glyph) => glyph.text).join(''));

  test('a Chinese character counts two columns and is never split', () => {
    expect(wrapped('政务服务大厅', 7)).toEqual(['政务服', '务大厅']);
  });

  test('words and numbers stay whole where they fit', () => {
    expect(wrapped('Take number A001 to window 3', 12)).toEqual(['Take number', 'A001 to', 'window 3']);
    expect(wrapped('电话12345678', 10)).toEqual(['电话', '12345678']);
  });

  test('what is wider than the paper is broken', () => {
    expect(wrapped('ABCDEFGHIJ', 4)).toEqual(['ABCD', 'EFGH', 'IJ']);
  });

  test('no line begins with closing punctuation', () => {
    expect(wrapped('请取号\uff0c谢谢', 6)).toEqual(['请取', '号\uff0c谢', '谢']);
  });

  test.each([
    [58, 32],
    [80, 48],
  ] as const)('on %i mm paper a pair fills the %i columns', (_width, columns) => {
    const [line = ''] = previewTicket({ blocks: [{ type: 'pair', label: '窗口', value: '3号' }] }, columns);
    expect(columnsOf(glyphsOf(line, 'gbk'))).toBe(columns);
    expect(line.startsWith('窗口 ')).toBe(true);
    expect(line.endsWith(' 3号')).toBe(true);
  });

  test('a pair that is too long puts the value on a line of its own, at the right edge', () => {
    const lines = previewTicket(
      { blocks: [{ type: 'pair', label: '事项名称', value: '食品经营许可证新办(含网络经营)' }] },
      32,
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('事项名称');
    expect(columnsOf(glyphsOf(lines[1] ?? '', 'gbk'))).toBe(32);
  });

  test('large text wraps at the columns that it has, and stands in the middle', () => {
    const lines = previewTicket({ blocks: [{ type: 'text', text: 'A001', size: 3, align: 'center' }] }, 32);
    expect(lines).toEqual([`${' '.repeat(10)}A001`]);
    const broken = previewTicket({ blocks: [{ type: 'text', text: '一二三四五六', size: 3 }] }, 32);
    expect(broken).toEqual(['一二三四五', '六']);
  });

  test('a reprint says so on its first line', () => {
    const [first = ''] = previewTicket({ blocks: [{ type: 'text', text: 'A001' }], isReprint: true }, 32);
    expect(first.trim()).toBe(reprintMark);
    const [plain = ''] = previewTicket({ blocks: [{ type: 'text', text: 'A001' }] }, 32);
    expect(plain).toBe('A001');
  });

  test('rules, feeds and codes have their place in the preview', () => {
    const blocks = [
      { type: 'rule' },
      { type: 'feed', lines: 2 },
      { type: 'qr', data: 'q' },
      { type: 'barcode', data: 'b' },
    ] as const;
    expect(previewTicket({ blocks }, 32)).toEqual(['-'.repeat(32), '', '', '[QR q]', '[CODE128 b]']);
  });

  test('replaced characters are counted over the whole ticket', () => {
    const document = {
      blocks: [
        { type: 'pair', label: '㐀', value: '𠮷' },
        { type: 'text', text: '㐀' },
      ],
    } as const;
    expect(replacedIn(layOut(document, 32, 'gbk'))).toBe(3);
  });
});
