// Modbus-RTU relay boards as a family of the lock machine. A relay knows nothing of a door: without inputs the honest end of an
// opening is `unconfirmed`, and a person is asked to look.

import type { LockFrame, LockProtocol } from '../protocol.ts';
import { doorsOfBits, mapDecoder } from '../protocol.ts';
import { boardsOf, placesOf } from '../bus.ts';
import { bitWiring } from '../calibration.ts';
import { lockDriver, probeBy } from '../start.ts';
import { bitWords, bytesOfHex, openWords, otherWords, queryWords } from '../trace-words.ts';
import { createModbusDecoder, encodePulse, encodeRead, lockOfRegister, type ModbusFrame } from './codec.ts';
import { modbusRelayConfigSchema, type ModbusRelayConfig } from './config.ts';

const model = 'Modbus-RTU relay board';

/** Whole bytes of the board's channels: some boards answer to a count of 8 only. */
const countOf = (config: ModbusRelayConfig, board: number): number => {
  const locks = [...placesOf(config).values()].filter((place) => place.board === board).map(({ lock }) => lock);
  return Math.ceil(Math.max(8, ...locks) / 8) * 8;
};

const frameOf = (frame: ModbusFrame, config: ModbusRelayConfig): LockFrame | undefined => {
  const { board } = frame;
  switch (frame.type) {
    case 'readEcho':
      return { type: 'echo' };
    case 'exception':
      // A refused read is no answer about doors; a refused write moved nothing.
      return frame.of === 'write' ? { type: 'openReply', board, verdict: 'refused', mayBeEcho: false } : undefined;
    case 'written': {
      const lock = lockOfRegister(frame.register, config.pulse);
      return lock === undefined ? undefined : { type: 'openReply', board, lock, verdict: 'taken', mayBeEcho: true };
    }
    case 'bits': {
      const isAsked = frame.of === (config.contacts === 'inputs' ? 'inputs' : 'coils');
      if (!isAsked || frame.bytes.length * 8 !== countOf(config, board)) return undefined;
      if (config.contacts === 'none') return { type: 'doors', board, lock: 'all', doors: [] };
      const doors = doorsOfBits(frame.bytes, config.statusBit);
      return { type: 'doors', board, lock: 'all', doors, raw: frame.bytes };
    }
    default:
      return frame satisfies never;
  }
};

export const modbusRelayProtocol = (config: ModbusRelayConfig): LockProtocol => ({
  model,
  statusBy: 'board',
  hasContacts: config.contacts === 'inputs',
  openReply: 'stated',
  ...(config.pulse === 'flash' ? { pulseMs: config.pulseMs } : {}),
  encodeOpen: ({ board, lock }) => encodePulse(board, lock, config.pulse, config.pulseMs),
  encodeQuery: ({ board }) =>
    encodeRead(board, config.contacts === 'inputs' ? 'inputs' : 'coils', countOf(config, board)),
  createDecoder: () => mapDecoder(createModbusDecoder(boardsOf(config)), (frame) => frameOf(frame, config)),
});

export const modbusRelayDriver = lockDriver<ModbusRelayConfig>({
  driver: 'modbus-relay',
  title: { zh: 'Modbus-RTU 继电器板（RS-485）', en: 'Modbus-RTU relay board (RS-485)' },
  configSchema: modbusRelayConfigSchema,
  baudRate: 9600,
  protocolOf: modbusRelayProtocol,
  wiringOf: bitWiring,
  // Reads the eight coils of board 1 and writes nothing.
  probe: probeBy(
    model,
    { baudRates: [9600], ask: encodeRead(1, 'coils', 8) },
    () => createModbusDecoder([1]),
    ({ type }) => type === 'bits',
  ),
  explainTrace(entry) {
    const [board = 0, code, third = 0, low = 0, ...rest] = bytesOfHex(entry.hex);
    if (entry.direction === 'note' || code === undefined) return otherWords(entry);
    if (entry.direction === 'out') return code === 0x05 ? openWords(board, low + 1) : queryWords(board);
    if (code === 0x05)
      return { zh: `${board} 号板已接受开锁命令`, en: `board ${board}: takes the command for lock ${low + 1}` };
    if (code & 0x80) return { zh: `${board} 号板拒绝：代码 ${third}`, en: `board ${board}: refuses, code ${third}` };
    return bitWords(board, [low, ...rest].slice(0, third));
  },
});
