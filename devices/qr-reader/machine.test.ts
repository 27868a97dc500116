import { describe, expect, test } from 'vitest';
import { lineQrConfigSchema } from './config.ts';
import { qrReaderFaults } from './faults.ts';
import { startRig, summaryOf } from './test-rig.ts';

describe('online', () => {
  test('without a hello: as soon as the port is open, because the reader cannot be asked', async () => {
    const rig = await startRig();
    expect(rig.device.status().state).toBe('online');
    expect(rig.sent()).toEqual([]);
    expect(summaryOf(await rig.run({ type: 'query' }))).toBe('unsupportedCommand');
  });

  test.each(['honeywell', 'newland'])('%s: only when the reader answered', async (vendor) => {
    const rig = await startRig({ hello: vendor }, { vendor });
    expect(rig.device.status().state).toBe('online');
    expect(rig.sent()).toEqual(['hello']);
    expect(summaryOf(await rig.run({ type: 'query' }))).toBe('done');
    expect(rig.notices).toEqual([]);
  });

  test('honeywell: the reader’s name, number and firmware are known', async () => {
    const rig = await startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });
    expect(rig.device.identity()).toMatchObject({
      model: 'Simulated reader',
      serialNumber: 'SIM0000001',
      firmware: '100',
    });
  });

  test.each(['honeywell', 'newland'])(
    '%s that stays silent: offline, and online again when it answers',
    async (vendor) => {
      const rig = await startRig({ hello: vendor }, { vendor });
      rig.turn('fault', 'mute');
      await rig.clock.advance(40_000);
      expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
      rig.turn('fault', 'none');
      await rig.clock.advance(20_000);
      expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
    },
  );

  test('a refusal is an answer too', async () => {
    const rig = await startRig({ hello: 'newland' }, { vendor: 'newland' });
    rig.turn('fault', 'refuse');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    expect(rig.device.status().state).toBe('online');
  });

  test('an idle reader is asked every 10 s, and nothing of it reaches the screens', async () => {
    const rig = await startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });
    await rig.clock.advance(31_000);
    expect(rig.sent()).toEqual(['hello', 'heartbeat', 'heartbeat', 'heartbeat']);
    expect(rig.notices).toEqual([]);
  });

  test('hello and trigger of two makers are refused in the settings', () => {
    expect(lineQrConfigSchema.safeParse({ hello: 'newland', trigger: 'honeywell' }).success).toBe(false);
    expect(lineQrConfigSchema.safeParse({ frameEnd: 'auto', unknown: 1 }).success).toBe(false);
  });
});

