// What every lock board keeps, whatever its protocol: one pulse, believed contacts, honest ends, nothing twice.

import { afterEach, describe, expect, test } from 'vitest';
import type { Rehearsal } from '../kit/rehearsal.ts';
import {
  codeOf,
  createDiskMemory,
  families,
  runCheck,
  startRig,
  stopRigs,
  type Rig,
  type RigOptions,
} from './test-rig.ts';
import { heartbeatMs, queryTimeoutMs, recoverMs } from './state.ts';

afterEach(stopRigs);

const [firstOf] = [(rehearsals: readonly Rehearsal[]): Rehearsal => rehearsals[0] as Rehearsal];

describe.each(families)('$driver.driver', ({ driver, rehearsals, tryCell, lockAt }) => {
  const { config, simulator, simulatorSettings } = firstOf(rehearsals);
  const start = (options: Partial<RigOptions> & { settings?: Record<string, unknown> } = {}): Promise<Rig> =>
    startRig({
      driver,
      config,
      simulator,
      ...options,
      settings: { ...simulatorSettings, ...options.settings },
    });

  test('online, opens once, sees the door shut', async () => {
    const rig = await start();
    expect(rig.locker.status().state).toBe('online');
    expect(await rig.run({ type: 'openCell', cell: tryCell })).toEqual({
      ok: true,
      value: { type: 'opened', cell: tryCell },
    });
    expect(rig.pulses()).toBe(1);
    const closed = rig.locker.execute({ type: 'awaitClosed', cell: tryCell }, { id: 'shut', timeoutMs: 20_000 });
    await rig.clock.advance(1000);
    rig.turn('shutDoor', String(tryCell));
    await rig.clock.advance(2000);
    expect(codeOf(await closed)).toBe('closed');
  });

  test('an open door is refused without a pulse; a jammed one is said after 3 s and one pulse', async () => {
    const rig = await start();
    expect(codeOf(await rig.run({ type: 'openCell', cell: 2 }))).toBe('doorAlreadyOpen');
    expect(rig.pulses()).toBe(0);
    rig.turn('jam', String(tryCell));
    expect(codeOf(await rig.run({ type: 'openCell', cell: tryCell }))).toBe('doorDidNotOpen');
    expect(rig.pulses()).toBe(1);
  });

  test('the door that stands open is ajar, and shut again it is not', async () => {
    const rig = await start();
    expect(rig.faults()).toEqual(['doorAjar']);
    rig.turn('shutAll');
    await rig.clock.advance(heartbeatMs + 1000);
    expect(rig.faults()).toEqual([]);
  });

  test('echoing adapter, noise before answers, slow board: everything works with one pulse', async () => {
    for (const fault of ['echo', 'garbageBefore', 'slow']) {
      const rig = await start({ settleMs: 0 });
      rig.turn(fault, 'on');
      await rig.clock.advance(8000);
      expect([fault, codeOf(await rig.run({ type: 'openCell', cell: tryCell }))]).toEqual([fault, 'opened']);
      expect(rig.pulses()).toBe(1);
    }
  });

  test('echo alone never is an answer', async () => {
    const rig = await start({ settleMs: 0 });
    rig.turn('echo', 'on');
    rig.turn('mute', 'on');
    await rig.clock.advance(6000);
    expect(rig.locker.status().state).toBe('offline');
  });

  test.each(['mute', 'badChecksum', 'cutReply'])('%s: never online, and back by itself', async (fault) => {
    const rig = await start({ settleMs: 0 });
    rig.turn(fault, 'on');
    await rig.clock.advance(7000);
    expect(rig.locker.status().state).toBe('offline');
    rig.turn(fault, 'off');
    await rig.clock.advance(15_000);
    expect(rig.locker.status().state).toBe('online');
  });

  test('silent while idle: found within the heartbeat', async () => {
    const rig = await start();
    rig.turn('mute', 'on');
    await rig.clock.advance(heartbeatMs + 5 * (queryTimeoutMs + recoverMs));
    expect(rig.faults()).toEqual(['deviceSilent']);
  });

  test('the board dies after the pulse: outcomeUnknown, and no second pulse', async () => {
    const rig = await start();
    const running = rig.locker.execute({ type: 'openCell', cell: tryCell }, { id: 'dies', timeoutMs: 20_000 });
    for (let ms = 0; rig.pulses() === 0 && ms < 500; ms += 5) await rig.clock.advance(5);
    rig.turn('mute', 'on');
    await rig.clock.advance(5000);
    expect(codeOf(await running)).toBe('outcomeUnknown');
    rig.turn('mute', 'off');
    await rig.clock.advance(20_000);
    expect(rig.pulses()).toBe(1);
  });

  test('unplugged at every step of an opening: one result each, honest about the pulse', async () => {
    const ends = new Set<string>();
    for (let atMs = 0; atMs <= 900; atMs += 20) {
      const rig = await start({ settings: { springMs: 2000 } });
      const results: string[] = [];
      const running = rig.locker
        .execute({ type: 'openCell', cell: tryCell }, { id: 'cut', timeoutMs: 8000 })
        .then((result) => results.push(codeOf(result)));
      await rig.clock.advance(atMs);
      const isPulsed = rig.pulses() > 0;
      rig.transport.peer()?.hangUp();
      await rig.clock.advance(20_000);
      await running;
      expect(results).toHaveLength(1);
      expect(results[0]).toBe(isPulsed ? 'outcomeUnknown' : 'connectionLost');
      expect(rig.pulses()).toBe(isPulsed ? 1 : 0);
      ends.add(results[0] ?? '');
      await stopRigs();
    }
    expect([...ends].sort()).toEqual(['connectionLost', 'outcomeUnknown']);
  });

  test('a host that died after the pulse: the next life says outcomeUnknown to the same id and opens nothing', async () => {
    const memory = createDiskMemory();
    const first = await start({ memory });
    const command = { type: 'openCell', cell: tryCell } as const;
    void first.locker.execute(command, { id: 'visit-7', timeoutMs: 8000 });
    for (let ms = 0; first.pulses() === 0 && ms < 500; ms += 5) await first.clock.advance(5);
    expect(first.pulses()).toBe(1);
    // The first life ends here without a word: its process was killed.
    const second = await start({ memory });
    const again = second.locker.execute(command, { id: 'visit-7', timeoutMs: 8000 });
    expect(codeOf(await again)).toBe('outcomeUnknown');
    await second.clock.advance(5000);
    expect(second.pulses()).toBe(0);
  });

  test('an opening that was answered keeps its answer over a restart', async () => {
    const memory = createDiskMemory();
    const first = await start({ memory });
    const command = { type: 'openCell', cell: tryCell } as const;
    const opened = first.locker.execute(command, { id: 'visit-8', timeoutMs: 8000 });
    await first.clock.advance(3000);
    expect(codeOf(await opened)).toBe('opened');
    const second = await start({ memory });
    expect(codeOf(await second.locker.execute(command, { id: 'visit-8', timeoutMs: 8000 }))).toBe('opened');
    expect(second.pulses()).toBe(0);
  });

  test('the late answer of a cancelled opening completes nothing', async () => {
    const rig = await start({ settings: { springMs: 50 } });
    const controller = new AbortController();
    const options = { id: 'gone', timeoutMs: 8000, signal: controller.signal };
    const left = rig.locker.execute({ type: 'openCell', cell: tryCell }, options);
    rig.turn('lateReply', 'on');
    await rig.clock.advance(60);
    controller.abort();
    expect(['canceled', 'outcomeUnknown']).toContain(codeOf(await left));
    // The next citizen's cell is another one and its door is jammed: no answer about the first may open it on paper.
    const other = tryCell - 1;
    rig.turn('jam', String(other));
    const next = await rig.run({ type: 'openCell', cell: other }, 12_000, 12_000);
    expect(codeOf(next)).not.toBe('opened');
  });

  test.each([100, 400, 600])(
    'an answer that was on its way %i ms when the next command waits completes nothing',
    async (heldMs) => {
      const rig = await start();
      const controller = new AbortController();
      const options = { id: 'first', timeoutMs: 20_000, signal: controller.signal };
      const first = rig.locker.execute({ type: 'awaitClosed', cell: 2 }, options);
      await rig.clock.advance(heartbeatMs / 2);
      // The first visitor shuts the door, and the board says so, but it comes late. The door is opened again meanwhile.
      rig.turn('shutDoor', '2');
      rig.hold();
      await rig.clock.advance(heldMs);
      controller.abort();
      expect(codeOf(await first)).toBe('canceled');
      rig.turn('openDoor', '2');
      const next = rig.locker.execute({ type: 'awaitClosed', cell: 2 }, { id: 'next', timeoutMs: 20_000 });
      rig.release();
      await rig.clock.advance(21_000);
      expect(codeOf(await next)).toBe('doorLeftOpen');
    },
  );

  test('no command ever names lock 0, and nothing opens everything', async () => {
    const rig = await start({ settings: { springMs: 20 } });
    const cells = rig.locker.identity().capabilities.filter((name) => name.startsWith('cell:')).length;
    for (let cell = 1; cell <= cells; cell += 1) await rig.run({ type: 'openCell', cell }, 1200);
    expect(rig.cabinet.look()['openAlls']).toBe(0);
    // Door 2 stood open from the start.
    expect(rig.pulses()).toBe(cells - 1);
  });

  test('checks pass on a sound cabinet', async () => {
    for (const name of ['boardAnswers', 'opensAndShuts', 'rightDoor']) {
      const rig = await start();
      expect(await runCheck(rig, name)).toMatchObject({ passed: true });
    }
    const rig = await start();
    const answer = (question: number): boolean => {
      rig.turn(question === 1 ? 'shutAll' : 'openDoor', '1');
      return true;
    };
    expect(await runCheck(rig, 'wiring', { answer, shutsDoors: false })).toMatchObject({ passed: true });
  });

  test.each([
    ['boardAnswers', 'mute', 'deviceNotReady'],
    ['opensAndShuts', 'jam', 'doorDidNotOpen'],
    ['rightDoor', 'jam', 'contactWrong'],
    ['wiring', 'wrongPolarity', 'wiringDiffers'],
  ])('check %s fails on %s', async (name, fault, code) => {
    const rig = await start();
    rig.turn(fault, fault === 'jam' ? '1' : 'on');
    const answer = (question: number): boolean => {
      if (name === 'wiring') rig.turn(question === 1 ? 'shutAll' : 'openDoor', '1');
      return true;
    };
    const verdict = await runCheck(rig, name, { answer, shutsDoors: name !== 'wiring' });
    expect(verdict).toMatchObject({ passed: false, code });
  });

  test('check wiring: a person who did not do it, a contact that does not move, another lock that moves', async () => {
    const play = async (act: (question: number, rig: Rig) => boolean) => {
      const rig = await start();
      return runCheck(rig, 'wiring', { answer: (question) => act(question, rig), shutsDoors: false });
    };
    expect(await play(() => false)).toMatchObject({ passed: false, code: 'canceled' });
    expect(await play(() => true)).toMatchObject({ passed: false, code: 'contactDidNotChange' });
    const other = (question: number, rig: Rig): boolean => {
      rig.turn(question === 1 ? 'shutAll' : 'openDoor', '3');
      return true;
    };
    expect(await play(other)).toMatchObject({ passed: false, code: 'otherLockMoved' });
  });

  test('the trace speaks: the question, the command with its lock', async () => {
    const rig = await start();
    await rig.run({ type: 'openCell', cell: tryCell });
    const words = rig.locker.trace().map((entry) => driver.explainTrace?.(entry));
    expect(words.every((each) => each !== undefined && each.zh !== '' && each.en !== '')).toBe(true);
    const sent = rig.locker.trace().find(({ label }) => label === `open cell ${tryCell}`);
    expect(sent && driver.explainTrace?.(sent)?.en).toMatch(/^board \d+: open lock \d+$/);
    expect(lockAt(sent?.hex.replaceAll(' ', '') ?? '')).toMatch(/^[0-9A-F]{2}$/);
  });
});

