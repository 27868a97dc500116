import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../kit/machine.ts';
import { readCodeText } from './code-text.ts';
import { createLineDecoder, longestCodeBytes, type LineOptions } from './codec.ts';
import fixtures from './fixtures/scanner-frames.json' with { type: 'json' };
import { identityOf } from './identity.ts';
import { honeywell, newland } from './maker-commands.ts';
import type { QrFrame } from './protocol.ts';
import { bytesOf } from './test-rig.ts';

const options: LineOptions = {
  frameEnd: 'auto',
  suffix: 'cr',
  silenceMs: 80,
  hasAimPrefix: false,
  encoding: 'auto',
  hello: 'none',
};
const anyText = { hasAimPrefix: false, encoding: 'auto' } as const;
const withAim = { hasAimPrefix: true, encoding: 'auto' } as const;
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const textsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.type === 'code' ? [item.frame.code.text] : []));
const repliesOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.type === 'reply' ? [item.frame.status] : []));
const reasonsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : []));

/** All chunks without a pause, then silence. */
const decode = (chunks: Uint8Array[], changes: Partial<LineOptions> = {}): Decoded<QrFrame>[] => {
  const decoder = createLineDecoder({ ...options, ...changes });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])];
};

describe('commands are the bytes of the manuals', () => {
  test.each(['triggerOn', 'triggerOff'] as const)('newland %s', (name) => {
    expect(newland[name]).toEqual(bytesOf(fixtures.newland[name]));
  });
  test.each(['triggerOn', 'triggerOff', 'beep', 'query'] as const)('honeywell %s', (name) => {
    expect(honeywell[name]).toEqual(bytesOf(fixtures.honeywell[name]));
  });
  test('the newland query follows the manual’s form: temporary, current value', () => {
    expect(Buffer.from(newland.query).toString('latin1')).toBe('~\u00010000#SCNMOD*;\u0003');
  });
});

describe('what ends a code', () => {
  test.each([
    ['CR', 'ABC\r'],
    ['LF', 'ABC\n'],
    ['CR LF', 'ABC\r\n'],
    ['silence', 'ABC'],
  ])('auto: %s', (_, bytes) => {
    expect(textsOf(decode([ascii(bytes)]))).toEqual(['ABC']);
  });

  test('after a suffix it waits for 20 ms, without one for the silence that is configured', () => {
    const decoder = createLineDecoder(options);
    decoder.push(ascii('ABC'));
    expect(decoder.idleMs).toBe(80);
    decoder.push(ascii('\r'));
    expect(decoder.idleMs).toBe(20);
  });

  test('suffix: other line breaks belong to the code', () => {
    const items = decode([ascii('line 1\nline 2\r')], { frameEnd: 'suffix', suffix: 'cr' });
    expect(textsOf(items)).toEqual(['line 1\nline 2']);
  });

  test('suffix: half a code is never handed over, nor glued to the next', () => {
    const decoder = createLineDecoder({ ...options, frameEnd: 'suffix', suffix: 'crlf' });
    decoder.push(ascii('HALF'));
    expect(decoder.idleMs).toBe(500);
    expect(reasonsOf(decoder.idle?.() ?? [])).toEqual(['cutShort']);
    decoder.push(ascii('WHOLE\r\n'));
    expect(textsOf(decoder.idle?.() ?? [])).toEqual(['WHOLE']);
  });

  test('silence: a code of several lines stays one; only breaks at its end go', () => {
    expect(textsOf(decode([ascii('A\r\nB\r\n')], { frameEnd: 'silence' }))).toEqual(['A\r\nB']);
  });

  test('two codes in one chunk, and empty lines', () => {
    expect(textsOf(decode([ascii('ONE\r\rTWO\r')]))).toEqual(['ONE', 'TWO']);
  });

  test('byte by byte', () => {
    expect(textsOf(decode([...ascii('ONE\r\nTWO\r\n')].map((byte) => Uint8Array.of(byte))))).toEqual(['ONE', 'TWO']);
  });
});

