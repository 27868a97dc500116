import { describe, expect, test } from 'vitest';
import type { IdCardReply } from './api.ts';
import type { Result } from '../kit/result.ts';
import { idCardReaderFaults } from './faults.ts';
import { startRig } from './test-rig.ts';

const summary = (result: Result<IdCardReply>): string => {
  if (!result.ok) return result.error.code;
  return result.value.type === 'card' ? result.value.card.name : result.value.type;
};

describe('the line spoils a reply', () => {
  test.each(['badChecksum', 'cutShort', 'halfFrame', 'garbageBefore', 'echo'])(
    '%s once in any of find, select and read: the card is read all the same',
    async (fault) => {
      for (const request of ['find', 'select', 'read']) {
        const rig = await startRig();
        rig.turn('place', 'resident');
        rig.turn('faultOnce', `${fault}@${request}`);
        expect(summary(await rig.run({ type: 'readCard' }))).toBe('张三');
        expect(rig.notices.filter((notice) => notice.type === 'readFailed')).toEqual([]);
        expect(rig.sim.look()['overlapping']).toBe(0);
      }
    },
  );

  test('bad checksum: the request is repeated once, after 50 ms of silence', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'badChecksum@read');
    await rig.run({ type: 'readCard' });
    expect(rig.sent().slice(2)).toEqual(['find', 'select', 'read', 'read']);
    const reads = rig.device
      .trace()
      .filter((entry) => entry.label === 'read')
      .map((entry) => entry.atMs);
    expect((reads[1] ?? 0) - (reads[0] ?? 0)).toBe(50);
  });

  test('bad checksum twice: from find, with a reset because the module thinks that it has read', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'badChecksum@read');
    rig.turn('faultOnce', 'badChecksum@read');
    expect(summary(await rig.run({ type: 'readCard' }))).toBe('张三');
    expect(rig.sent().slice(2)).toEqual(['find', 'select', 'read', 'read', 'reset', 'find', 'select', 'read']);
  });

  test('a bad line for good: never a wrong card, only the deadline', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('fault', 'badChecksum@read');
    expect(summary(await rig.run({ type: 'readCard' }, 8000))).toBe('timeOut');
    rig.turn('fault', 'none');
    expect(summary(await rig.run({ type: 'readCard' }))).toBe('张三');
  });

  test('reply byte by byte with pauses of 20 ms', async () => {
    const rig = await startRig({
      deliver(bytes, send, clock) {
        for (const [index, byte] of bytes.entries()) clock.after(index * 20, () => send(Uint8Array.of(byte)));
      },
    });
    await rig.clock.advance(2000);
    expect(summary(await rig.run({ type: 'selfTest' }))).toBe('selfTestPassed');
    expect(summary(await rig.run({ type: 'readSamId' }))).toBe('samId');
  });
});

describe('the reply comes late or not at all', () => {
  test('a lost reply to find: the reader is resynchronised, then the card is read', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'mute@find');
    expect(summary(await rig.run({ type: 'readCard' }))).toBe('张三');
    expect(rig.sent().slice(2)).toEqual(['find', 'readSamId', 'find', 'select', 'read']);
  });

  test('a late reply after the time-out does not answer the next request', async () => {
    // The empty field's "no card" arrives 40 ms after its time-out, when a card already lies there.
    const rig = await startRig({ settings: { slowMs: 1040 } });
    rig.turn('faultOnce', 'slow@find');
    const removal = rig.device.execute({ type: 'awaitRemoval' }, { id: 'late', timeoutMs: 20_000 });
    await rig.clock.advance(500);
    rig.turn('place', 'resident');
    await rig.clock.advance(8000);
    // Answered by the late "80" it would be done.
    expect(rig.device.statistics()['completed']).toBeUndefined();
    expect(rig.device.statistics()['lateReplies']).toBe(1);
    rig.turn('lift');
    expect(summary(await rig.until(removal))).toBe('removed');
  });

  test('a read that comes after its time-out is not taken for anything', async () => {
    const rig = await startRig({ settings: { slowMs: 4700 } });
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'slow@read');
    expect(summary(await rig.run({ type: 'readCard' }, 20_000))).toBe('张三');
    expect(rig.sent().slice(2)).toEqual(['find', 'select', 'read', 'readSamId', 'reset', 'find', 'select', 'read']);
    expect(rig.device.statistics()['cardsRead']).toBe(1);
  });

  test('silence in the middle of a command: connectionLost, and the reader comes back later', async () => {
    const rig = await startRig();
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'cut', timeoutMs: 30_000 });
    await rig.clock.advance(1000);
    rig.turn('fault', 'mute');
    expect(summary(await rig.until(reading))).toBe('connectionLost');
    rig.turn('fault', 'none');
    await rig.clock.advance(5000);
    expect(rig.device.status().state).toBe('online');
  });

  test('hang-up during a request: connectionLost', async () => {
    const rig = await startRig({ settings: { readDelayMs: 500 } });
    rig.turn('place', 'resident');
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'cut', timeoutMs: 30_000 });
    await rig.clock.advance(100);
    rig.transport.peer()?.hangUp();
    expect(summary(await rig.until(reading))).toBe('connectionLost');
  });
});

