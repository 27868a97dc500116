// KERONG CU48 for the generated campaigns.

import type { Rehearsal } from '../../kit/rehearsal.ts';
import { bitDoors, frameSays, lockCommands } from '../rehearsed.ts';
import { kerongCu48ConfigSchema } from './config.ts';
import { kerongCu48Protocol } from './driver.ts';
import { createCu48Simulator } from './simulator.ts';

const config = { board: 0, cells: 48 };

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'kerong-cu48',
    config,
    wire: 'stream',
    simulator: createCu48Simulator,
    simulatorSettings: { openDoors: [2] },
    commands: lockCommands({ cells: 48, openDoor: 2, tryCell: 41 }),
    codec: {
      createDecoder: () => kerongCu48Protocol(kerongCu48ConfigSchema.parse(config)).createDecoder(),
      draw(random) {
        const raw = Array.from({ length: 6 }, () => random(256));
        const body = [0x02, 0x00, 0x00, 0x75, 0x06, ...raw];
        return {
          bytes: Uint8Array.of(...body, body.reduce((sum, byte) => sum + byte, 0) % 256),
          isFrame: frameSays({ type: 'doors', board: 0, lock: 'all', raw, doors: bitDoors(raw, 'closed') }),
        };
      },
      check: 'checksum',
    },
  },
];
