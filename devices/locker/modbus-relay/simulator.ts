// Modbus-RTU relay boards with locks on their relays, from the wire's far end. Written from the Modbus specification and from
// Waveshare's published register list, not from the driver's codec. Doors exist even where no input is wired to them.

import type { Knob, SimulatorFactory } from '../../kit/simulator.ts';
import { createCabinet, type BoardTongue, type CabinetSettings } from '../simulated-cabinet.ts';

type ModbusSimulatorSettings = CabinetSettings & {
  /** Channels of each board: relays, and as many inputs. */
  channels: number;
  /** What a set input means. */
  inputBit: 'closed' | 'open';
  /** Whether the board knows the timed pulse at 0200h, or answers "illegal data address" to it. */
  hasFlash: boolean;
};

/** CRC table of the specification's appendix, made the way it explains: byte by byte over a table of 256. */
const crcTable = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let step = 0; step < 8; step += 1) value = value % 2 === 1 ? Math.floor(value / 2) ^ 0xa001 : value / 2;
  return value;
});
const withCrc = (body: readonly number[]): number[] => {
  let crc = 0xffff;
  for (const byte of body) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ Math.floor(crc / 256);
  return [...body, crc % 256, Math.floor(crc / 256)];
};

export const createModbusRelaySimulator: SimulatorFactory = (wire, { clock, settings: given }) => {
  const wanted = (given ?? {}) as Partial<ModbusSimulatorSettings>;
  const { channels = 8, inputBit = 'closed', hasFlash = true } = wanted;
  const boards = wanted.boards ?? [{ address: 1, locks: 8 }];
  let refuses = false;

  const cabinet = createCabinet(wire, clock, { ...wanted, boards }, (side): BoardTongue => {
    const bits = (count: number, isSet: (channel: number) => boolean): number[] =>
      Array.from({ length: Math.ceil(count / 8) }, (_, index) =>
        [0, 1, 2, 3, 4, 5, 6, 7].reduce((byte, bit) => byte + (isSet(index * 8 + bit + 1) ? 2 ** bit : 0), 0),
      );
    const refuse = (board: number, code: number, reason: number): void =>
      side.answer(board, () => [board, code + 0x80, reason]);

    const obey = (board: number, code: number, address: number, value: number, request: readonly number[]): void => {
      if (code === 0x01 || code === 0x02) {
        if (address + value > channels || value === 0) refuse(board, code, 2);
        else
          side.answer(board, () => {
            // Relays are at rest again when anybody looks; an input that no door is wired to reads 0.
            const bytes = bits(value, (channel) => {
              if (code === 0x01 || channel > side.locksOf(board)) return false;
              return side.saysOpen(board, channel) === (inputBit === 'open');
            });
            return [board, code, bytes.length, ...bytes];
          });
        return;
      }
      const isFlash = address >= 0x0200 && address < 0x0200 + channels;
      const isOn = address < channels && value === 0xff00;
      if (refuses) refuse(board, code, 4);
      else if (address === 0x00ff) {
        if (value === 0xff00) side.openAll(board);
      } else if (!isOn && !(isFlash && hasFlash)) refuse(board, code, 2);
      else {
        side.pulse(board, (address % 256) + 1);
        side.answer(board, () => request);
      }
    };

    return {
      seal: withCrc,
      hear(bytes) {
        const [board = 0, code = 0] = bytes;
        if (side.locksOf(board) === 0) return undefined;
        if (bytes.length < 2) return 0;
        if (code !== 0x01 && code !== 0x02 && code !== 0x05) return undefined;
        if (bytes.length < 8) return 0;
        const body = bytes.slice(0, 6);
        const [, , , , , , low, high] = withCrc(body);
        if (bytes[6] !== low || bytes[7] !== high) return undefined;
        const [, , a = 0, b = 0, c = 0, d = 0] = body;
        obey(board, code, a * 256 + b, c * 256 + d, body);
        return 8;
      },
    };
  });

  const refuseKnob: Knob = {
    title: { zh: '继电器板拒绝写入', en: 'The board refuses to switch' },
    argument: ['on', 'off'],
    turn(argument = 'on') {
      refuses = argument !== 'off';
    },
  };
  const { repair } = cabinet.knobs;
  const repairKnob: Knob = {
    title: repair?.title ?? refuseKnob.title,
    turn() {
      repair?.turn();
      refuses = false;
    },
  };
  return { ...cabinet, knobs: { ...cabinet.knobs, refuse: refuseKnob, repair: repairKnob } };
};