describe('the card cannot be read', () => {
  test.each([
    ['readError', 'liftAndRetry'],
    ['selectFailed', 'liftAndRetry'],
    ['unknownType', 'unsupportedCard'],
    ['unsupportedCard', 'unsupportedCard'],
    ['damagedData', 'damagedData'],
  ])('%s: the citizen is told %s, and nothing is handed over', async (fault, reason) => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('fault', fault);
    expect(summary(await rig.run({ type: 'readCard' }, 2000))).toBe('timeOut');
    expect(rig.notices).toContainEqual({ type: 'readFailed', reason });
    // A read is never repeated without find and select before it.
    const beforeReads = rig.sent().filter((_, index, sent) => sent[index + 1] === 'read');
    expect(new Set(beforeReads)).toEqual(new Set(fault === 'selectFailed' ? [] : ['select']));
    rig.turn('fault', 'none');
    rig.turn('lift');
    rig.turn('place', 'residentLongTerm');
    expect(summary(await rig.run({ type: 'readCard' }))).toBe('李四');
  });

  test('read error once, lifted and placed again within the same command', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'damagedData@read');
    const reading = rig.device.execute({ type: 'readCard' }, { id: 'twice', timeoutMs: 20_000 });
    await rig.clock.advance(1000);
    expect(rig.notices.at(-1)).toEqual({ type: 'readFailed', reason: 'damagedData' });
    rig.turn('lift');
    await rig.clock.advance(1000);
    rig.turn('place', 'resident');
    expect(summary(await rig.until(reading))).toBe('张三');
  });

  test('an address that cannot be read is not passed over in silence', async () => {
    const rig = await startRig({ config: { withNewestAddress: true } });
    rig.turn('place', 'resident');
    rig.turn('fault', 'cutShort@readAddress');
    expect(summary(await rig.run({ type: 'readCard' }, 3000))).toBe('timeOut');
  });
});

describe('the module is out of order', () => {
  test.each([
    ['selfTestFailed', 'samSelfTestFailed'],
    ['unauthorised', 'samNotAuthorised'],
  ])('%s: hardwareError, commands fail at once, and it heals by itself', async (fault, code) => {
    const rig = await startRig();
    rig.turn('fault', fault);
    expect(summary(await rig.run({ type: 'readCard' }))).toBe(code);
    expect(rig.device.status()).toMatchObject({ state: 'hardwareError', faults: [{ code, who: 'engineer' }] });
    expect(summary(await rig.run({ type: 'awaitRemoval' }))).toBe(code);
    expect(summary(await rig.run({ type: 'selfTest' }))).toBe(code);
    rig.turn('fault', 'none');
    await rig.clock.advance(9000);
    expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
    rig.turn('place', 'resident');
    expect(summary(await rig.run({ type: 'readCard' }))).toBe('张三');
  });

  test('out of order from the start, then well: online with its SAM id', async () => {
    const rig = await startRig();
    rig.turn('fault', 'selfTestFailed');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    expect(rig.device.status().state).toBe('hardwareError');
    rig.turn('fault', 'none');
    expect(summary(await rig.run({ type: 'selfTest' }))).toBe('selfTestPassed');
    expect(rig.device.status().state).toBe('online');
  });

  test('every code that the driver uses has its words in both languages', () => {
    for (const { zh, en } of Object.values(idCardReaderFaults))
      for (const text of [zh, en]) expect(text.what.length * text.todo.length).toBeGreaterThan(0);
    expect(Object.keys(idCardReaderFaults)).toEqual(
      expect.arrayContaining([
        'samSelfTestFailed',
        'samNotAuthorised',
        'liftAndRetry',
        'unsupportedCard',
        'damagedData',
      ]),
    );
  });
});
