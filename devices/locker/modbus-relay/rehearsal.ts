// Modbus-RTU relay boards for the generated campaigns: with door contacts on the inputs, and without any.

import { isDeepStrictEqual } from 'node:util';
import type { Rehearsal } from '../../kit/rehearsal.ts';
import { bitDoors, frameSays, lockCommands } from '../rehearsed.ts';
import { modbusRelayConfigSchema } from './config.ts';
import { modbusRelayProtocol } from './driver.ts';
import { createModbusRelaySimulator } from './simulator.ts';

const withInputs = { board: 1, cells: 8, contacts: 'inputs' };
const withoutInputs = { board: 1, cells: 8 };

/** The specification's remainder, bit by bit over the whole message. */
const withCrc = (...body: number[]): Uint8Array => {
  let crc = 65_535;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = crc % 2 === 1;
      crc = Math.floor(crc / 2);
      if (isOdd) crc ^= 0xa001;
    }
  }
  return Uint8Array.of(...body, crc % 256, Math.floor(crc / 256));
};

const draw: Rehearsal['codec']['draw'] = (random) => {
  const lock = 1 + random(8);
  switch (random(3)) {
    case 0:
      return {
        bytes: withCrc(1, 5, 2, lock - 1, 0, 7),
        isFrame: frameSays({ type: 'openReply', board: 1, lock, verdict: 'taken' }),
      };
    case 1:
      return { bytes: withCrc(1, 0x85, 1 + random(4)), isFrame: frameSays({ type: 'openReply', verdict: 'refused' }) };
    default: {
      const raw = [random(256)];
      return {
        bytes: withCrc(1, 2, 1, ...raw),
        isFrame: frameSays({ type: 'doors', board: 1, lock: 'all', raw, doors: bitDoors(raw, 'closed') }),
      };
    }
  }
};

const drawCoils: Rehearsal['codec']['draw'] = (random) => ({
  bytes: withCrc(1, 1, 1, random(256)),
  isFrame: frameSays({ type: 'doors', board: 1, lock: 'all', doors: [] }),
});

const codecOf = (config: unknown, drawn: Rehearsal['codec']['draw']): Rehearsal['codec'] => ({
  createDecoder: () => modbusRelayProtocol(modbusRelayConfigSchema.parse(config)).createDecoder(),
  draw: drawn,
  check: 'checksum',
});

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'modbus-relay',
    config: withInputs,
    wire: 'stream',
    simulator: createModbusRelaySimulator,
    simulatorSettings: { openDoors: [2] },
    commands: lockCommands({ cells: 8, openDoor: 2, tryCell: 5 }),
    codec: codecOf(withInputs, draw),
  },
  {
    driver: 'modbus-relay',
    variant: 'no-contacts',
    config: withoutInputs,
    wire: 'stream',
    simulator: createModbusRelaySimulator,
    // An opening ends as `unconfirmed` here, which is no success: that story is told in modbus-relay.test.ts.
    commands: [
      {
        name: 'queryCells',
        command: { type: 'queryCells' },
        timeoutMs: 8000,
        isRight: (reply) =>
          isDeepStrictEqual(reply, {
            type: 'cells',
            cells: Array.from({ length: 8 }, (_, index) => ({ cell: index + 1, door: 'unknown' })),
          }),
        acts: (look) => Number(look['pulses']),
      },
    ],
    codec: codecOf(withoutInputs, drawCoils),
  },
];
