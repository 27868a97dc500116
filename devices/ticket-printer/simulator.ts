// A simulated ESC/POS printer with cover, paper roll, near-end sensor, cutter and outlet. Its own reading of the manuals: no code
// of the driver's codec is used, so that one mistake cannot hide in both.
//
//   wire ─▶ real-time commands (at once) ─▶ receive buffer ─▶ simulator-paper.ts ─▶ strip ─▶ tickets
//     ◀── status, confirmations ◀───────────────────┘ stands still while paper, cover, cutter or heat forbid

import type { Knob, SimulatorFactory } from '../kit/simulator.ts';
import { createPrintUnit, type Outcome, type PrintedTicket } from './simulator-paper.ts';

export const printerFaults = [
  'none',
  'mute',
  'noProcessId',
  'noFence',
  'noBufferClear',
  'slow',
  'garbage',
  'halfFrame',
  'paperOutMidJob',
  'paperUpsideDown',
  'powerCycle',
  'overheat',
  'unrecoverable',
] as const;
export type PrinterFault = (typeof printerFaults)[number];

const slowMs = 350;
const bootMs = 2500;
const defaultBytesBeforePaperOut = 60;

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/**
 * Settings: `columns` (48), `lineMs` (5) per printed line, `hasPresenter` (false), `canRetract` (true), `isChineseAtStart` (true), `keepsAutoStatus`
 * over ESC @ (false), `isEpson` (true: answers GS ( H), `model`.
 */
