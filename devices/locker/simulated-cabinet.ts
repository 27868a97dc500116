// Cabinets with doors on one bus, seen from the wire's far end: coils, springs, contacts, and what a person or a fault does to
// them. Each protocol folder gives the boards a tongue (`BoardTongue`), written from its manual's tables and not from its codec.
//
//   bytes in ─▶ tongue.hear ─▶ coil pulse ─▶ springMs ─▶ door ─▶ contact ─▶ tongue's answer ─▶ bytes out

import type { Clock } from '../kit/clock.ts';
import type { Knob, Simulator, Wire } from '../kit/simulator.ts';

type SimulatedBoard = { address: number; locks: number };

export type CabinetSettings = {
  boards: readonly SimulatedBoard[];
  /** From the coil's pulse until the door has sprung open. */
  springMs: number;
  /** From the last byte of a request until the first of the answer. */
  answerMs: number;
  /** Whether the boards tell door changes by themselves. */
  reports: boolean;
  /** Doors (numbered through) that stand open at the start. */
  openDoors: readonly number[];
};

/** What a tongue can do: look at its locks, pulse a coil, answer. */
export type CabinetSide = {
  locksOf(board: number): number;
  /** What the contact says, with the fault `wrongPolarity` in it. */
  saysOpen(board: number, lock: number): boolean;
  pulse(board: number, lock: number): void;
  /** A frame that opens everything. It is modelled so that a test would see it happen. */
  openAll(board: number): void;
  /** The answer's bytes without its check; made when it is sent, so that it says how things are then. */
  answer(board: number, body: () => readonly number[]): void;
};

export type BoardTongue = {
  /** Takes a request from the front: how many bytes it used; 0: they are not enough yet; undefined: no request starts here. */
  hear(bytes: readonly number[]): number | undefined;
  /** Adds the check (checksum or end mark). */
  seal(body: readonly number[]): readonly number[];
  /** What a board that tells changes by itself would send. */
  report?(board: number, lock: number): readonly number[];
};

const faultTitles = {
  mute: { zh: '锁控板不应答', en: 'The boards do not answer' },
  badChecksum: { zh: '应答校验和错误', en: 'Answers carry a wrong checksum' },
  garbageBefore: { zh: '应答前有杂波', en: 'Noise before answers' },
  echo: { zh: '转换器回显自己发送的数据', en: 'The adapter echoes what it sends' },
  lateReply: { zh: '应答迟到（450 毫秒）', en: 'Answers come late (450 ms)' },
  slow: { zh: '应答很慢（250 毫秒）', en: 'Answers are slow (250 ms)' },
  cutReply: { zh: '应答只有一半', en: 'Answers are cut in half' },
  wrongPolarity: { zh: '触点接反', en: 'The contacts are wired the other way round' },
  crossedWires: { zh: '锁的线接错一位', en: 'The locks’ coils are wired one off' },
} as const;
type FaultName = keyof typeof faultTitles;
const faultNames = Object.keys(faultTitles) as FaultName[];

type Door = { board: number; lock: number; isOpen: boolean; isJammed: boolean };

