// The device layer alone, without store, journeys or screens: the devices of a configuration, started for as long as a command runs.

import { systemClock } from '../../devices/kit/clock.ts';
import type { CommandMemory, DriverDefinition } from '../../devices/kit/device.ts';
import type { Result } from '../../devices/kit/result.ts';
import { registry } from '../../devices/registry.ts';
import { formatConfigErrors, loadConfig } from '../../kiosk-config/parse.ts';
import type { KioskConfig } from '../../kiosk-config/schema.ts';
import { startHallDevices, type HallDevices } from '../host/hall-devices.ts';
import type { Io } from './command.ts';

/** Longer than the slowest device needs to say who it is. */
export const settleMs = 6000;

/** Remembers for this run only: a command of the operator is a new one each time. */
export const rememberInMemory = (): CommandMemory => {
  const results = new Map<string, Result<unknown> | 'begun'>();
  const key = (deviceId: string, commandId: string): string => `${deviceId} ${commandId}`;
  return {
    get: (deviceId, commandId) => results.get(key(deviceId, commandId)),
    begin: (deviceId, commandId) => void results.set(key(deviceId, commandId), 'begun'),
    finish: (deviceId, commandId, result) => void results.set(key(deviceId, commandId), result),
  };
};

/** The configuration, or nothing after its problems were said. */
export const configFor = (file: string, io: Io): KioskConfig | undefined => {
  const loaded = loadConfig(file, { drivers: registry });
  if (loaded.ok) return loaded.value;
  io.err(formatConfigErrors(loaded.error.problems, io.language));
  return undefined;
};

/** Starts the devices, waits until each has left `starting` or the time is over, and runs `act`; they are stopped in any case. */
export const withDevices = async <T>(
  config: Pick<KioskConfig, 'devices'>,
  io: Io,
  act: (devices: HallDevices) => Promise<T>,
  options: { isVerbose?: boolean; drivers?: readonly DriverDefinition[] } = {},
): Promise<T> => {
  const devices = startHallDevices({
    configs: config.devices,
    registry: options.drivers ?? registry,
    clock: systemClock,
    log: ({ device, event, level, detail }) => {
      if (options.isVerbose === true) io.err(`${level} ${device} ${event} ${JSON.stringify(detail ?? {})}`);
    },
    commandMemory: rememberInMemory(),
    assignments: {},
  });
  try {
    await settled(devices);
    return await act(devices);
  } finally {
    await devices.stop();
  }
};

const settled = (devices: HallDevices): Promise<void> =>
  new Promise((resolve) => {
    const isReady = (): boolean => devices.all().every(({ device }) => device.status().state !== 'starting');
    const end = (): void => {
      cancel();
      stop();
      resolve();
    };
    const cancel = systemClock.after(settleMs, end);
    const stop = devices.onChange(() => {
      if (isReady()) end();
    });
    if (isReady()) end();
  });
