// Winnsen boards as a family of the lock machine.

import type { LockFrame, LockProtocol } from '../protocol.ts';
import { doorsOfBits, mapDecoder } from '../protocol.ts';
import { boardsOf } from '../bus.ts';
import { bitWiring } from '../calibration.ts';
import { lockDriver, probeBy } from '../start.ts';
import { bitWords, bytesOfHex, openWords, otherWords, queryWords } from '../trace-words.ts';
import { createWinnsenDecoder, encodeOpen, encodePoll, type WinnsenFrame } from './codec.ts';
import { winnsenConfigSchema, type WinnsenConfig } from './config.ts';

const model = 'Winnsen lock board';

const frameOf = (frame: WinnsenFrame, { statusBit }: WinnsenConfig): LockFrame | undefined => {
  switch (frame.type) {
    case 'echo':
      // An open command cannot be mistaken for its answer here, so its echo says nothing.
      return frame.of === 'poll' ? { type: 'echo' } : undefined;
    case 'openReply':
      // RR 00 may come before the door had time to spring open: the contact decides, not this answer.
      return { type: 'openReply', board: frame.station, lock: frame.lock, verdict: 'taken', mayBeEcho: false };
    case 'status': {
      const doors = doorsOfBits(frame.bytes, statusBit);
      return { type: 'doors', board: frame.station, lock: 'all', doors, raw: frame.bytes };
    }
    default:
      return frame satisfies never;
  }
};

export const winnsenProtocol = (config: WinnsenConfig): LockProtocol => ({
  model,
  statusBy: 'board',
  hasContacts: true,
  openReply: 'stated',
  encodeOpen: ({ board, lock }) => encodeOpen(board, lock),
  encodeQuery: ({ board }) => encodePoll(board),
  createDecoder: () => mapDecoder(createWinnsenDecoder(boardsOf(config)), (frame) => frameOf(frame, config)),
});

export const winnsenDriver = lockDriver<WinnsenConfig>({
  driver: 'winnsen',
  title: { zh: 'Winnsen 锁控板（RS-485）', en: 'Winnsen lock board (RS-485)' },
  configSchema: winnsenConfigSchema,
  baudRate: 9600,
  protocolOf: winnsenProtocol,
  wiringOf: bitWiring,
  // The doors of station 1 are asked for.
  probe: probeBy(
    model,
    { baudRates: [9600], ask: encodePoll(1) },
    () => createWinnsenDecoder([1]),
    ({ type }) => type === 'status',
  ),
  explainTrace(entry) {
    const [first, , what, station = 0, fifth = 0, sixth = 0] = bytesOfHex(entry.hex);
    if (entry.direction === 'note' || first !== 0x90) return otherWords(entry);
    if (what === 0x02) return queryWords(station);
    if (what === 0x05) return openWords(station, fifth);
    if (what === 0x82) return bitWords(station, [fifth, sixth]);
    if (what !== 0x85) return otherWords(entry);
    return sixth === 1
      ? { zh: `开锁命令的应答：${fifth} 号锁已开`, en: `answer to open: lock ${fifth} opened` }
      : { zh: `开锁命令的应答：${fifth} 号锁未开`, en: `answer to open: lock ${fifth} failed` };
  },
});
