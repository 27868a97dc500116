// Reading a card against the time that the bytes themselves need: the driver in this process, a real tty, the simulated module in its
// own process behind a wire of 115200 baud. The card lies there before the clock starts; find, select, read follow.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../devices/kit/clock.ts';
import { serialLinkSchema } from '../../devices/kit/transport.ts';
import { createSerialTransport } from '../../devices/kit/transports/serial.ts';
import type { IdCardReader } from '../../devices/id-card-reader/api.ts';
import { samSerialConfigSchema } from '../../devices/id-card-reader/config.ts';
import { samSerialDriver } from '../../devices/id-card-reader/driver.ts';
import { startHall } from '../testbed/hall/hall.ts';
import { epochMs, figure, median, pause, spread, type Figure } from './figure.ts';

const reads = 24;
const baudRate = 115_200;
const bitsPerByte = 10;
/** The driver leaves this much between two finds; a citizen's card comes later than that. */
const restMs = 400;

const online = (device: IdCardReader): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (device.status().state === 'online') resolve();
    };
    device.onStatus(look);
    look();
  });

export const measureCardReads = async (): Promise<Figure[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'hall-kiosk-bench-'));
  // No think time: what the module takes to find a card is its own and would hide the driver's.
  const hall = await startHall({
    dir: directory,
    kinds: ['id-card-reader'],
    settings: { 'id-card-reader': { baudRate, findDelayMs: 0, readDelayMs: 0 } },
  });
  const [place] = hall.devices;
  const device = samSerialDriver.start(samSerialConfigSchema.parse({}), {
    id: 'card',
    clock: systemClock,
    log: () => undefined,
    transport: createSerialTransport(serialLinkSchema.parse({ type: 'serial', path: place?.path, baudRate }), baudRate),
  });
  try {
    await online(device);
    const readMs: number[] = [];
    const wireMs: number[] = [];
    const ratios: number[] = [];
    let bytesIn = 0;
    for (let read = 0; read < reads; read += 1) {
      await hall.turn('id-card-reader', 'lift');
      await hall.turn('id-card-reader', 'place', 'resident');
      await pause(restMs);
      const before = device.statistics();
      const startedMs = epochMs();
      const answer = await device.execute({ type: 'readCard' }, { id: `read-${read}`, timeoutMs: 8000 });
      const tookMs = epochMs() - startedMs;
      if (!answer.ok) throw new Error(answer.error.message);
      const after = device.statistics();
      bytesIn = (after['bytesIn'] ?? 0) - (before['bytesIn'] ?? 0);
      const bytesOut = (after['bytesOut'] ?? 0) - (before['bytesOut'] ?? 0);
      const ownMs = ((bytesIn + bytesOut) * bitsPerByte * 1000) / baudRate;
      if (bytesOut > 60) throw new Error(`read ${read} was disturbed: ${bytesOut} bytes of requests`);
      readMs.push(tookMs);
      wireMs.push(ownMs);
      ratios.push(tookMs / ownMs);
    }
    return [
      figure('idCardReadOverWire', median(ratios), 'x', {
        target: 1.1,
        note: `median of read time / wire time; answers of ${bytesIn} bytes and their requests; the simulator's think time is set to 0 (its default of 2 ms a find would come on top); the wire gives bytes out in ticks of 1 ms; ${spread(ratios)}`,
      }),
      figure('idCardRead', median(readMs), 'ms', { note: `find, select, read; ${spread(readMs)}` }),
      figure('idCardWire', median(wireMs), 'ms', {
        note: `${bytesIn} bytes of answers and their requests at ${baudRate} baud, 10 bits a byte`,
      }),
    ];
  } finally {
    await device.stop();
    await hall.stop();
    await rm(directory, { recursive: true, force: true });
  }
};
