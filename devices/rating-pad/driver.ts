// Puts the pad's machine on a port. The only impure file of this driver: everything it does is in the kit's runner.

import type { DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { RatingPad } from './api.ts';
import { createPadDecoder } from './codec.ts';
import { padConfigSchema, padProtocolSchema, type PadConfig, type PadProtocol } from './config.ts';
import { explainTrace, padChecks } from './diagnostics.ts';
import { padFaults } from './faults.ts';
import { createPadMachine } from './machine.ts';
import { padModels } from './models.ts';
import { padProbe } from './probe.ts';
import { scriptOf } from './script.ts';

/** The protocol that a configuration means: its own, or that of the example it names. */
export const protocolOf = ({ model, protocol }: PadConfig): PadProtocol => {
  if (protocol) return protocol;
  if (model) return padProtocolSchema.parse(padModels[model].protocol);
  throw new Error('a pad configuration without model and protocol passed its schema');
};

/** Any pad on a serial line or behind a serial server whose protocol can be written down as data. */
export const declarativePadDriver: DriverDefinition<PadConfig, RatingPad> = {
  driver: 'declarative-pad',
  kind: 'rating-pad',
  title: { zh: '评价器（按数据描述的协议）', en: 'Rating pad (protocol described by data)' },
  links: ['serial', 'tcp'],
  triedOn: [],
  probe: padProbe,
  commands: ['askRating'],
  configSchema: padConfigSchema,
  defaultBaudRate: 9600,
  explainTrace,
  start(config, dependencies) {
    const protocol = protocolOf(config);
    return startDevice(
      {
        kind: 'rating-pad',
        machine: createPadMachine(scriptOf(protocol)),
        createDecoder: () => createPadDecoder(protocol),
        faultTexts: padFaults,
        // Who stood at the counter at that minute is easily found out: the trace must not tell how they rated.
        isPrivate: (frame) => frame.type !== 'alive',
        checks: (pad) => padChecks(pad, 'the port is open; this protocol cannot tell whether a pad hangs on it'),
      },
      dependencies,
    );
  },
};
