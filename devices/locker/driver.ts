// Puts the 8A/80 board's machine on a port. The only impure file of this driver: everything it does is in the kit's runner.

import type { DeviceDependencies, DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { Locker } from './api.ts';
import { createBoardDecoder } from './codec.ts';
import { board8a80ConfigSchema, type Board8a80Config } from './config.ts';
import { boardChecks } from './diagnostics.ts';
import { lockerFaults } from './faults.ts';
import { createBoardMachine } from './machine.ts';

export const startBoard8a80 = (config: Board8a80Config, dependencies: DeviceDependencies): Locker =>
  startDevice(
    {
      kind: 'locker',
      machine: createBoardMachine(config),
      createDecoder: () => createBoardDecoder(config),
      faultTexts: lockerFaults,
      // A door that opened must not open again because a message was repeated or the host restarted.
      isDurable: (command) => command.type === 'openCell',
      checks: (device) => boardChecks(device, config),
    },
    dependencies,
  );

export const board8a80Driver: DriverDefinition<Board8a80Config, Locker> = {
  driver: 'board-8a80',
  kind: 'locker',
  title: { zh: '8A/80 锁控板(RS-485 / RS-232)', en: '8A/80 lock board (RS-485 / RS-232)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  commands: ['openCell', 'awaitClosed', 'queryCells'],
  configSchema: board8a80ConfigSchema,
  defaultBaudRate: 9600,
  start: startBoard8a80,
};
