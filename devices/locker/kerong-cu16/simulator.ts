// KERONG CU16 boards with doors, from the wire's far end. Written from the published command tables, not from the driver's codec.

import type { SimulatorFactory } from '../../kit/simulator.ts';
import { createCabinet, type BoardTongue, type CabinetSettings } from '../simulated-cabinet.ts';

type Cu16SimulatorSettings = CabinetSettings & {
  /** What a set hook bit means on this cabinet. */
  hookBit: 'closed' | 'open';
  /** Cells (lock numbers) in which something lies: infrared bits, which must not be taken for doors. */
  filled: readonly number[];
  /** What follows an unlock command is not in the manual: nothing, the status at once, or the command sent back. */
  afterUnlock: 'nothing' | 'status' | 'command';
};

export const createCu16Simulator: SimulatorFactory = (wire, { clock, settings: given }) => {
  const wanted = (given ?? {}) as Partial<Cu16SimulatorSettings>;
  const { hookBit = 'closed', filled = [], afterUnlock = 'nothing' } = wanted;
  const boards = wanted.boards ?? [{ address: 0, locks: 16 }];
  return createCabinet(wire, clock, { ...wanted, boards }, (side): BoardTongue => {
    /** Two bytes, bit 0 of the first for lock 1; locks that do not exist read as their contact hangs: set. */
    const pair = (isSet: (lock: number) => boolean): [number, number] => {
      let word = 0;
      for (let lock = 16; lock >= 1; lock -= 1) word = word * 2 + (isSet(lock) ? 1 : 0);
      return [word % 256, Math.floor(word / 256)];
    };
    const status = (board: number): number[] => [
      0x02,
      board * 16,
      0x35,
      ...pair((lock) => lock > side.locksOf(board) || side.saysOpen(board, lock) === (hookBit === 'open')),
      ...pair((lock) => filled.includes(lock)),
      0x03,
    ];
    const total = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum + byte, 0) % 256;
    return {
      seal: (body) => [...body, total(body)],
      hear(bytes) {
        if (bytes[0] !== 0x02) return undefined;
        if (bytes.length < 5) return 0;
        const [, address = 0, code, etx, sum] = bytes;
        if (etx !== 0x03 || sum !== total(bytes.slice(0, 4))) return undefined;
        const board = Math.floor(address / 16);
        const lock = (address % 16) + 1;
        if (code === 0x33) side.openAll(board);
        if (side.locksOf(board) === 0) return 5;
        if (code === 0x30) side.answer(board, () => status(board));
        if (code === 0x31 && lock <= side.locksOf(board)) {
          side.pulse(board, lock);
          if (afterUnlock === 'status') side.answer(board, () => status(board));
          if (afterUnlock === 'command') side.answer(board, () => [0x02, address, 0x31, 0x03]);
        }
        return 5;
      },
    };
  });
};