describe('text', () => {
  test.each(fixtures.gb18030)('GB18030 $hex is $text', ({ hex, text }) => {
    expect(readCodeText(bytesOf(hex), anyText)).toMatchObject({ text, encoding: 'gb18030' });
  });

  test('UTF-8 comes first', () => {
    expect(readCodeText(Uint8Array.from(Buffer.from('电子证照 №1')), anyText)).toMatchObject({
      text: '电子证照 №1',
      encoding: 'utf-8',
    });
  });

  test('bytes that are common Chinese characters as well as UTF-8 are Chinese; accented Latin stays Latin', () => {
    expect(readCodeText(bytesOf('D3 AA D2 B5'), anyText)).toMatchObject({ text: '营业', encoding: 'gb18030' });
    expect(readCodeText(Uint8Array.from(Buffer.from('José Čapek')), anyText)?.text).toBe('José Čapek');
    expect(readCodeText(Uint8Array.from(Buffer.from('Привет')), anyText)?.text).toBe('Привет');
    expect(readCodeText(Uint8Array.from(Buffer.from('ئالىم')), anyText)?.text).toBe('ئالىم');
  });

  test('an encoding that is configured is the only one', () => {
    const chinese = bytesOf('D3 AA D2 B5');
    expect(readCodeText(chinese, { hasAimPrefix: false, encoding: 'utf-8' })?.text).toBe('Ӫҵ');
    expect(readCodeText(bytesOf('B2 E2 CA D4'), { hasAimPrefix: false, encoding: 'utf-8' })).toBeUndefined();
    expect(
      readCodeText(Uint8Array.from(Buffer.from('测试')), { hasAimPrefix: false, encoding: 'gb18030' })?.text,
    ).not.toBe('测试');
  });

  test('tab is text; other control characters are not', () => {
    expect(readCodeText(ascii('a\tb'), anyText)?.text).toBe('a\tb');
    for (const control of ['\0', '\u0002', '\u0006', '\u001b', '\u001d', '\u007f'])
      expect(readCodeText(ascii(`a${control}b`), anyText)).toBeUndefined();
  });

  test.each(['FF FE 41', '81', '80 41', 'B2 E2 FF'])('%s is neither UTF-8 nor GB18030', (hex) => {
    expect(readCodeText(bytesOf(hex), anyText)).toBeUndefined();
  });

  test('the AIM identifier is told apart where it is configured, and content where it is not', () => {
    expect(readCodeText(ascii(']Q1HELLO'), withAim)).toMatchObject({
      text: 'HELLO',
      symbology: ']Q1',
      bytes: ascii('HELLO'),
    });
    expect(readCodeText(ascii('HELLO'), withAim)).toMatchObject({ text: 'HELLO' });
    expect(readCodeText(ascii(']Q1HELLO'), anyText)).toMatchObject({ text: ']Q1HELLO' });
  });
});