export const createTicketPrinterSimulator: SimulatorFactory = (wire, { clock, settings = {} }) => {
  const lineMs = numberOf(settings.lineMs, 5);
  const hasPresenter = settings.hasPresenter === true;
  const unit = createPrintUnit(numberOf(settings.columns, 48), settings.isChineseAtStart !== false);

  let buffer: number[] = [];
  let arrived: number[] = [];
  let tickets: PrintedTicket[] = [];
  let fault: PrinterFault = settings.isEpson === false ? 'noProcessId' : 'none';
  let paper: 'ok' | 'nearEnd' | 'out' = 'ok';
  let isCoverOpen = false;
  let isCutterBlocked = false;
  let hasCutterError = false;
  let isBooting = false;
  let autoStatusMask = 0;
  let lastReport = '';
  let outletTickets = 0;
  let retractedTickets = 0;
  let bytesToPaperOut: number | undefined;
  let stopPrinting: (() => void) | undefined;
  const stops = new Set<() => void>();

  const after = (delayMs: number, act: () => void): (() => void) => {
    const stop = clock.after(delayMs, () => {
      stops.delete(stop);
      act();
    });
    stops.add(stop);
    return stop;
  };

  const isOffline = (): boolean =>
    isCoverOpen || paper === 'out' || hasCutterError || fault === 'overheat' || fault === 'unrecoverable';

  const answer = (...bytes: number[]): void => {
    if (isBooting || fault === 'mute') return;
    const noise = fault === 'garbage' ? [0xff, 0x80, 0xc4] : [];
    // A plug that wobbles: the second half never arrives.
    const kept = fault === 'halfFrame' && bytes.length > 1 ? bytes.slice(0, Math.floor(bytes.length / 2)) : bytes;
    const sent = Uint8Array.from([...noise, ...kept]);
    if (fault === 'slow') after(slowMs, () => wire.send(sent));
    else wire.send(sent);
  };

  // Bits as printed in the status tables of the manuals.
  const realTimeByte = (kind: number): number => {
    const error = hasCutterError || fault === 'overheat' || fault === 'unrecoverable';
    let byte = 0b0001_0010;
    if (kind === 1 && isOffline()) byte |= 1 << 3;
    if (kind === 2 && isCoverOpen) byte |= 1 << 2;
    if (kind === 2 && paper === 'out') byte |= 1 << 5;
    if (kind === 2 && error) byte |= 1 << 6;
    if (kind === 3 && hasCutterError) byte |= 1 << 3;
    if (kind === 3 && fault === 'unrecoverable') byte |= 1 << 5;
    if (kind === 3 && fault === 'overheat') byte |= 1 << 6;
    if (kind === 4 && paper !== 'ok') byte |= (1 << 2) | (1 << 3);
    if (kind === 4 && paper === 'out') byte |= (1 << 5) | (1 << 6);
    return byte;
  };

  const report = (): number[] => {
    let first = 0b0001_0100;
    if (isOffline()) first |= 1 << 3;
    if (isCoverOpen) first |= 1 << 5;
    let second = 0;
    if (hasCutterError) second |= 1 << 3;
    if (fault === 'unrecoverable') second |= 1 << 5;
    if (fault === 'overheat') second |= 1 << 6;
    const third = { ok: 0, nearEnd: 0b0011, out: 0b1111 }[paper];
    return [first, second, third, 0x0f];
  };

  const reportChange = (): void => {
    const bytes = report();
    if (autoStatusMask === 0 || bytes.join() === lastReport) return;
    lastReport = bytes.join();
    answer(...bytes);
  };

  const dropJob = (): void => {
    buffer = [];
    stopPrinting?.();
    stopPrinting = undefined;
    unit.reset();
  };

  const powerCycle = (): void => {
    dropJob();
    arrived = [];
    autoStatusMask = 0;
    hasCutterError = false;
    isBooting = true;
    // The line driver of many printers puts a zero on the line when the supply goes.
    wire.send(Uint8Array.of(0x00));
    after(bootMs, () => {
      isBooting = false;
    });
  };

  // ── Real-time commands, seen wherever they are in the stream ──

  const recover = (isDiscarding: boolean): void => {
    if (!hasCutterError) return;
    if (isDiscarding) dropJob();
    if (isCutterBlocked) return;
    hasCutterError = false;
    if (!isDiscarding) tickets.push(unit.tear(true));
    reportChange();
    pump();
  };

  const presenterAnswer = (): void => {
    if (!hasPresenter) return;
    const first = (paper === 'out' ? 0x01 : 0) | (paper === 'nearEnd' ? 0x04 : 0) | (outletTickets > 0 ? 0x20 : 0);
    answer(0x10, 0x0f, first, isCoverOpen ? 0x02 : 0, 0, 0);
  };

  const clearCommand = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08].join();

  const watch = (byte: number): void => {
    arrived = [...arrived.slice(-9), byte];
    const [first, second, third] = arrived.slice(-3);
    if (first === 0x10 && second === 0x04 && third !== undefined) {
      if (third >= 1 && third <= 4) answer(realTimeByte(third));
      else if (third === 0x14) presenterAnswer();
    }
    if (first === 0x10 && second === 0x05 && (third === 1 || third === 2)) recover(third === 2);
    if (arrived.join() === clearCommand && fault !== 'noBufferClear') {
      dropJob();
      answer(0x37, 0x25, 0x00);
    }
  };

  // ── The print queue ──

  const carryOut = (outcome: Outcome): number => {
    switch (outcome.type) {
      case 'nothing':
        return 0;
      case 'moved':
        return outcome.lines * lineMs;
      case 'cut':
        if (isCutterBlocked) {
          hasCutterError = true;
          reportChange();
          return 0;
        }
        if (hasPresenter) outletTickets += 1;
        tickets.push(unit.tear(true));
        return lineMs;
      case 'ejector':
        if (outcome.act !== 2 || !hasPresenter || settings.canRetract === false) return 0;
        retractedTickets += outletTickets;
        outletTickets = 0;
        return lineMs;
      case 'initialised':
        if (settings.keepsAutoStatus !== true) autoStatusMask = 0;
        return 0;
      case 'autoStatus':
        autoStatusMask = outcome.mask;
        lastReport = '';
        reportChange();
        return 0;
      case 'processId':
        if (fault !== 'noProcessId' && fault !== 'noFence')
          answer(0x37, 0x22, ...Buffer.from(outcome.id, 'latin1'), 0x00);
        return 0;
      case 'fence':
        if (fault !== 'noFence') answer(paper === 'ok' ? 0x00 : 0x03);
        return 0;
      case 'info': {
        const texts: Record<number, string> = {
          67: typeof settings.model === 'string' ? settings.model : 'SIM-80',
          65: '1.00 SIM',
          68: 'SIM0001',
        };
        const text = texts[outcome.kind];
        if (text !== undefined) answer(0x5f, ...Buffer.from(text, 'latin1'), 0x00);
        return 0;
      }
      default:
        outcome satisfies never;
        return 0;
    }
  };

  const pump = (): void => {
    const isFree = (): boolean => !stopPrinting && !isOffline() && !isBooting;
    while (isFree()) {
      const waiting = buffer.length;
      const outcome = unit.step(buffer);
      if (!outcome) return;
      const busyMs = carryOut(outcome);
      if (bytesToPaperOut !== undefined) {
        bytesToPaperOut -= waiting - buffer.length;
        if (bytesToPaperOut <= 0) {
          bytesToPaperOut = undefined;
          paper = 'out';
          reportChange();
        }
      }
      if (busyMs > 0)
        stopPrinting = after(busyMs, () => {
          stopPrinting = undefined;
          pump();
        });
    }
  };

  const changed = (change: () => void): void => {
    change();
    reportChange();
    pump();
  };

  const setFault = (argument = 'none'): void => {
    const [name, value] = argument.split(':');
    const next = printerFaults.find((known) => known === name);
    if (!next) throw new RangeError(`this printer has no fault "${argument}"`);
    if (next === 'paperOutMidJob') {
      bytesToPaperOut = Number(value ?? defaultBytesBeforePaperOut);
      return;
    }
    if (next === 'powerCycle') {
      powerCycle();
      return;
    }
    unit.setBlank(next === 'paperUpsideDown');
    changed(() => {
      fault = next;
    });
  };

  const knob = (zh: string, en: string, turn: (argument?: string) => void, argument?: readonly string[]): Knob => ({
    title: { zh, en },
    ...(argument ? { argument } : {}),
    turn,
  });

  return {
    receive(bytes) {
      if (isBooting) return;
      for (const byte of bytes) {
        buffer.push(byte);
        watch(byte);
      }
      pump();
    },
    knobs: {
      removePaper: knob('取出纸卷', 'Take the roll out', () => changed(() => (paper = 'out'))),
      loadPaper: knob('装入纸卷', 'Load a roll', () => changed(() => (paper = 'ok'))),
      paperNearEnd: knob('纸将用尽', 'Paper near its end', () => changed(() => (paper = 'nearEnd'))),
      openCover: knob('打开上盖', 'Open the cover', () => changed(() => (isCoverOpen = true))),
      closeCover: knob('合上上盖', 'Close the cover', () => changed(() => (isCoverOpen = false))),
      cutterJam: knob('卡住切刀', 'Jam the cutter', () => (isCutterBlocked = true)),
      clearJam: knob('清除卡纸', 'Clear the jam', () => (isCutterBlocked = false)),
      takeTicket: knob('取走小票', 'Take the ticket', () => (outletTickets = 0)),
      fault: knob('故障', 'Fault', setFault, printerFaults),
    },
    look: () => ({
      tickets: tickets.map((ticket) => ({ ...ticket })),
      paper,
      cover: isCoverOpen ? 'open' : 'closed',
      cutter: hasCutterError ? 'jammed' : 'ok',
      outletTickets,
      retractedTickets,
      fault,
      pending: { ...unit.strip(), waitingBytes: buffer.length },
    }),
    stop() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
};
