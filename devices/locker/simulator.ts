// A lock board with doors, seen from the wire's far end. Written from the board's manual tables, not from the driver's codec,
// so that one misreading cannot hide in both. `settings` are how the cabinet is built, knobs what a person or a fault does to it.
//
//   bytes in ─▶ own header search ─▶ coil pulse ─▶ springMs ─▶ door ─▶ contact ─▶ bytes out

import type { Knob, Simulator, SimulatorFactory } from '../kit/simulator.ts';
import type { Board8a80Config } from './config.ts';

export type LockerSimulatorSettings = {
  board: number;
  locks: number;
  /** Status bytes in the answer to a query of all. Real 8-way boards send three too. */
  statusBytes: number;
  feedback: Board8a80Config['feedback'];
  queryAllOrder: Board8a80Config['queryAllOrder'];
  queryAllBit: Board8a80Config['queryAllBit'];
  /** From the coil's pulse until the door has sprung open. */
  springMs: number;
  /** From the last byte of a request until the first of the answer. */
  answerMs: number;
  /** Whether this board tells door changes by itself (header 82). */
  reports: boolean;
};

const faultNames = [
  'mute',
  'badChecksum',
  'garbageBefore',
  'echo',
  'lateReply',
  'slow',
  'cutReply',
  'wrongPolarity',
  'crossedWires',
] as const;
type FaultName = (typeof faultNames)[number];

const faultTitles: Record<FaultName, { zh: string; en: string }> = {
  mute: { zh: '锁控板不应答', en: 'The board does not answer' },
  badChecksum: { zh: '应答校验和错误', en: 'Answers carry a wrong checksum' },
  garbageBefore: { zh: '应答前有杂波', en: 'Noise before answers' },
  echo: { zh: '转换器回显自己发送的数据', en: 'The adapter echoes what it sends' },
  lateReply: { zh: '应答迟到(450 毫秒)', en: 'Answers come late (450 ms)' },
  slow: { zh: '应答很慢(250 毫秒)', en: 'Answers are slow (250 ms)' },
  cutReply: { zh: '应答只有一半', en: 'Answers are cut in half' },
  wrongPolarity: { zh: '触点接反', en: 'The contacts are wired the other way round' },
  crossedWires: { zh: '锁的线接错一位', en: 'The locks’ coils are wired one off' },
};

const checksum = (bytes: readonly number[]): number => {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
};

