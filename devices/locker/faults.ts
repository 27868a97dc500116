// What a person reads when the cabinet is in trouble: standing faults of the board and failure codes of its commands.

import type { FaultTable } from '../kit/status.ts';

export const lockerFaults: FaultTable = {
  doorAjar: {
    who: 'hall',
    zh: { what: '有柜门没有关好', todo: '请到柜前查看，把开着的柜门关好' },
    en: { what: 'A cell door is open though nobody asked for it', todo: 'Go to the cabinet and shut the open door' },
  },
  doorDidNotOpen: {
    who: 'hall',
    zh: {
      what: '已发出开锁命令，但柜门没有弹开',
      todo: '请按住柜门再松开试一次；仍打不开时用应急钥匙，并通知工程师检查锁',
    },
    en: {
      what: 'The lock was released but the door did not open',
      todo: 'Press the door and let go, then try again; if it stays shut use the emergency key and have the lock checked',
    },
  },
  doorAlreadyOpen: {
    who: 'hall',
    zh: { what: '这个柜门本来就开着', todo: '请先把柜门关好再使用' },
    en: { what: 'This door is open already', todo: 'Shut the door before the cell is used' },
  },
  doorLeftOpen: {
    who: 'citizen',
    zh: { what: '柜门还开着', todo: '请推上柜门，听到“咔嗒”一声' },
    en: { what: 'The door is still open', todo: 'Push the door until it clicks' },
  },
  unknownCell: {
    who: 'engineer',
    zh: { what: '没有这个柜格', todo: '请检查柜格数量和锁号的设置' },
    en: { what: 'There is no such cell', todo: 'Check the number of cells and the lock numbers in the settings' },
  },
  lockNotReported: {
    who: 'engineer',
    zh: { what: '锁控板不报告某个柜格的锁', todo: '请检查柜格数量、锁号设置和锁的接线' },
    en: {
      what: 'The board does not report the lock of a cell',
      todo: 'Check the number of cells, the lock numbers and the lock’s wiring',
    },
  },
  outcomeUnknown: {
    who: 'hall',
    zh: { what: '不知道柜门是否已打开', todo: '请到柜前查看柜门，再决定是否重试' },
    en: { what: 'It is not known whether the door opened', todo: 'Look at the door before anything is tried again' },
  },
};
