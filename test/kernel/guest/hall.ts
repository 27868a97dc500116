// The host's device layer as the host itself starts it: a configuration file, loaded and checked, and every device of it running.

import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../../devices/kit/clock.ts';
import type { CommandMemory, Device } from '../../../devices/kit/device.ts';
import { listPorts, resolvePath } from '../../../devices/kit/finding/list-ports.ts';
import { linkOf, usesOf, type FoundPort } from '../../../devices/kit/finding/ports.ts';
import type { RehearsedCommand } from '../../../devices/kit/rehearsal.ts';
import type { Result } from '../../../devices/kit/result.ts';
import { registry } from '../../../devices/registry.ts';
import { loadConfig } from '../../../kiosk-config/parse.ts';
import type { DeviceConfig } from '../../../kiosk-config/schema.ts';
import { startHallDevices, type HallDevices } from '../../../main/host/hall-devices.ts';
import type { Bench } from './benches.ts';
import { expect, rest, until } from './report.ts';

/** The port of a bench as the list shows it: by its USB serial number. */
export const portOf = async (bench: Bench): Promise<FoundPort | undefined> =>
  (await listPorts()).find(
    ({ type, usb }) => type === bench.link && usb?.serialNumber === bench.plug.face.serialNumber,
  );

export const waitForPort = async (
  bench: Bench,
  isReady: (port: FoundPort) => boolean = () => true,
): Promise<FoundPort> => {
  for (let left = 100; left > 0; left -= 1) {
    const port = await portOf(bench);
    if (port && isReady(port)) return port;
    await rest(100);
  }
  throw new Error(`${bench.id} is not listed: ${JSON.stringify(await listPorts())}`);
};

const example = new URL('../../../kiosk-config/examples/hall.json', import.meta.url);

/** A configuration with these devices, written and loaded as an installation's. */
export const configure = (entries: readonly { bench: Bench; port: FoundPort }[]): readonly DeviceConfig[] => {
  const config = JSON.parse(readFileSync(example, 'utf8')) as { devices: unknown[]; locker: unknown };
  config.devices = entries.map(({ bench, port }) => ({
    id: bench.id,
    kind: bench.rehearsed.definition.kind,
    driver: bench.rehearsed.definition.driver,
    link: linkOf(port),
    settings: bench.rehearsed.rehearsal.config,
    place: { edge: 'left', at: 0.5 },
  }));
  config.locker = {};
  const file = '/run/kiosk.json';
  writeFileSync(file, JSON.stringify(config));
  const loaded = loadConfig(file, { drivers: registry });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error.problems));
  return loaded.value.devices;
};

export type HallLog = { device: string; event: string; detail: string }[];

const createMemory = (): CommandMemory => {
  const results = new Map<string, Result<unknown> | 'begun'>();
  return {
    get: (device, id) => results.get(`${device} ${id}`),
    begin: (device, id) => void results.set(`${device} ${id}`, 'begun'),
    finish: (device, id, result) => void results.set(`${device} ${id}`, result),
  };
};

export const startHall = (configs: readonly DeviceConfig[], log: HallLog = []): HallDevices =>
  startHallDevices({
    configs,
    registry,
    clock: systemClock,
    log: ({ device, event, detail }) => void log.push({ device, event, detail: JSON.stringify(detail ?? {}) }),
    commandMemory: createMemory(),
    assignments: {},
  });

export const deviceOf = (hall: HallDevices, bench: Pick<Bench, 'id'>): Device => {
  const entry = hall.get(bench.id);
  if (!entry) throw new Error(`${bench.id} was not started`);
  return entry.device;
};

const stateOf = (device: Device): string => {
  const { state, faults } = device.status();
  return `${state} ${faults.map(({ code }) => code).join()}`.trim();
};

export const untilOnline = (device: Device, withinMs = 60_000): Promise<void> =>
  until(`${device.id} online`, () => device.status().state === 'online', withinMs).catch((error: unknown) => {
    throw new Error(`${String(error)}, it is ${stateOf(device)}`, { cause: error });
  });

/** Online, and not only because the loss was not reported yet: the port was opened anew since `openings` were counted. */
export const untilBack = async (device: Device, openings: number): Promise<void> => {
  await until(`${device.id} opened again`, () => openingsOf(device) > openings, 60_000);
  await untilOnline(device);
};

export const openingsOf = (device: Device): number => device.statistics()['opened'] ?? 0;

let commands = 0;

export type Performed = { result: Promise<Result<unknown>>; stop(): void };

/** Gives a command and does the person's part in it. */
export const perform = (bench: Bench, device: Device, command: RehearsedCommand): Performed => {
  const timers = (command.hand ?? []).map(({ knob, argument, afterMs }) =>
    setTimeout(() => bench.simulator.knobs[knob]?.turn(argument), afterMs),
  );
  const result = device.execute(command.command, { id: `kernel-${++commands}`, timeoutMs: command.timeoutMs });
  return { result, stop: () => timers.forEach(clearTimeout) };
};

export const tidy = (bench: Bench, command: RehearsedCommand): void => {
  for (const { knob, argument } of command.tidy ?? []) bench.simulator.knobs[knob]?.turn(argument);
};

const tries = { notReady: 50, failed: 4 };

/**
 * A command that must succeed and tell the truth. A device that is not through with its hello yet says so at once; and in a guest
 * without hardware acceleration an answer may be late, which the driver then says honestly: both are tried again.
 */
export const performRight = async (bench: Bench, device: Device, command: RehearsedCommand): Promise<void> => {
  const left = { ...tries };
  for (;;) {
    const { result, stop } = perform(bench, device, command);
    const answer = await result;
    stop();
    tidy(bench, command);
    if (answer.ok) {
      expect(command.isRight(answer.value), `${command.name}: the reply is not what happened`);
      return;
    }
    const { code, message } = answer.error;
    const which = code === 'deviceNotReady' ? 'notReady' : 'failed';
    left[which] -= 1;
    expect(left[which] > 0, `${command.name}: ${code} ${message}`);
    await rest(200);
    await untilOnline(device);
  }
};

export { listPorts, resolvePath, usesOf };
