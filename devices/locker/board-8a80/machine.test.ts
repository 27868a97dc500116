// The driver against the simulated board, over a memory wire and a clock that the test moves.

import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../kit/clock.ts';
import type { CommandMemory, DeviceLog } from '../../kit/device.ts';
import type { Result } from '../../kit/result.ts';
import type { Simulator } from '../../kit/simulator.ts';
import { createMemoryTransport, type MemoryPeer, type MemoryTransport } from '../../kit/transports/memory.ts';
import type { Locker, LockerCommand, LockerNotice, LockerReply } from '../api.ts';
import { board8a80ConfigSchema } from './config.ts';
import { board8a80Protocol, startBoard8a80 } from './driver.ts';
import { createLockMachine } from '../machine.ts';
import { createLockerSimulator } from './simulator.ts';
import { allowedOpenMs, confirmLimitMs, heartbeatMs, queryTimeoutMs, recoverMs } from '../state.ts';

type Bench = {
  clock: FakeClock;
  locker: Locker;
  board: Simulator;
  transport: MemoryTransport;
  notices: LockerNotice[];
  turn(knob: string, argument?: string): void;
  run(command: LockerCommand, ms?: number, timeoutMs?: number): Promise<Result<LockerReply>>;
  /** Open commands on the wire since the last opening, as hex. */
  opens(): string[];
  faults(): string[];
};

const started: Locker[] = [];
afterEach(async () => {
  for (const locker of started.splice(0)) await locker.stop();
});

const silent: DeviceLog = () => undefined;
let commandNumber = 0;

const startBench = async (
  {
    config = {},
    settings = {},
    memory,
  }: { config?: Record<string, unknown>; settings?: Record<string, unknown>; memory?: CommandMemory } = {},
  settleMs = 2000,
): Promise<Bench> => {
  const clock = createFakeClock();
  let peer: MemoryPeer | undefined;
  const board = createLockerSimulator(
    { send: (bytes) => peer?.send(bytes) },
    { clock, settings: { locks: 12, ...settings } },
  );
  const transport = createMemoryTransport((bytes, to) => {
    peer = to;
    board.receive(bytes);
  });
  const locker = startBoard8a80(board8a80ConfigSchema.parse({ cells: 12, ...config }), {
    id: 'locker-1',
    clock,
    log: silent,
    transport,
    ...(memory ? { commandMemory: memory } : {}),
  });
  started.push(locker);
  const notices: LockerNotice[] = [];
  locker.onNotice((notice) => notices.push(notice));
  await clock.advance(settleMs);
  return {
    clock,
    locker,
    board,
    transport,
    notices,
    turn: (knob, argument) => board.knobs[knob]?.turn(argument),
    async run(command, ms = 5000, timeoutMs = 8000) {
      const result = locker.execute(command, { id: `command-${(commandNumber += 1)}`, timeoutMs });
      await clock.advance(ms);
      return result;
    },
    opens: () =>
      transport
        .written()
        .filter((bytes) => bytes[0] === 0x8a)
        .map((bytes) => Buffer.from(bytes).toString('hex')),
    faults: () => locker.status().faults.map((fault) => fault.code),
  };
};

const codeOf = (result: Result<LockerReply>): string => (result.ok ? result.value.type : result.error.code);

