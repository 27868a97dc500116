// What a person reads when the cabinet is in trouble: standing faults of the boards and failure codes of their commands.

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
  unconfirmed: {
    who: 'citizen',
    zh: { what: '已发出开锁命令，这种柜子感应不到柜门', todo: '请看一下柜门是否已弹开' },
    en: { what: 'The lock was released; this cabinet cannot feel its doors', todo: 'Look whether the door is open' },
  },
  openRefused: {
    who: 'engineer',
    zh: { what: '控制板拒绝了开锁命令', todo: '请检查板的型号、锁号和开锁方式的设置' },
    en: {
      what: 'The board refused the open command',
      todo: 'Check the model, the lock numbers and the way of pulsing in the settings',
    },
  },
  boardSilent: {
    who: 'engineer',
    zh: { what: '这个柜格所在的锁控板没有应答', todo: '其他板上的柜格可以照常使用；请检查这块板的电源、接线和地址' },
    en: {
      what: 'The board of this cell does not answer',
      todo: 'Cells on the other boards work; check this board’s power, wiring and address',
    },
  },
};

/** The standing fault of one board on a bus of several. */
export const silentBoardCode = (board: number): string => `boardSilent:${board}`;

/** With a line for each board, so that the fault names which one to look at. */
export const faultsOfBus = (boards: readonly number[]): FaultTable => ({
  ...lockerFaults,
  ...Object.fromEntries(
    boards.map((board): [string, FaultTable[string]] => [
      silentBoardCode(board),
      {
        who: 'engineer',
        zh: {
          what: `地址为 ${board} 的锁控板没有应答`,
          todo: '这块板上的柜格暂停使用，其他柜格照常；请检查它的电源、接线、终端电阻和地址拨码',
        },
        en: {
          what: `The board with address ${board} does not answer`,
          todo: 'Its cells are out of use, the others work; check its power, wiring, termination and address switches',
        },
      },
    ]),
  ),
});
