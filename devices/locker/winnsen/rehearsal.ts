// Winnsen boards for the generated campaigns.

import type { Rehearsal } from '../../kit/rehearsal.ts';
import { bitDoors, frameSays, lockCommands } from '../rehearsed.ts';
import { winnsenConfigSchema } from './config.ts';
import { winnsenProtocol } from './driver.ts';
import { createWinnsenSimulator } from './simulator.ts';

const config = { board: 1, cells: 12 };

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'winnsen',
    config,
    wire: 'stream',
    simulator: createWinnsenSimulator,
    simulatorSettings: { openDoors: [2] },
    commands: lockCommands({ cells: 12, openDoor: 2, tryCell: 9 }),
    codec: {
      createDecoder: () => winnsenProtocol(winnsenConfigSchema.parse(config)).createDecoder(),
      draw(random) {
        if (random(2) === 0) {
          const lock = 1 + random(12);
          return {
            bytes: Uint8Array.of(0x90, 0x07, 0x85, 0x01, lock, random(2), 0x03),
            isFrame: frameSays({ type: 'openReply', board: 1, lock }),
          };
        }
        const raw = [random(256), random(256)];
        return {
          bytes: Uint8Array.of(0x90, 0x07, 0x82, 0x01, ...raw, 0x03),
          isFrame: frameSays({ type: 'doors', board: 1, lock: 'all', raw, doors: bitDoors(raw, 'open') }),
        };
      },
      check: 'none',
    },
  },
];
