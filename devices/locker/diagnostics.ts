// Health checks of a cabinet, and the wire trace in words. Before it: a started device; after it: the technician's screen.

import { randomUUID } from 'node:crypto';
import type { CheckVerdict, HealthCheck } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import type { TraceEntry } from '../kit/trace.ts';
import type { CellState, Locker, LockerReply } from './api.ts';
import type { Board8a80Config } from './config.ts';

const queryDeadlineMs = 30_000;
const openDeadlineMs = 8000;
const shutDeadlineMs = 60_000;

const failed = (result: Extract<Result<LockerReply>, { ok: false }>): CheckVerdict => ({
  passed: false,
  code: result.error.code,
  detail: result.error.message,
});

const passed = (detail: string): CheckVerdict => ({ passed: true, code: 'ok', detail });

const readCells = async (device: Locker): Promise<readonly CellState[] | CheckVerdict> => {
  const result = await device.execute({ type: 'queryCells' }, { id: randomUUID(), timeoutMs: queryDeadlineMs });
  if (!result.ok) return failed(result);
  return result.value.type === 'cells' ? result.value.cells : [];
};

const isVerdict = (value: readonly CellState[] | CheckVerdict): value is CheckVerdict => !Array.isArray(value);

const listOf = (cells: readonly CellState[]): string => cells.map(({ cell }) => cell).join(', ');

/** Every lock is answered for, and not every door says open (which is how a wrong `feedback` setting shows). */
const checkBoard = async (device: Locker): Promise<CheckVerdict> => {
  const cells = await readCells(device);
  if (isVerdict(cells)) return cells;
  const unknown = cells.filter(({ door }) => door === 'unknown');
  if (unknown.length > 0)
    return { passed: false, code: 'lockNotReported', detail: `no answer for cells ${listOf(unknown)}` };
  const open = cells.filter(({ door }) => door === 'open');
  if (open.length === cells.length && cells.length > 1)
    return {
      passed: false,
      code: 'polaritySuspect',
      detail: 'every door says open: look at the doors; if they are shut, change the setting `feedback`',
    };
  return passed(`${cells.length} locks answer, open: ${listOf(open) || 'none'}`);
};

/** Opens the first shut cell, then waits for somebody to shut it. */
const checkOpening = async (device: Locker): Promise<CheckVerdict> => {
  const cells = await readCells(device);
  if (isVerdict(cells)) return cells;
  const cell = cells.find(({ door }) => door === 'closed')?.cell;
  if (cell === undefined) return { passed: false, code: 'doorAlreadyOpen', detail: 'there is no shut door to try' };
  const opened = await device.execute({ type: 'openCell', cell }, { id: randomUUID(), timeoutMs: openDeadlineMs });
  if (!opened.ok) return failed(opened);
  const closed = await device.execute({ type: 'awaitClosed', cell }, { id: randomUUID(), timeoutMs: shutDeadlineMs });
  return closed.ok ? passed(`cell ${cell} opened and was shut`) : failed(closed);
};

/** Opens the first shut cell and asks which door moved: finds crossed wires, a wrong cell map and a wrong byte order. */
const checkDoorNumber =
  (device: Locker): HealthCheck['run'] =>
  async (ask) => {
    const cells = await readCells(device);
    if (isVerdict(cells)) return cells;
    const cell = cells.find(({ door }) => door === 'closed')?.cell;
    if (cell === undefined) return { passed: false, code: 'doorAlreadyOpen', detail: 'there is no shut door to try' };
    const opened = await device.execute({ type: 'openCell', cell }, { id: randomUUID(), timeoutMs: openDeadlineMs });
    const isRightDoor = await ask({
      zh: `刚才弹开的是 ${cell} 号柜门，并且只有这一扇吗？`,
      en: `Did door ${cell} open, and no other?`,
    });
    if (isRightDoor && opened.ok) return passed(`cell ${cell}: seen and reported`);
    if (isRightDoor && !opened.ok)
      return opened.error.code === 'doorDidNotOpen'
        ? { passed: false, code: 'contactWrong', detail: `door ${cell} opened, but its contact does not say so` }
        : failed(opened);
    if (opened.ok)
      return { passed: false, code: 'wrongDoor', detail: `cell ${cell} reports open, but that door did not move` };
    return failed(opened);
  };

export const boardChecks = (device: Locker, config: Board8a80Config): readonly HealthCheck[] => [
  {
    name: 'boardAnswers',
    scope: 'internal',
    title: { zh: `锁控板应答，${config.cells} 把锁都有状态`, en: `The board answers for all ${config.cells} locks` },
    run: () => checkBoard(device),
  },
  {
    name: 'opensAndShuts',
    scope: 'external',
    title: { zh: '打开一个空柜门，再推上', en: 'Opens one door; push it shut afterwards' },
    run: () => checkOpening(device),
  },
  {
    name: 'rightDoor',
    scope: 'interactive',
    title: { zh: '核对弹开的柜门号码', en: 'Compare the number of the door that opens' },
    run: checkDoorNumber(device),
  },
];

const bytesOf = (hex: string): number[] => {
  const parts = hex.split(' ').filter((part) => /^[0-9A-F]{2}$/.test(part));
  return parts.map((part) => Number.parseInt(part, 16));
};

/** One entry of the wire trace in words. Bytes that are no frame of this protocol are said to be that. */
export const describeTraceEntry = (entry: TraceEntry): { zh: string; en: string } => {
  if (entry.direction === 'note')
    return { zh: `丢弃：${entry.label} ${entry.hex}`, en: `discarded: ${entry.label} ${entry.hex}` };
  const bytes = bytesOf(entry.hex);
  const [kind = 0, board = 0, lock = 0, state] = bytes;
  const isQuery = kind === 0x80 && bytes.length === 5 && state === 0x33;
  if (isQuery && lock === 0) return { zh: `询问 ${board} 号板全部锁`, en: `board ${board}: how are all locks?` };
  if (isQuery) return { zh: `询问 ${board} 号板 ${lock} 号锁`, en: `board ${board}: how is lock ${lock}?` };
  const contact = { zh: state === 0x11 ? '接通(11)' : '断开(00)', en: state === 0x11 ? 'made (11)' : 'broken (00)' };
  if (bytes.length === 5 && kind === 0x8a && entry.direction === 'out')
    return { zh: `打开 ${board} 号板 ${lock} 号锁`, en: `board ${board}: open lock ${lock}` };
  if (bytes.length === 5 && kind === 0x8a)
    return {
      zh: `开锁命令的应答：${lock} 号锁触点${contact.zh}`,
      en: `answer to open: lock ${lock}, contact ${contact.en}`,
    };
  if (bytes.length === 5 && kind === 0x80)
    return { zh: `${lock} 号锁触点${contact.zh}`, en: `lock ${lock}: contact ${contact.en}` };
  if (bytes.length === 5 && kind === 0x82)
    return {
      zh: `锁控板主动报告：${lock} 号锁触点${contact.zh}`,
      en: `the board reports: lock ${lock}, contact ${contact.en}`,
    };
  if (kind === 0x80 && bytes.length > 5) {
    const bits = bytes
      .slice(2, -2)
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join(' ');
    return { zh: `全部锁的状态位(按线上顺序):${bits}`, en: `status bits of all locks (order of the wire): ${bits}` };
  }
  return { zh: `不是本协议的数据：${entry.hex}`, en: `not of this protocol: ${entry.hex}` };
};
