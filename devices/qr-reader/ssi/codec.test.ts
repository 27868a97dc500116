import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../kit/machine.ts';
import type { QrFrame } from '../protocol.ts';
import { bytesOf } from '../test-rig.ts';
import { createSsiDecoder, type SsiOptions } from './codec.ts';
import { ssiQrConfigSchema } from './config.ts';
import fixtures from './fixtures/ssi-packets.json' with { type: 'json' };
import { ackPacket, hostPacket, nakPacket, opcodes, ssiProtocol } from './packets.ts';

const options: SsiOptions = {
  frameEnd: 'auto',
  suffix: 'cr',
  silenceMs: 80,
  hasAimPrefix: false,
  encoding: 'auto',
  rawText: 'untilPackets',
  hasTypeInEveryPacket: false,
};
const latin = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** By hand, from the manual's table. */
const packet = (opcode: number, data: Uint8Array, status = 0): Uint8Array => {
  const message = [data.length + 4, opcode, 0, status, ...data];
  const check = 0x10000 - message.reduce((sum, byte) => sum + byte, 0);
  return Uint8Array.from([...message, check >> 8, check & 0xff]);
};
const decodeData = (text: string, status = 0): Uint8Array =>
  packet(0xf3, join(Uint8Array.of(0x1c), Uint8Array.from(Buffer.from(text))), status);

const textsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.type === 'code' ? [item.frame.code.text] : []));
const repliesOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.type === 'reply' ? [item.frame.status] : []));
const answersOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'frame' && item.frame.answer ? [item.frame.answer.label] : []));
const reasonsOf = (items: Decoded<QrFrame>[]): string[] =>
  items.flatMap((item) => (item.type === 'discarded' ? [item.reason] : []));

const decode = (chunks: Uint8Array[], changes: Partial<SsiOptions> = {}): Decoded<QrFrame>[] => {
  const decoder = createSsiDecoder({ ...options, ...changes });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...(decoder.idle?.() ?? [])];
};

describe('what we send are the packets of the manuals', () => {
  const { commands, again } = ssiProtocol(ssiQrConfigSchema.parse({}));
  test.each([
    ['START_SESSION', commands.triggerOn, fixtures.host.startSession],
    ['STOP_SESSION', commands.triggerOff, fixtures.host.stopSession],
    ['REQUEST_REVISION', commands.question, fixtures.host.requestRevision],
    ['BEEP', commands.beep, fixtures.host.beepOnce],
    ['CMD_ACK', ackPacket, fixtures.host.ack],
    ['CMD_NAK resend', nakPacket, fixtures.host.nakResend],
    ['PARAM_SEND', hostPacket(opcodes.paramSend, [0xff, 0x8a, 0x08]), fixtures.host.hostTriggerOnce],
  ])('%s', (_, bytes, hex) => {
    expect(bytes).toEqual(bytesOf(hex));
  });

  test('a repetition has the resend bit, and its own checksum', () => {
    expect(again?.commands.question).toEqual(bytesOf('04 A3 04 01 FF 54'));
  });

  test('a reader that is not to be set is not sent parameters', () => {
    expect(ssiProtocol(ssiQrConfigSchema.parse({ setsMode: false })).commands.setUp).toBeUndefined();
  });
});

