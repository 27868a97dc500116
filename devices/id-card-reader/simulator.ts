// A SAM module at the far end of the wire, with a field that cards are laid on. Frames are built and checked here from the
// protocol's description, not with the driver's codec.
//
//   bytes ─▶ [ AA AA AA 96 69 ] ─▶ [ LEN, CHK ] ─▶ command ─▶ think ─▶ reply ─▶ [ line fault ] ─▶ bytes
//
// A card that was read is not found again until it is lifted or the module is reset, as with the real thing.

import type { Knob, Simulator, SimulatorFactory } from '../kit/simulator.ts';
import { encodeUcs2, simulatedCards } from './simulated-cards.ts';

const faultNames = [
  'none',
  'mute',
  'slow',
  'badChecksum',
  'cutShort',
  'halfFrame',
  'garbageBefore',
  'echo',
  'selectFailed',
  'readError',
  'unknownType',
  'unsupportedCard',
  'damagedData',
  'unauthorised',
  'selfTestFailed',
  'rateRefused',
  'rateIgnored',
  'noPrintCommand',
  'dropAa',
  'extraByte',
  'otherModule',
] as const;
type FaultName = (typeof faultNames)[number];

const commandNames: Readonly<Record<number, string>> = {
  0x10ff: 'reset',
  0x11ff: 'selfTest',
  0x12ff: 'readSamId',
  0x2001: 'find',
  0x2002: 'select',
  0x3001: 'read',
  0x3003: 'readAddress',
  0x3010: 'readWithPrint',
  0x6000: 'setRate',
  0x6001: 'setRate',
  0x6002: 'setRate',
  0x6003: 'setRate',
  0x6004: 'setRate',
};

/** By the parameter of 60 xx. */
const moduleRates = [115_200, 57_600, 38_400, 19_200, 9600];

/** The example of the vendors' documents: 05.03-20130506-0012345678-1234567890. */
const samId = [0x05, 0, 0x03, 0, 0xca, 0x2a, 0x33, 0x01, 0x4e, 0x61, 0xbc, 0x00, 0xd2, 0x02, 0x96, 0x49];

const defaultFindDelayMs = 2;
/** Longer than any time-out of the driver: the reply comes when nobody waits for it any more. */
const defaultSlowMs = 5000;
/** A command whose rest does not come is forgotten. */
const commandPauseMs = 500;

const sumOf = (bytes: readonly number[]): number => {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
};

const frame = (status: number, data: readonly number[] = []): number[] => {
  const length = 3 + data.length + 1;
  const body = [length >> 8, length & 0xff, 0x00, 0x00, status, ...data];
  return [0xaa, 0xaa, 0xaa, 0x96, 0x69, ...body, sumOf(body)];
};

const big = (value: number): [number, number] => [value >> 8, value & 0xff];

