// KERONG CU48 as a family of the lock machine.

import type { LockFrame, LockProtocol } from '../protocol.ts';
import { doorsOfBits, mapDecoder } from '../protocol.ts';
import { boardsOf } from '../bus.ts';
import { bitWiring } from '../calibration.ts';
import { lockDriver, probeBy } from '../start.ts';
import { bitWords, bytesOfHex, openWords, otherWords, queryWords } from '../trace-words.ts';
import { createCu48Decoder, encodeOpen, encodeStatus, type Cu48Frame } from './codec.ts';
import { kerongCu48ConfigSchema, type KerongCu48Config } from './config.ts';

const model = 'KERONG CU48 lock board';

const frameOf = (frame: Cu48Frame, { statusBit }: KerongCu48Config): LockFrame => {
  const { board } = frame;
  if (frame.type === 'status')
    return { type: 'doors', board, lock: 'all', doors: doorsOfBits(frame.bytes, statusBit), raw: frame.bytes };
  if (frame.command === 'status') return { type: 'echo' };
  return { type: 'openReply', board, lock: frame.lock, verdict: 'taken', mayBeEcho: true };
};

export const kerongCu48Protocol = (config: KerongCu48Config): LockProtocol => ({
  model,
  statusBy: 'board',
  hasContacts: true,
  openReply: 'unstated',
  encodeOpen: ({ board, lock }) => encodeOpen(board, lock),
  encodeQuery: ({ board }) => encodeStatus(board),
  createDecoder: () => mapDecoder(createCu48Decoder(boardsOf(config)), (frame) => frameOf(frame, config)),
});

export const kerongCu48Driver = lockDriver<KerongCu48Config>({
  driver: 'kerong-cu48',
  title: { zh: '科荣 KR-CU48 锁控板（RS-485）', en: 'KERONG KR-CU48 lock board (RS-485)' },
  configSchema: kerongCu48ConfigSchema,
  baudRate: 19_200,
  protocolOf: kerongCu48Protocol,
  wiringOf: bitWiring,
  // The state of board 0 is asked; its answer tells all locks.
  probe: probeBy(
    model,
    { baudRates: [19_200, 9600], ask: encodeStatus(0) },
    () => createCu48Decoder([0]),
    ({ type }) => type === 'status',
  ),
  explainTrace(entry) {
    const [first, board = 0, lockIndex = 0, code, , ...status] = bytesOfHex(entry.hex);
    if (entry.direction === 'note' || first !== 0x02) return otherWords(entry);
    if (code === 0x60) return queryWords(board);
    if (code === 0x61) return openWords(board, lockIndex + 1);
    return code === 0x75 ? bitWords(board, status.slice(0, -1)) : otherWords(entry);
  },
});
