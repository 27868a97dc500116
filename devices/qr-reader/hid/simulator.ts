// Code readers at the far end of USB HID: HID POS in the layouts that are sold, with Honeywell's commands or the standard's trigger
// report, and Symbol's COM port emulation. Written from the manuals; nothing here comes from the driver's codec.

import iconv from 'iconv-lite';
import type { Knob, Simulator, SimulatorFactory } from '../../kit/simulator.ts';

const fromHex = (hex: string): number[] => [...Buffer.from(hex.replaceAll(/\s/g, ''), 'hex')];

/** Report descriptors by the HID Point of Sale Usage Tables; `aimFirst` has trigger report 4 and the command report FD as well. */
export const descriptors = {
  aimFirst: Uint8Array.from(
    fromHex(`
      05 8C 09 02 A1 01
        09 12 A1 02 85 02 15 00 26 FF 00 75 08
          95 01 05 01 09 3B 81 02
          95 03 05 8C 09 FB 09 FC 09 FD 81 02
          95 38 09 FE 82 02 01
          95 02 06 66 FF 09 04 81 02
          05 8C 25 01 75 01 95 01 09 FF 81 02 75 07 81 03 C0
        09 14 A1 02 85 04 15 00 25 01 75 01
          95 01 91 03 95 02 09 5F 09 60 91 02 95 05 91 03 C0
        06 66 FF 85 FD 26 FF 00 75 08 95 3F 09 05 91 02
      C0`),
  ),
  dataFirst: Uint8Array.from(
    fromHex(`
      05 8C 09 02 A1 01
        09 12 A1 02 85 02 15 00 26 FF 00 75 08
          95 01 05 01 09 3B 81 02
          05 8C 95 38 09 FE 82 02 01
          95 04 81 03
          95 01 09 FB 81 02
          25 01 75 01 95 01 09 FF 81 02 75 07 81 03 C0
      C0`),
  ),
  /** Nobody's: fields in another order, no count, no number, and the mark of continuation in the middle of a byte. */
  odd: Uint8Array.from(
    fromHex(`
      05 8C 09 02 A1 01
        15 00 25 01 75 01 95 03 81 03 95 01 09 FF 81 02 95 04 81 03
        26 FF 00 75 08 95 1E 09 FE 82 02 01
        95 01 09 FB 81 02 09 FC 81 02 09 FD 81 02
      C0`),
  ),
} as const;

type Shape = {
  size: number;
  room: number;
  build(data: readonly number[], aim: readonly number[], more: boolean): number[];
};

const padded = (data: readonly number[], length: number): number[] => [
  ...data,
  ...Array.from({ length: length - data.length }, () => 0),
];

const shapes: Readonly<Record<string, Shape>> = {
  aimFirst: {
    size: 64,
    room: 56,
    build: (data, aim, more) => [2, data.length, ...aim, ...padded(data, 56), 0x3f, 0, more ? 1 : 0],
  },
  dataFirst: {
    size: 64,
    room: 56,
    build: (data, _, more) => [2, data.length, ...padded(data, 56), 0, 0, 0, 0, 0x73, more ? 1 : 0],
  },
  odd: { size: 34, room: 30, build: (data, aim, more) => [more ? 8 : 0, ...padded(data, 30), ...aim] },
  symbol: { size: 64, room: 63, build: (data) => [data.length, ...padded(data, 63)] },
};

const faultNames = ['none', 'mute', 'lateReply', 'refuse', 'lostLast', 'otherReports', 'mixedUp'] as const;
type FaultName = (typeof faultNames)[number];

const lateMs = 6000;
const readTimeoutMs = 10_000;
/** As the Voyager 1602g tells of itself, in lines. */
const revisionText =
  'Product Name: Simulated reader\r\nBoot Revision: : 1\r\nSoftware Part Number: SIM000001\r\n' +
  'Software Revision: $ProjectRevision: 100 \r\nSerial Number: SIM0000001\r\nSupported IF: Standard\r\n';
const latin = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/**
 * Settings: `layout` (aimFirst, dataFirst, odd, symbol), `vendor` (none, honeywell), `isTriggered`, `encoding` (utf-8, gb18030),
 * `suffix` (hex behind every code).
 */
