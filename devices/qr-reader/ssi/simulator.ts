// The reader's side of SSI: parameters, host trigger, packets with checksums, acknowledgements and its own repetitions. Written from
// the integration manuals; nothing here comes from the driver's codec.

import iconv from 'iconv-lite';
import type { Knob, Simulator, SimulatorFactory } from '../../kit/simulator.ts';

const faultNames = [
  'none',
  'mute',
  'lateReply',
  'refuse',
  'damagedOnce',
  'damagedAlways',
  'deafOnce',
  'halfPacket',
  'byteByByte',
] as const;
type FaultName = (typeof faultNames)[number];

/** Its own wait for our acknowledgement (factory setting), and how often it says a packet again. */
const responseMs = 2000;
const repeats = 2;
/** A scan session ends by itself. */
const sessionMs = 10_000;
/** Later than the driver waits, its repetitions included. */
const lateMs = 7000;

/** Symbol's number of a QR code. */
const qrCode = 0x1c;
const revision = 'SIM00001-001-R00 SE-SIM';

type Packet = { opcode: number; status: number; data: readonly number[] };

const serialise = ({ opcode, status, data }: Packet): number[] => {
  const body = [data.length + 4, opcode, 0, status, ...data];
  const sum = body.reduce((total, byte) => total + byte, 0);
  const check = (0x1_0000 - (sum % 0x1_0000)) % 0x1_0000;
  return [...body, Math.floor(check / 256), check % 256];
};

/**
 * Settings: `isTriggered` (reads only in a session), `isPacketed` (at power-up; default is plain text, the factory setting),
 * `suffix` (hex behind plain text, default 0D), `maxData` (data bytes a packet; longer codes go in several), `encoding`.
 */
