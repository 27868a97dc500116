// Health checks of a cabinet. Before them: a started device; after them: the technician's screen.

import { randomUUID } from 'node:crypto';
import type { CheckVerdict, HealthCheck } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import type { CellState, Locker, LockerReply } from './api.ts';
import { placesOf, type BusConfig } from './bus.ts';
import { deriveWiring, type Heard, type Wiring } from './calibration.ts';
import type { LockProtocol } from './protocol.ts';

const queryDeadlineMs = 30_000;
const openDeadlineMs = 8000;
const shutDeadlineMs = 60_000;

const failed = (result: Extract<Result<LockerReply>, { ok: false }>): CheckVerdict => ({
  passed: false,
  code: result.error.code,
  detail: result.error.message,
});

const passed = (detail: string): CheckVerdict => ({ passed: true, code: 'ok', detail });

const hear = async (device: Locker): Promise<Heard | CheckVerdict> => {
  const result = await device.execute({ type: 'queryCells' }, { id: randomUUID(), timeoutMs: queryDeadlineMs });
  if (!result.ok) return failed(result);
  return result.value.type === 'cells' ? result.value : { cells: [] };
};

const isVerdict = (value: Heard | CheckVerdict): value is CheckVerdict => 'passed' in value;

const listOf = (cells: readonly CellState[]): string => cells.map(({ cell }) => cell).join(', ');

/** Every board and lock is answered for, and not every door says open (which is how a wrong polarity shows). */
const checkBoard = async (device: Locker, hasContacts: boolean, wiring?: Wiring): Promise<CheckVerdict> => {
  const heard = await hear(device);
  if (isVerdict(heard)) return heard;
  const { cells } = heard;
  const silent = device.status().faults.filter(({ code }) => code.startsWith('boardSilent:'));
  if (silent.length > 0)
    return {
      passed: false,
      code: 'boardSilent',
      detail: `no answer from board ${silent.map(({ code }) => code.slice(code.indexOf(':') + 1)).join(', ')}`,
    };
  if (!hasContacts) return passed(`the boards of ${cells.length} locks answer; their doors cannot be felt`);
  const unknown = cells.filter(({ door }) => door === 'unknown');
  if (unknown.length > 0)
    return { passed: false, code: 'lockNotReported', detail: `no answer for cells ${listOf(unknown)}` };
  const open = cells.filter(({ door }) => door === 'open');
  if (open.length === cells.length && cells.length > 1)
    return {
      passed: false,
      code: 'polaritySuspect',
      detail: `every door says open: look at the doors; if they are shut, change the setting \`${wiring?.setting}\``,
    };
  return passed(`${cells.length} locks answer, open: ${listOf(open) || 'none'}`);
};

const noShutDoor: CheckVerdict = { passed: false, code: 'doorAlreadyOpen', detail: 'there is no shut door to try' };

/** The first cell that can be tried: shut, or one of which nobody knows. */
const pickCell = (cells: readonly CellState[], hasContacts: boolean): number | undefined =>
  cells.find(({ door }) => door === (hasContacts ? 'closed' : 'unknown'))?.cell;

/** Opens the first shut cell, then waits for somebody to shut it. */
const checkOpening = async (device: Locker): Promise<CheckVerdict> => {
  const heard = await hear(device);
  if (isVerdict(heard)) return heard;
  const cell = pickCell(heard.cells, true);
  if (cell === undefined) return noShutDoor;
  const opened = await device.execute({ type: 'openCell', cell }, { id: randomUUID(), timeoutMs: openDeadlineMs });
  if (!opened.ok) return failed(opened);
  const closed = await device.execute({ type: 'awaitClosed', cell }, { id: randomUUID(), timeoutMs: shutDeadlineMs });
  return closed.ok ? passed(`cell ${cell} opened and was shut`) : failed(closed);
};

