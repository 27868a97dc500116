// The HID drivers against simulated readers: layouts from the descriptor, triggers, and what goes wrong on the way.

import { describe, expect, test } from 'vitest';
import { benchOf, startRig, summaryOf, type Rig } from '../test-rig.ts';
import { hidPosQrConfigSchema } from './config.ts';
import { hidPosQrDriver, symbolHidQrDriver } from './driver.ts';
import { createHidQrSimulator, descriptors } from './simulator.ts';

type Layout = keyof typeof descriptors;

const posRig = (
  layout: Layout,
  config: Record<string, unknown> = {},
  settings: Record<string, unknown> = {},
): Promise<Rig> =>
  startRig(
    config,
    { layout, ...settings },
    benchOf(hidPosQrDriver, createHidQrSimulator, { reportDescriptor: descriptors[layout] }),
  );
const honeywellRig = (): Promise<Rig> =>
  posRig('aimFirst', { hello: 'honeywell', trigger: 'honeywell' }, { vendor: 'honeywell', isTriggered: true });

const long = `https://example.org/办事/${Array.from({ length: 60 }, (_, index) => index).join('-')}`;

describe('HID POS', () => {
  test.each(['aimFirst', 'dataFirst', 'odd'] as const)('%s: the layout is the descriptor’s', async (layout) => {
    const rig = await posRig(layout);
    expect(rig.device.status().state).toBe('online');
    for (const text of ['HELLO', long]) {
      const reading = rig.read();
      rig.turn('show', text);
      const result = await rig.until(reading);
      expect(summaryOf(result)).toBe(text);
      expect(result).toMatchObject({ value: { code: layout === 'dataFirst' ? {} : { symbology: ']Q1' } } });
    }
  });

  test('without a descriptor the configured layout serves', async () => {
    const bench = benchOf(hidPosQrDriver, createHidQrSimulator);
    const rig = await startRig({ layout: 'dataFirst' }, { layout: 'dataFirst', encoding: 'gb18030' }, bench);
    const reading = rig.read();
    rig.turn('show', '营业执照');
    expect(summaryOf(await rig.until(reading))).toBe('营业执照');
  });

  test('a code that nobody waits for is discarded', async () => {
    const rig = await posRig('aimFirst');
    rig.turn('show', 'EARLY');
    await rig.clock.advance(50);
    expect(rig.notices).toEqual([{ type: 'discardedCode', reason: 'nobodyWaits', length: 5 }]);
    expect(summaryOf(await rig.run({ type: 'readCode' }, 2000))).toBe('timeOut');
  });

  test.each(['lostLast', 'mixedUp'])('%s: a notice, no code, and the next one is read', async (fault) => {
    const rig = await posRig('aimFirst');
    rig.turn('fault', fault);
    const reading = rig.read();
    rig.turn('show', 'A'.repeat(100));
    await rig.clock.advance(1000);
    rig.turn('fault', 'none');
    rig.turn('show', 'GOOD');
    const text = summaryOf(await rig.until(reading));
    expect(rig.notices.map((notice) => notice.reason)).toContain('unreadableText');
    // Of parts that were mixed up, the last alone looks like a code of its own: reports carry nothing that would tell.
    expect(text).toBe(fault === 'mixedUp' ? 'A'.repeat(44) : 'GOOD');
  });

  test('other reports of the same device disturb nobody', async () => {
    const rig = await posRig('aimFirst');
    rig.turn('fault', 'otherReports');
    const reading = rig.read();
    rig.turn('show', 'CODE');
    expect(summaryOf(await rig.until(reading))).toBe('CODE');
    expect(rig.notices).toEqual([]);
  });

  test('unplugged while a code is awaited', async () => {
    const rig = await posRig('aimFirst');
    const reading = rig.read();
    rig.transport.peer()?.hangUp();
    expect(summaryOf(await rig.until(reading))).toBe('connectionLost');
  });

  test('what a code says is not in the trace', async () => {
    const rig = await posRig('aimFirst');
    const reading = rig.read();
    rig.turn('show', 'SECRET');
    await rig.until(reading);
    expect(rig.device.trace().map((entry) => entry.hex)).toEqual(['(64 bytes, private)']);
  });

  test('a question by menu and a trigger by report do not go together', () => {
    expect(hidPosQrConfigSchema.safeParse({ hello: 'honeywell', trigger: 'report' }).success).toBe(false);
  });
});