describe('reading', () => {
  test.each([
    ['cr', 'utf-8'],
    ['lf', 'gb18030'],
    ['crlf', 'utf-8'],
    ['none', 'gb18030'],
  ])('suffix %s, %s', async (suffix, encoding) => {
    const rig = await startRig({}, { suffix, encoding });
    const reading = rig.read();
    rig.turn('show', '营业执照 91350100M000100Y43');
    const result = await rig.until(reading);
    expect(summaryOf(result)).toBe('营业执照 91350100M000100Y43');
    expect(result).toMatchObject({ value: { code: { encoding } } });
  });

  test('with an AIM identifier', async () => {
    const rig = await startRig({ hasAimPrefix: true }, { aimPrefix: ']Q1' });
    const reading = rig.read();
    rig.turn('show', 'HELLO');
    expect(await rig.until(reading)).toMatchObject({ value: { code: { text: 'HELLO', symbology: ']Q1' } } });
  });

  test('a code that nobody waits for is discarded, and not kept for later', async () => {
    const rig = await startRig();
    rig.turn('show', 'EARLY');
    await rig.clock.advance(100);
    expect(rig.notices).toEqual([{ type: 'discardedCode', reason: 'nobodyWaits', length: 5 }]);
    expect(summaryOf(await rig.run({ type: 'readCode' }, 3000))).toBe('timeOut');
  });

  test('the same code within a second is dropped, and taken again once it was gone for a second', async () => {
    const rig = await startRig();
    const first = rig.read();
    rig.turn('show', 'A');
    expect(summaryOf(await rig.until(first))).toBe('A');
    const second = rig.read();
    rig.turn('show', 'A');
    await rig.clock.advance(600);
    rig.turn('show', 'A');
    await rig.clock.advance(600);
    expect(rig.notices.map((notice) => notice.reason)).toEqual(['repeated', 'repeated']);
    await rig.clock.advance(600);
    rig.turn('show', 'A');
    expect(summaryOf(await rig.until(second))).toBe('A');
  });

  test('another code within that second is taken', async () => {
    const rig = await startRig();
    const first = rig.read();
    rig.turn('show', 'A');
    await rig.until(first);
    const second = rig.read();
    rig.turn('show', 'B');
    expect(summaryOf(await rig.until(second))).toBe('B');
  });

  test('two codes in one chunk: one command gets one code', async () => {
    const rig = await startRig();
    rig.turn('fault', 'twoInOneChunk');
    const reading = rig.read();
    rig.turn('show', 'ONE');
    expect(summaryOf(await rig.until(reading))).toBe('ONE');
    await rig.clock.advance(100);
    expect(rig.notices).toEqual([{ type: 'discardedCode', reason: 'nobodyWaits', length: 5 }]);
  });

  test.each(['byteByByte', 'noSuffix'])('%s', async (fault) => {
    const rig = await startRig();
    rig.turn('fault', fault);
    const reading = rig.read();
    rig.turn('show', 'https://example.org/t?id=1234567890');
    expect(summaryOf(await rig.until(reading))).toBe('https://example.org/t?id=1234567890');
  });

  test('what a code says is not in the trace', async () => {
    const rig = await startRig();
    const reading = rig.read();
    rig.turn('show', 'SECRET');
    await rig.until(reading);
    rig.turn('showBytes', '53 45 43 52 45 54 00');
    await rig.clock.advance(200);
    expect(rig.device.trace().map((entry) => entry.hex)).toEqual(['(6 bytes, private)', '(8 bytes)']);
  });

  test('hang-up while waiting: connectionLost', async () => {
    const rig = await startRig();
    const reading = rig.read();
    rig.transport.peer()?.hangUp();
    expect(summaryOf(await rig.until(reading))).toBe('connectionLost');
  });
});

describe('what must never be taken for a code', () => {
  test('4,096 random bytes: a notice with the reason, for any seed; the next code is read', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const rig = await startRig({}, { seed });
      const reading = rig.read();
      rig.turn('showRandom4096');
      await rig.clock.advance(200);
      expect(rig.notices.map((notice) => notice.reason)).toContain('unreadableText');
      rig.turn('show', 'GOOD');
      expect(summaryOf(await rig.until(reading))).toBe('GOOD');
      await rig.device.stop();
    }
  });

  test('too long', async () => {
    const rig = await startRig();
    const reading = rig.read();
    rig.turn('show', '7'.repeat(5000));
    await rig.clock.advance(200);
    expect(rig.notices).toEqual([{ type: 'discardedCode', reason: 'tooLong', length: 4097 }]);
    rig.turn('show', 'GOOD');
    expect(summaryOf(await rig.until(reading))).toBe('GOOD');
  });

  test('a reply that comes long after its time-out, while a code is waited for', async () => {
    const rig = await startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });
    rig.turn('fault', 'lateReply');
    void rig.device.execute({ type: 'query' }, { id: 'late', timeoutMs: 1000 });
    rig.turn('fault', 'none');
    await rig.clock.advance(4000);
    expect(rig.device.status().state).toBe('online');
    const reading = rig.read(30_000);
    await rig.clock.advance(3000);
    expect(rig.device.statistics()['unexpectedReplies']).toBe(1);
    rig.turn('show', 'GOOD');
    expect(summaryOf(await rig.until(reading))).toBe('GOOD');
  });
});

