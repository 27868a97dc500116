// For this folder's tests only: the driver and the simulated printer on the two ends of a memory transport, under a fake clock.

import { createFakeClock, type FakeClock } from '../kit/clock.ts';
import type { CommandMemory } from '../kit/device.ts';
import { hexOf } from '../kit/trace.ts';
import type { Result } from '../kit/result.ts';
import type { Simulator } from '../kit/simulator.ts';
import { createMemoryTransport, type MemoryTransport } from '../kit/transports/memory.ts';
import type { PrinterCommand, PrinterNotice, PrinterReply, TicketDocument, TicketPrinter } from './api.ts';
import { escposConfigSchema } from './config.ts';
import { escposDriver } from './driver.ts';
import type { PrintedTicket } from './simulator-paper.ts';
import { createTicketPrinterSimulator } from './simulator.ts';

export type Rig = {
  clock: FakeClock;
  printer: TicketPrinter;
  sim: Simulator;
  transport: MemoryTransport;
  notices: PrinterNotice[];
  turn(knob: string, argument?: string): void;
  fault(argument: string): void;
  tickets(): PrintedTicket[];
  /** Hex of everything sent since the last opening. */
  sent(): string[];
  codes(): string[];
  print(
    document: TicketDocument,
    options?: { id?: string; timeoutMs?: number; signal?: AbortSignal },
  ): Promise<Result<PrinterReply>>;
  execute(command: PrinterCommand, timeoutMs?: number): Promise<Result<PrinterReply>>;
  /** Lets the clock run until the promise is settled. */
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
};

export type RigOptions = {
  config?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  /** A fault that stands from the beginning. */
  fault?: string;
  /** A knob turned before the driver starts. */
  knob?: string;
  /** The line hands every byte back that is sent. */
  hasEcho?: boolean;
  /** How answers reach the driver. */
  deliver?(bytes: Uint8Array, send: (chunk: Uint8Array) => void, clock: FakeClock): void;
  commandMemory?: CommandMemory;
  /** Milliseconds of fake time before the rig is handed over; enough for the longest hello. */
  helloMs?: number;
};

let lastId = 0;

export const queueTicket: TicketDocument = {
  blocks: [
    { type: 'text', text: 'A001', size: 2, align: 'center' },
    { type: 'text', text: '请到3号窗口', align: 'center' },
    { type: 'pair', label: '事项', value: '食品经营许可' },
    { type: 'qr', data: 'https://a.cn/1' },
  ],
};

export const startRig = async (options: RigOptions = {}): Promise<Rig> => {
  const clock = createFakeClock();
  const deliver = options.deliver ?? ((bytes, send) => send(bytes));
  const transport = createMemoryTransport((bytes, peer) => {
    if (options.hasEcho === true) peer.send(bytes);
    sim.receive(bytes);
  });
  const sim = createTicketPrinterSimulator(
    { send: (bytes) => deliver(bytes, (chunk) => transport.peer()?.send(chunk), clock) },
    { clock, ...(options.settings ? { settings: options.settings } : {}) },
  );
  if (options.fault !== undefined) sim.knobs.fault?.turn(options.fault);
  if (options.knob !== undefined) sim.knobs[options.knob]?.turn();
  const printer = escposDriver.start(escposConfigSchema.parse(options.config ?? {}), {
    id: 'printer',
    clock,
    log: () => undefined,
    transport,
    ...(options.commandMemory ? { commandMemory: options.commandMemory } : {}),
  });
  const notices: PrinterNotice[] = [];
  printer.onNotice((notice) => notices.push(notice));

  const until = async <T>(promise: Promise<T>, limitMs = 120_000): Promise<T> => {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    for (let waited = 0; !isSettled && waited < limitMs; waited += 50) await clock.advance(50);
    if (!isSettled) throw new Error(`not settled within ${limitMs} ms of fake time`);
    return promise;
  };
  const turn = (knob: string, argument?: string): void => {
    const found = sim.knobs[knob];
    if (!found) throw new Error(`no knob ${knob}`);
    found.turn(argument);
  };

  await clock.advance(options.helloMs ?? 4000);
  return {
    clock,
    printer,
    sim,
    transport,
    notices,
    turn,
    fault: (argument) => turn('fault', argument),
    tickets: () => sim.look().tickets as PrintedTicket[],
    sent: () => transport.written().map((bytes) => hexOf(bytes, 4096)),
    codes: () => printer.status().faults.map((fault) => fault.code),
    print: (document, { id = `ticket-${++lastId}`, timeoutMs = 60_000, signal } = {}) =>
      printer.execute({ type: 'print', document }, { id, timeoutMs, ...(signal ? { signal } : {}) }),
    execute: (command, timeoutMs = 10_000) => printer.execute(command, { id: `command-${++lastId}`, timeoutMs }),
    until,
  };
};
