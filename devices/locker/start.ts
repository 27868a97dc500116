// Puts a family of lock boards on a port. The only impure file of this folder: everything it does is in the kit's runner.
// A family brings its settings and its protocol; machine, faults, checks and durability are the same for all.

import type { DeviceDependencies, DriverDefinition, Probe } from '../kit/device.ts';
import type { Decoder } from '../kit/machine.ts';
import { startDevice } from '../kit/run-device.ts';
import type { TraceEntry } from '../kit/trace.ts';
import { lockerCommands, type Locker } from './api.ts';
import { boardsOf, type BusConfig } from './bus.ts';
import type { Wiring } from './calibration.ts';
import { lockerChecks } from './diagnostics.ts';
import { faultsOfBus } from './faults.ts';
import { createLockMachine } from './machine.ts';
import type { LockProtocol } from './protocol.ts';
import type { Words } from './trace-words.ts';

export type LockFamily<Config extends BusConfig> = {
  driver: string;
  title: { zh: string; en: string };
  configSchema: DriverDefinition<Config, Locker>['configSchema'];
  /** Factory setting of the boards. */
  baudRate: number;
  protocolOf(config: Config): LockProtocol;
  /** What calibration compares with. */
  wiringOf?(config: Config): Wiring;
  probe: Probe;
  explainTrace(entry: TraceEntry, before?: TraceEntry): Words;
};

/** A probe that knows its board by one whole, checked answer to the one question it asks. */
export const probeBy = <Frame>(
  model: string,
  question: { baudRates: readonly number[]; ask: Uint8Array },
  createDecoder: () => Decoder<Frame>,
  isAnswer: (frame: Frame) => boolean,
): Probe => ({
  baudRates: question.baudRates,
  ask: [question.ask],
  waitMs: 300,
  recognise(heard) {
    const decoder = createDecoder();
    const items = [...decoder.push(heard), ...(decoder.idle?.() ?? [])];
    const isHere = items.some((item) => item.type === 'frame' && isAnswer(item.frame));
    return isHere ? { model, capabilities: [] } : undefined;
  },
});

export const lockDriver = <Config extends BusConfig>(
  family: LockFamily<Config>,
): DriverDefinition<Config, Locker> & { probe: Probe } => ({
  driver: family.driver,
  kind: 'locker',
  title: family.title,
  configSchema: family.configSchema,
  defaultBaudRate: family.baudRate,
  // No board has a USB number of its own: the adapter in front of it has.
  links: ['serial', 'tcp'],
  probe: family.probe,
  triedOn: [],
  commands: lockerCommands,
  explainTrace: (entry, before) => family.explainTrace(entry, before),
  start(config: Config, dependencies: DeviceDependencies): Locker {
    const protocol = family.protocolOf(config);
    return startDevice(
      {
        kind: 'locker',
        machine: createLockMachine(protocol, config),
        createDecoder: () => protocol.createDecoder(),
        faultTexts: faultsOfBus(boardsOf(config)),
        // A door that opened must not open again because a message was repeated or the host restarted.
        isDurable: (command) => command.type === 'openCell',
        checks: (device) => lockerChecks(device, protocol, config, family.wiringOf?.(config)),
      },
      dependencies,
    );
  },
});
