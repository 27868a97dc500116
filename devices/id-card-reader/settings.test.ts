// What the settings change: fingerprints, the way removal is asked for, the module's rate.

import { describe, expect, test } from 'vitest';
import type { IdCard, IdCardReply } from './api.ts';
import type { Result } from '../kit/result.ts';
import { samSerialConfigSchema } from './config.ts';
import { startRig, type Rig } from './test-rig.ts';

const cardOf = (result: Result<IdCardReply>): IdCard => {
  if (!result.ok || result.value.type !== 'card') throw new Error(JSON.stringify(result));
  return result.value.card;
};

const readAt = async (rig: Rig): Promise<IdCard> => {
  rig.turn('place', 'resident');
  return cardOf(await rig.run({ type: 'readCard' }));
};

describe('fingerprint', () => {
  test.each([0, 512, 1024, 2048])('%i bytes: handed over as they are when that is asked for', async (printBytes) => {
    const rig = await startRig({
      config: { withFingerprint: true, handOverFingerprint: true },
      settings: { printBytes },
    });
    const card = await readAt(rig);
    expect(card.name).toBe('张三');
    expect(card.fingerprint?.length ?? 0).toBe(printBytes);
  });

  test('otherwise it ends in the driver', async () => {
    const rig = await startRig({ config: { withFingerprint: true } });
    expect(await readAt(rig)).not.toHaveProperty('fingerprint');
    expect(rig.sent()).toContain('readWithPrint');
  });

  test('it is neither traced nor logged, not even in pieces of a spoilt reply', async () => {
    const rig = await startRig({ config: { withFingerprint: true, handOverFingerprint: true } });
    rig.turn('faultOnce', 'badChecksum@readWithPrint');
    rig.turn('faultOnce', 'halfFrame@readWithPrint');
    const card = await readAt(rig);
    expect(card.fingerprint?.length).toBe(1024);
    const printed = [...(card.fingerprint ?? [])]
      .slice(0, 8)
      .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
    const said = JSON.stringify([rig.device.trace(), rig.logged, rig.device.statistics(), rig.device.identity()]);
    expect(said).toContain('(2321 bytes, private)');
    expect(said).not.toContain(printed.slice(0, 3).join(' '));
    expect(said).not.toMatch(/张三|110101/);
  });

  test('a module without 30 10 is read without fingerprints, and not asked for them again', async () => {
    const rig = await startRig({ config: { withFingerprint: true, handOverFingerprint: true } });
    rig.turn('fault', 'noPrintCommand');
    expect((await readAt(rig)).name).toBe('张三');
    rig.turn('lift');
    expect((await readAt(rig)).name).toBe('张三');
    expect(rig.sent().filter((label) => label === 'readWithPrint')).toHaveLength(2);
  });
});

describe('removal asked for by find alone', () => {
  const config = { removal: 'find' };

  test('a module that finds a read card again: seen while it lies there, gone when it is lifted, and never reset', async () => {
    const rig = await startRig({ config, settings: { refinds: true } });
    await readAt(rig);
    const removal = rig.device.execute({ type: 'awaitRemoval' }, { id: 'gone', timeoutMs: 60_000 });
    await rig.clock.advance(10_000);
    expect(rig.device.statistics()['completed']).toBe(1);
    rig.turn('lift');
    expect(await rig.until(removal, 1000)).toEqual({ ok: true, value: { type: 'removed' } });
    expect(rig.sent()).not.toContain('reset');
  });

  test('after a lost reply too', async () => {
    const rig = await startRig({ config, settings: { refinds: true } });
    rig.turn('faultOnce', 'mute@find');
    expect(await rig.run({ type: 'awaitRemoval' })).toMatchObject({ ok: true });
    expect(rig.sent()).not.toContain('reset');
  });

  test('on a module that follows the documents it would say "gone" too early: that is what the reset is for', async () => {
    const early = await startRig({ config });
    await readAt(early);
    expect(await early.run({ type: 'awaitRemoval' })).toMatchObject({ ok: true });
    const right = await startRig();
    await readAt(right);
    expect(await right.run({ type: 'awaitRemoval' }, 2000)).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  });
});

describe('the module is set to a rate', () => {
  const config = { moduleBaudRate: 57_600 };
  const asked = (rig: Rig): number => rig.sent().filter((label) => label.startsWith('setRate')).length;

  test('found at another one: told at that one, opened afresh at the new one, and read there', async () => {
    const rig = await startRig({ config, moduleBaudRate: 9600 });
    await rig.clock.advance(4000);
    expect(rig.sim.look()['baudRate']).toBe(57_600);
    expect(rig.device.status().state).toBe('online');
    expect(asked(rig)).toBe(1);
    expect((await readAt(rig)).name).toBe('张三');
  });

  test('found at the wanted one: it is not told anything', async () => {
    const rig = await startRig({ config, moduleBaudRate: 57_600 });
    expect(rig.device.status().state).toBe('online');
    expect(rig.sent()).toEqual(['selfTest', 'readSamId']);
  });

  test.each(['rateRefused', 'rateIgnored'])('%s: it is used at the rate it has, and asked once only', async (fault) => {
    const rig = await startRig({ config, moduleBaudRate: 9600 });
    rig.turn('fault', fault);
    await rig.clock.advance(10_000);
    expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
    expect(rig.sim.look()['baudRate']).toBe(9600);
    expect(asked(rig)).toBe(1);
    expect(rig.device.statistics()['rateRefused']).toBe(1);
    rig.turn('fault', 'none');
    expect((await readAt(rig)).name).toBe('张三');
    // Plugged in again it is asked again.
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(10_000);
    expect(rig.sim.look()['baudRate']).toBe(57_600);
    expect(rig.device.status().state).toBe('online');
  });

  test.each(['mute', 'badChecksum', 'cutShort', 'slow'])(
    '%s answer to the change: it is found wherever it went',
    async (fault) => {
      const rig = await startRig({ config, moduleBaudRate: 19_200 });
      rig.turn('faultOnce', `${fault}@setRate`);
      await rig.clock.advance(15_000);
      expect(rig.device.status().state).toBe('online');
      expect((await readAt(rig)).name).toBe('张三');
    },
  );

  test('without probing a change could lose the module: such settings are refused', () => {
    expect(samSerialConfigSchema.safeParse({ moduleBaudRate: 9600, probeBaudRates: false }).success).toBe(false);
    expect(samSerialConfigSchema.safeParse({ moduleBaudRate: 4800 }).success).toBe(false);
  });
});

describe('over an adapter that changes the head of a frame', () => {
  test.each(['dropAa', 'extraByte'])('%s: everything works', async (fault) => {
    const rig = await startRig();
    rig.turn('fault', fault);
    expect((await readAt(rig)).name).toBe('张三');
    rig.turn('lift');
    expect(await rig.run({ type: 'awaitRemoval' })).toMatchObject({ ok: true });
    expect(await rig.run({ type: 'readSamId' })).toMatchObject({ ok: true });
  });
});
