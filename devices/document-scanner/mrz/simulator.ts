// A swiper at the far end of the wire: documents are swiped by turning a knob, and their lines go out as text. It makes its zones
// itself, with a check-digit routine of its own; nothing here comes from the driver.
//
//   knob swipe ─▶ a person's lines (ICAO Doc 9303) ─▶ framing of the model ─▶ fault ─▶ wire

import type { Knob, SimulatorFactory } from '../../kit/simulator.ts';

const swiperFaultNames = [
  'none',
  'mute',
  'byteByByte',
  'wrongCheckDigit',
  'unreadableCharacter',
  'cutInMiddle',
  'missingLine',
  'noiseBefore',
  'twice',
] as const;
type SwiperFaultName = (typeof swiperFaultNames)[number];

/** 7-3-1 over the values 0–9, A=10…Z=35, filler 0 (Doc 9303 part 3, 4.9), by table. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digit = (text: string): string => {
  let total = 0;
  let weight = 7;
  for (let index = 0; index < text.length; index += 1) {
    total += Math.max(0, alphabet.indexOf(text.charAt(index))) * weight;
    weight = weight === 7 ? 3 : weight === 3 ? 1 : 7;
  }
  return `${total % 10}`;
};

export type Holder = {
  code: string;
  issuer: string;
  number: string;
  nationality: string;
  birth: string;
  sex: string;
  expiry: string;
  name: string;
};

const fill = (text: string, length: number): string => text.padEnd(length, '<').slice(0, length);

/** Lines of a card, part 5. A number of more than nine characters goes on in the optional data. */
export const cardLines = (holder: Holder): string[] => {
  const isLong = holder.number.length > 9;
  const tail = isLong ? `<${holder.number.slice(9)}${digit(holder.number)}` : digit(fill(holder.number, 9));
  const first = fill(`${fill(holder.code, 2)}${fill(holder.issuer, 3)}${fill(holder.number, 9)}${tail}`, 30);
  const born = holder.birth + digit(holder.birth);
  const ends = holder.expiry + digit(holder.expiry);
  const rest = fill('', 11);
  const check = digit(first.substring(5) + born + ends + rest);
  return [first, `${born}${holder.sex}${ends}${fill(holder.nationality, 3)}${rest}${check}`, fill(holder.name, 30)];
};

const twoLines = (holder: Holder, length: number): string[] => {
  const first = fill(`${fill(holder.code, 2)}${fill(holder.issuer, 3)}${holder.name}`, length);
  const number = fill(holder.number, 9) + digit(fill(holder.number, 9));
  const born = holder.birth + digit(holder.birth);
  const ends = holder.expiry + digit(holder.expiry);
  const optional = length === 44 ? `${fill('', 14)}0` : fill('', 7);
  const check = digit(number + born + ends + optional);
  return [first, `${number}${fill(holder.nationality, 3)}${born}${holder.sex}${ends}${optional}${check}`];
};

/** Parts 6 and 4. */
export const sheetLines = (holder: Holder): string[] => twoLines(holder, 36);
export const passportLines = (holder: Holder): string[] => twoLines(holder, 44);

/** Nobody: made up for the simulator. */
const people: Readonly<Record<string, { lines: string[]; number: string }>> = {
  passport: {
    number: 'E98765432',
    lines: passportLines({
      code: 'PO',
      issuer: 'CHN',
      number: 'E98765432',
      nationality: 'CHN',
      birth: '900307',
      sex: 'F',
      expiry: '300306',
      name: 'CESHI<<YANGBEN',
    }),
  },
  card: {
    number: 'C11223344',
    lines: cardLines({
      code: 'I',
      issuer: 'UTO',
      number: 'C11223344',
      nationality: 'UTO',
      birth: '850101',
      sex: 'M',
      expiry: '331231',
      name: 'MUSTER<<PROBE',
    }),
  },
  longCard: {
    number: 'K1234567890AB',
    lines: cardLines({
      code: 'I',
      issuer: 'UTO',
      number: 'K1234567890AB',
      nationality: 'UTO',
      birth: '990929',
      sex: '<',
      expiry: '310101',
      name: 'EXAMPLE<<PAT<LEE',
    }),
  },
  sheet: {
    number: 'S55667788',
    lines: sheetLines({
      code: 'I',
      issuer: 'D',
      number: 'S55667788',
      nationality: 'D',
      birth: '760615',
      sex: 'F',
      expiry: '291130',
      name: 'BEISPIEL<<ERIKA',
    }),
  },
};