describe('what is no code', () => {
  test.each([
    ['newland trigger', fixtures.newland.triggerOnReply],
    ['newland setting of three parts', fixtures.newland.settingReply],
    ['newland query', fixtures.newland.queryReply],
    ['honeywell setting', fixtures.honeywell.settingReply],
    ['honeywell status with AIM identifier', fixtures.honeywell.revisionStatusWithAim],
  ])('%s is a reply in every configuration', (_, hex) => {
    for (const frameEnd of ['auto', 'silence'] as const)
      for (const hello of ['none', 'honeywell', 'newland'] as const) {
        const items = decode([bytesOf(hex)], { frameEnd, hello });
        expect(repliesOf(items)).toEqual(['ack']);
        expect(textsOf(items)).toEqual([]);
      }
  });

  const { revisionLines, revisionStatus } = fixtures.honeywell;
  const revision = join(ascii(`${revisionLines.join('\r\n')}\r\n`), bytesOf(revisionStatus));

  test('the captured revision text of a Honeywell reader is one reply, and says who it is', () => {
    const items = decode([revision], { hello: 'honeywell' });
    expect(items).toHaveLength(1);
    expect(repliesOf(items)).toEqual(['ack']);
    expect(identityOf(Buffer.from(revision).toString('latin1'))).toEqual({
      model: 'Voyager 1602g',
      firmware: '16345',
      serialNumber: '15232B1F0C',
    });
  });

  test('even torn into its lines by pauses it never becomes a code', () => {
    const decoder = createLineDecoder({ ...options, hello: 'honeywell' });
    const items = [
      ...revisionLines.map((line) => `${line}\r\n`),
      Buffer.from(bytesOf(revisionStatus)).toString('latin1'),
    ].flatMap((part) => [...decoder.push(ascii(part)), ...(decoder.idle?.() ?? [])]);
    expect(textsOf(items)).toEqual([]);
    expect(repliesOf(items).at(-1)).toBe('ack');
  });

  test('a reply and a code in one chunk are kept apart', () => {
    const items = decode([join(bytesOf(fixtures.newland.triggerOnReply), ascii('CODE-1\r'))]);
    expect(repliesOf(items)).toEqual(['ack']);
    expect(textsOf(items)).toEqual(['CODE-1']);
  });

  test('a code of 4096 bytes passes, one of 4097 does not, and the next is read', () => {
    expect(textsOf(decode([ascii('7'.repeat(longestCodeBytes))]))).toHaveLength(1);
    const items = decode([ascii(`${'7'.repeat(longestCodeBytes + 900)}\rGOOD\r`)]);
    expect(reasonsOf(items)).toEqual(['tooLong', 'tooLongRest']);
    expect(textsOf(items)).toEqual(['GOOD']);
  });

  test('a flood without an end stays within its buffer', () => {
    for (const frameEnd of ['auto', 'suffix', 'silence'] as const) {
      const decoder = createLineDecoder({ ...options, frameEnd });
      const items = decoder.push(new Uint8Array(1 << 18).fill(0x41));
      expect(Math.max(...items.map((item) => item.bytes.length))).toBeLessThanOrEqual(64 * 1024);
      decoder.idle?.();
      decoder.push(ascii('GOOD\r'));
      expect(textsOf(decoder.idle?.() ?? [])).toEqual(['GOOD']);
    }
  });
});

const chunked = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const at = [0, ...cuts.map((value) => value % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};
const frameEnds = fc.constantFrom('auto' as const, 'suffix' as const, 'silence' as const);

describe('properties', () => {
  test('any UTF-8 text in any chunking comes out as it went in', () => {
    // No line breaks or control characters, and nothing that a reader says of itself; U+FFFD is what a broken text looks like.
    const texts = fc.array(
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
        .filter((text) => /^[^\p{C}\]\s\ufffd][^\p{C}\ufffd]*$/u.test(text)),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.constantFrom('\r', '\n', '\r\n'),
        (all, cuts, end) => {
          const bytes = Uint8Array.from(Buffer.from(all.map((text) => text + end).join('')));
          expect(textsOf(decode(chunked(bytes, cuts), { encoding: 'utf-8' }))).toEqual(all);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('any bytes in any chunking: no crash, and the same answers', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        frameEnds,
        fc.constantFrom('none' as const, 'honeywell' as const, 'newland' as const),
        (bytes, cuts, frameEnd, hello) => {
          expect(decode(chunked(bytes, cuts), { frameEnd, hello })).toEqual(decode([bytes], { frameEnd, hello }));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('after any garbage and a pause the next code is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), frameEnds, (garbage, frameEnd) => {
        const decoder = createLineDecoder({ ...options, frameEnd });
        decoder.push(garbage);
        decoder.idle?.();
        decoder.push(ascii('NEXT-CODE-123\r'));
        expect(textsOf(decoder.idle?.() ?? [])).toEqual(['NEXT-CODE-123']);
      }),
      { numRuns: 3000 },
    );
  });

  test('4096 random bytes are never a code, whatever line breaks they hold', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096, size: 'max' }), frameEnds, (bytes, frameEnd) => {
        // Shrunk or degenerate arrays may be plain text; only bytes with a control character among them are noise.
        fc.pre(bytes.some((byte) => byte < 9));
        const items = decode([bytes], { frameEnd });
        expect(textsOf(items)).toEqual([]);
        expect(reasonsOf(items).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