/** What the manuals leave open of the time after an open command: whatever a board does there, the contact decides. */
describe('after an open command, undecided by the manuals', () => {
  test.each([
    ['kerong-cu16', { afterUnlock: 'nothing' }],
    ['kerong-cu16', { afterUnlock: 'status' }],
    ['kerong-cu16', { afterUnlock: 'command' }],
    ['winnsen', { openAnswer: 'atOnce' }],
    ['winnsen', { openAnswer: 'afterPulse' }],
    ['winnsen', { openAnswer: 'never' }],
  ])('%s: %j', async (name, settings) => {
    const family = families.find(({ driver }) => driver.driver === name);
    const [rehearsal] = family?.rehearsals ?? [];
    if (!family || !rehearsal) throw new Error('no such family');
    const { config, simulator, simulatorSettings } = rehearsal;
    const { driver, tryCell } = family;
    const start = (): Promise<Rig> =>
      startRig({ driver, config, simulator, settings: { ...simulatorSettings, ...settings } });
    const rig = await start();
    expect(codeOf(await rig.run({ type: 'openCell', cell: tryCell }))).toBe('opened');
    expect([rig.pulses(), rig.faults()]).toEqual([1, ['doorAjar']]);
    // An answer that says "opened" is not believed when the door did not move.
    const stuck = await start();
    stuck.turn('jam', String(tryCell));
    expect(codeOf(await stuck.run({ type: 'openCell', cell: tryCell }))).toBe('doorDidNotOpen');
    expect(stuck.pulses()).toBe(1);
  });
});