export const createSsiSimulator: SimulatorFactory = (wire, { clock, settings }): Simulator => {
  const isPacketedAtStart = settings?.['isPacketed'] === true;
  const isTriggeredAtStart = settings?.['isTriggered'] === true;
  const suffix = [...Buffer.from(typeof settings?.['suffix'] === 'string' ? settings['suffix'] : '0D', 'hex')];
  const maxData = typeof settings?.['maxData'] === 'number' ? settings['maxData'] : 240;
  const encoding = settings?.['encoding'] === 'gb18030' ? 'gb18030' : 'utf-8';

  let fault: FaultName = 'none';
  let isPacketed = isPacketedAtStart;
  let isTriggered = isTriggeredAtStart;
  let isScanning = !isTriggered;
  let input: number[] = [];
  let inFront: number[] | undefined;
  let outgoing: Packet[] = [];
  let wireFreeAtMs = 0;
  let tries = 0;
  let beeps = 0;
  let sentCodes = 0;
  let deliveredCodes = 0;
  let errorBeeps = 0;
  const heard: Record<string, number> = {};
  const pending = new Set<() => void>();
  let stopResponse: (() => void) | undefined;
  let stopSession: (() => void) | undefined;

  const later = (delayMs: number, act: () => void): (() => void) => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
    return cancel;
  };

  const emit = (bytes: readonly number[]): void => {
    if (fault === 'mute') return;
    if (fault !== 'byteByByte') {
      wire.send(Uint8Array.from(bytes));
      return;
    }
    // A byte a millisecond, as at 9600 baud; what is sent meanwhile goes out behind it.
    const startMs = Math.max(clock.now(), wireFreeAtMs);
    wireFreeAtMs = startMs + bytes.length;
    for (const [index, byte] of bytes.entries())
      later(startMs + index - clock.now(), () => wire.send(Uint8Array.of(byte)));
  };

  const reply = (packet: Packet): void => {
    const bytes = serialise(packet);
    if (fault === 'lateReply') later(lateMs, () => emit(bytes));
    else emit(bytes);
  };

  const sendNext = (): void => {
    const [packet] = outgoing;
    if (!packet) return;
    const bytes = serialise({ ...packet, status: packet.status + (tries > 0 ? 1 : 0) });
    const isDamaged = fault === 'damagedAlways' || (fault === 'damagedOnce' && tries === 0);
    if (isDamaged) bytes[5] = (bytes[5] ?? 0) ^ 0x11;
    emit(fault === 'halfPacket' ? bytes.slice(0, Math.ceil(bytes.length / 2)) : bytes);
    stopResponse?.();
    stopResponse = later(responseMs, sendAgain);
  };

  const sendAgain = (): void => {
    tries += 1;
    if (tries <= repeats) {
      sendNext();
      return;
    }
    // Four low beeps: a transmission error. The code is lost.
    errorBeeps += 1;
    outgoing = [];
    tries = 0;
  };

  const acknowledged = (): void => {
    stopResponse?.();
    if (outgoing.length === 0) return;
    outgoing.shift();
    tries = 0;
    if (outgoing.length === 0) deliveredCodes += 1;
    else sendNext();
  };

  const sendCode = (content: readonly number[]): void => {
    sentCodes += 1;
    if (!isPacketed) {
      const bytes = [...content, ...suffix];
      emit(fault === 'halfPacket' ? bytes.slice(0, Math.ceil(bytes.length / 2)) : bytes);
      return;
    }
    const all = [qrCode, ...content];
    const packets: Packet[] = [];
    for (let from = 0; from < all.length; from += maxData) {
      const isLast = from + maxData >= all.length;
      packets.push({ opcode: 0xf3, status: isLast ? 0 : 2, data: all.slice(from, from + maxData) });
    }
    const isIdle = outgoing.length === 0;
    outgoing.push(...packets);
    if (isIdle) sendNext();
  };

  const look = (): void => {
    if (!inFront || !isScanning) return;
    const content = inFront;
    inFront = undefined;
    if (isTriggered) isScanning = false;
    sendCode(content);
  };

  const session = (isOn: boolean): void => {
    stopSession?.();
    isScanning = isOn;
    if (isOn)
      stopSession = later(sessionMs, () => {
        isScanning = false;
      });
    look();
  };

  const setParameters = (data: readonly number[]): void => {
    for (let at = 1; at + 1 < data.length; at += 2) {
      const [parameter, value] = data.slice(at, at + 2);
      if (parameter === 0x8a) {
        isTriggered = value === 0x08;
        isScanning = !isTriggered;
      }
      if (parameter === 0xee) isPacketed = value === 0x01;
    }
  };

  const ack = (): void => reply({ opcode: 0xd0, status: 0, data: [] });
  const nak = (cause: number): void => reply({ opcode: 0xd1, status: 0, data: [cause] });

  const obey = (opcode: number, data: readonly number[]): void => {
    const name = opcode.toString(16).toUpperCase();
    heard[name] = (heard[name] ?? 0) + 1;
    if (opcode === 0xd0) return acknowledged();
    if (opcode === 0xd1) return data[0] === 1 ? sendAgain() : acknowledged();
    if (opcode === 0xa3)
      return reply({ opcode: 0xa4, status: 0, data: Array.from(revision, (letter) => letter.charCodeAt(0)) });
    if (fault === 'refuse') return nak(6);
    switch (opcode) {
      case 0xc6:
        setParameters(data);
        ack();
        look();
        return undefined;
      case 0xe4:
        if (!isTriggered) return nak(6);
        ack();
        session(true);
        return undefined;
      case 0xe5:
        ack();
        if (isTriggered) session(false);
        return undefined;
      case 0xe6:
        beeps += 1;
        return ack();
      default:
        return nak(2);
    }
  };

  const show = (content: readonly number[]): void => {
    inFront = [...content];
    look();
  };

  const restart = (): void => {
    isPacketed = isPacketedAtStart;
    isTriggered = isTriggeredAtStart;
    isScanning = !isTriggered;
    outgoing = [];
    tries = 0;
    stopResponse?.();
  };

  const knobs: Record<string, Knob> = {
    show: {
      title: { zh: '出示一个码', en: 'Show a code' },
      argument: 'text of the code',
      turn: (argument = 'HALL-TEST-0001') =>
        show([...(encoding === 'gb18030' ? iconv.encode(argument, 'gb18030') : Buffer.from(argument, 'utf8'))]),
    },
    showBytes: {
      title: { zh: '出示一个含任意字节的码', en: 'Show a code of any bytes' },
      argument: 'hex',
      turn: (argument = '') => show([...Buffer.from(argument.replaceAll(' ', ''), 'hex')]),
    },
    takeAway: {
      title: { zh: '拿开码', en: 'Take the code away' },
      turn() {
        inFront = undefined;
      },
    },
    restart: { title: { zh: '断电再上电', en: 'Power off and on' }, turn: restart },
    fault: {
      title: { zh: '故障（一直存在，none 为恢复）', en: 'Fault that stands until set to none' },
      argument: faultNames,
      turn(argument = 'none') {
        const found = faultNames.find((name) => name === argument);
        if (found === undefined) throw new RangeError(`no such fault: ${argument}`);
        fault = found;
      },
    },
  };

  /** One packet off the front of the input; false: not enough there. Bytes that cannot begin one are skipped. */
  const takePacket = (): boolean => {
    while (input.length > 0 && ((input[0] ?? 0) < 4 || (input.length > 2 && input[2] !== 4))) input.shift();
    const length = input[0] ?? 0;
    if (input.length < 4 || input.length < length + 2) return false;
    const message = input.slice(0, length);
    const sum = message.reduce((total, byte) => total + byte, 0);
    const check = (input[length] ?? 0) * 256 + (input[length + 1] ?? 0);
    input = input.slice(length + 2);
    if ((sum + check) % 0x1_0000 !== 0) {
      nak(1);
      return true;
    }
    // It missed the acknowledgement once, e.g. while its radio slept.
    if (fault === 'deafOnce' && message[1] === 0xd0) {
      fault = 'none';
      return true;
    }
    obey(message[1] ?? 0, message.slice(4));
    return true;
  };

  return {
    receive(bytes) {
      input.push(...bytes);
      while (takePacket());
    },
    knobs,
    look: () => ({
      isScanning,
      isPacketed,
      isTriggered,
      isCodeInFront: inFront !== undefined,
      sentCodes,
      deliveredCodes,
      errorBeeps,
      beeps,
      fault,
      commands: { ...heard },
    }),
    stop() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
