// KERONG CU16 for the generated campaigns.

import type { Rehearsal } from '../../kit/rehearsal.ts';
import { bitDoors, frameSays, lockCommands } from '../rehearsed.ts';
import { kerongCu16ConfigSchema } from './config.ts';
import { kerongCu16Protocol } from './driver.ts';
import { createCu16Simulator } from './simulator.ts';

const config = { board: 0, cells: 16 };
const bus = { boards: [0, 3].map((address) => ({ address, locks: 8 })) };

const codec: Rehearsal['codec'] = {
  createDecoder: () => kerongCu16Protocol(kerongCu16ConfigSchema.parse(config)).createDecoder(),
  draw(random) {
    const hooks = [random(256), random(256)];
    const body = [0x02, 0x00, 0x35, ...hooks, random(256), random(256), 0x03];
    const sum = body.reduce((total, byte) => total + byte, 0) % 256;
    return {
      bytes: Uint8Array.of(...body, sum),
      isFrame: frameSays({ type: 'doors', board: 0, lock: 'all', raw: hooks, doors: bitDoors(hooks, 'closed') }),
    };
  },
  check: 'checksum',
};

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'kerong-cu16',
    config,
    wire: 'stream',
    simulator: createCu16Simulator,
    simulatorSettings: { boards: [{ address: 0, locks: 16 }], openDoors: [2], filled: [2, 3, 10] },
    commands: lockCommands({ cells: 16, openDoor: 2, tryCell: 11 }),
    codec,
  },
  {
    driver: 'kerong-cu16',
    variant: 'two-boards',
    config: bus,
    wire: 'stream',
    simulator: createCu16Simulator,
    simulatorSettings: { ...bus, openDoors: [2], afterUnlock: 'status' },
    commands: lockCommands({ cells: 16, openDoor: 2, tryCell: 11 }),
    codec,
  },
];
