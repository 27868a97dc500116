import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import type { Probe } from '../kit/device.ts';
import type { SimulatorFactory } from '../kit/simulator.ts';
import { samHidDriver, samSerialDriver } from './driver.ts';
import frames from './fixtures/sam-frames.json' with { type: 'json' };
import { createSamHidSimulator } from './simulator-hid.ts';
import { createSamSimulator } from './simulator.ts';
import { bytesOf } from './test-rig.ts';

/** What is heard when all questions are asked. */
const hear = (probe: Probe, createSimulator: SimulatorFactory, fault = 'none'): Uint8Array => {
  const heard: number[] = [];
  const sim = createSimulator({ send: (bytes) => heard.push(...bytes) }, { clock: createFakeClock() });
  sim.knobs['fault']?.turn(fault);
  for (const question of probe.ask) sim.receive(question);
  sim.stop();
  return Uint8Array.from(heard);
};

describe.each([
  ['sam-serial', samSerialDriver.probe, createSamSimulator],
  ['sam-hid', samHidDriver.probe, createSamHidSimulator],
] as const)('%s', (_, probe, createSimulator) => {
  if (!probe) throw new Error('no probe');

  test('a module is recognised by its SAM id', () => {
    expect(probe.recognise(hear(probe, createSimulator))).toMatchObject({ serialNumber: frames.samId });
  });

  test.each(['garbageBefore', 'dropAa', 'extraByte', 'echo'])('through %s', (fault) => {
    expect(probe.recognise(hear(probe, createSimulator, fault))).toMatchObject({ serialNumber: frames.samId });
  });

  test.each(['selfTestFailed', 'unauthorised'])('%s: a broken module is a module all the same', (fault) => {
    const identity = probe.recognise(hear(probe, createSimulator, fault));
    expect(identity?.capabilities).toContain('readCard');
    expect(identity).not.toHaveProperty('serialNumber');
  });

  test('silence, half an answer and the echo of the questions are nothing', () => {
    expect(probe.recognise(hear(probe, createSimulator, 'mute'))).toBeUndefined();
    expect(probe.recognise(bytesOf(frames.replies[0]?.hex ?? ''))).toBeUndefined();
    expect(probe.recognise(hear(probe, createSimulator, 'badChecksum'))).toBeUndefined();
    expect(probe.recognise(Uint8Array.from(probe.ask.flatMap((question) => [...question])))).toBeUndefined();
  });

  test('only the self test and the SAM id are asked for', () => {
    const asked = [bytesOf(frames.requests.selfTest), bytesOf(frames.requests.readSamId)].map((frame) =>
      Buffer.from(frame).toString('hex'),
    );
    for (const [index, question] of probe.ask.entries())
      expect(Buffer.from(question).toString('hex')).toMatch(new RegExp(`^(00)?${asked[index]}(00)*$`));
    expect(probe.ask).toHaveLength(2);
  });
});

test('rates are tried in the order in which modules are found', () => {
  expect(samSerialDriver.probe?.baudRates).toEqual([115_200, 9600, 57_600, 38_400, 19_200]);
  expect(samSerialDriver.probe?.waitMs).toBe(300);
});