describe('opening', () => {
  test('a cell opens: shut door seen, one pulse, contact says open', async () => {
    const bench = await startBench();
    expect(bench.locker.status().state).toBe('online');
    expect(bench.locker.identity().capabilities).toContain('cell:12');
    expect(await bench.run({ type: 'openCell', cell: 7 }, 600)).toEqual({
      ok: true,
      value: { type: 'opened', cell: 7 },
    });
    expect(bench.opens()).toEqual(['8a0107119d']);
    expect(bench.notices).toContainEqual({ type: 'door', cell: 7, door: 'open' });
    expect(bench.faults()).toEqual([]);
  });

  test('door jammed: doorDidNotOpen after 3 s, one pulse only, the fault stands until the door opens', async () => {
    const bench = await startBench();
    bench.turn('jam', '3');
    const failed = await bench.run({ type: 'openCell', cell: 3 }, confirmLimitMs + 600);
    expect(failed).toMatchObject({ ok: false, error: { code: 'doorDidNotOpen', who: 'hall' } });
    expect(bench.opens()).toHaveLength(1);
    expect(bench.faults()).toEqual(['doorDidNotOpen']);
    bench.turn('free', '3');
    expect(codeOf(await bench.run({ type: 'openCell', cell: 3 }))).toBe('opened');
    expect(bench.faults()).toEqual([]);
  });

  test('a slow spring is waited for', async () => {
    const bench = await startBench({ settings: { springMs: 1800, reports: false } });
    expect(codeOf(await bench.run({ type: 'openCell', cell: 1 }, 3000))).toBe('opened');
    expect(bench.opens()).toHaveLength(1);
  });

  test('door already open: no pulse, the hall is told', async () => {
    const bench = await startBench();
    bench.turn('openDoor', '2');
    const result = await bench.run({ type: 'openCell', cell: 2 });
    expect(result).toMatchObject({ ok: false, error: { code: 'doorAlreadyOpen', who: 'hall' } });
    expect(bench.opens()).toEqual([]);
  });

  test('no such cell', async () => {
    const bench = await startBench();
    expect(await bench.run({ type: 'openCell', cell: 13 }, 100)).toMatchObject({
      ok: false,
      error: { code: 'unknownCell', who: 'engineer' },
    });
    expect(bench.opens()).toEqual([]);
  });

  test('the answer to the open is lost: it is not sent again, the contact decides', async () => {
    const bench = await startBench({ settings: { reports: false } });
    const running = bench.locker.execute({ type: 'openCell', cell: 5 }, { id: 'lost', timeoutMs: 8000 });
    await bench.clock.advance(30);
    expect(bench.opens()).toHaveLength(1);
    bench.turn('mute', 'on');
    await bench.clock.advance(400);
    bench.turn('mute', 'off');
    await bench.clock.advance(3000);
    expect(codeOf(await running)).toBe('opened');
    expect(bench.opens()).toHaveLength(1);
  });

  test('the board dies after the pulse: outcomeUnknown, and no second pulse when it is back', async () => {
    const bench = await startBench({ settings: { reports: false } });
    const running = bench.locker.execute({ type: 'openCell', cell: 5 }, { id: 'dies', timeoutMs: 20_000 });
    await bench.clock.advance(60);
    expect(bench.opens()).toHaveLength(1);
    bench.turn('mute', 'on');
    await bench.clock.advance(4000);
    expect(await running).toMatchObject({ ok: false, error: { code: 'outcomeUnknown', who: 'hall' } });
    bench.turn('mute', 'off');
    await bench.clock.advance(20_000);
    expect(bench.locker.status().state).toBe('online');
    expect(bench.board.look().pulses).toBe(1);
  });

  test('cable pulled after the pulse: outcomeUnknown', async () => {
    const bench = await startBench();
    const running = bench.locker.execute({ type: 'openCell', cell: 5 }, { id: 'pulled', timeoutMs: 20_000 });
    await bench.clock.advance(60);
    expect(bench.opens()).toHaveLength(1);
    bench.transport.peer()?.hangUp();
    await bench.clock.advance(10);
    expect(codeOf(await running)).toBe('outcomeUnknown');
  });

  test('the same command id never pulses twice, not even after a restart', async () => {
    const stored = new Map<string, Result<unknown> | 'begun'>();
    const memory: CommandMemory = {
      get: (_device, id) => stored.get(id),
      begin: (_device, id) => void stored.set(id, 'begun'),
      finish: (_device, id, result) => void stored.set(id, result),
    };
    const first = await startBench({ memory });
    const command: LockerCommand = { type: 'openCell', cell: 4 };
    const opened = first.locker.execute(command, { id: 'once', timeoutMs: 8000 });
    await first.clock.advance(1000);
    expect(codeOf(await opened)).toBe('opened');
    expect(codeOf(await first.locker.execute(command, { id: 'once', timeoutMs: 8000 }))).toBe('opened');
    expect(first.opens()).toHaveLength(1);
    const second = await startBench({ memory });
    expect(codeOf(await second.locker.execute(command, { id: 'once', timeoutMs: 8000 }))).toBe('opened');
    expect(second.opens()).toEqual([]);
  });

  test('two opens in a row leave half a second between the coils', async () => {
    const bench = await startBench({ settings: { springMs: 10 } });
    const at: number[] = [];
    const first = bench.locker.execute({ type: 'openCell', cell: 1 }, { id: 'a', timeoutMs: 8000 });
    const second = bench.locker.execute({ type: 'openCell', cell: 2 }, { id: 'b', timeoutMs: 8000 });
    for (let ms = 0; ms < 2000; ms += 10) {
      await bench.clock.advance(10);
      if (bench.opens().length > at.length) at.push(bench.clock.now());
    }
    expect([codeOf(await first), codeOf(await second)]).toEqual(['opened', 'opened']);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(500);
  });

  test('cancelled before the pulse: nothing moves', async () => {
    const bench = await startBench({ settings: { answerMs: 100 } });
    const controller = new AbortController();
    const running = bench.locker.execute(
      { type: 'openCell', cell: 1 },
      { id: 'c', timeoutMs: 8000, signal: controller.signal },
    );
    controller.abort();
    await bench.clock.advance(5000);
    expect(codeOf(await running)).toBe('canceled');
    expect(bench.board.look().pulses).toBe(0);
  });
});