describe('Honeywell over HID POS', () => {
  test('online when it answered, and who it is', async () => {
    const rig = await honeywellRig();
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.identity()).toMatchObject({
      model: 'Simulated reader',
      serialNumber: 'SIM0000001',
      firmware: '100',
    });
    expect(rig.notices).toEqual([]);
  });

  test('switched on for a code, off when it is given up', async () => {
    const rig = await honeywellRig();
    rig.turn('show', 'WAITING');
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([]);
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('WAITING');
    expect(summaryOf(await rig.run({ type: 'readCode' }, 1000))).toBe('timeOut');
    await rig.clock.advance(100);
    expect(rig.sim.look()).toMatchObject({ isScanning: false, commands: { triggerOn: 2, triggerOff: 1 } });
  });

  test('silent: offline within its heartbeat, and back', async () => {
    const rig = await honeywellRig();
    rig.turn('fault', 'mute');
    await rig.clock.advance(20_000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    rig.turn('fault', 'none');
    await rig.clock.advance(20_000);
    expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('its words that come late never become a code', async () => {
    const rig = await honeywellRig();
    rig.turn('fault', 'lateReply');
    void rig.device.execute({ type: 'query' }, { id: 'late', timeoutMs: 1000 });
    await rig.clock.advance(100);
    rig.turn('fault', 'none');
    await rig.clock.advance(3000);
    const reading = rig.read(4000);
    expect(summaryOf(await rig.until(reading))).toBe('timeOut');
    expect(rig.notices).toEqual([]);
  });
});

describe('the trigger report of the standard', () => {
  test('on and off', async () => {
    const rig = await posRig('aimFirst', { trigger: 'report' }, { isTriggered: true });
    rig.turn('show', 'WAITING');
    await rig.clock.advance(500);
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('WAITING');
    expect(summaryOf(await rig.run({ type: 'readCode' }, 1000))).toBe('timeOut');
    await rig.clock.advance(100);
    expect(rig.sim.look()).toMatchObject({ isScanning: false, commands: { triggerReportOn: 2, triggerReportOff: 1 } });
  });
});

describe('Symbol over HID', () => {
  test.each(['0D', '0D0A', ''])('suffix %j', async (suffix) => {
    const rig = await startRig({}, { layout: 'symbol', suffix }, benchOf(symbolHidQrDriver, createHidQrSimulator));
    const reading = rig.read();
    rig.turn('show', long);
    expect(summaryOf(await rig.until(reading))).toBe(long);
  });
});

describe('checks', () => {
  const run = (rig: Rig, name: string, answers: readonly boolean[] = [true, true]) => {
    const check = rig.device.checks.find((candidate) => candidate.name === name);
    if (!check) throw new Error(name);
    let at = 0;
    return rig.until(
      check.run(async () => {
        if (at === 0) rig.clock.after(200, () => rig.turn('show', `TEST-42-${'7'.repeat(60)}`));
        return answers[at++] ?? false;
      }),
      60_000,
    );
  };

  test.each(['answers', 'beep', 'hearBeep', 'readCode'])('%s passes on a good Honeywell', async (name) => {
    expect(await run(await honeywellRig(), name)).toMatchObject({ passed: true });
  });

  test.each([
    ['answers', 'mute', 'connectionLost'],
    ['beep', 'mute', 'connectionLost'],
    ['readCode', 'lostLast', 'unreadableText'],
  ])('%s fails on %s', async (name, fault, code) => {
    const rig = await honeywellRig();
    rig.turn('fault', fault);
    expect(await run(rig, name)).toMatchObject({ passed: false, code });
  });

  test('hearBeep fails when nobody heard it', async () => {
    expect(await run(await honeywellRig(), 'hearBeep', [false])).toMatchObject({ passed: false, code: 'notHeard' });
  });

  test('a reader that cannot be asked has the port’s check, which fails on a reader that is gone', async () => {
    const rig = await posRig('dataFirst');
    expect(rig.device.checks.map((check) => check.name)).toEqual(['port', 'readCode']);
    expect(await run(rig, 'port')).toMatchObject({ passed: true, code: 'portOnly' });
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(5000);
    expect(await run(rig, 'port')).toMatchObject({ passed: false, code: 'portNotFound' });
  });
});
