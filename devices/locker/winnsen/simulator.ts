// Winnsen boards with doors, from the wire's far end. Written from the manual's frames as published drivers quote them, not from the
// driver's codec.

import type { SimulatorFactory } from '../../kit/simulator.ts';
import { createCabinet, type BoardTongue, type CabinetSettings } from '../simulated-cabinet.ts';

type WinnsenSimulatorSettings = CabinetSettings & {
  doorBit: 'open' | 'closed';
  /** When the answer to an open command comes is not in the manual: at once, once the pulse is over, or never. */
  openAnswer: 'atOnce' | 'afterPulse' | 'never';
};

export const createWinnsenSimulator: SimulatorFactory = (wire, { clock, settings: given }) => {
  const wanted = (given ?? {}) as Partial<WinnsenSimulatorSettings>;
  const { doorBit = 'open', openAnswer = 'afterPulse', springMs = 150 } = wanted;
  const boards = wanted.boards ?? [{ address: 1, locks: 12 }];
  const pending = new Set<() => void>();
  const cabinet = createCabinet(wire, clock, { ...wanted, boards }, (side): BoardTongue => {
    const poll = (station: number, low: number, high: number): number[] => {
      const wantedLocks = low + high * 256;
      let word = 0;
      for (let lock = 16; lock >= 1; lock -= 1) {
        const isAsked = Math.floor(wantedLocks / 2 ** (lock - 1)) % 2 === 1 && lock <= side.locksOf(station);
        word = word * 2 + (isAsked && side.saysOpen(station, lock) === (doorBit === 'open') ? 1 : 0);
      }
      return [0x90, 0x07, 0x82, station, word % 256, Math.floor(word / 256)];
    };
    const tellOpened = (station: number, lock: number): void =>
      side.answer(station, () => [0x90, 0x07, 0x85, station, lock, side.saysOpen(station, lock) ? 1 : 0]);
    return {
      seal: (body) => [...body, 0x03],
      hear(bytes) {
        const [head, length, what, station = 0, fifth = 0, sixth = 0] = bytes;
        if (head !== 0x90) return undefined;
        if (length === undefined) return 0;
        if (length !== 6 && length !== 7) return undefined;
        if (bytes.length < length) return 0;
        if (bytes[length - 1] !== 0x03) return undefined;
        if (what === 0x02 && length === 7 && side.locksOf(station) > 0)
          side.answer(station, () => poll(station, fifth, sixth));
        if (what === 0x05 && length === 6 && fifth >= 1 && fifth <= side.locksOf(station)) {
          side.pulse(station, fifth);
          if (openAnswer === 'atOnce') tellOpened(station, fifth);
          if (openAnswer === 'afterPulse') {
            const cancel = clock.after(springMs + 50, () => {
              pending.delete(cancel);
              tellOpened(station, fifth);
            });
            pending.add(cancel);
          }
        }
        return length;
      },
    };
  });
  return {
    ...cabinet,
    stop() {
      for (const cancel of pending) cancel();
      cabinet.stop();
    },
  };
};