export const createLockerSimulator: SimulatorFactory = (wire, { clock, settings: given }): Simulator => {
  const wanted = (given ?? {}) as Partial<LockerSimulatorSettings>;
  const locks = wanted.locks ?? 12;
  const settings: LockerSimulatorSettings = {
    board: 1,
    statusBytes: locks > 24 ? 7 : 3,
    feedback: 'closedOnLock',
    queryAllOrder: 'lastByteFirst',
    queryAllBit: 'open',
    springMs: 150,
    answerMs: 8,
    reports: true,
    ...wanted,
    locks,
  };
  const isOpen = new Map<number, boolean>();
  for (let lock = 1; lock <= locks; lock += 1) isOpen.set(lock, false);
  const jammed = new Set<number>();
  const faults = new Set<FaultName>();
  const pending = new Set<() => void>();
  let received: number[] = [];
  let pulses = 0;
  let openAlls = 0;

  const later = (delayMs: number, act: () => void): void => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
  };

  const contactByte = (lock: number): number => {
    const isMade = (isOpen.get(lock) ?? false) === (settings.feedback === 'closedOnOpen');
    return isMade !== faults.has('wrongPolarity') ? 0x11 : 0x00;
  };

  const transmit = (body: readonly number[]): void => {
    if (faults.has('mute')) return;
    const sum = checksum(body);
    let bytes = [...body, faults.has('badChecksum') ? sum ^ 0x5a : sum];
    if (faults.has('cutReply')) bytes = bytes.slice(0, 3);
    if (faults.has('garbageBefore')) bytes = [0xff, 0x00, 0x8a, 0xfe, ...bytes];
    wire.send(Uint8Array.from(bytes));
  };

  const answer = (body: () => readonly number[]): void => {
    const delayMs = faults.has('lateReply') ? 450 : faults.has('slow') ? 250 : settings.answerMs;
    later(delayMs, () => transmit(body()));
  };

  const moveDoor = (lock: number, open: boolean): void => {
    if (isOpen.get(lock) === open) return;
    isOpen.set(lock, open);
    if (settings.reports) transmit([0x82, settings.board, lock, contactByte(lock)]);
  };

  const pulseCoil = (lock: number): void => {
    pulses += 1;
    const wired = faults.has('crossedWires') ? (lock % locks) + 1 : lock;
    if (!jammed.has(wired)) later(settings.springMs, () => moveDoor(wired, true));
  };

  const statusBytes = (): number[] => {
    const bytes = Array.from({ length: settings.statusBytes }, () => 0);
    for (let lock = 1; lock <= locks; lock += 1) {
      // A set bit means "open" on this cabinet unless its maker or its wiring says otherwise.
      const saysOpen = isOpen.get(lock) !== faults.has('wrongPolarity');
      if (saysOpen !== (settings.queryAllBit === 'open')) continue;
      const group = Math.ceil(lock / 8) - 1;
      const index = settings.queryAllOrder === 'firstByteFirst' ? group : settings.statusBytes - 1 - group;
      if (index >= 0 && index < bytes.length) bytes[index] = (bytes[index] ?? 0) + 2 ** ((lock - 1) % 8);
    }
    return bytes;
  };

  const obey = (header: number, lock: number): void => {
    const { board } = settings;
    if (header === 0x80 && lock === 0) answer(() => [0x80, board, ...statusBytes(), 0x33]);
    else if (header === 0x80 && lock <= locks) answer(() => [0x80, board, lock, contactByte(lock)]);
    else if (header === 0x8a && lock === 0) {
      // A real board opens every door on this frame. It is modelled so that a test would see it happen.
      openAlls += 1;
      for (const each of isOpen.keys()) pulseCoil(each);
    } else if (header === 0x8a && lock <= locks) {
      pulseCoil(lock);
      answer(() => [0x8a, board, lock, contactByte(lock)]);
    }
  };

  const listen = (): void => {
    while (received.length >= 5) {
      const [header = 0, board, lock = 0, last, sum] = received;
      const isRequest =
        ((header === 0x80 && last === 0x33) || (header === 0x8a && last === 0x11)) &&
        sum === checksum(received.slice(0, 4));
      if (!isRequest) {
        received = received.slice(1);
        continue;
      }
      received = received.slice(5);
      if (board === settings.board) obey(header, lock);
    }
  };

  const lockNumbers = [...isOpen.keys()].map(String);
  const doorKnob = (title: Knob['title'], act: (lock: number) => void): Knob => ({
    title,
    argument: lockNumbers,
    turn(argument) {
      const lock = Number(argument ?? '1');
      if (!isOpen.has(lock)) throw new RangeError(`no such lock: ${argument}`);
      act(lock);
    },
  });

  const faultKnobs = Object.fromEntries(
    faultNames.map((name): [FaultName, Knob] => [
      name,
      {
        title: faultTitles[name],
        argument: ['on', 'off'],
        turn(argument = 'on') {
          if (argument === 'off') faults.delete(name);
          else faults.add(name);
        },
      },
    ]),
  );

  return {
    receive(bytes) {
      if (faults.has('echo')) wire.send(bytes);
      received = [...received, ...bytes].slice(-64);
      listen();
    },
    knobs: {
      openDoor: doorKnob({ zh: '拉开柜门', en: 'Pull the door open' }, (lock) => moveDoor(lock, true)),
      shutDoor: doorKnob({ zh: '推上柜门', en: 'Push the door shut' }, (lock) => moveDoor(lock, false)),
      jam: doorKnob({ zh: '卡住柜门', en: 'Jam the door' }, (lock) => jammed.add(lock)),
      free: doorKnob({ zh: '排除卡门', en: 'Free the door' }, (lock) => jammed.delete(lock)),
      shutAll: {
        title: { zh: '推上所有柜门', en: 'Push all doors shut' },
        turn() {
          for (const lock of isOpen.keys()) moveDoor(lock, false);
        },
      },
      ...faultKnobs,
      repair: {
        title: { zh: '恢复正常', en: 'Clear all faults' },
        turn() {
          faults.clear();
          jammed.clear();
        },
      },
    },
    look: () => ({
      doors: [...isOpen].map(([lock, open]) => ({ lock, door: open ? 'open' : 'closed', jammed: jammed.has(lock) })),
      faults: [...faults],
      pulses,
      openAlls,
    }),
    stop() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
