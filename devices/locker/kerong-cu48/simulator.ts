// KERONG CU48 boards with doors, from the wire's far end. Written from the published frames, not from the driver's codec.

import type { SimulatorFactory } from '../../kit/simulator.ts';
import { createCabinet, type BoardTongue, type CabinetSettings } from '../simulated-cabinet.ts';

type Cu48SimulatorSettings = CabinetSettings & {
  /** What a set bit means on this cabinet. */
  doorBit: 'closed' | 'open';
};

export const createCu48Simulator: SimulatorFactory = (wire, { clock, settings: given }) => {
  const wanted = (given ?? {}) as Partial<Cu48SimulatorSettings>;
  const { doorBit = 'closed' } = wanted;
  const boards = wanted.boards ?? [{ address: 0, locks: 48 }];
  return createCabinet(wire, clock, { ...wanted, boards }, (side): BoardTongue => {
    const total = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum + byte, 0) % 256;
    const status = (board: number): number[] => {
      const bytes: number[] = [0x02, board, 0x00, 0x75, 0x06];
      for (let first = 1; first <= 48; first += 8) {
        let byte = 0;
        for (let lock = first + 7; lock >= first; lock -= 1) {
          const isThere = lock <= side.locksOf(board);
          const isSet = isThere && side.saysOpen(board, lock) === (doorBit === 'open');
          byte = byte * 2 + (isSet ? 1 : 0);
        }
        bytes.push(byte);
      }
      return bytes;
    };
    return {
      seal: (body) => [...body, total(body)],
      hear(bytes) {
        if (bytes[0] !== 0x02) return undefined;
        if (bytes.length < 6) return 0;
        const [, board = 0, index = 0, code, etx, sum] = bytes;
        if (etx !== 0x03 || sum !== total(bytes.slice(0, 5))) return undefined;
        if (code === 0x60 && side.locksOf(board) > 0) side.answer(board, () => status(board));
        // What follows an open command is not published; this board says nothing.
        if (code === 0x61 && index < side.locksOf(board)) side.pulse(board, index + 1);
        return 6;
      },
    };
  });
};
