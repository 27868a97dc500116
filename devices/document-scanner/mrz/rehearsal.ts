// What the fault campaigns need of the swiper. It has no checksum over a whole frame: names and states stand under no check digit,
// and the digits miss some misreadings, so the fuzzer may look for crashes, hangs and growth only. What the digits do cover is held
// by codec.test.ts.

import type { Rehearsal, SampleFrame } from '../../kit/rehearsal.ts';
import type { SwipeReply } from './api.ts';
import { createMrzDecoder, type MrzFrame } from './codec.ts';
import { cardLines, createSwiperSimulator, passportLines, sheetLines, type Holder } from './simulator.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const draw = (random: (below: number) => number): SampleFrame => {
  const word = (length: number, from: string): string =>
    Array.from({ length }, () => from.charAt(random(from.length))).join('');
  const date = (): string =>
    [random(100), 1 + random(12), 1 + random(28)].map((part) => String(part).padStart(2, '0')).join('');
  const layout = random(3);
  const holder: Holder = {
    code: layout === 2 ? 'P' : 'I',
    issuer: word(3, letters),
    number: word(layout === 0 ? 9 + random(5) : 1 + random(9), `${letters}0123456789`),
    nationality: word(1 + random(3), letters),
    birth: date(),
    sex: 'FM<'.charAt(random(3)),
    expiry: date(),
    name: `${word(1 + random(10), letters)}<<${word(1 + random(10), letters)}`,
  };
  const lines = [cardLines, sheetLines, passportLines][layout]?.(holder) ?? [];
  const end = ['\r', '\r\n', '\n'][random(3)] ?? '\r';
  return {
    bytes: Uint8Array.from(lines.map((line) => line + end).join(''), (character) => character.charCodeAt(0)),
    isFrame(given) {
      const frame = given as MrzFrame;
      return (
        frame.type === 'document' &&
        frame.document.number === holder.number &&
        frame.document.birth === holder.birth &&
        frame.document.expiry === holder.expiry &&
        frame.document.nationality === holder.nationality &&
        `${frame.document.surname}<<${frame.document.givenNames}` === holder.name
      );
    },
  };
};

const swiping = (name: string, argument: string, number: string): Rehearsal['commands'][number] => ({
  name,
  command: { type: 'readDocument' },
  timeoutMs: 10_000,
  hand: [{ knob: 'swipe', argument, afterMs: 500 }],
  isRight: (reply) => (reply as SwipeReply).document.number === number,
});

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'mrz-swiper',
    config: {},
    wire: 'stream',
    simulator: createSwiperSimulator,
    isMute: true,
    commands: [
      swiping('readPassport', 'passport', 'E98765432'),
      swiping('readCard', 'card', 'C11223344'),
      swiping('readLongCard', 'longCard', 'K1234567890AB'),
      swiping('readSheet', 'sheet', 'S55667788'),
    ],
    codec: { createDecoder: () => createMrzDecoder({ silenceMs: 300 }), draw, check: 'none' },
  },
];