describe('packets', () => {
  test.each([
    ['ACK', fixtures.reader.ack, 'ack'],
    ['NAK 1', fixtures.reader.nakResend, 'again'],
    ['NAK 2', fixtures.reader.nakBadContext, 'enq'],
    ['NAK 6', fixtures.reader.nakDenied, 'nak'],
  ])('%s', (_, hex, status) => {
    expect(repliesOf(decode([bytesOf(hex)]))).toEqual([status]);
  });

  test('a code is read, told its kind, and acknowledged', () => {
    const items = decode([bytesOf(fixtures.reader.code128)]);
    expect(textsOf(items)).toEqual([fixtures.code128Text]);
    expect(items[0]).toMatchObject({ frame: { code: { symbology: ']C0' } } });
    expect(answersOf(items)).toEqual(['ack']);
  });

  test('an unknown kind of bar code is read all the same', () => {
    expect(textsOf(decode([packet(0xf3, latin('\u00eeABC'))]))).toEqual(['ABC']);
  });

  test('the firmware is told, and acknowledged', () => {
    const [item] = decode([packet(0xa4, latin('PAAAAS00-001-R00 SE'))]);
    expect(item).toMatchObject({
      frame: { type: 'reply', status: 'ack', identity: { firmware: 'PAAAAS00-001-R00 SE' }, answer: { label: 'ack' } },
    });
  });

  test('several in one chunk, and byte by byte', () => {
    const all = join(
      bytesOf(fixtures.reader.ack),
      decodeData('ONE'),
      bytesOf(fixtures.reader.nakDenied),
      decodeData('TWO'),
    );
    for (const chunks of [[all], [...all].map((byte) => Uint8Array.of(byte))]) {
      const items = decode(chunks);
      expect(textsOf(items)).toEqual(['ONE', 'TWO']);
      expect(repliesOf(items)).toEqual(['ack', 'nak']);
    }
  });

  test('a code in three packets is one code, and each is acknowledged', () => {
    const items = decode([decodeData('ONE-', 2), packet(0xf3, latin('TWO-'), 2), packet(0xf3, latin('THREE'))]);
    expect(textsOf(items)).toEqual(['ONE-TWO-THREE']);
    expect(answersOf(items)).toEqual(['ack', 'ack', 'ack']);
  });

  test('the kind in every packet, where it is configured', () => {
    const items = decode([decodeData('ONE-', 2), decodeData('TWO')], { hasTypeInEveryPacket: true });
    expect(textsOf(items)).toEqual(['ONE-TWO']);
  });

  test('a packet that comes again because our ACK was lost is acknowledged and not told twice', () => {
    const items = decode([decodeData('ONE'), decodeData('ONE', 1)]);
    expect(textsOf(items)).toEqual(['ONE']);
    expect(answersOf(items)).toEqual(['ack', 'ack']);
    expect(
      textsOf(
        decode([
          decodeData('A', 2),
          packet(0xf3, latin('B'), 2),
          packet(0xf3, latin('B'), 3),
          packet(0xf3, latin('C')),
        ]),
      ),
    ).toEqual(['ABC']);
  });

  test('the rest of a code that never came is not glued to the next', () => {
    const decoder = createSsiDecoder(options);
    decoder.push(decodeData('LOST', 2));
    expect(decoder.idleMs).toBe(6000);
    expect(reasonsOf(decoder.idle?.() ?? [])).toEqual(['cutShort']);
    expect(textsOf(decoder.push(decodeData('NEXT')))).toEqual(['NEXT']);
  });

  test('more than 4096 bytes are thrown away to the last packet, all acknowledged, and the next code is read', () => {
    const parts = Array.from({ length: 20 }, (_, index) => packet(0xf3, latin(String(index).padStart(250, '7')), 2));
    const items = decode([...parts, packet(0xf3, latin('77')), decodeData('NEXT')]);
    expect(textsOf(items)).toEqual(['NEXT']);
    expect(reasonsOf(items)).toContain('tooLong');
    expect(answersOf(items)).toHaveLength(22);
  });

  test('a code that is no text is acknowledged, so that it is not sent again, and told', () => {
    const items = decode([packet(0xf3, bytesOf('1C 00 01 02'))]);
    expect(answersOf(items)).toEqual(['ack']);
    expect(reasonsOf(items)).toEqual(['unreadableText']);
  });
});

describe('damage', () => {
  const good = decodeData('6901234567892');

  test('no changed byte makes another code, and what follows is read', () => {
    for (let at = 0; at < good.length; at += 1)
      for (const change of [0x01, 0x80, 0xff]) {
        const bad = Uint8Array.from(good);
        bad[at] = (bad[at] ?? 0) ^ change;
        const decoder = createSsiDecoder(options);
        const items = [...decoder.push(bad), ...(decoder.idle?.() ?? [])];
        // A changed resend or reserved bit alone is seen by the checksum too.
        expect(textsOf(items)).toEqual([]);
        expect(textsOf(decoder.push(decodeData('NEXT')))).toEqual(['NEXT']);
      }
  });

  test('a wrong checksum is told at once, for the NAK', () => {
    const bad = Uint8Array.from(good);
    bad[8] = 0x30;
    const items = decode([bad]);
    expect(answersOf(items)).toEqual([]);
    expect(reasonsOf(items)).toEqual(['wrongChecksum', 'damagedPacket']);
  });

  test('half a packet, then the rest after a pause: not a text', () => {
    const decoder = createSsiDecoder({ ...options, rawText: 'always' });
    const all = packet(0xf3, latin('\u001c1234567890'));
    const items = [...decoder.push(all.subarray(0, 8)), ...(decoder.idle?.() ?? [])];
    items.push(...decoder.push(all.subarray(8)), ...(decoder.idle?.() ?? []));
    expect(textsOf(items)).toEqual([]);
    expect(reasonsOf(items)).toEqual(['damagedPacket', 'damagedPacket']);
    decoder.push(latin('GOOD\r'));
    expect(textsOf(decoder.idle?.() ?? [])).toEqual(['GOOD']);
  });

  test('text in the same breath as a damaged packet is not believed', () => {
    const bad = Uint8Array.from(good);
    bad[8] = 0x30;
    expect(textsOf(decode([join(latin('BEFORE\r'), bad, latin('AFTER\r'))]))).toEqual([]);
  });

  test('our own packets that come back are no replies', () => {
    expect(reasonsOf(decode([ackPacket, bytesOf(fixtures.host.startSession)]))).toEqual(['echo', 'echo']);
  });
});

