// The 8A/80 board for the generated campaigns: asked lock by lock, asked for all at once, and two boards on one bus.

import type { Rehearsal, SampleFrame } from '../../kit/rehearsal.ts';
import { frameSays, lockCommands } from '../rehearsed.ts';
import { board8a80Protocol } from './driver.ts';
import { board8a80ConfigSchema } from './config.ts';
import { createLockerSimulator } from './simulator.ts';

/** The exclusive-or of all bytes, as the manual's last column has it. */
const sealed = (...bytes: number[]): Uint8Array => {
  let bcc = 0;
  for (const byte of bytes) bcc ^= byte;
  return Uint8Array.of(...bytes, bcc);
};

/** `closedOnLock` wiring: 11 while locked. */
const drawSingle = (random: (below: number) => number): SampleFrame => {
  const lock = 1 + random(12);
  const state = random(2) === 0 ? 0x11 : 0x00;
  const door = state === 0x11 ? 'closed' : 'open';
  switch (random(3)) {
    case 0:
      return {
        bytes: sealed(0x80, 1, lock, state),
        isFrame: frameSays({ type: 'doors', board: 1, lock, doors: [{ lock, door }] }),
      };
    case 1:
      return { bytes: sealed(0x82, 1, lock, state), isFrame: frameSays({ type: 'report', board: 1, lock, door }) };
    default:
      return { bytes: sealed(0x8a, 1, lock, state), isFrame: frameSays({ type: 'openReply', board: 1, lock }) };
  }
};

const drawAll = (random: (below: number) => number): SampleFrame => {
  const raw = [random(256), random(256), random(256)];
  const doors = Array.from({ length: 24 }, (_, index) => ({
    lock: index + 1,
    door: ((raw[2 - Math.floor(index / 8)] ?? 0) >> (index % 8)) & 1 ? 'open' : 'closed',
  }));
  return {
    bytes: sealed(0x80, 1, ...raw, 0x33),
    isFrame: frameSays({ type: 'doors', board: 1, lock: 'all', raw, doors }),
  };
};

const codecOf = (config: unknown, draw: Rehearsal['codec']['draw']): Rehearsal['codec'] => ({
  createDecoder: () => board8a80Protocol(board8a80ConfigSchema.parse(config)).createDecoder(),
  draw,
  check: 'checksum',
});

const [single, all] = [{ cells: 12 }, { cells: 12, statusBy: 'all' }];
const bus = { boards: [1, 2].map((address) => ({ address, locks: 6 })) };

export const rehearsals: readonly Rehearsal[] = [
  {
    driver: 'board-8a80',
    config: single,
    wire: 'stream',
    simulator: createLockerSimulator,
    simulatorSettings: { locks: 12, openDoors: [2] },
    commands: lockCommands({ cells: 12, openDoor: 2, tryCell: 7 }),
    codec: codecOf(single, drawSingle),
  },
  {
    driver: 'board-8a80',
    variant: 'query-all',
    config: all,
    wire: 'stream',
    simulator: createLockerSimulator,
    simulatorSettings: { locks: 12, openDoors: [2], reports: false },
    commands: lockCommands({ cells: 12, openDoor: 2, tryCell: 7 }),
    codec: codecOf(all, drawAll),
  },
  {
    driver: 'board-8a80',
    variant: 'two-boards',
    config: bus,
    wire: 'stream',
    simulator: createLockerSimulator,
    simulatorSettings: { ...bus, openDoors: [2], reports: false },
    commands: lockCommands({ cells: 12, openDoor: 2, tryCell: 10 }),
    codec: codecOf(bus, drawSingle),
  },
];