describe('triggered readers', () => {
  test.each(['honeywell', 'newland'])('%s is switched on for a code, and only then', async (vendor) => {
    const rig = await startRig({ trigger: vendor, hello: vendor }, { vendor, isTriggered: true });
    rig.turn('show', 'WAITING');
    await rig.clock.advance(1000);
    expect(rig.notices).toEqual([]);
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('WAITING');
    expect(rig.sent()).toEqual(['hello', 'triggerOn']);
  });

  test.each(['honeywell', 'newland'])('%s is switched off when the command is given up', async (vendor) => {
    const rig = await startRig({ trigger: vendor }, { vendor, isTriggered: true });
    expect(summaryOf(await rig.run({ type: 'readCode' }, 1000))).toBe('timeOut');
    await rig.clock.advance(100);
    expect(rig.sent()).toEqual(['triggerOn', 'triggerOff']);
    expect(rig.sim.look()['isScanning']).toBe(false);
  });

  test('a reader that stopped by itself is switched on again', async () => {
    const rig = await startRig({ trigger: 'newland' }, { vendor: 'newland', isTriggered: true });
    const reading = rig.read(60_000);
    await rig.clock.advance(20_000);
    rig.turn('show', 'LATE');
    expect(summaryOf(await rig.until(reading))).toBe('LATE');
  });

  test('a code that cannot be used does not end the reading', async () => {
    const rig = await startRig({ trigger: 'honeywell' }, { vendor: 'honeywell', isTriggered: true });
    const reading = rig.read();
    await rig.clock.advance(100);
    rig.turn('showBytes', '00 01 02');
    await rig.clock.advance(500);
    rig.turn('show', 'GOOD');
    expect(summaryOf(await rig.until(reading))).toBe('GOOD');
    expect(rig.notices.map((notice) => notice.reason)).toEqual(['unreadableText']);
  });

  test('newland refuses: triggerRefused, with words for the engineer', async () => {
    const rig = await startRig({ trigger: 'newland' }, { vendor: 'newland', isTriggered: true });
    rig.turn('fault', 'refuse');
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('triggerRefused');
    expect(qrReaderFaults.triggerRefused.who).toBe('engineer');
  });

  test('commands are at least 50 ms apart', async () => {
    const rig = await startRig({ trigger: 'newland' }, { vendor: 'newland', isTriggered: true });
    const abort = new AbortController();
    const first = rig.device.execute({ type: 'readCode' }, { id: 'first', timeoutMs: 5000, signal: abort.signal });
    abort.abort();
    await first;
    const second = rig.read();
    await rig.clock.advance(500);
    const times = rig.device.trace().flatMap((entry) => (entry.direction === 'out' ? [entry.atMs] : []));
    expect(times.length).toBeGreaterThanOrEqual(2);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(50);
    rig.turn('show', 'SECOND');
    expect(summaryOf(await rig.until(second))).toBe('SECOND');
  });
});

describe('beep', () => {
  test('honeywell beeps', async () => {
    const rig = await startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });
    expect(summaryOf(await rig.run({ type: 'beep' }))).toBe('done');
    expect(rig.sim.look()['beeps']).toBe(1);
  });

  test.each(['none', 'newland'])('%s has no command for it, and says so', async (vendor) => {
    const rig = await startRig({ hello: vendor }, { vendor });
    expect(summaryOf(await rig.run({ type: 'beep' }))).toBe('unsupportedCommand');
  });
});

describe('replies and commands', () => {
  test('a question that was given up never answers the next one', async () => {
    const rig = await startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });
    rig.turn('fault', 'mute');
    const abort = new AbortController();
    const first = rig.device.execute({ type: 'query' }, { id: 'a', timeoutMs: 5000, signal: abort.signal });
    abort.abort();
    expect(summaryOf(await first)).toBe('canceled');
    const second = rig.device.execute({ type: 'query' }, { id: 'b', timeoutMs: 5000 });
    rig.turn('fault', 'none');
    // The reply to the first question, late.
    rig.transport.peer()?.send(Uint8Array.from(Buffer.from('REVINF\u0006.', 'latin1')));
    await rig.clock.advance(30);
    expect(rig.sent()).toEqual(['hello', 'query']);
    expect(summaryOf(await rig.until(second))).toBe('done');
    expect(rig.sent()).toEqual(['hello', 'query', 'query']);
  });
});
