// Every rehearsal of this folder is played once: the commands succeed against the simulator, and the sample frames come through.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import type { Device, DriverDefinition } from '../kit/device.ts';
import type { Decoded } from '../kit/machine.ts';
import type { Rehearsal } from '../kit/rehearsal.ts';
import { createMemoryTransport } from '../kit/transports/memory.ts';
import type { Transport } from '../kit/transport.ts';
import { lineQrDriver } from './driver.ts';
import { hidPosQrDriver, symbolHidQrDriver } from './hid/driver.ts';
import { rehearsals as hidRehearsals } from './hid/rehearsal.ts';
import { honeywellQrDriver, newlandQrDriver } from './maker-drivers.ts';
import { rehearsals as lineRehearsals } from './rehearsal.ts';
import { ssiQrDriver } from './ssi/driver.ts';
import { rehearsals as ssiRehearsals } from './ssi/rehearsal.ts';

const drivers = [
  lineQrDriver,
  honeywellQrDriver,
  newlandQrDriver,
  ssiQrDriver,
  hidPosQrDriver,
  symbolHidQrDriver,
] as unknown as readonly DriverDefinition[];
const all: readonly Rehearsal[] = [...lineRehearsals, ...ssiRehearsals, ...hidRehearsals];
const named = all.map((rehearsal) => ({ name: `${rehearsal.driver} ${rehearsal.variant ?? ''}`.trim(), rehearsal }));

const start = async (rehearsal: Rehearsal) => {
  const clock = createFakeClock();
  const memory = createMemoryTransport((bytes) => sim.receive(bytes));
  const sim = rehearsal.simulator(
    { send: (bytes) => memory.peer()?.send(bytes) },
    { clock, ...(rehearsal.simulatorSettings ? { settings: rehearsal.simulatorSettings } : {}) },
  );
  const transport: Transport = {
    name: memory.name,
    async open(options) {
      const opened = await memory.open(options);
      return opened.ok && rehearsal.info ? { ok: true, value: { ...opened.value, info: rehearsal.info } } : opened;
    },
  };
  const driver = drivers.find((candidate) => candidate.driver === rehearsal.driver);
  if (!driver) throw new Error(rehearsal.driver);
  const device: Device = driver.start(driver.configSchema.parse(rehearsal.config), {
    id: 'qr',
    clock,
    log: () => undefined,
    transport,
  });
  await clock.advance(1000);
  return { clock, sim, device, memory };
};

describe.each(named)('$name', ({ rehearsal }) => {
  test('every command succeeds and says what happened, twice over', async () => {
    const { clock, sim, device } = await start(rehearsal);
    expect(device.status()).toMatchObject({ state: 'online', faults: [] });
    for (const round of [1, 2])
      for (const step of rehearsal.commands) {
        for (const { knob, argument, afterMs } of step.hand ?? [])
          clock.after(afterMs, () => sim.knobs[knob]?.turn(argument));
        const running = device.execute(step.command, { id: `${step.name}-${round}`, timeoutMs: step.timeoutMs });
        await clock.advance(step.timeoutMs + 1000);
        const result = await running;
        expect(result).toMatchObject({ ok: true });
        expect(step.isRight(result.ok ? result.value : undefined)).toBe(true);
        for (const { knob, argument } of step.tidy ?? []) sim.knobs[knob]?.turn(argument);
        await clock.advance(3000);
      }
    await device.stop();
    sim.stop();
  });

  test('unplugged in the middle, a command ends once and the next one succeeds after the replug', async () => {
    const { clock, sim, device, memory } = await start(rehearsal);
    const [step] = rehearsal.commands;
    if (!step) throw new Error('no command');
    const first = device.execute(step.command, { id: 'first', timeoutMs: step.timeoutMs });
    await clock.advance(100);
    memory.peer()?.hangUp();
    expect(await first).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
    await clock.advance(15_000);
    expect(device.status().state).toBe('online');
    for (const { knob, argument, afterMs } of step.hand ?? [])
      clock.after(afterMs, () => sim.knobs[knob]?.turn(argument));
    const second = device.execute(step.command, { id: 'second', timeoutMs: step.timeoutMs });
    await clock.advance(step.timeoutMs + 1000);
    expect(await second).toMatchObject({ ok: true });
    await device.stop();
    sim.stop();
  });

  const { codec, wire } = rehearsal;
  const seeds = fc.array(fc.nat(), { minLength: 80, maxLength: 80 });
  const randomFrom = (numbers: readonly number[]) => {
    let at = 0;
    return (below: number): number => (numbers[at++ % numbers.length] ?? 0) % below;
  };
  const right = (items: readonly Decoded<unknown>[], isFrame: (frame: unknown) => boolean): boolean =>
    items.some((item) => item.type === 'frame' && isFrame(item.frame));

  test('sample frames are decoded, in any chunks', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 70 }), (numbers, size) => {
        const decoder = codec.createDecoder();
        const { bytes, isFrame } = codec.draw(randomFrom(numbers));
        const chunk = wire === 'reports' ? bytes.length : size;
        const items: Decoded<unknown>[] = [];
        for (let from = 0; from < bytes.length; from += chunk)
          items.push(...decoder.push(bytes.subarray(from, from + chunk)));
        items.push(...(decoder.idle?.() ?? []));
        expect(right(items, isFrame)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('after any garbage and a pause the next frame is found', () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 400 }), (numbers, garbage) => {
        const decoder = codec.createDecoder();
        decoder.push(garbage);
        decoder.idle?.();
        const { bytes, isFrame } = codec.draw(randomFrom(numbers));
        const items = [...decoder.push(bytes), ...(decoder.idle?.() ?? [])];
        expect(right(items, isFrame)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