describe('shutting', () => {
  test('awaitClosed ends when the door is pushed shut', async () => {
    const bench = await startBench({ settings: { reports: false } });
    await bench.run({ type: 'openCell', cell: 2 }, 1000);
    const running = bench.locker.execute({ type: 'awaitClosed', cell: 2 }, { id: 'shut', timeoutMs: 60_000 });
    await bench.clock.advance(5000);
    bench.turn('shutDoor', '2');
    await bench.clock.advance(700);
    expect(await running).toEqual({ ok: true, value: { type: 'closed', cell: 2 } });
    expect(bench.faults()).toEqual([]);
  });

  test('door left open: the citizen is told, then it stands as ajar for the hall', async () => {
    const bench = await startBench();
    await bench.run({ type: 'openCell', cell: 2 }, 1000);
    expect(bench.faults()).toEqual([]);
    const result = await bench.run({ type: 'awaitClosed', cell: 2 }, 31_000, 30_000);
    expect(result).toMatchObject({ ok: false, error: { code: 'doorLeftOpen', who: 'citizen' } });
    expect(bench.locker.status().faults).toEqual([{ code: 'doorAjar', who: 'hall' }]);
    bench.turn('shutDoor', '2');
    await bench.clock.advance(100);
    expect(bench.faults()).toEqual([]);
  });

  test('a door opened by command and forgotten counts as ajar after three minutes', async () => {
    const bench = await startBench();
    await bench.run({ type: 'openCell', cell: 2 }, 1000);
    await bench.clock.advance(allowedOpenMs - 10_000);
    expect(bench.faults()).toEqual([]);
    await bench.clock.advance(20_000);
    expect(bench.faults()).toEqual(['doorAjar']);
  });
});

describe('watching', () => {
  test.each([true, false])(
    'a door pulled open outside a command is ajar (board reports changes: %s)',
    async (reports) => {
      const bench = await startBench({ settings: { reports } });
      bench.notices.length = 0;
      bench.turn('openDoor', '9');
      await bench.clock.advance(reports ? 10 : heartbeatMs + 1000);
      expect(bench.notices).toEqual([{ type: 'door', cell: 9, door: 'open' }]);
      expect(bench.locker.status()).toMatchObject({ state: 'online', faults: [{ code: 'doorAjar', who: 'hall' }] });
    },
  );

  test.each(['single', 'all'] as const)('queryCells tells every door (%s)', async (statusBy) => {
    const bench = await startBench({ config: { statusBy } });
    bench.turn('openDoor', '1');
    bench.turn('openDoor', '10');
    const result = await bench.run({ type: 'queryCells' });
    if (!result.ok || result.value.type !== 'cells') throw new Error('no cells');
    expect(result.value.cells.filter(({ door }) => door === 'open').map(({ cell }) => cell)).toEqual([1, 10]);
    expect(result.value.cells).toHaveLength(12);
  });

  test.each(['single', 'all'] as const)(
    'the reversed feedback works when it is configured so (%s)',
    async (statusBy) => {
      const bench = await startBench({
        config: { statusBy, feedback: 'closedOnOpen', queryAllOrder: 'firstByteFirst', queryAllBit: 'closed' },
        settings: { feedback: 'closedOnOpen', queryAllOrder: 'firstByteFirst', queryAllBit: 'closed' },
      });
      expect(bench.faults()).toEqual([]);
      expect(codeOf(await bench.run({ type: 'openCell', cell: 11 }))).toBe('opened');
    },
  );

  test('cells follow the map, not the lock numbers', async () => {
    const bench = await startBench({ config: { cells: 2, cellMap: { '1': 8, '2': 7 } } });
    expect(codeOf(await bench.run({ type: 'openCell', cell: 1 }))).toBe('opened');
    expect(bench.board.look().doors).toContainEqual({ lock: 8, door: 'open', jammed: false });
  });

  test('more cells configured than the board has: those are unreported, the others work', async () => {
    const bench = await startBench({ config: { cells: 14 } }, 10_000);
    expect(bench.locker.status()).toMatchObject({
      state: 'online',
      faults: [{ code: 'lockNotReported', who: 'engineer' }],
    });
    expect(codeOf(await bench.run({ type: 'openCell', cell: 14 }))).toBe('lockNotReported');
    expect(codeOf(await bench.run({ type: 'openCell', cell: 12 }))).toBe('opened');
  });
});

