// KERONG CU12/CU16 as a family of the lock machine.

import type { LockFrame, LockProtocol } from '../protocol.ts';
import { doorsOfBits, mapDecoder } from '../protocol.ts';
import { boardsOf } from '../bus.ts';
import { bitWiring } from '../calibration.ts';
import { lockDriver, probeBy } from '../start.ts';
import { bitWords, bytesOfHex, openWords, otherWords, queryWords } from '../trace-words.ts';
import { createCu16Decoder, encodeStatus, encodeUnlock, type Cu16Frame } from './codec.ts';
import { kerongCu16ConfigSchema, type KerongCu16Config } from './config.ts';

const model = 'KERONG CU16 lock board';

const frameOf = (frame: Cu16Frame, { statusBit }: KerongCu16Config): LockFrame => {
  const { board } = frame;
  if (frame.type === 'status')
    return { type: 'doors', board, lock: 'all', doors: doorsOfBits(frame.hooks, statusBit), raw: frame.hooks };
  if (frame.command === 'status') return { type: 'echo' };
  return { type: 'openReply', board, lock: frame.lock, verdict: 'taken', mayBeEcho: true };
};

export const kerongCu16Protocol = (config: KerongCu16Config): LockProtocol => ({
  model,
  statusBy: 'board',
  hasContacts: true,
  openReply: 'unstated',
  encodeOpen: ({ board, lock }) => encodeUnlock(board, lock),
  encodeQuery: ({ board }) => encodeStatus(board),
  createDecoder: () => mapDecoder(createCu16Decoder(boardsOf(config)), (frame) => frameOf(frame, config)),
});

export const kerongCu16Driver = lockDriver<KerongCu16Config>({
  driver: 'kerong-cu16',
  title: { zh: '科荣 KR-CU12/CU16 锁控板（RS-485）', en: 'KERONG KR-CU12/CU16 lock board (RS-485)' },
  configSchema: kerongCu16ConfigSchema,
  baudRate: 19_200,
  protocolOf: kerongCu16Protocol,
  wiringOf: bitWiring,
  // The state of board 0 is asked; its answer tells all locks.
  probe: probeBy(
    model,
    { baudRates: [19_200, 9600], ask: encodeStatus(0) },
    () => createCu16Decoder([0]),
    ({ type }) => type === 'status',
  ),
  explainTrace(entry) {
    const [first, address = 0, code, ...rest] = bytesOfHex(entry.hex);
    if (entry.direction === 'note' || first !== 0x02) return otherWords(entry);
    const board = address >> 4;
    if (code === 0x30) return queryWords(board);
    if (code === 0x31) return openWords(board, (address & 0x0f) + 1);
    return code === 0x35 ? bitWords(board, rest.slice(0, 2)) : otherWords(entry);
  },
});
