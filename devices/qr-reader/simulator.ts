// A code reader at the far end of the wire: what is held in front of it goes out as text and suffix, and the commands of the
// configured maker are understood. Nothing here comes from the driver's codec.

import iconv from 'iconv-lite';
import type { Knob, Simulator, SimulatorFactory } from '../kit/simulator.ts';

const faultNames = ['none', 'mute', 'twoInOneChunk', 'byteByByte', 'noSuffix', 'refuse', 'lateReply'] as const;
type FaultName = (typeof faultNames)[number];

const vendors = ['none', 'honeywell', 'newland'] as const;
const suffixBytes: ReadonlyMap<unknown, readonly number[]> = new Map([
  ['cr', [0x0d]],
  ['lf', [0x0a]],
  ['crlf', [0x0d, 0x0a]],
  ['none', []],
]);

const ack = 0x06;
const nak = 0x15;
const enq = 0x05;
/** One byte at 9600 baud takes about this long. */
const byteMs = 1;
/** Later than the driver waits. */
const lateMs = 6000;
/** After a code, a triggered reader stops; without one it stops by itself. */
const readTimeoutMs = 10_000;

const revisionText =
  'Product Name: Simulated reader\r\nBoot Revision: : 1\r\nSoftware Part Number: SIM000001\r\n' +
  'Software Revision: $ProjectRevision: 100 \r\nSerial Number: SIM0000001\r\nSupported IF: Standard\r\n';

const latin = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/**
 * Settings: `vendor` (none, honeywell, newland), `suffix` (cr, lf, crlf, none), `encoding` (utf-8, gb18030), `isTriggered`
 * (reads only when told to), `aimPrefix` (e.g. `]Q1`), `seed` of the random bytes.
 */
export const createQrSimulator: SimulatorFactory = (wire, { clock, settings }): Simulator => {
  const vendor = vendors.find((name) => name === settings?.['vendor']) ?? 'none';
  const suffix = suffixBytes.get(settings?.['suffix'] ?? 'cr') ?? [0x0d];
  const encoding = settings?.['encoding'] === 'gb18030' ? 'gb18030' : 'utf-8';
  let isTriggered = settings?.['isTriggered'] === true;
  const aimPrefix = typeof settings?.['aimPrefix'] === 'string' ? latin(settings['aimPrefix']) : [];
  let random = typeof settings?.['seed'] === 'number' ? settings['seed'] : 1;

  let fault: FaultName = 'none';
  let input: number[] = [];
  let inFront: number[] | undefined;
  let isScanning = !isTriggered;
  let beeps = 0;
  let sentCodes = 0;
  const commands: Record<string, number> = {};
  const pending = new Set<() => void>();
  let stopScanTimer: (() => void) | undefined;

  const later = (delayMs: number, act: () => void): void => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
  };

  const sendCode = (content: readonly number[]): void => {
    if (fault === 'mute') return;
    sentCodes += 1;
    const end = fault === 'noSuffix' ? [] : suffix;
    const code = [...aimPrefix, ...content, ...end];
    if (fault === 'byteByByte') {
      for (const [index, byte] of code.entries()) later(index * byteMs, () => wire.send(Uint8Array.of(byte)));
      return;
    }
    const second = fault === 'twoInOneChunk' ? [...aimPrefix, ...content, ...latin('-2'), ...end] : [];
    wire.send(Uint8Array.from([...code, ...second]));
  };

  const look = (): void => {
    if (!inFront || !isScanning) return;
    const content = inFront;
    inFront = undefined;
    if (isTriggered) {
      isScanning = false;
      stopScanTimer?.();
    }
    sendCode(content);
  };

  const trigger = (isOn: boolean): void => {
    if (!isTriggered) return;
    isScanning = isOn;
    stopScanTimer?.();
    if (isOn)
      stopScanTimer = clock.after(readTimeoutMs, () => {
        isScanning = false;
      });
    look();
  };

  const reply = (bytes: readonly number[]): void => {
    if (fault === 'mute') return;
    if (fault === 'lateReply') later(lateMs, () => wire.send(Uint8Array.from(bytes)));
    else wire.send(Uint8Array.from(bytes));
  };

  const count = (name: string): void => {
    commands[name] = (commands[name] ?? 0) + 1;
  };

  const takeHoneywell = (): boolean => {
    const start = input.indexOf(0x16);
    if (start < 0 || input.length < start + 3) return false;
    const kind = input[start + 1];
    if (kind !== 0x4d) {
      input = input.slice(start + 3);
      if (kind === 0x54 || kind === 0x55) trigger(kind === 0x54);
      if (kind === 0x07) beeps += 1;
      count(kind === 0x54 ? 'triggerOn' : kind === 0x55 ? 'triggerOff' : kind === 0x07 ? 'beep' : 'unknown');
      return true;
    }
    const end = input.findIndex((byte, index) => index > start + 2 && (byte === 0x2e || byte === 0x21));
    if (end < 0) return false;
    const body = input.slice(start + 3, end);
    const storage = input[end] ?? 0x2e;
    input = input.slice(end + 1);
    const name = String.fromCharCode(...body);
    count(name);
    const isKnown = name === 'REVINF' && fault !== 'refuse';
    reply([...(isKnown ? latin(revisionText) : []), ...body, isKnown ? ack : enq, storage]);
    return true;
  };

  const newlandAnswer = (command: string): { echo: string; status: number } => {
    if (fault === 'refuse') return { echo: command, status: nak };
    if (command === 'SCNTRG1' || command === 'SCNTRG0') {
      trigger(command === 'SCNTRG1');
      return { echo: command, status: ack };
    }
    if (command === 'SCNMOD0' || command === 'SCNMOD2') {
      isTriggered = command === 'SCNMOD0';
      isScanning = !isTriggered;
      look();
      return { echo: command, status: ack };
    }
    if (command === 'SCNMOD*') return { echo: `SCNMOD${isTriggered ? 0 : 2}`, status: ack };
    return { echo: command, status: enq };
  };

  const takeNewland = (): boolean => {
    const start = input.indexOf(0x7e);
    const end = input.indexOf(0x03, start);
    if (start < 0 || end < 0) return false;
    const text = String.fromCharCode(...input.slice(start, end));
    input = input.slice(end + 1);
    const head = '~\u00010000';
    const found = text.startsWith(head) ? /^([@#])([A-Z0-9*]+);$/.exec(text.slice(head.length)) : null;
    if (!found) return true;
    const [, storage = '#', command = ''] = found;
    count(command);
    const { echo, status } = newlandAnswer(command);
    reply([0x02, 0x01, ...latin(`0000${storage}${echo}`), status, 0x3b, 0x03]);
    return true;
  };

  const show = (content: readonly number[]): void => {
    inFront = [...content];
    look();
  };

  const randomByte = (): number => {
    // xorshift32: the same seed gives the same bytes, so that a failure can be repeated.
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 8) & 0xff;
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
    showRandom4096: {
      title: { zh: '送出 4096 个随机字节', en: 'Send 4,096 random bytes' },
      turn: () => show(Array.from({ length: 4096 }, randomByte)),
    },
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

  return {
    receive(bytes) {
      input.push(...bytes);
      if (vendor === 'none') input = [];
      else while (vendor === 'honeywell' ? takeHoneywell() : takeNewland());
    },
    knobs,
    look: () => ({
      isScanning,
      isCodeInFront: inFront !== undefined,
      sentCodes,
      beeps,
      fault,
      commands: { ...commands },
    }),
    stop() {
      stopScanTimer?.();
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