export const createCabinet = (
  wire: Wire,
  clock: Clock,
  given: Partial<CabinetSettings>,
  tongueOf: (side: CabinetSide) => BoardTongue,
): Simulator => {
  const settings: CabinetSettings = {
    boards: [{ address: 1, locks: 12 }],
    springMs: 150,
    answerMs: 8,
    reports: false,
    openDoors: [],
    ...given,
  };
  const doors: Door[] = settings.boards.flatMap(({ address, locks }) =>
    Array.from({ length: locks }, (_, index) => ({
      board: address,
      lock: index + 1,
      isOpen: false,
      isJammed: false,
    })),
  );
  for (const number of settings.openDoors) {
    const door = doors[number - 1];
    if (door) door.isOpen = true;
  }
  const faults = new Set<FaultName>();
  const mutedBoards = new Set<number>();
  const pending = new Set<() => void>();
  let received: number[] = [];
  let pulses = 0;
  let openAlls = 0;
  const pulsedAtMs: number[] = [];

  const later = (delayMs: number, act: () => void): void => {
    const cancel = clock.after(delayMs, () => {
      pending.delete(cancel);
      act();
    });
    pending.add(cancel);
  };
  const doorAt = (board: number, lock: number): Door | undefined =>
    doors.find((door) => door.board === board && door.lock === lock);
  const locksOf = (board: number): number => settings.boards.find(({ address }) => address === board)?.locks ?? 0;

  const transmit = (board: number, body: readonly number[]): void => {
    if (faults.has('mute') || mutedBoards.has(board)) return;
    let bytes = [...tongue.seal(body)];
    if (faults.has('badChecksum')) bytes = bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 0x5a : byte));
    if (faults.has('cutReply')) bytes = bytes.slice(0, 3);
    if (faults.has('garbageBefore')) bytes = [0xff, 0x00, 0x8a, 0xfe, ...bytes];
    wire.send(Uint8Array.from(bytes));
  };

  const moveDoor = (door: Door, isOpen: boolean): void => {
    if (door.isOpen === isOpen) return;
    door.isOpen = isOpen;
    const report = settings.reports ? tongue.report?.(door.board, door.lock) : undefined;
    if (report) transmit(door.board, report);
  };

  const pulse = (board: number, lock: number): void => {
    pulses += 1;
    pulsedAtMs.push(clock.now());
    const wired = faults.has('crossedWires') ? (lock % locksOf(board)) + 1 : lock;
    const door = doorAt(board, wired);
    if (door && !door.isJammed) later(settings.springMs, () => moveDoor(door, true));
  };

  const tongue = tongueOf({
    locksOf,
    saysOpen: (board, lock) => (doorAt(board, lock)?.isOpen ?? false) !== faults.has('wrongPolarity'),
    pulse,
    openAll(board) {
      openAlls += 1;
      for (const door of doors) if (door.board === board) pulse(board, door.lock);
    },
    answer(board, body) {
      const delayMs = faults.has('lateReply') ? 450 : faults.has('slow') ? 250 : settings.answerMs;
      later(delayMs, () => transmit(board, body()));
    },
  });

  const listen = (): void => {
    while (received.length > 0) {
      const used = tongue.hear(received);
      if (used === 0) return;
      received = received.slice(used ?? 1);
    }
  };

  const doorKnob = (title: Knob['title'], act: (door: Door) => void): Knob => ({
    title,
    argument: doors.map((_, index) => String(index + 1)),
    turn(argument) {
      const door = doors[Number(argument ?? '1') - 1];
      if (!door) throw new RangeError(`no such lock: ${argument}`);
      act(door);
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
  const isBus = settings.boards.length > 1;

  return {
    receive(bytes) {
      if (faults.has('echo')) wire.send(bytes);
      received = [...received, ...bytes].slice(-64);
      listen();
    },
    knobs: {
      openDoor: doorKnob({ zh: '拉开柜门', en: 'Pull the door open' }, (door) => moveDoor(door, true)),
      shutDoor: doorKnob({ zh: '推上柜门', en: 'Push the door shut' }, (door) => moveDoor(door, false)),
      jam: doorKnob({ zh: '卡住柜门', en: 'Jam the door' }, (door) => {
        door.isJammed = true;
      }),
      free: doorKnob({ zh: '排除卡门', en: 'Free the door' }, (door) => {
        door.isJammed = false;
      }),
      shutAll: {
        title: { zh: '推上所有柜门', en: 'Push all doors shut' },
        turn() {
          for (const door of doors) moveDoor(door, false);
        },
      },
      muteBoard: {
        title: { zh: '一块锁控板断电', en: 'One board loses its power' },
        argument: settings.boards.map(({ address }) => String(address)),
        turn(argument) {
          mutedBoards.add(Number(argument ?? settings.boards[0]?.address));
        },
      },
      ...faultKnobs,
      repair: {
        title: { zh: '恢复正常', en: 'Clear all faults' },
        turn() {
          faults.clear();
          mutedBoards.clear();
          for (const door of doors) door.isJammed = false;
        },
      },
    },
    look: () => ({
      // In the order of the cells; on a bus of several boards each says whose it is.
      doors: doors.map(({ board, lock, isOpen, isJammed }) => ({
        ...(isBus ? { board } : {}),
        lock,
        door: isOpen ? 'open' : 'closed',
        jammed: isJammed,
      })),
      faults: [...faults],
      pulses,
      pulsedAtMs,
      openAlls,
    }),
    stop() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
};