export const createHidQrSimulator: SimulatorFactory = (wire, { clock, settings }): Simulator => {
  const layout = typeof settings?.['layout'] === 'string' ? settings['layout'] : 'aimFirst';
  const shape = shapes[layout];
  if (!shape) throw new RangeError(`no such layout: ${layout}`);
  const isHoneywell = settings?.['vendor'] === 'honeywell';
  const isTriggered = settings?.['isTriggered'] === true;
  const encoding = settings?.['encoding'] === 'gb18030' ? 'gb18030' : 'utf-8';
  const suffix = typeof settings?.['suffix'] === 'string' ? fromHex(settings['suffix']) : [];

  let fault: FaultName = 'none';
  let inFront: number[] | undefined;
  let isScanning = !isTriggered;
  let beeps = 0;
  let sentCodes = 0;
  const commands: Record<string, number> = {};
  const pending = new Set<() => void>();
  let stopScanTimer: (() => void) | undefined;

  const later = (delayMs: number, act: () => void): (() => void) => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
    return cancel;
  };

  const emit = (content: readonly number[], aim: string, isCode: boolean): void => {
    if (fault === 'mute') return;
    const pieces: number[][] = [];
    for (let from = 0; from === 0 || from < content.length; from += shape.room)
      pieces.push(content.slice(from, from + shape.room));
    if (fault === 'otherReports' && isCode) wire.send(Uint8Array.from(padded([3, 1], shape.size)));
    for (const [index, piece] of pieces.entries()) {
      const isLast = index === pieces.length - 1;
      if (isCode && fault === 'lostLast' && isLast) return;
      const told = isCode && fault === 'mixedUp' && index > 0 ? ']C0' : aim;
      wire.send(Uint8Array.from(shape.build(piece, latin(told), !isLast)));
    }
  };

  const look = (): void => {
    if (!inFront || !isScanning) return;
    const content = inFront;
    inFront = undefined;
    if (isTriggered) {
      isScanning = false;
      stopScanTimer?.();
    }
    sentCodes += 1;
    emit([...content, ...suffix], ']Q1', true);
  };

  const trigger = (isOn: boolean): void => {
    if (!isTriggered) return;
    isScanning = isOn;
    stopScanTimer?.();
    if (isOn)
      stopScanTimer = later(readTimeoutMs, () => {
        isScanning = false;
      });
    look();
  };

  const count = (name: string): void => {
    commands[name] = (commands[name] ?? 0) + 1;
  };

  const answer = (act: () => void): void => {
    if (fault === 'lateReply') later(lateMs, act);
    else act();
  };

  /** SYN, letter, CR, and behind SYN M CR the menu command with its full stop. */
  const takeSerialCommand = (bytes: readonly number[]): void => {
    const [syn, letter, cr, ...rest] = bytes;
    if (syn !== 0x16 || cr !== 0x0d) return;
    if (letter === 0x54 || letter === 0x55) {
      count(letter === 0x54 ? 'triggerOn' : 'triggerOff');
      trigger(letter === 0x54);
    } else if (letter === 0x07) {
      count('beep');
      beeps += 1;
    } else if (letter === 0x4d) {
      const command = String.fromCharCode(...rest);
      count(command);
      const isKnown = command === 'REVINF.' && fault !== 'refuse';
      answer(() => {
        if (isKnown) emit(latin(revisionText), ']X0', false);
        emit(latin(`${command.slice(0, -1)}${isKnown ? '\u0006' : '\u0005'}${command.slice(-1)}`), ']Z6', false);
      });
    }
  };

  const show = (content: readonly number[]): void => {
    inFront = [...content];
    look();
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
      turn: (argument = '') => show(fromHex(argument)),
    },
    takeAway: {
      title: { zh: '拿开码', en: 'Take the code away' },
      turn() {
        inFront = undefined;
      },
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
    receive(report) {
      const [number, value = 0] = report;
      if (number === 0xfd && isHoneywell) takeSerialCommand([...report.subarray(2, 2 + value)]);
      if (number !== 4) return;
      if ((value & 0x04) !== 0) trigger(true);
      if ((value & 0x02) !== 0) trigger(false);
      count((value & 0x04) === 0 ? 'triggerReportOff' : 'triggerReportOn');
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
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
