// Several boards on one RS-485 bus with one master: numbering, one request at a time, coils apart, and a board that falls silent.

import { afterEach, describe, expect, test } from 'vitest';
import { board8a80ConfigSchema } from './board-8a80/config.ts';
import { board8a80Driver } from './board-8a80/driver.ts';
import { createLockerSimulator } from './board-8a80/simulator.ts';
import { placesOf } from './bus.ts';
import { kerongCu16Driver } from './kerong-cu16/driver.ts';
import { createCu16Simulator } from './kerong-cu16/simulator.ts';
import { heartbeatMs, queryTimeoutMs, recoverMs } from './state.ts';
import { codeOf, runCheck, startRig, stopRigs, type Rig } from './test-rig.ts';

afterEach(stopRigs);

const boards = [1, 2, 3].map((address) => ({ address, locks: 4 }));
const roundMs = heartbeatMs + 3 * (2 * queryTimeoutMs + 2 * recoverMs) + 500;

describe.each([
  ['8A/80, lock by lock', board8a80Driver, createLockerSimulator],
  ['KERONG CU16, board by board', kerongCu16Driver, createCu16Simulator],
] as const)('three boards: %s', (_name, driver, simulator) => {
  const start = (config: Record<string, unknown> = {}, settleMs = 3000): Promise<Rig> =>
    startRig({ driver, simulator, config: { boards, ...config }, settings: { boards, reports: false }, settleMs });

  test('cells are numbered through', async () => {
    const rig = await start();
    expect(rig.locker.status()).toMatchObject({ state: 'online', faults: [] });
    expect(codeOf(await rig.run({ type: 'openCell', cell: 10 }))).toBe('opened');
    expect(rig.cabinet.look()['doors']).toContainEqual({ board: 3, lock: 2, door: 'open', jammed: false });
    expect(codeOf(await rig.run({ type: 'openCell', cell: 13 }, 100))).toBe('unknownCell');
    const result = await rig.run({ type: 'queryCells' });
    if (!result.ok || result.value.type !== 'cells') throw new Error('no cells');
    expect(result.value.cells.filter(({ door }) => door === 'open')).toEqual([{ cell: 10, door: 'open' }]);
    expect(result.value.cells).toHaveLength(12);
  });

  test('a cell may be wired to any board', async () => {
    const rig = await start({ cellMap: { '1': { board: 3, lock: 4 }, '12': { board: 1, lock: 1 } } });
    expect(codeOf(await rig.run({ type: 'openCell', cell: 1 }))).toBe('opened');
    expect(rig.cabinet.look()['doors']).toContainEqual({ board: 3, lock: 4, door: 'open', jammed: false });
  });

  test('a silent board takes out its own cells only, is named, and comes back by itself', async () => {
    const rig = await start();
    rig.turn('muteBoard', '2');
    await rig.clock.advance(roundMs);
    expect(rig.locker.status()).toMatchObject({
      state: 'online',
      faults: [{ code: 'boardSilent:2', who: 'engineer' }],
    });
    expect(rig.locker.faultTexts['boardSilent:2']?.en.what).toBe('The board with address 2 does not answer');
    expect(rig.notices.slice(-4)).toEqual([5, 6, 7, 8].map((cell) => ({ type: 'door', cell, door: 'unknown' })));
    expect(codeOf(await rig.run({ type: 'openCell', cell: 6 }, 1000))).toBe('boardSilent');
    expect(codeOf(await rig.run({ type: 'openCell', cell: 1 }, 1000))).toBe('opened');
    expect(codeOf(await rig.run({ type: 'openCell', cell: 12 }, 1000))).toBe('opened');
    expect(rig.pulses()).toBe(2);
    rig.turn('repair');
    rig.turn('shutAll');
    await rig.clock.advance(roundMs);
    expect(rig.locker.status()).toMatchObject({ state: 'online', faults: [] });
    expect(codeOf(await rig.run({ type: 'openCell', cell: 6 }))).toBe('opened');
  });

  test('a board that is silent from the start does not keep the others from coming up', async () => {
    const rig = await start({}, 0);
    rig.turn('muteBoard', '1');
    await rig.clock.advance(2500);
    expect(rig.faults()).toEqual(['boardSilent:1']);
    expect(rig.locker.statistics()['opened']).toBe(1);
    expect(codeOf(await rig.run({ type: 'openCell', cell: 5 }, 1000))).toBe('opened');
  });

  test('a silent board costs the others one question a round, in whatever moment they are wanted', async () => {
    for (let waitMs = 0; waitMs < heartbeatMs; waitMs += 400) {
      const rig = await start();
      rig.turn('muteBoard', '2');
      // Once it was found to be silent, which takes three missed answers.
      await rig.clock.advance(roundMs + 1500 + waitMs);
      const at = rig.clock.now();
      let tookMs = 0;
      const opened = rig.locker.execute({ type: 'openCell', cell: 1 }, { id: 'now', timeoutMs: 8000 });
      void opened.then(() => (tookMs = rig.clock.now() - at));
      for (let ms = 0; tookMs === 0 && ms < 3000; ms += 10) await rig.clock.advance(10);
      expect(codeOf(await opened)).toBe('opened');
      expect(tookMs).toBeLessThan(queryTimeoutMs + recoverMs + 500);
      await stopRigs();
    }
  });

  test('queryCells tells the doors of the boards that answer', async () => {
    const rig = await start();
    rig.turn('muteBoard', '2');
    const result = await rig.run({ type: 'queryCells' }, 4000);
    if (!result.ok || result.value.type !== 'cells') throw new Error('no cells');
    expect(result.value.cells.map(({ door }) => door)).toEqual(
      Array.from({ length: 12 }, (_, index) => (index >= 4 && index < 8 ? 'unknown' : 'closed')),
    );
  });

  test('all boards silent: the bus is, and is opened afresh', async () => {
    const rig = await start();
    rig.turn('mute', 'on');
    await rig.clock.advance(roundMs);
    expect(rig.locker.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    rig.turn('mute', 'off');
    await rig.clock.advance(15_000);
    expect(rig.locker.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('its board dies after the pulse: outcomeUnknown, the other boards go on', async () => {
    const rig = await start();
    const running = rig.locker.execute({ type: 'openCell', cell: 7 }, { id: 'dies', timeoutMs: 20_000 });
    for (let ms = 0; rig.pulses() === 0 && ms < 500; ms += 5) await rig.clock.advance(5);
    rig.turn('muteBoard', '2');
    await rig.clock.advance(4000);
    expect(codeOf(await running)).toBe('outcomeUnknown');
    expect(codeOf(await rig.run({ type: 'openCell', cell: 3 }))).toBe('opened');
    expect(rig.pulses()).toBe(2);
  });

  test('coils of different boards are half a second apart, more where the pulse is longer', async () => {
    for (const gapMs of [500, 1200]) {
      const rig = await start({ pulseGapMs: gapMs });
      const ends = [1, 5, 9].map((cell) =>
        rig.locker.execute({ type: 'openCell', cell }, { id: `at once ${cell}`, timeoutMs: 20_000 }),
      );
      await rig.clock.advance(8000);
      expect((await Promise.all(ends)).map(codeOf)).toEqual(['opened', 'opened', 'opened']);
      const [first = 0, second = 0, third = 0] = rig.cabinet.look()['pulsedAtMs'] as number[];
      expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(gapMs);
    }
  });

  test('check boardAnswers names the silent board', async () => {
    const rig = await start();
    rig.turn('muteBoard', '3');
    await rig.clock.advance(roundMs);
    expect(await runCheck(rig, 'boardAnswers')).toEqual({
      passed: false,
      code: 'boardSilent',
      detail: 'no answer from board 3',
    });
  });
});

test('one master: nothing is sent while an answer may still come', async () => {
  const rig = await startRig({
    driver: board8a80Driver,
    config: { boards },
    simulator: createLockerSimulator,
    settings: { boards, reports: false, answerMs: 40 },
  });
  rig.turn('muteBoard', '2');
  void rig.locker.execute({ type: 'openCell', cell: 9 }, { id: 'a', timeoutMs: 8000 });
  await rig.clock.advance(20_000);
  const talk = rig.locker.trace().filter(({ direction }) => direction !== 'note');
  for (const [index, entry] of talk.entries()) {
    const before = talk[index - 1];
    if (entry.direction !== 'out' || before?.direction !== 'out') continue;
    // Two in a row: the first went unanswered and its time had passed.
    expect(entry.atMs - before.atMs).toBeGreaterThanOrEqual(queryTimeoutMs + recoverMs);
  }
  expect(talk.length).toBeGreaterThan(40);
});

test.each([
  ['one board', { cells: 4, cellMap: { '1': 20 } }, { locks: 4 }],
  ['a bus', { boards, cellMap: { '5': { board: 2, lock: 20 } } }, { boards }],
])(
  '%s whose first lock is not there comes up all the same, and says which kind of fault it is',
  async (_name, config, settings) => {
    const rig = await startRig({
      driver: board8a80Driver,
      config,
      simulator: createLockerSimulator,
      settings: { ...settings, reports: false },
      settleMs: 30_000,
    });
    expect(rig.locker.status()).toMatchObject({ state: 'online', faults: [{ code: 'lockNotReported' }] });
    expect(codeOf(await rig.run({ type: 'openCell', cell: 'boards' in config ? 6 : 2 }))).toBe('opened');
  },
);

describe('settings', () => {
  const problemsOf = (settings: unknown): string[] => {
    const checked = board8a80ConfigSchema.safeParse(settings);
    return checked.success ? [] : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  test('the short form is one board; the long form several', () => {
    expect([...placesOf(board8a80ConfigSchema.parse({ board: 5, cells: 2, cellMap: { '2': 9 } }))]).toEqual([
      [1, { board: 5, lock: 1 }],
      [2, { board: 5, lock: 9 }],
    ]);
    const two = [1, 4].map((address) => ({ address, locks: 2 }));
    expect([...placesOf(board8a80ConfigSchema.parse({ boards: two })).values()]).toEqual([
      { board: 1, lock: 1 },
      { board: 1, lock: 2 },
      { board: 4, lock: 1 },
      { board: 4, lock: 2 },
    ]);
  });

  test.each([
    [{}, 'cells: the number of cells is missing'],
    [{ cells: 4, boards }, 'cells: either'],
    [{ boards: [boards[0], boards[0]] }, 'boards.1.address: board 1 is named twice'],
    [{ cells: 3, cellMap: { '1': 2 } }, 'cellMap: cells 1 and 2 share lock 2 of board 1'],
    [{ cells: 3, cellMap: { '4': 9 } }, 'cellMap.4: there is no cell 4'],
    [{ boards, cellMap: { '1': { board: 9, lock: 1 } } }, 'cellMap.1: board 9 is not on this bus'],
  ])('%j is refused: %s', (settings, problem) => {
    expect(problemsOf(settings).join('; ')).toContain(problem);
  });

  test.each([{ cells: 0 }, { cells: 51 }, { board: 0, cells: 4 }, { cells: 4, pulseGapMs: 100 }])(
    '%j is out of bounds',
    (settings) => {
      expect(problemsOf(settings)).not.toEqual([]);
    },
  );
});
