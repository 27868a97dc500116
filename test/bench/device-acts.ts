// A ticket and a door against the time that the bytes themselves need: the drivers in this process, real ttys, simulated devices in
// processes of their own behind a wire that is paced both ways. What a device does by itself (print a line, throw a bolt) is set to
// nothing where it would hide the driver.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import type { Device } from '../../devices/kit/device.ts';
import { serialLinkSchema } from '../../devices/kit/transport.ts';
import { createSerialTransport } from '../../devices/kit/transports/serial.ts';
import { turnaroundMs } from '../../devices/locker/state.ts';
import type { TicketDocument } from '../../devices/ticket-printer/api.ts';
import { registry } from '../../devices/registry.ts';
import { startHall, type Hall } from '../testbed/hall/hall.ts';
import { epochMs, figure, median, pause, spread, type Figure } from './figure.ts';

const runs = 12;
const bitsPerByte = 10;

const startDriver = (driver: string, settings: unknown, path: string, baudRate: number): Device => {
  const definition = registry.find((known) => known.driver === driver);
  if (!definition) throw new Error(`no driver ${driver}`);
  return definition.start(definition.configSchema.parse(settings), {
    id: driver,
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(serialLinkSchema.parse({ type: 'serial', path, baudRate }), baudRate),
  });
};

const online = (device: Device): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (device.status().state === 'online') resolve();
    };
    device.onStatus(look);
    look();
  });

type Timed = { tookMs: number; wireMs: number };

/** One command, with the bytes that went both ways meanwhile. */
const timed = async (device: Device, command: unknown, id: string, baudRate: number): Promise<Timed> => {
  const before = device.statistics();
  const startedMs = epochMs();
  const answer = await device.execute(command, { id, timeoutMs: 15_000 });
  const tookMs = epochMs() - startedMs;
  if (!answer.ok) throw new Error(answer.error.message);
  const after = device.statistics();
  const bytes = ['bytesIn', 'bytesOut'].reduce((sum, name) => sum + (after[name] ?? 0) - (before[name] ?? 0), 0);
  return { tookMs, wireMs: (bytes * bitsPerByte * 1000) / baudRate };
};

const withHall = async <T>(
  kind: 'ticket-printer' | 'locker',
  settings: Record<string, unknown>,
  act: (hall: Hall, path: string) => Promise<T>,
): Promise<T> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-bench-'));
  const hall = await startHall({ dir: directory, kinds: [kind], settings: { [kind]: settings } });
  try {
    return await act(hall, hall.devices[0]?.path ?? '');
  } finally {
    await hall.stop();
    await rm(directory, { recursive: true, force: true });
  }
};

/** About the length of a receipt: text, a code, blank lines, the cut. */
const receipt: TicketDocument = {
  blocks: [
    ...Array.from({ length: 24 }, (_, line) => ({
      type: 'text' as const,
      text: `第${line + 1}行 市场监管 我要开饭店 材料已收`,
    })),
    { type: 'qr' as const, data: 'https://example.gov.cn/r/EZ01-20260101-000001' },
  ],
};

const measureTicket = (): Promise<Figure[]> => {
  const baudRate = 115_200;
  return withHall('ticket-printer', { baudRate, lineMs: 0 }, async (hall, path) => {
    const device = startDriver('escpos', {}, path, baudRate);
    try {
      await online(device);
      const all: Timed[] = [];
      for (let run = 0; run < runs; run += 1) {
        all.push(await timed(device, { type: 'print', document: receipt }, `ticket-${run}`, baudRate));
        await hall.turn('ticket-printer', 'takeTicket').catch(() => undefined);
        await pause(300);
      }
      const ratios = all.map(({ tookMs, wireMs }) => tookMs / wireMs);
      return [
        figure('ticketOverWire', median(ratios), 'x', {
          target: 1.1,
          note: `print to the printer's own confirmation, ${median(all.map(({ tookMs }) => tookMs)).toFixed(0)} ms against ${median(all.map(({ wireMs }) => wireMs)).toFixed(0)} ms of bytes at ${baudRate} baud; ${spread(ratios)}`,
        }),
      ];
    } finally {
      await device.stop();
    }
  });
};

/** A bolt and a spring take their time: it is the device's own, and known. */
const springMs = 150;
/** The bus rests once between the question for the door and the order to open it. */
const restMs = turnaroundMs;

const measureDoor = (): Promise<Figure[]> => {
  const baudRate = 9600;
  return withHall('locker', { baudRate, springMs, answerMs: 0, locks: 12 }, async (hall, path) => {
    const device = startDriver('board-8a80', { cells: 12 }, path, baudRate);
    try {
      await online(device);
      const all: Timed[] = [];
      for (let run = 0; run < runs; run += 1) {
        const cell = (run % 12) + 1;
        // The round over the doors is over, and two coils are never pulsed close together.
        await pause(900);
        const one = await timed(device, { type: 'openCell', cell }, `open-${run}`, baudRate);
        all.push(one);
        await hall.turn('locker', 'shutDoor', String(cell));
      }
      const ratios = all.map(({ tookMs, wireMs }) => tookMs / (wireMs + restMs + springMs));
      return [
        figure('doorOpenOverWire', median(ratios), 'x', {
          target: 1.1,
          note: `open to the contact's own word, ${median(all.map(({ tookMs }) => tookMs)).toFixed(0)} ms against ${springMs} ms of bolt and spring, ${restMs} ms of rest on the bus and ${median(all.map(({ wireMs }) => wireMs)).toFixed(0)} ms of bytes at ${baudRate} baud; ${spread(ratios)}`,
        }),
      ];
    } finally {
      await device.stop();
    }
  });
};

export const measureDeviceActs = async (): Promise<Figure[]> => [...(await measureTicket()), ...(await measureDoor())];
