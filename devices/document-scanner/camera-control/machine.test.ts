// Both control drivers and the simulated camera on the two ends of a wire, under a clock that the test moves.

import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kit/clock.ts';
import { lossDebounceMs } from '../../kit/run-device.ts';
import { createMemoryTransport } from '../../kit/transports/memory.ts';
import { hexOf } from '../../kit/trace.ts';
import type { CameraControl, CameraControlCommand, CameraControlNotice } from './api.ts';
import { hidCameraConfigSchema, serialCameraConfigSchema } from './config.ts';
import { explainTrace } from './diagnostics.ts';
import { cameraControlHidDriver, cameraControlSerialDriver } from './driver.ts';
import { answerTimeoutMs, forgetMs, missLimit } from './machine.ts';
import { createCameraControlSimulator } from './simulator.ts';

const started: CameraControl[] = [];
afterEach(async () => {
  for (const control of started.splice(0)) await control.stop();
});

type Wire = 'serial' | 'hid';

const startBench = async (wire: Wire, config: Record<string, unknown> = {}, fault?: string) => {
  const clock = createFakeClock();
  const transport = createMemoryTransport((bytes) => simulator.receive(bytes));
  const simulator = createCameraControlSimulator(
    { send: (bytes) => transport.peer()?.send(bytes) },
    { clock, settings: { wire } },
  );
  const turn = (knob: string, argument?: string): void => simulator.knobs[knob]?.turn(argument);
  if (fault) turn('fault', fault);
  const dependencies = { id: 'c', clock, log: () => undefined, transport };
  const model = wire === 'serial' ? 'exampleSerialLamp' : 'exampleHidLamp';
  const settings = config.protocol ? config : { model, ...config };
  const control =
    wire === 'serial'
      ? cameraControlSerialDriver.start(serialCameraConfigSchema.parse(settings), dependencies)
      : cameraControlHidDriver.start(hidCameraConfigSchema.parse(settings), dependencies);
  started.push(control);
  const notices: CameraControlNotice[] = [];
  control.onNotice((notice) => notices.push(notice));
  await clock.advance(50);
  let calls = 0;
  const run = async (command: CameraControlCommand, afterMs = 50) => {
    const running = control.execute(command, { id: `l-${(calls += 1)}`, timeoutMs: 10_000 });
    await clock.advance(afterMs);
    return running;
  };
  return { clock, transport, control, notices, turn, run, look: () => simulator.look() };
};

const wires: Wire[] = ['serial', 'hid'];

