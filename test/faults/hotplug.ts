// Unplugged and plugged in again, a thousand times, on real ports: the kernel's ttys and sockets, and memory beside them. The runner's
// clock runs fast, so that its waits do not fill the day; the ports keep their own time.
//
//   online ─▶ (every other time: a command on its way) ─▶ unplug ─▶ told as gone ─▶ plug ─▶ online

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../devices/kit/clock.ts';
import { systemClock } from '../../devices/kit/clock.ts';
import type { Device } from '../../devices/kit/device.ts';
import type { Simulator } from '../../devices/kit/simulator.ts';
import type { Transport } from '../../devices/kit/transport.ts';
import { createMemoryTransport } from '../../devices/kit/transports/memory.ts';
import { createSerialTransport } from '../../devices/kit/transports/serial.ts';
import { createTcpTransport } from '../../devices/kit/transports/tcp.ts';
import { openTcpPort, openTtyPort, type Port } from '../testbed/hall/port.ts';
import type { Rehearsed } from './rehearsals.ts';
import { toy } from './toy-device.ts';

export const pluggedTransports = ['tty', 'tcp', 'memory'] as const;
export type PluggedTransport = (typeof pluggedTransports)[number];

export type HotplugReport = {
  cycles: number;
  /** Cycles after which the device was online again. */
  recovered: number;
  /** Commands that were on their way when the plug was pulled, and how many of them ended. */
  commands: number;
  settled: number;
  /** Open files of this process while the device is online, before and after. */
  handlesBefore: number;
  handlesAfter: number;
  /** Log lines over all cycles: one each way makes two a cycle. */
  logLines: number;
  /** What was logged, and how often. */
  lines: Record<string, number>;
};

/** Device milliseconds in one of ours: the test's own bell can be hurried, a real driver's time-outs only a little. */
const bellClockFactor = 25;
const driverClockFactor = 2;
const warmUpCycles = 3;
/** What a command may honestly say that was cut off; some are done before the plug is out. */
const cutCodes = ['connectionLost', 'outcomeUnknown'];
/** Ours, not the device's: far above what a busy machine needs. */
const waitLimitMs = 30_000;
const lookEveryMs = 2;

const fastClock = (factor: number): Clock => ({
  now: () => Date.now() * factor,
  after: (delayMs, act) => systemClock.after(delayMs / factor, act),
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const until = async (condition: () => boolean): Promise<boolean> => {
  for (const endMs = Date.now() + waitLimitMs; !condition(); await pause(lookEveryMs))
    if (Date.now() > endMs) return false;
  return true;
};

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** A port of each sort with the device behind it, and the transport that opens it. */
const openEnd = async (
  kind: PluggedTransport,
  folder: string,
  onBytes: (bytes: Uint8Array) => void,
): Promise<{ port: Port; transport: Transport }> => {
  switch (kind) {
    case 'tty': {
      const path = join(folder, 'bell');
      const link = { type: 'serial', path, parity: 'none', dataBits: 8, stopBits: 1, flowControl: 'none' } as const;
      return { port: openTtyPort(onBytes, path), transport: createSerialTransport(link, 115_200) };
    }
    case 'tcp': {
      const port = await openTcpPort(onBytes);
      const { hostname: host, port: number } = new URL(port.path);
      return { port, transport: createTcpTransport({ type: 'tcp', host, port: Number(number) }) };
    }
    case 'memory': {
      const transport = createMemoryTransport(onBytes);
      let isPlugged = true;
      const port: Port = {
        path: 'memory',
        get isPlugged() {
          return isPlugged;
        },
        write: (bytes) => transport.peer()?.send(bytes),
        async unplug() {
          isPlugged = false;
          transport.refuse('notFound');
          transport.peer()?.hangUp();
        },
        async plug() {
          isPlugged = true;
          transport.refuse(undefined);
        },
      };
      return { port, transport };
    }
    default:
      return kind satisfies never;
  }
};

const cycle = async (
  device: Device,
  command: unknown,
  port: Port,
  number: number,
  report: HotplugReport,
): Promise<void> => {
  const isOnline = (): boolean => device.status().state === 'online';
  const isCut = number % 2 === 1;
  const cut = isCut ? device.execute(command, { id: `cut-${number}`, timeoutMs: 60_000 }) : undefined;
  await port.unplug();
  if (cut) {
    report.commands += 1;
    const result = await Promise.race([cut, pause(waitLimitMs)]);
    if (result && (result.ok || cutCodes.includes(result.error.code))) report.settled += 1;
  }
  const wasTold = await until(() => !isOnline());
  await port.plug();
  report.cycles += 1;
  if (wasTold && (await until(isOnline))) report.recovered += 1;
};

/** Without a driver the test's own bell is plugged. Of a driver the last command is cut off: a person's part in it is not played. */
export const runHotplug = async (
  kind: PluggedTransport,
  cycles: number,
  rehearsed?: Rehearsed,
): Promise<HotplugReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kiosk-plug-'));
  const { rehearsal, definition } = rehearsed ?? toy();
  const command = rehearsal.commands.at(-1)?.command;
  const report: HotplugReport = {
    cycles: 0,
    recovered: 0,
    commands: 0,
    settled: 0,
    handlesBefore: 0,
    handlesAfter: 0,
    logLines: 0,
    lines: {},
  };
  let simulator: Simulator | undefined = undefined as Simulator | undefined;
  const { port, transport } = await openEnd(kind, folder, (bytes) => simulator?.receive(bytes));
  simulator = rehearsal.simulator(
    { send: (bytes) => port.write(bytes) },
    { clock: systemClock, settings: rehearsal.simulatorSettings ?? {} },
  );
  const device = definition.start(definition.configSchema.parse(rehearsal.config), {
    id: 'bell',
    clock: fastClock(rehearsed ? driverClockFactor : bellClockFactor),
    log({ event, detail }) {
      const line = `${event} ${JSON.stringify(detail ?? {})}`;
      report.logLines += 1;
      report.lines[line] = (report.lines[line] ?? 0) + 1;
    },
    transport,
  });
  try {
    if (!(await until(() => device.status().state === 'online'))) throw new Error(`the ${kind} device is never online`);
    for (let number = 1; number <= warmUpCycles; number += 1) await cycle(device, command, port, -number, report);
    Object.assign(report, { cycles: 0, recovered: 0, commands: 0, settled: 0, logLines: 0, lines: {} });
    report.handlesBefore = openFiles();
    for (let number = 1; number <= cycles; number += 1) await cycle(device, command, port, number, report);
    report.handlesAfter = openFiles();
    return report;
  } finally {
    await device.stop();
    simulator.stop();
    await port.unplug();
    rmSync(folder, { recursive: true, force: true });
  }
};

export const isHotplugClean = (report: HotplugReport): boolean =>
  report.recovered === report.cycles &&
  report.settled === report.commands &&
  report.handlesAfter <= report.handlesBefore &&
  report.logLines === 2 * report.cycles;
