// 8A/80 lock boards with doors, seen from the wire's far end. Written from the board's manual tables, not from the driver's codec,
// so that one misreading cannot hide in both. `settings` are how the cabinet is built.

import type { SimulatorFactory } from '../../kit/simulator.ts';
import { createCabinet, type BoardTongue, type CabinetSettings } from '../simulated-cabinet.ts';

export type LockerSimulatorSettings = CabinetSettings & {
  /** The only board's address and locks, where `boards` is not given. */
  board: number;
  locks: number;
  /** Status bytes in the answer to a query of all. Real 8-way boards send three too. */
  statusBytes: number;
  feedback: 'closedOnLock' | 'closedOnOpen';
  queryAllOrder: 'lastByteFirst' | 'firstByteFirst';
  queryAllBit: 'open' | 'closed';
};

const checksum = (bytes: readonly number[]): number => {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
};

export const createLockerSimulator: SimulatorFactory = (wire, { clock, settings: given }) => {
  const wanted = (given ?? {}) as Partial<LockerSimulatorSettings>;
  const { board = 1, locks = 12 } = wanted;
  const boards = wanted.boards ?? [{ address: board, locks }];
  const statusBytes = wanted.statusBytes ?? (Math.max(...boards.map((each) => each.locks)) > 24 ? 7 : 3);
  const { feedback = 'closedOnLock', queryAllOrder = 'lastByteFirst', queryAllBit = 'open' } = wanted;

  return createCabinet(wire, clock, { reports: true, ...wanted, boards }, (side): BoardTongue => {
    const contactByte = (address: number, lock: number): number =>
      side.saysOpen(address, lock) === (feedback === 'closedOnOpen') ? 0x11 : 0x00;

    const allBytes = (address: number): number[] => {
      const bytes = Array.from({ length: statusBytes }, () => 0);
      for (let lock = 1; lock <= side.locksOf(address); lock += 1) {
        // A set bit means "open" on this cabinet unless its maker or its wiring says otherwise.
        if (side.saysOpen(address, lock) !== (queryAllBit === 'open')) continue;
        const group = Math.ceil(lock / 8) - 1;
        const index = queryAllOrder === 'firstByteFirst' ? group : statusBytes - 1 - group;
        if (index >= 0 && index < bytes.length) bytes[index] = (bytes[index] ?? 0) + 2 ** ((lock - 1) % 8);
      }
      return bytes;
    };

    const obey = (header: number, address: number, lock: number): void => {
      const last = side.locksOf(address);
      if (last === 0) return;
      if (header === 0x80 && lock === 0) side.answer(address, () => [0x80, address, ...allBytes(address), 0x33]);
      else if (header === 0x80 && lock <= last)
        side.answer(address, () => [0x80, address, lock, contactByte(address, lock)]);
      else if (header === 0x8a && lock === 0) side.openAll(address);
      else if (header === 0x8a && lock <= last) {
        side.pulse(address, lock);
        side.answer(address, () => [0x8a, address, lock, contactByte(address, lock)]);
      }
    };

    /** `90 BB S1 S2 S3 BCC`: opens several locks at once; S1 holds locks 1–8. */
    const hearBatch = (bytes: readonly number[]): number | undefined => {
      const length = statusBytes + 3;
      if (bytes.length < length) return 0;
      if (bytes[length - 1] !== checksum(bytes.slice(0, length - 1))) return undefined;
      const address = bytes[1] ?? 0;
      for (let lock = 1; lock <= side.locksOf(address); lock += 1)
        if (((bytes[2 + Math.floor((lock - 1) / 8)] ?? 0) >> ((lock - 1) % 8)) & 1) side.pulse(address, lock);
      return length;
    };

    return {
      seal: (body) => [...body, checksum(body)],
      report: (address, lock) => [0x82, address, lock, contactByte(address, lock)],
      hear(bytes) {
        const [header = 0, address = 0, lock = 0, last] = bytes;
        if (header === 0x90) return hearBatch(bytes);
        if (header !== 0x80 && header !== 0x8a) return undefined;
        if (bytes.length < 5) return 0;
        const isRequest = last === (header === 0x80 ? 0x33 : 0x11) && bytes[4] === checksum(bytes.slice(0, 4));
        if (!isRequest) return undefined;
        obey(header, address, lock);
        return 5;
      },
    };
  });
};