describe('the wire misbehaves', () => {
  test('silence: offline, never online without a valid answer; recovers by itself', async () => {
    const bench = await startBench({}, 0);
    bench.turn('mute', 'on');
    await bench.clock.advance(5000);
    expect(bench.locker.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    expect(codeOf(await bench.run({ type: 'openCell', cell: 1 }, 15_000, 12_000))).toBe('deviceNotReady');
    expect(bench.opens()).toEqual([]);
    bench.turn('mute', 'off');
    await bench.clock.advance(12_000);
    expect(bench.locker.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('a short silence condemns no lock', async () => {
    const bench = await startBench({ settings: { reports: false } });
    const running = bench.locker.execute({ type: 'openCell', cell: 5 }, { id: 'gap', timeoutMs: 8000 });
    bench.turn('mute', 'on');
    await bench.clock.advance(800);
    bench.turn('mute', 'off');
    await bench.clock.advance(3000);
    expect(codeOf(await running)).toBe('opened');
    expect(bench.faults()).toEqual([]);
  });

  test('the board falls silent while idle: noticed by the heartbeat', async () => {
    const bench = await startBench();
    bench.turn('mute', 'on');
    await bench.clock.advance(heartbeatMs + 4 * (queryTimeoutMs + recoverMs));
    expect(bench.locker.status().faults[0]?.code).toBe('deviceSilent');
  });

  test.each([
    ['badChecksum', 'protocolError', 1],
    ['cutReply', 'deviceSilent', 3],
  ])('%s: never online, said as %s, opened %i times in seven seconds', async (fault, code, openings) => {
    const bench = await startBench({}, 0);
    bench.turn(fault, 'on');
    await bench.clock.advance(7000);
    expect(bench.locker.status()).toMatchObject({ state: 'offline', faults: [{ code }] });
    expect(bench.locker.statistics().opened).toBe(openings);
    bench.turn(fault, 'off');
    await bench.clock.advance(12_000);
    expect(bench.locker.status().state).toBe('online');
  });

  test.each(['garbageBefore', 'echo', 'slow'])('%s: everything still works', async (fault) => {
    for (const statusBy of ['single', 'all']) {
      const bench = await startBench({ config: { statusBy } }, 0);
      bench.turn(fault, 'on');
      await bench.clock.advance(6000);
      expect(bench.locker.status()).toMatchObject({ state: 'online', faults: [] });
      expect(codeOf(await bench.run({ type: 'openCell', cell: 6 }))).toBe('opened');
      expect(bench.opens()).toHaveLength(1);
      bench.turn('shutDoor', '6');
      expect(codeOf(await bench.run({ type: 'awaitClosed', cell: 6 }))).toBe('closed');
    }
  });

  test('echo without an answer is not an answer', async () => {
    const bench = await startBench({}, 0);
    bench.turn('echo', 'on');
    bench.turn('mute', 'on');
    await bench.clock.advance(5000);
    expect(bench.locker.status().state).toBe('offline');
  });

  test('late answers never answer the next request', async () => {
    const bench = await startBench({ settings: { reports: false } });
    bench.turn('openDoor', '1');
    bench.turn('lateReply', 'on');
    const result = await bench.run({ type: 'openCell', cell: 2 }, 6000);
    expect(codeOf(result)).not.toBe('doorAlreadyOpen');
    expect(bench.locker.statistics().strayFrames ?? 0).toBeGreaterThan(0);
  });

  test('byte by byte', async () => {
    const clock = createFakeClock();
    let peer: MemoryPeer | undefined;
    const board = createLockerSimulator(
      {
        send: (bytes) =>
          [...bytes].forEach((byte, index) => clock.after(index * 2, () => peer?.send(Uint8Array.of(byte)))),
      },
      { clock },
    );
    const transport = createMemoryTransport((bytes, to) => {
      peer = to;
      board.receive(bytes);
    });
    const locker = startBoard8a80(board8a80ConfigSchema.parse({ cells: 12, statusBy: 'all' }), {
      id: 'slow-wire',
      clock,
      log: silent,
      transport,
    });
    started.push(locker);
    await clock.advance(2000);
    const opened = locker.execute({ type: 'openCell', cell: 12 }, { id: 'x', timeoutMs: 8000 });
    await clock.advance(2000);
    expect(codeOf(await opened)).toBe('opened');
  });

  test('unplugged and plugged in again', async () => {
    const bench = await startBench();
    bench.transport.refuse('notFound');
    bench.transport.peer()?.hangUp();
    await bench.clock.advance(3000);
    expect(bench.locker.status()).toMatchObject({ state: 'noDevice', faults: [{ code: 'portNotFound' }] });
    bench.transport.refuse(undefined);
    await bench.clock.advance(15_000);
    expect(bench.locker.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('no open-all frame is ever sent', async () => {
    const bench = await startBench();
    for (let cell = 1; cell <= 12; cell += 1) await bench.run({ type: 'openCell', cell }, 1000);
    expect(bench.board.look().openAlls).toBe(0);
    expect(bench.board.look().pulses).toBe(12);
  });
});

test('one request at a time: while an answer is awaited, nothing is sent', () => {
  const config = board8a80ConfigSchema.parse({ cells: 3 });
  const machine = createLockMachine(board8a80Protocol(config), config);
  const opened = machine.next(machine.initial, { type: 'opened' }, 0);
  expect(opened.effects.filter(({ type }) => type === 'send')).toHaveLength(1);
  const command = machine.next(opened.state, { type: 'command', id: '1', command: { type: 'openCell', cell: 2 } }, 1);
  expect(command.effects.filter(({ type }) => type === 'send')).toEqual([]);
  const cancelled = machine.next(command.state, { type: 'cancel', id: '1', reason: 'canceled' }, 2);
  expect(cancelled.effects.filter(({ type }) => type === 'complete')).toHaveLength(1);
});

test('the clock is set back by an hour: the next door waits half a second, not an hour', () => {
  const config = board8a80ConfigSchema.parse({ cells: 1 });
  const machine = createLockMachine(board8a80Protocol(config), config);
  const shut = { type: 'doors', board: 1, lock: 1, doors: [{ lock: 1, door: 'closed' }] } as const;
  const open = { ...shut, doors: [{ lock: 1, door: 'open' }] } as const;
  let state = machine.initial;
  let sent: string[] = [];
  const timers: number[] = [];
  const feed = (now: number, ...events: Parameters<typeof machine.next>[1][]): void => {
    for (const event of events) {
      const step = machine.next(state, event, now);
      state = step.state;
      for (const effect of step.effects) {
        if (effect.type === 'send') sent.push(effect.label);
        if (effect.type === 'timer' && effect.name === 'job') timers.push(effect.delayMs);
      }
    }
  };
  const pause = { type: 'timer', name: 'pause' } as const;
  const hear = (frame: typeof shut | typeof open) => [{ type: 'frame', frame } as const, pause] as const;
  const command = (id: string) => ({ type: 'command', id, command: { type: 'openCell', cell: 1 } }) as const;
  const taken = { type: 'openReply', board: 1, lock: 1, verdict: 'taken', mayBeEcho: false } as const;
  const nowMs = 10_000_000;
  feed(nowMs, { type: 'opened' }, ...hear(shut), command('1'), ...hear(shut), { type: 'frame', frame: taken }, pause);
  feed(nowMs + 250, { type: 'timer', name: 'job' }, ...hear(open));
  expect(sent).toContain('open cell 1');
  sent = [];
  const earlierMs = nowMs - 3_600_000;
  feed(earlierMs, command('2'), ...hear(shut));
  expect(sent).not.toContain('open cell 1');
  expect(timers.at(-1)).toBe(500);
  feed(earlierMs + 500, { type: 'timer', name: 'job' });
  expect(sent).toContain('open cell 1');
});