describe('a code in several packets, of which something is wrong', () => {
  const first = decodeData('ONE-', 2);
  const second = (status = 2): Uint8Array => packet(0xf3, latin('TWO-'), status);
  const third = (status = 0): Uint8Array => packet(0xf3, latin('THREE'), status);
  const spoilt = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes, (byte, at) => (at === 5 ? byte ^ 1 : byte));
  const play = (...steps: (Uint8Array | 'silence')[]): string[] => {
    const decoder = createSsiDecoder(options);
    return textsOf(steps.flatMap((step) => (step === 'silence' ? (decoder.idle?.() ?? []) : decoder.push(step))));
  };

  test('one that was damaged comes again', () => {
    expect(play(first, spoilt(second()), 'silence', second(3), third())).toEqual(['ONE-TWO-THREE']);
    expect(play(first, second().subarray(0, 6), 'silence', second(3), third())).toEqual(['ONE-TWO-THREE']);
    expect(play(first, second(3), third())).toEqual(['ONE-TWO-THREE']);
    expect(play(spoilt(first), 'silence', decodeData('ONE-', 3), second(), third())).toEqual(['ONE-TWO-THREE']);
  });

  test('one that was damaged and does not come again: nothing, and the next code is read', () => {
    expect(play(first, spoilt(second()), 'silence', third(), decodeData('NEXT'))).toEqual(['NEXT']);
    const gaveUp = [spoilt(second()), 'silence', spoilt(second(3)), 'silence', spoilt(second(3)), 'silence'] as const;
    expect(play(first, ...gaveUp, third(1), decodeData('NEXT'))).toEqual(['NEXT']);
  });

  test('one that was doubled on the way: nothing, and the next code is read', () => {
    expect(play(first, first, second(), third(), decodeData('NEXT'))).toEqual(['NEXT']);
    expect(play(first, second(), second(), third(), decodeData('NEXT'))).toEqual(['NEXT']);
    expect(play(first, second(), third(), third(), decodeData('NEXT'))).toEqual(['ONE-TWO-THREE', 'NEXT']);
  });

  test('a middle that is sent again after the beginning was forgotten is no code', () => {
    expect(play(third(1), decodeData('NEXT'))).toEqual(['NEXT']);
    expect(play(first, 'silence', third(1), decodeData('NEXT'))).toEqual(['NEXT']);
  });
});

describe('plain text on the same wire', () => {
  test.each(['ABC\r', 'ABC\r\n', 'ABC'])('%j', (text) => {
    expect(textsOf(decode([latin(text)]))).toEqual(['ABC']);
  });

  test('Chinese text, in both encodings', () => {
    expect(textsOf(decode([Uint8Array.from(Buffer.from('办事指南\r'))]))).toEqual(['办事指南']);
    expect(textsOf(decode([bytesOf('D3 AA D2 B5 D6 B4 D5 D5 0D')]))).toEqual(['营业执照']);
  });

  test('it is waited for as long as in line mode', () => {
    const decoder = createSsiDecoder(options);
    decoder.push(latin('ABC'));
    expect(decoder.idleMs).toBe(80);
    decoder.push(latin('\r'));
    expect(decoder.idleMs).toBe(20);
    decoder.push(decodeData('X').subarray(0, 5));
    expect(decoder.idleMs).toBe(500);
  });

  test('after the first code in a packet, text is a sign that the reader lost its settings', () => {
    const decoder = createSsiDecoder(options);
    decoder.push(decodeData('ONE'));
    decoder.push(latin('ABC\r'));
    expect(reasonsOf(decoder.idle?.() ?? [])).toEqual(['rawText']);
  });

  test('never, where it is not wanted', () => {
    expect(reasonsOf(decode([latin('ABC\r')], { rawText: 'never' }))).toEqual(['rawText']);
  });

  test('4096 random bytes are no code, and the next one is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096, size: 'max' }), (bytes) => {
        fc.pre(bytes.some((byte) => byte < 9));
        const decoder = createSsiDecoder(options);
        const items = [...decoder.push(bytes), ...(decoder.idle?.() ?? [])];
        expect(textsOf(items)).toEqual([]);
        expect(textsOf(decoder.push(decodeData('NEXT')))).toEqual(['NEXT']);
      }),
      { numRuns: 60 },
    );
  });
});

describe('properties', () => {
  test('any bytes in any chunking: no crash, and the same answers', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(decodeData('CODE'), bytesOf(fixtures.reader.ack), latin('TEXT\r'), decodeData('X', 2)),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 30 }), (all, size) => {
        const bytes = join(...all);
        const chunks: Uint8Array[] = [];
        for (let from = 0; from < bytes.length; from += size) chunks.push(bytes.subarray(from, from + size));
        const told = (items: Decoded<QrFrame>[]): unknown => [textsOf(items), repliesOf(items), answersOf(items)];
        expect(told(decode(chunks))).toEqual(told(decode([bytes])));
      }),
      { numRuns: 1500 },
    );
  });

  test('a flood stays within its buffer', () => {
    for (const filler of [0x41, 0x00, 0xf3, 0xff]) {
      const decoder = createSsiDecoder(options);
      const items = decoder.push(new Uint8Array(1 << 18).fill(filler));
      for (const item of items) expect(item.bytes.length).toBeLessThanOrEqual(64 * 1024);
      decoder.idle?.();
      expect(textsOf(decoder.push(decodeData('NEXT')))).toEqual(['NEXT']);
    }
  });
});
