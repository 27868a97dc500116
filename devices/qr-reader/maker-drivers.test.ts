import { describe, expect, test } from 'vitest';
import fixtures from './fixtures/scanner-frames.json' with { type: 'json' };
import { honeywellQrDriver, newlandQrDriver } from './maker-drivers.ts';
import { createQrSimulator } from './simulator.ts';
import { benchOf, bytesOf, startRig, summaryOf } from './test-rig.ts';

const honeywell = benchOf(honeywellQrDriver, createQrSimulator);
const newland = benchOf(newlandQrDriver, createQrSimulator);

describe('by maker', () => {
  test('Honeywell: asked, triggered, beeps', async () => {
    const rig = await startRig({}, { vendor: 'honeywell', isTriggered: true }, honeywell);
    rig.turn('show', 'WAITING');
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('WAITING');
    expect(summaryOf(await rig.run({ type: 'beep' }))).toBe('done');
    expect(rig.sent()).toEqual(['hello', 'triggerOn', 'beep']);
  });

  test('untriggered: nothing is sent for a code', async () => {
    const rig = await startRig({ isTriggered: false }, { vendor: 'newland' }, newland);
    const reading = rig.read();
    rig.turn('show', 'CODE');
    expect(summaryOf(await rig.until(reading))).toBe('CODE');
    expect(rig.sent()).toEqual(['hello']);
  });

  test.each([
    [true, 'SCNMOD0'],
    [false, 'SCNMOD2'],
  ])('Newland is told how to scan at every connection (triggered: %s)', async (isTriggered, command) => {
    const settings = { vendor: 'newland', isTriggered: !isTriggered };
    const rig = await startRig({ setsMode: true, isTriggered }, settings, newland);
    await rig.clock.advance(200);
    expect(rig.device.status().state).toBe('online');
    expect(rig.sim.look()['commands']).toMatchObject({ [command]: 1 });
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    expect(rig.sim.look()['commands']).toMatchObject({ [command]: 2 });
    const reading = rig.read();
    rig.turn('show', 'CODE');
    expect(summaryOf(await rig.until(reading))).toBe('CODE');
  });

  test('the wrong maker never answers: offline', async () => {
    const rig = await startRig({}, { vendor: 'newland' }, honeywell);
    await rig.clock.advance(3000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
  });
});

describe('who is there', () => {
  const { probe } = newlandQrDriver;

  test('Newland is known by its reply, also behind other bytes', () => {
    const reply = Buffer.from('\u0002\u00010000#SCNMOD0\u0006;\u0003', 'latin1');
    expect(probe?.recognise(Uint8Array.from([0x55, 0x00, ...reply]))).toMatchObject({ model: 'Newland' });
    expect(probe?.recognise(reply.subarray(0, -1))).toBeUndefined();
    expect(probe?.recognise(bytesOf(fixtures.honeywell.settingReply))).toBeUndefined();
  });

  test('an echo of the question is nobody', () => {
    expect(probe?.recognise(probe.ask[0] ?? new Uint8Array())).toBeUndefined();
  });

  test('no question holds a line end, because a printer may hear it', () => {
    for (const question of probe?.ask ?? []) {
      expect(question).not.toContain(0x0a);
      expect(question).not.toContain(0x0d);
    }
    expect(honeywellQrDriver.probe).toBeUndefined();
  });
});