const framings = ['cr', 'crlf', 'stxEtx', 'joined'] as const;
const byteMs = 1;

/**
 * Settings: `framing` (cr, crlf, stxEtx, joined). `look()` tells how often was swiped and what number the last document has, never
 * more.
 */
export const createSwiperSimulator: SimulatorFactory = (wire, { clock, settings }) => {
  const framing = framings.find((name) => name === settings?.['framing']) ?? 'cr';
  let fault: SwiperFaultName = 'none';
  let swipes = 0;
  let lastNumber = '';
  const stops = new Set<() => void>();

  const framed = (lines: readonly string[]): string => {
    if (framing === 'joined') return `${lines.join('')}\r`;
    if (framing === 'stxEtx') return `\u0002${lines.join('\r')}\r\u0003`;
    return lines.map((line) => line + (framing === 'cr' ? '\r' : '\r\n')).join('');
  };

  /** One character of the second line is misread, which is what dirt does: in a passport, of its number. */
  const misread = (lines: readonly string[], as: (character: string) => string): string[] =>
    lines.map((line, index) => (index === 1 ? `${line.slice(0, 4)}${as(line.charAt(4))}${line.slice(5)}` : line));

  const damaged = (lines: readonly string[]): string => {
    switch (fault) {
      case 'wrongCheckDigit':
        return framed(misread(lines, (character) => (character === '3' ? '8' : '3')));
      case 'unreadableCharacter':
        return framed(misread(lines, () => '?'));
      case 'missingLine':
        return framed(lines.slice(1));
      case 'cutInMiddle': {
        const whole = framed(lines);
        return whole.slice(0, Math.floor(whole.length / 2));
      }
      case 'noiseBefore':
        return `\u00ff\u0000Z9${framed(lines)}`;
      case 'twice':
        return framed(lines) + framed(lines);
      case 'none':
      case 'mute':
      case 'byteByByte':
        return framed(lines);
      default:
        return fault satisfies never;
    }
  };

  const send = (lines: readonly string[]): void => {
    swipes += 1;
    if (fault === 'mute') return;
    const bytes = Uint8Array.from(damaged(lines), (character) => character.charCodeAt(0));
    if (fault !== 'byteByByte') {
      wire.send(bytes);
      return;
    }
    for (const [index, byte] of bytes.entries()) {
      const stop = clock.after(index * byteMs, () => {
        stops.delete(stop);
        wire.send(Uint8Array.of(byte));
      });
      stops.add(stop);
    }
  };

  const knobs: Record<string, Knob> = {
    swipe: {
      title: { zh: '刷一本证件', en: 'Swipe a document' },
      argument: Object.keys(people),
      turn(argument = 'passport') {
        const person = people[argument];
        if (!person) throw new RangeError(`there is no document "${argument}"`);
        lastNumber = person.number;
        send(person.lines);
      },
    },
    swipeLines: {
      title: { zh: '刷任意机读码（各行以 | 分隔）', en: 'Swipe any lines, with | between them' },
      argument: 'lines',
      turn(argument = '') {
        lastNumber = '';
        send(argument.split('|'));
      },
    },
    fault: {
      title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
      argument: swiperFaultNames,
      turn(argument = 'none') {
        const found = swiperFaultNames.find((name) => name === argument);
        if (!found) throw new RangeError(`this swiper has no fault "${argument}"`);
        fault = found;
      },
    },
  };

  return {
    // It listens to nothing.
    receive: () => undefined,
    knobs,
    look: () => ({ swipes, lastNumber, fault, framing }),
    stop() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
};
