// The 8A/80 board as a family of the lock machine: what its frames say of doors, how it is asked who it is.

import type { LockFrame, LockProtocol } from '../protocol.ts';
import { mapDecoder } from '../protocol.ts';
import { boardsOf } from '../bus.ts';
import { lockDriver, probeBy } from '../start.ts';
import {
  createBoardDecoder,
  doorOfContact,
  doorOfStatus,
  encodeOpen,
  encodeQuery,
  encodeQueryAll,
  type BoardFrame,
} from './codec.ts';
import { board8a80ConfigSchema, lockLimit, type Board8a80Config } from './config.ts';
import { describeTraceEntry } from './trace-words.ts';

const model = '8A/80 lock board';

const frameOf = (frame: BoardFrame, config: Board8a80Config): LockFrame => {
  switch (frame.type) {
    case 'queryEcho':
      return { type: 'echo' };
    case 'openReply': {
      const { board, lock } = frame;
      // `8A BB LL 11 BCC` is both the open command and one of its two answers.
      return { type: 'openReply', board, lock, verdict: 'taken', mayBeEcho: frame.contact === 'made' };
    }
    case 'report':
    case 'lockReply': {
      const { board, lock } = frame;
      const door = doorOfContact(frame.contact, config.feedback);
      if (frame.type === 'report') return { type: 'report', board, lock, door };
      return { type: 'doors', board, lock, doors: [{ lock, door }] };
    }
    case 'allReply': {
      const { board, status } = frame;
      const doors = Array.from({ length: Math.min(status.length * 8, lockLimit) }, (_, index) => ({
        lock: index + 1,
        door: doorOfStatus(status, index + 1, config),
      }));
      return { type: 'doors', board, lock: 'all', doors, raw: status };
    }
    default:
      return frame satisfies never;
  }
};

export const board8a80Protocol = (config: Board8a80Config): LockProtocol => ({
  model: model,
  statusBy: config.statusBy === 'all' ? 'board' : 'lock',
  hasContacts: true,
  openReply: 'stated',
  encodeOpen: ({ board, lock }) => encodeOpen(board, lock),
  encodeQuery: ({ board, lock }) => (lock === 'all' ? encodeQueryAll(board) : encodeQuery(board, lock)),
  createDecoder: () =>
    mapDecoder(createBoardDecoder({ boards: boardsOf(config), statusBy: config.statusBy }), (frame) =>
      frameOf(frame, config),
    ),
});

export const board8a80Driver = lockDriver<Board8a80Config>({
  driver: 'board-8a80',
  title: { zh: '8A/80 锁控板（RS-485 / RS-232）', en: '8A/80 lock board (RS-485 / RS-232)' },
  configSchema: board8a80ConfigSchema,
  baudRate: 9600,
  protocolOf: board8a80Protocol,
  wiringOf: ({ statusBy, feedback, queryAllBit, queryAllOrder }) =>
    statusBy === 'single'
      ? { setting: 'feedback', value: feedback, other: feedback === 'closedOnLock' ? 'closedOnOpen' : 'closedOnLock' }
      : {
          setting: 'queryAllBit',
          value: queryAllBit,
          other: queryAllBit === 'open' ? 'closed' : 'open',
          byteOrder: queryAllOrder,
          setBit: queryAllBit,
        },
  // Lock 1 of board 1 is asked, nothing is opened. A board with another address has to be configured by hand.
  probe: probeBy(
    model,
    { baudRates: [9600], ask: encodeQuery(1, 1) },
    () => createBoardDecoder({ boards: [1], statusBy: 'single' }),
    (frame) => frame.type === 'lockReply' && frame.lock === 1,
  ),
  explainTrace: describeTraceEntry,
});

export const startBoard8a80 = board8a80Driver.start;