/** Opens the first shut cell and asks which door moved: finds crossed wires, a wrong cell map and a wrong byte order. */
const checkDoorNumber =
  (device: Locker, hasContacts: boolean): HealthCheck['run'] =>
  async (ask) => {
    const heard = await hear(device);
    if (isVerdict(heard)) return heard;
    const cell = pickCell(heard.cells, hasContacts);
    if (cell === undefined) return noShutDoor;
    const opened = await device.execute({ type: 'openCell', cell }, { id: randomUUID(), timeoutMs: openDeadlineMs });
    const isRightDoor = await ask({
      zh: `刚才弹开的是 ${cell} 号柜门，并且只有这一扇吗？`,
      en: `Did door ${cell} open, and no other?`,
    });
    const isPulsed = opened.ok || opened.error.code === 'unconfirmed';
    if (isRightDoor && isPulsed) return passed(`cell ${cell}: seen${opened.ok ? ' and reported' : ''}`);
    if (isRightDoor && !opened.ok)
      return opened.error.code === 'doorDidNotOpen'
        ? { passed: false, code: 'contactWrong', detail: `door ${cell} opened, but its contact does not say so` }
        : failed(opened);
    if (isPulsed)
      return {
        passed: false,
        code: 'wrongDoor',
        detail: `the lock of cell ${cell} was pulsed, but that door did not move`,
      };
    return failed(opened);
  };

/** A person holds one named door shut, then open; what is heard says how the contacts have to be read. */
const checkWiring =
  (device: Locker, config: BusConfig, wiring: Wiring): HealthCheck['run'] =>
  async (ask) => {
    const [entry] = placesOf(config);
    if (!entry) return noShutDoor;
    const [cell, place] = entry;
    const notDone: CheckVerdict = { passed: false, code: 'canceled', detail: `door ${cell} was not moved as asked` };
    const isShut = await ask({
      zh: `请把所有柜门都关好。${cell} 号柜门关好了吗？`,
      en: `Push all doors shut. Is door ${cell} shut?`,
    });
    if (!isShut) return notDone;
    const shut = await hear(device);
    if (isVerdict(shut)) return shut;
    const isOpen = await ask({
      zh: `请用应急钥匙打开 ${cell} 号柜门，不要动别的柜门。打开了吗？`,
      en: `Open door ${cell} with the emergency key and move no other. Is it open?`,
    });
    if (!isOpen) return notDone;
    const open = await hear(device);
    if (isVerdict(open)) return open;
    const derived = deriveWiring(cell, place, shut, open, wiring);
    if (!derived.ok) return { passed: false, code: derived.code, detail: derived.detail };
    const changes = Object.entries(derived.settings);
    if (changes.length > 0)
      return {
        passed: false,
        code: 'wiringDiffers',
        detail: `set ${changes.map(([name, value]) => `\`${name}\` to \`${value}\``).join(' and ')}`,
      };
    return passed(
      derived.isOrderOpen ? 'polarity is right; this door cannot tell the byte order' : 'the contacts are read rightly',
    );
  };

export const lockerChecks = (
  device: Locker,
  { hasContacts }: LockProtocol,
  config: BusConfig,
  wiring: Wiring | undefined,
): readonly HealthCheck[] => {
  const locks = placesOf(config).size;
  return [
    {
      name: 'boardAnswers',
      scope: 'internal',
      title: { zh: `锁控板应答，${locks} 把锁都有状态`, en: `The boards answer for all ${locks} locks` },
      run: () => checkBoard(device, hasContacts, wiring),
    },
    ...(hasContacts
      ? [
          {
            name: 'opensAndShuts',
            scope: 'external' as const,
            title: { zh: '打开一个空柜门，再推上', en: 'Opens one door; push it shut afterwards' },
            run: () => checkOpening(device),
          },
        ]
      : []),
    {
      name: 'rightDoor',
      scope: 'interactive',
      title: { zh: '核对弹开的柜门号码', en: 'Compare the number of the door that opens' },
      run: checkDoorNumber(device, hasContacts),
    },
    ...(hasContacts && wiring
      ? [
          {
            name: 'wiring',
            scope: 'interactive' as const,
            title: { zh: '用一扇门校准触点极性和字节顺序', en: 'Calibrate polarity and byte order with one door' },
            run: checkWiring(device, config, wiring),
          },
        ]
      : []),
  ];
};