describe.each(wires)('%s', (wire) => {
  test('the lamp is set, and the camera says so', async () => {
    const { control, run, look } = await startBench(wire);
    expect(control.status()).toMatchObject({ state: 'online', faults: [] });
    expect(control.identity().capabilities).toEqual(['lamp', 'shutter', 'heartbeat']);
    for (const level of [100, 60, 0]) {
      expect(await run({ type: 'setLamp', level })).toEqual({
        ok: true,
        value: { type: 'lampSet', level, isConfirmed: true },
      });
      expect(look().lamp).toBe(level);
    }
  });

  test('a press is one notice, also from a button that bounces or is held', async () => {
    const { clock, notices, turn } = await startBench(wire);
    turn('press');
    await clock.advance(1000);
    turn('fault', 'bounce');
    turn('press');
    await clock.advance(1000);
    expect(notices).toEqual([{ type: 'shutter' }, { type: 'shutter' }]);
  });

  test('a lamp that does not answer is told, and its late answer confirms nothing', async () => {
    const { clock, transport, run, turn, control } = await startBench(wire);
    turn('fault', 'lampDead');
    expect(await run({ type: 'setLamp', level: 100 }, answerTimeoutMs)).toMatchObject({
      ok: false,
      error: { code: 'lampSilent', who: 'engineer' },
    });
    const next = control.execute({ type: 'setLamp', level: 50 }, { id: 'next', timeoutMs: 10_000 });
    transport.peer()?.send(wire === 'serial' ? Uint8Array.of(0xa5, 0x81, 0xff, 0x25) : Uint8Array.of(0x4c, 10, 0, 0));
    await clock.advance(answerTimeoutMs);
    expect(await next).toMatchObject({ ok: false, error: { code: 'lampSilent' } });
    expect(control.statistics().lateAnswers).toBe(1);
  });

  test('a lamp that was forgotten is switched off', async () => {
    const { clock, notices, run, look } = await startBench(wire, { lampOffAfterMs: 60_000 });
    await run({ type: 'setLamp', level: 80 });
    await clock.advance(59_000);
    expect(look().lamp).toBe(80);
    await clock.advance(2000);
    expect(look().lamp).toBe(0);
    expect(notices).toEqual([{ type: 'lampTimedOut' }]);
  });

  test('mute from the start: never online; it speaks: online', async () => {
    const { clock, control, turn, run } = await startBench(wire, {}, 'mute');
    expect(await run({ type: 'setLamp', level: 10 })).toMatchObject({ ok: false, error: { code: 'deviceNotReady' } });
    await clock.advance(missLimit * 2 * answerTimeoutMs + lossDebounceMs);
    expect(control.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    turn('fault', 'none');
    await clock.advance(15_000);
    expect(control.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('mute later: found within its heartbeats', async () => {
    const { clock, control, turn } = await startBench(wire);
    turn('fault', 'mute');
    await clock.advance(10_000 + missLimit * 2 * answerTimeoutMs + lossDebounceMs);
    expect(control.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
  });

  test('unplugged in the middle of a command: one honest result', async () => {
    const { control, transport, turn } = await startBench(wire);
    turn('fault', 'lampDead');
    const running = control.execute({ type: 'setLamp', level: 100 }, { id: 'x', timeoutMs: 10_000 });
    transport.peer()?.hangUp();
    expect(await running).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  });

  test('checks pass, and each fails on a fault of its own', async () => {
    const { control, clock, turn } = await startBench(wire);
    const check = async (name: string, answer: boolean, press = false) => {
      const running = control.checks
        .find((each) => each.name === name)
        ?.run(async () => {
          if (press) turn('press');
          await clock.advance(500);
          return answer;
        });
      await clock.advance(3000);
      return running;
    };
    expect(await check('link', true)).toMatchObject({ passed: true, code: 'passed' });
    expect(await check('lamp', true)).toMatchObject({ passed: true, code: 'passed' });
    expect(await check('lampSeen', true)).toMatchObject({ passed: true });
    expect(await check('button', true, true)).toMatchObject({ passed: true });
    expect(await check('lampSeen', false)).toMatchObject({ passed: false, code: 'lampDark' });
    expect(await check('button', true)).toMatchObject({ passed: false, code: 'noPress' });
    turn('fault', 'lampDead');
    expect(await check('lamp', true)).toMatchObject({ passed: false, code: 'lampSilent' });
    turn('fault', 'mute');
    expect(await check('link', true)).toMatchObject({ passed: false, code: 'timeOut' });
  });
});

test('a written report has its number in front and its full length', async () => {
  const { transport, run } = await startBench('hid');
  await run({ type: 'setLamp', level: 100 });
  expect(
    transport
      .written()
      .map((bytes) => hexOf(bytes))
      .at(-1),
  ).toBe('00 4C 0A 00 00 00 00 00 00');
});

describe('a protocol without answers', () => {
  const protocol = {
    lamp: { type: 'switch', on: ['31 0D'], off: ['30 0D'] },
    shutter: ['53 0D'],
  };

  test('the lamp is sent and not confirmed; online is the port only', async () => {
    const { control, transport, run, notices } = await startBench('serial', { protocol });
    expect(control.status().state).toBe('online');
    expect(await run({ type: 'setLamp', level: 40 })).toEqual({
      ok: true,
      value: { type: 'lampSet', level: 100, isConfirmed: false },
    });
    expect(hexOf(transport.written().at(-1) ?? new Uint8Array())).toBe('31 0D');
    expect(await run({ type: 'checkLink' })).toMatchObject({ ok: false, error: { code: 'cannotVerify' } });
    transport.peer()?.send(Uint8Array.of(0x53, 0x0d));
    expect(notices).toEqual([{ type: 'shutter' }]);
    const [link] = control.checks;
    expect(await link?.run(async () => true)).toMatchObject({ passed: true, code: 'portOnly' });
  });

  test('answers without a level: one that an earlier command is owed confirms nothing', async () => {
    const { control, clock, transport, run } = await startBench('serial', {
      protocol: { ...protocol, lampAnswer: '06' },
    });
    const ack = (): void => transport.peer()?.send(Uint8Array.of(0x06));
    expect(await run({ type: 'setLamp', level: 100 }, answerTimeoutMs)).toMatchObject({
      error: { code: 'lampSilent' },
    });
    const second = control.execute({ type: 'setLamp', level: 0 }, { id: 'second', timeoutMs: 10_000 });
    ack();
    ack();
    expect(await second).toMatchObject({ ok: true, value: { level: 0, isConfirmed: true } });
    expect(await run({ type: 'setLamp', level: 100 }, answerTimeoutMs)).toMatchObject({
      error: { code: 'lampSilent' },
    });
    await clock.advance(forgetMs);
    const third = control.execute({ type: 'setLamp', level: 0 }, { id: 'third', timeoutMs: 10_000 });
    ack();
    expect(await third).toMatchObject({ ok: true, value: { isConfirmed: true } });
  });

  test('no lamp, no command for it', async () => {
    const { control, run } = await startBench('serial', { protocol: { shutter: ['53'] } });
    expect(await run({ type: 'setLamp', level: 1 })).toMatchObject({
      ok: false,
      error: { code: 'unsupportedCommand' },
    });
    expect(control.checks.map(({ name }) => name)).toEqual(['link', 'button']);
  });
});

test('the trace in words', async () => {
  const { control, run } = await startBench('serial');
  await run({ type: 'setLamp', level: 60 });
  const words = control.trace().map((entry) => explainTrace(entry).en);
  expect(words.some((line) => line.startsWith('sets the lamp to 60%'))).toBe(true);
  expect(words.some((line) => line.startsWith('asks whether it is there'))).toBe(true);
});
