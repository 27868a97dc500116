// Relay boards: what can be said without a door contact, and what a refusal means.

import { afterEach, describe, expect, test } from 'vitest';
import { codeOf, createDiskMemory, runCheck, startRig, stopRigs, type Rig, type RigOptions } from '../test-rig.ts';
import { modbusRelayDriver } from './driver.ts';
import { createModbusRelaySimulator } from './simulator.ts';

afterEach(stopRigs);

const start = (
  config: Record<string, unknown> = {},
  { settings = {}, ...options }: Partial<Pick<RigOptions, 'settings' | 'memory' | 'settleMs'>> = {},
): Promise<Rig> =>
  startRig({
    driver: modbusRelayDriver,
    config: { cells: 8, ...config },
    simulator: createModbusRelaySimulator,
    settings,
    ...options,
  });

describe('without contacts', () => {
  test('an opening is pulsed once and never confirmed: a person has to look', async () => {
    const rig = await start();
    expect(rig.locker.status()).toMatchObject({ state: 'online', faults: [] });
    const result = await rig.run({ type: 'openCell', cell: 5 }, 1000);
    expect(result).toMatchObject({ ok: false, error: { code: 'unconfirmed', who: 'citizen' } });
    expect(rig.locker.faultTexts['unconfirmed']?.en.todo).toBe('Look whether the door is open');
    expect(rig.pulses()).toBe(1);
    expect(rig.cabinet.look()['doors']).toContainEqual({ lock: 5, door: 'open', jammed: false });
  });

  test('a repeated id gets the same answer and no second pulse, also over a restart', async () => {
    const memory = createDiskMemory();
    const first = await start({}, { memory });
    const command = { type: 'openCell', cell: 5 } as const;
    const options = { id: 'visit-1', timeoutMs: 8000 };
    const opened = first.locker.execute(command, options);
    await first.clock.advance(1000);
    expect(codeOf(await opened)).toBe('unconfirmed');
    const second = await start({}, { memory });
    expect(codeOf(await second.locker.execute(command, options))).toBe('unconfirmed');
    expect(second.pulses()).toBe(0);
  });

  test('waiting for a door to be shut is refused; the doors are unknown, and that is no fault', async () => {
    const rig = await start();
    expect(rig.locker.identity().capabilities).not.toContain('awaitClosed');
    expect(codeOf(await rig.run({ type: 'awaitClosed', cell: 1 }, 100))).toBe('unsupportedCommand');
    const result = await rig.run({ type: 'queryCells' }, 500);
    if (!result.ok || result.value.type !== 'cells') throw new Error('no cells');
    expect(new Set(result.value.cells.map(({ door }) => door))).toEqual(new Set(['unknown']));
    expect(rig.faults()).toEqual([]);
  });

  test('the answer to the write is lost: outcomeUnknown', async () => {
    const rig = await start();
    const running = rig.locker.execute({ type: 'openCell', cell: 5 }, { id: 'lost', timeoutMs: 8000 });
    for (let ms = 0; rig.pulses() === 0 && ms < 500; ms += 5) await rig.clock.advance(5);
    rig.turn('mute', 'on');
    await rig.clock.advance(1500);
    expect(codeOf(await running)).toBe('outcomeUnknown');
  });

  test('echoing adapter: the echo of the command is not its answer', async () => {
    const rig = await start({}, { settleMs: 0 });
    rig.turn('echo', 'on');
    await rig.clock.advance(3000);
    const running = rig.locker.execute({ type: 'openCell', cell: 5 }, { id: 'echo', timeoutMs: 8000 });
    for (let ms = 0; rig.pulses() === 0 && ms < 500; ms += 5) await rig.clock.advance(5);
    rig.turn('mute', 'on');
    await rig.clock.advance(1500);
    expect(codeOf(await running)).toBe('outcomeUnknown');
    expect(rig.pulses()).toBe(1);
  });

  test('check rightDoor asks the person, and believes a no', async () => {
    expect((await start()).locker.checks.map(({ name }) => name)).toEqual(['boardAnswers', 'rightDoor']);
    expect(await runCheck(await start(), 'boardAnswers')).toMatchObject({ passed: true });
    expect(await runCheck(await start(), 'rightDoor')).toMatchObject({ passed: true });
    const jammed = await start();
    jammed.turn('jam', '1');
    expect(await runCheck(jammed, 'rightDoor', { answer: () => false })).toMatchObject({
      passed: false,
      code: 'wrongDoor',
    });
    const dead = await start();
    dead.turn('mute', 'on');
    expect(await runCheck(dead, 'boardAnswers')).toMatchObject({ passed: false, code: 'deviceNotReady' });
  });
});

test.each(['none', 'inputs'])('a refused write moved nothing (contacts: %s)', async (contacts) => {
  const rig = await start({ contacts });
  rig.turn('refuse', 'on');
  const result = await rig.run({ type: 'openCell', cell: 3 }, 1000);
  expect(result).toMatchObject({ ok: false, error: { code: 'openRefused', who: 'engineer' } });
  expect(rig.pulses()).toBe(0);
});

test('a board without the timed pulse refuses it; in jog mode a plain write does', async () => {
  const rig = await start({ contacts: 'inputs' }, { settings: { hasFlash: false } });
  expect(codeOf(await rig.run({ type: 'openCell', cell: 3 }, 1000))).toBe('openRefused');
  const jog = await start({ contacts: 'inputs', pulse: 'coil' }, { settings: { hasFlash: false } });
  expect(codeOf(await jog.run({ type: 'openCell', cell: 3 }, 2000))).toBe('opened');
});

test('a board with fewer channels than cells answers with an exception: not online, and said so', async () => {
  const rig = await start({ cells: 16 }, { settings: { channels: 8 }, settleMs: 6000 });
  expect(rig.locker.status()).toMatchObject({ state: 'offline', faults: [{ code: 'protocolError' }] });
});

test('inputs of a sixteen-channel board', async () => {
  const rig = await start(
    { cells: 16, contacts: 'inputs' },
    {
      settings: { channels: 16, boards: [{ address: 1, locks: 16 }] },
    },
  );
  expect(codeOf(await rig.run({ type: 'openCell', cell: 16 }, 2000))).toBe('opened');
});

test('the next coil waits for the end of a long pulse', async () => {
  const rig = await start({ contacts: 'inputs', pulseMs: 2000 });
  const ends = [1, 2].map((cell) => rig.locker.execute({ type: 'openCell', cell }, { id: `${cell}`, timeoutMs: 8000 }));
  await rig.clock.advance(6000);
  expect((await Promise.all(ends)).map(codeOf)).toEqual(['opened', 'opened']);
  const [first = 0, second = 0] = rig.cabinet.look()['pulsedAtMs'] as number[];
  expect(second - first).toBeGreaterThanOrEqual(2000);
});
