import { describe, expect, test } from 'vitest';
import { findIntervalMs, heartbeatMs } from './exchange.ts';
import { simulatedCards } from './simulated-cards.ts';
import { startRig, type Rig } from './test-rig.ts';
import type { IdCard, IdCardReply } from './api.ts';
import type { Result } from '../kit/result.ts';

const cardOf = (result: Result<IdCardReply>): IdCard => {
  if (!result.ok || result.value.type !== 'card') throw new Error(JSON.stringify(result));
  return result.value.card;
};

/** Starts a command and lets the fake clock run a little, without waiting for the end. */
const begin = async (rig: Rig, id: string, timeoutMs = 20_000) => {
  const promise = rig.device.execute({ type: 'readCard' }, { id, timeoutMs });
  await rig.clock.advance(1);
  return promise;
};

describe('hello', () => {
  test('self test, then SAM id, then online with the SAM id as serial number', async () => {
    const rig = await startRig();
    expect(rig.sent()).toEqual(['selfTest', 'readSamId']);
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.identity().serialNumber).toBe('05.03-20130506-0012345678-1234567890');
  });

  test('a silent device is never reported online', async () => {
    const rig = await startRig({ moduleBaudRate: 1200 });
    const states = new Set<string>();
    rig.device.onStatus((status) => states.add(status.state));
    await rig.clock.advance(60_000);
    expect(states).not.toContain('online');
    expect(rig.device.status()).toMatchObject({
      state: 'offline',
      faults: [{ code: 'deviceSilent', who: 'engineer' }],
    });
  });

  test.each([9600, 57_600, 38_400, 19_200])('a module set to %i is found by probing within 3 s', async (baudRate) => {
    const rig = await startRig({ moduleBaudRate: baudRate });
    await rig.clock.advance(3000);
    expect(rig.device.status().state).toBe('online');
    rig.turn('place', 'resident');
    expect(cardOf(await rig.run({ type: 'readCard' })).name).toBe('张三');
  });

  test('probing is left out when it is switched off', async () => {
    const rig = await startRig({ moduleBaudRate: 9600, config: { probeBaudRates: false } });
    await rig.clock.advance(30_000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
  });

  test('a command given before the hello is over waits for it', async () => {
    const rig = await startRig({ settings: { findDelayMs: 2 } });
    rig.turn('place', 'resident');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(999);
    const promise = rig.clock
      .advance(1)
      .then(() => rig.device.execute({ type: 'readCard' }, { id: 'early', timeoutMs: 5000 }));
    expect(cardOf(await rig.until(promise)).name).toBe('张三');
  });
});

describe('reading', () => {
  test.each(Object.keys(simulatedCards))('%s is read whole, with its photo', async (name) => {
    const rig = await startRig();
    rig.turn('place', name);
    const card = cardOf(await rig.run({ type: 'readCard' }));
    expect(card.photo).toEqual(simulatedCards[name]?.photo);
    expect(rig.notices).toEqual([{ type: 'cardPresent' }]);
    expect(rig.device.statistics()).toMatchObject({ cardsRead: 1 });
  });

  test('find is repeated every 300 ms until a card comes, and not oftener', async () => {
    const rig = await startRig();
    const reading = begin(rig, 'wait');
    await rig.clock.advance(3000);
    const finds = rig.device
      .trace()
      .filter((entry) => entry.label === 'find')
      .map((entry) => entry.atMs);
    expect(finds.length).toBeGreaterThanOrEqual(10);
    for (const [index, at] of finds.slice(1).entries())
      expect(at - (finds[index] ?? 0)).toBeGreaterThanOrEqual(findIntervalMs);
    rig.turn('place', 'child');
    expect(cardOf(await rig.until(reading)).name).toBe('王小明');
  });

  test('from the found card to the result no time passes but the wire’s own', async () => {
    const bytesPerMs = 115_200 / 10_000;
    let wireMs = 0;
    const rig = await startRig({
      settings: { findDelayMs: 0 },
      deliver(bytes, send, clock) {
        const takesMs = (10 + bytes.length) / bytesPerMs;
        wireMs += takesMs;
        clock.after(takesMs, () => send(bytes));
      },
    });
    await rig.clock.advance(100);
    rig.turn('place', 'resident');
    wireMs = 0;
    const start = rig.clock.now();
    let end = 0;
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'timed', timeoutMs: 5000 }).then((result) => {
      end = rig.clock.now();
      return result;
    });
    expect((await rig.until(reading)).ok).toBe(true);
    expect(wireMs).toBeGreaterThan(110);
    expect((end - start) / wireMs).toBeLessThan(1.01);
  });

  test('fingerprint and appended address when they are configured', async () => {
    const rig = await startRig({
      config: { withFingerprint: true, handOverFingerprint: true, withNewestAddress: true },
      settings: { printBytes: 512 },
    });
    rig.turn('place', 'resident');
    const card = cardOf(await rig.run({ type: 'readCard' }));
    expect(card.fingerprint?.length).toBe(512);
    expect(card.newestAddress).toBe('北京市东城区新测试街9号');
    expect(rig.sent()).toEqual(['selfTest', 'readSamId', 'find', 'select', 'readWithPrint', 'readAddress']);
  });

  test('a card without an appended address is complete all the same', async () => {
    const rig = await startRig({ config: { withNewestAddress: true } });
    rig.turn('place', 'child');
    const card = cardOf(await rig.run({ type: 'readCard' }));
    expect(card.name).toBe('王小明');
    expect(card).not.toHaveProperty('newestAddress');
  });

  test('what a card says is not in the trace', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    await rig.run({ type: 'readCard' });
    const lines = rig.device.trace().map((entry) => entry.hex);
    expect(lines).toContain('(1295 bytes, private)');
    // 张 in UCS-2 little-endian.
    expect(lines.some((line) => line.includes('20 5F'))).toBe(false);
  });

  test('the same command id gives the same card and does not touch the reader again', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    const first = await rig.until(rig.device.execute({ type: 'readCard' }, { id: 'once', timeoutMs: 5000 }));
    const before = rig.sent().length;
    expect(await rig.device.execute({ type: 'readCard' }, { id: 'once', timeoutMs: 5000 })).toBe(first);
    expect(rig.sent().length).toBe(before);
  });
});