const numberSetting = (settings: Record<string, unknown> | undefined, name: string, otherwise: number): number => {
  const value = settings?.[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;
};

/**
 * Settings: `findDelayMs`, `readDelayMs` (think times, 2 and 0), `slowMs`, `printBytes` (fingerprint length, 1024), `baudRate` at
 * power-up (115200), `refinds`: this module finds a card again that was read and still lies there.
 */
export const createSamSimulator: SimulatorFactory = (wire, { clock, settings }): Simulator => {
  const findDelayMs = numberSetting(settings, 'findDelayMs', defaultFindDelayMs);
  const readDelayMs = numberSetting(settings, 'readDelayMs', 0);
  const slowMs = numberSetting(settings, 'slowMs', defaultSlowMs);
  const printBytes = numberSetting(settings, 'printBytes', 1024);
  const refinds = settings?.['refinds'] === true;
  let baudRate = numberSetting(settings, 'baudRate', 115_200);

  let input: number[] = [];
  let cardName: string | undefined;
  let stage: 'untouched' | 'found' | 'selected' | 'read' = 'untouched';
  let standing: { fault: FaultName; command?: string } = { fault: 'none' };
  let once: { fault: FaultName; command?: string }[] = [];
  let outstanding = 0;
  let overlapping = 0;
  const seen: Record<string, number> = {};
  const pending = new Set<() => void>();
  let stopPause: (() => void) | undefined;

  const later = (delayMs: number, act: () => void): void => {
    if (delayMs === 0) {
      act();
      return;
    }
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
  };

  const faultFor = (command: string): FaultName => {
    const index = once.findIndex((entry) => entry.command === undefined || entry.command === command);
    const [taken] = index < 0 ? [] : once.splice(index, 1);
    if (taken) return taken.fault;
    return standing.command === undefined || standing.command === command ? standing.fault : 'none';
  };

  const currentCard = () => (cardName === undefined ? undefined : simulatedCards[cardName]);

  const textFor = (text: Uint8Array, fault: FaultName): number[] => {
    const changed = Uint8Array.from(text);
    if (fault === 'unknownType') changed.set(encodeUcs2('K', 1), 248);
    // Another digit in the middle of the number: for the eye it looks right, its check character does not fit.
    if (fault === 'damagedData') changed[136] = changed[136] === 0x35 ? 0x36 : 0x35;
    return [...changed];
  };

  const readReply = (fault: FaultName, withPrint: boolean): number[] => {
    const card = currentCard();
    if (!card || stage === 'untouched' || stage === 'found') return frame(card ? 0x21 : 0x41);
    if (fault === 'readError') return frame(0x41);
    if (fault === 'unsupportedCard') return frame(0x40);
    stage = 'read';
    const text = textFor(card.text, fault);
    const lengths = [...big(text.length), ...big(card.photo.length), ...(withPrint ? big(printBytes) : [])];
    const print = withPrint ? Array.from({ length: printBytes }, (_, index) => (index * 13 + 0x43) & 0xff) : [];
    return frame(0x90, [...lengths, ...text, ...card.photo, ...print]);
  };

  const replyTo = (command: string | undefined, parameter: number, fault: FaultName): number[] => {
    if (fault === 'selfTestFailed') return frame(0x60);
    if (fault === 'unauthorised') return frame(0x66);
    switch (command) {
      case 'reset':
        stage = 'untouched';
        return frame(0x90);
      case 'selfTest':
        return frame(0x90);
      case 'readSamId':
        return frame(0x90, fault === 'otherModule' ? [...samId.slice(0, 15), 0x48] : samId);
      case 'find':
        if (cardName === undefined || (stage === 'read' && !refinds)) return frame(0x80);
        stage = 'found';
        return frame(0x9f, [0, 0, 0, 0]);
      case 'select':
        if (cardName === undefined || stage === 'untouched' || fault === 'selectFailed') return frame(0x81);
        stage = stage === 'read' ? 'read' : 'selected';
        return frame(0x90, [0, 0, 0, 0, 0, 0, 0, 0]);
      case 'read':
        return readReply(fault, false);
      case 'readWithPrint':
        return fault === 'noPrintCommand' ? frame(0x21) : readReply(fault, true);
      case 'setRate':
        if (fault === 'rateRefused') return frame(0x23);
        if (fault !== 'rateIgnored') baudRate = moduleRates[parameter] ?? baudRate;
        return frame(0x90);
      case 'readAddress': {
        const card = currentCard();
        if (!card || stage !== 'read') return frame(0x41);
        return card.appendedAddress === undefined
          ? frame(0x91)
          : frame(0x90, [...encodeUcs2(card.appendedAddress, 35)]);
      }
      default:
        return frame(0x21);
    }
  };

  /** What the line makes of a reply. */
  const spoil = (reply: number[], fault: FaultName): number[] => {
    switch (fault) {
      case 'badChecksum':
        return [...reply.slice(0, -1), (reply.at(-1) ?? 0) ^ 0x01];
      case 'cutShort':
        return reply.slice(0, -2);
      case 'halfFrame':
        // The first half of a long reply that broke off, then the good one.
        return [0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x05, 0x08, 0x00, 0x00, 0x90, ...reply];
      case 'garbageBefore':
        return [0x00, 0xff, 0x96, 0x69, 0xaa, 0x55, 0x0d, ...reply];
      case 'dropAa':
        return reply.slice(1);
      case 'extraByte':
        return [0x01, ...reply];
      case 'none':
      case 'mute':
      case 'slow':
      case 'echo':
      case 'selectFailed':
      case 'readError':
      case 'unknownType':
      case 'unsupportedCard':
      case 'damagedData':
      case 'unauthorised':
      case 'selfTestFailed':
      case 'rateRefused':
      case 'rateIgnored':
      case 'noPrintCommand':
      case 'otherModule':
        return reply;
      default:
        return fault satisfies never;
    }
  };

  const answer = (command: string | undefined, parameter: number, raw: readonly number[]): void => {
    const name = command ?? 'unknown';
    seen[name] = (seen[name] ?? 0) + 1;
    if (outstanding > 0) overlapping += 1;
    const fault = faultFor(name);
    if (fault === 'echo') wire.send(Uint8Array.from(raw));
    if (fault === 'mute') return;
    const thinkMs = name === 'find' ? findDelayMs : name === 'read' || name === 'readWithPrint' ? readDelayMs : 0;
    outstanding += 1;
    // A slow reply says what was true when it was asked for; a think time ends with what is true by then.
    const early = fault === 'slow' ? replyTo(command, parameter, fault) : undefined;
    later(early ? slowMs : thinkMs, () => {
      outstanding -= 1;
      wire.send(Uint8Array.from(early ?? spoil(replyTo(command, parameter, fault), fault)));
    });
  };

  const take = (): void => {
    for (;;) {
      const start = input.findIndex((byte, index) => byte === 0x96 && input[index + 1] === 0x69);
      if (start < 0) return;
      const length = ((input[start + 2] ?? 0) << 8) | (input[start + 3] ?? 0);
      const end = start + 4 + length;
      if (input.length < start + 4 || input.length < end) return;
      const raw = input.slice(0, end);
      const body = input.slice(start + 2, end);
      input = input.slice(end);
      const [, , command = 0, parameter = 0] = body;
      if (length !== 3) wire.send(Uint8Array.from(frame(0x11)));
      else if (sumOf(body) !== 0) wire.send(Uint8Array.from(frame(0x10)));
      else answer(commandNames[(command << 8) | parameter], parameter, raw);
    }
  };

  const parseFault = (argument = 'none'): { fault: FaultName; command?: string } => {
    const [name, command] = argument.split('@');
    const fault = faultNames.find((known) => known === name);
    if (fault === undefined) throw new RangeError(`no such fault: ${argument}`);
    return command === undefined ? { fault } : { fault, command };
  };

  const knobs: Record<string, Knob> = {
    place: {
      title: { zh: '放上证件', en: 'Place a card' },
      argument: Object.keys(simulatedCards),
      turn(argument = 'resident') {
        if (!simulatedCards[argument]) throw new RangeError(`no such card: ${argument}`);
        cardName = argument;
        stage = 'untouched';
      },
    },
    lift: {
      title: { zh: '拿走证件', en: 'Lift the card' },
      turn() {
        cardName = undefined;
        stage = 'untouched';
      },
    },
    fault: {
      title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
      argument: faultNames,
      turn(argument) {
        standing = parseFault(argument);
        if (standing.fault === 'none') once = [];
      },
    },
    faultOnce: {
      title: { zh: '只出现一次的故障', en: 'Fault that happens once' },
      argument: 'name or name@command, e.g. badChecksum@read',
      turn(argument) {
        once.push(parseFault(argument));
      },
    },
  };

  return {
    receive(bytes) {
      stopPause?.();
      input.push(...bytes);
      take();
      if (input.length > 0)
        stopPause = clock.after(commandPauseMs, () => {
          input = [];
        });
    },
    knobs,
    look: () => ({
      card: cardName ?? null,
      stage,
      fault: standing.fault,
      commands: { ...seen },
      overlapping,
      baudRate,
    }),
    stop() {
      stopPause?.();
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
