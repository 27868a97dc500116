// Puts the pad's machine on a HID device. Machine, checks and faults are those of the serial pads; the codec knows reports.

import type { DriverDefinition } from '../kit/device.ts';
import { startDevice } from '../kit/run-device.ts';
import type { RatingPad } from './api.ts';
import { createHidPadDecoder } from './codec-hid.ts';
import { hidPadConfigSchema, hidPadProtocolSchema, type HidPadConfig, type HidPadProtocol } from './config-hid.ts';
import { explainTrace, padChecks } from './diagnostics.ts';
import { padFaults } from './faults.ts';
import { createPadMachine } from './machine.ts';
import { hidPadModels } from './models-hid.ts';
import { scriptOf, type PadScript } from './script.ts';

/** The protocol that a configuration means: its own, or that of the example it names. */
export const hidProtocolOf = ({ model, protocol }: HidPadConfig): HidPadProtocol => {
  if (protocol) return protocol;
  if (model) return hidPadProtocolSchema.parse(hidPadModels[model].protocol);
  throw new Error('a pad configuration without model and protocol passed its schema');
};

/** Output reports are sent at their full length: a device may drop a shorter one. */
const scriptOfHid = (protocol: HidPadProtocol): PadScript => {
  const { outputLength } = protocol;
  const lines = { ...protocol, heartbeat: protocol.type === 'reports' ? protocol.heartbeat : undefined };
  return scriptOf(lines, (bytes) => {
    if (outputLength === 0) return bytes;
    const report = new Uint8Array(1 + outputLength);
    report.set(bytes);
    return report;
  });
};

/** Any HID pad whose reports can be written down as data, and number pads. No model is known, so no USB number is named. */
export const declarativeHidPadDriver: DriverDefinition<HidPadConfig, RatingPad> = {
  driver: 'declarative-pad-hid',
  kind: 'rating-pad',
  title: { zh: '评价器（USB HID，按数据描述）', en: 'Rating pad (USB HID, described by data)' },
  links: ['hid'],
  triedOn: [],
  commands: ['askRating'],
  configSchema: hidPadConfigSchema,
  explainTrace,
  start(config, dependencies) {
    const protocol = hidProtocolOf(config);
    return startDevice(
      {
        kind: 'rating-pad',
        machine: createPadMachine(scriptOfHid(protocol)),
        createDecoder: () => createHidPadDecoder(protocol),
        faultTexts: padFaults,
        isPrivate: (frame) => frame.type === 'key' || (frame.type === 'held' && frame.levels.length > 0),
        checks: (pad) => padChecks(pad, 'the pad is plugged in; only a key press shows whether its keys work'),
      },
      dependencies,
    );
  },
};