describe('removal', () => {
  test('a card that was read and still lies there is not "removed"; a lifted one is', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    await rig.run({ type: 'readCard' });
    let isDone = false;
    const removal = rig.device.execute({ type: 'awaitRemoval' }, { id: 'gone', timeoutMs: 60_000 }).then((result) => {
      isDone = true;
      return result;
    });
    await rig.clock.advance(10_000);
    expect(isDone).toBe(false);
    rig.turn('lift');
    expect(await rig.until(removal, 1000)).toEqual({ ok: true, value: { type: 'removed' } });
    expect(rig.notices.at(-1)).toEqual({ type: 'cardRemoved' });
  });

  test('with an empty field it is answered at once', async () => {
    const rig = await startRig();
    expect(await rig.run({ type: 'awaitRemoval' })).toEqual({ ok: true, value: { type: 'removed' } });
    expect(rig.sent().slice(2)).toEqual(['reset', 'find']);
  });

  test('without lifting, the same card is not read a second time', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    await rig.run({ type: 'readCard' });
    expect(await rig.run({ type: 'readCard' }, 3000)).toMatchObject({ ok: false, error: { code: 'timeOut' } });
    rig.turn('place', 'residentLongTerm');
    expect(cardOf(await rig.run({ type: 'readCard' })).name).toBe('李四');
  });
});

describe('giving up', () => {
  test('deadline: timeOut, and the reader is asked nothing more for the dead command', async () => {
    const rig = await startRig();
    expect(await rig.run({ type: 'readCard' }, 1000)).toMatchObject({
      ok: false,
      error: { code: 'timeOut', who: 'citizen' },
    });
    const before = rig.sent().length;
    await rig.clock.advance(heartbeatMs - 1000);
    expect(rig.sent().length).toBe(before);
  });

  test('a reply to an abandoned read never answers the next command', async () => {
    const rig = await startRig({ settings: { readDelayMs: 800 } });
    rig.turn('place', 'resident');
    const abort = new AbortController();
    const first = rig.device.execute({ type: 'readCard' }, { id: 'first', timeoutMs: 5000, signal: abort.signal });
    await rig.clock.advance(100);
    abort.abort();
    expect(await rig.until(first)).toMatchObject({ ok: false, error: { code: 'canceled' } });
    const second = await rig.run({ type: 'readSamId' });
    expect(second).toMatchObject({ ok: true, value: { type: 'samId' } });
    expect(rig.sim.look()['overlapping']).toBe(0);
    // It was read but never handed over, so it need not be lifted to be read again.
    expect(cardOf(await rig.run({ type: 'readCard' })).name).toBe('张三');
  });

  test('a broken reply to an abandoned command is not asked for again', async () => {
    const rig = await startRig({ settings: { readDelayMs: 800 } });
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'badChecksum@read');
    expect(await rig.run({ type: 'readCard' }, 400)).toMatchObject({ ok: false, error: { code: 'timeOut' } });
    await rig.clock.advance(2000);
    expect(rig.sent().filter((label) => label === 'read')).toHaveLength(1);
  });

  test('commands of several callers are served one after the other', async () => {
    const rig = await startRig();
    const results = await rig.until(
      Promise.all([
        rig.device.execute({ type: 'selfTest' }, { id: 'a', timeoutMs: 5000 }),
        rig.device.execute({ type: 'readSamId' }, { id: 'b', timeoutMs: 5000 }),
        rig.device.execute({ type: 'awaitRemoval' }, { id: 'c', timeoutMs: 5000 }),
      ]),
    );
    expect(results.map((result) => (result.ok ? result.value.type : result.error.code))).toEqual([
      'selfTestPassed',
      'samId',
      'removed',
    ]);
    expect(rig.sim.look()['overlapping']).toBe(0);
  });
});

describe('heartbeat', () => {
  test('an idle reader is asked every 8 s', async () => {
    const rig = await startRig();
    await rig.clock.advance(heartbeatMs * 3 + 10);
    expect(rig.sent().slice(2)).toEqual(['selfTest', 'selfTest', 'selfTest']);
  });

  test('a reader that falls silent is offline within 15 s, and comes back by itself', async () => {
    const rig = await startRig();
    rig.turn('fault', 'mute');
    await rig.clock.advance(15_000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    rig.turn('fault', 'none');
    await rig.clock.advance(20_000);
    expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
    rig.turn('place', 'resident');
    expect((await rig.run({ type: 'readCard' })).ok).toBe(true);
  });

  test('unplugged and plugged in again', async () => {
    const rig = await startRig();
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(5000);
    expect(rig.device.status().state).toBe('noDevice');
    rig.transport.refuse(undefined);
    await rig.clock.advance(11_000);
    expect(rig.device.status().state).toBe('online');
  });
});
