// Asks a serial port for one of the example pads that answer by themselves. A pad that was described in the configuration is known
// from there; a pad without a heartbeat cannot be asked.

import type { Probe } from '../kit/device.ts';
import { createPadDecoder } from './codec.ts';
import { padProtocolSchema } from './config.ts';
import { padModelNames, padModels } from './models.ts';
import { bytesOfHex } from './pattern.ts';

const asked = padModelNames.flatMap((name) => {
  const { baudRate, title, protocol: written } = padModels[name];
  const protocol = padProtocolSchema.parse(written);
  return protocol.heartbeat ? [{ title, baudRate, protocol, question: bytesOfHex(protocol.heartbeat.send) }] : [];
});

export const padProbe: Probe = {
  baudRates: [...new Set(asked.map(({ baudRate }) => baudRate))],
  ask: asked.map(({ question }) => question),
  waitMs: 300,
  recognise(heard) {
    for (const { title, protocol } of asked) {
      const decoder = createPadDecoder(protocol);
      const decoded = [...decoder.push(heard), ...(decoder.idle?.() ?? [])];
      if (decoded.some((item) => item.type === 'frame' && item.frame.type === 'alive'))
        return { model: title.en, capabilities: ['askRating', 'heartbeat'] };
    }
    return undefined;
  },
};
