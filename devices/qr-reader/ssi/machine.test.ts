// The SSI driver against the simulated reader: acknowledgements, repetitions, host trigger, plain text, and what goes wrong.

import { describe, expect, test } from 'vitest';
import { benchOf, startRig, summaryOf, type Rig } from '../test-rig.ts';
import { ssiQrDriver } from './driver.ts';
import { createSsiSimulator } from './simulator.ts';

const bench = benchOf(ssiQrDriver, createSsiSimulator);
const ssiRig = (config: Record<string, unknown> = {}, settings: Record<string, unknown> = {}): Promise<Rig> =>
  startRig(config, settings, bench);

/** How often the reader was sent this opcode. */
const commandsOf = (rig: Rig, opcode: string): number =>
  (rig.sim.look()['commands'] as Record<string, number>)[opcode] ?? 0;

describe('online', () => {
  test('asked who it is, told to use packets and host trigger, then online', async () => {
    const rig = await ssiRig();
    expect(rig.sent()).toEqual(['hello', 'ack', 'setUp']);
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.identity()).toMatchObject({ firmware: 'SIM00001-001-R00 SE-SIM' });
    expect(rig.sim.look()).toMatchObject({ isPacketed: true, isTriggered: true });
  });

  test('a reader that refuses the settings is online as it is, and its plain text is read', async () => {
    const rig = await ssiRig({ isTriggered: false });
    rig.turn('restart');
    rig.turn('fault', 'refuse');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    expect(rig.device.status().state).toBe('online');
    expect(rig.device.statistics()['setUpRefused']).toBe(1);
    const reading = rig.read();
    rig.turn('show', '办事 1');
    expect(summaryOf(await rig.until(reading))).toBe('办事 1');
  });

  test('silent: asked three times, with the resend bit, then offline; and back', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'mute');
    await rig.clock.advance(14_500);
    expect(rig.device.statistics()['sentAgain']).toBe(2);
    await rig.clock.advance(10_000);
    expect(rig.device.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    rig.turn('fault', 'none');
    await rig.clock.advance(20_000);
    expect(rig.device.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('a sleeping reader is woken 50 ms before every command', async () => {
    const rig = await ssiRig({ wakesUp: true, setsMode: false });
    await rig.clock.advance(200);
    const sent = rig.device.trace().filter((entry) => entry.direction === 'out');
    expect(sent.map((entry) => entry.label).slice(0, 2)).toEqual(['wakeUp', 'hello']);
    expect((sent[1]?.atMs ?? 0) - (sent[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(50);
    expect(rig.device.status().state).toBe('online');
  });
});

describe('reading', () => {
  test('in a session, acknowledged, and only then', async () => {
    const rig = await ssiRig();
    rig.turn('show', 'WAITING');
    await rig.clock.advance(1000);
    expect(rig.notices).toEqual([]);
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('WAITING');
    expect(rig.sim.look()).toMatchObject({ sentCodes: 1, deliveredCodes: 1, errorBeeps: 0 });
  });

  test('a code in several packets', async () => {
    const rig = await ssiRig({}, { maxData: 60 });
    const text = `https://example.org/${Array.from({ length: 80 }, (_, index) => index).join('-')}`;
    const reading = rig.read();
    rig.turn('show', text);
    expect(summaryOf(await rig.until(reading))).toBe(text);
    await rig.clock.advance(500);
    expect(rig.sim.look()).toMatchObject({ deliveredCodes: 1, errorBeeps: 0 });
  });

  test('a damaged packet is asked for again', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'damagedOnce');
    const reading = rig.read();
    rig.turn('show', 'CODE-12345');
    expect(summaryOf(await rig.until(reading))).toBe('CODE-12345');
    expect(rig.sent()).toContain('nak');
    expect(rig.notices).toEqual([]);
  });

  test('a line that damages everything: no code, no wrong code, and the reader gives up', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'damagedAlways');
    const reading = rig.read(8000);
    rig.turn('show', 'CODE-12345');
    expect(summaryOf(await rig.until(reading))).toBe('timeOut');
    expect(rig.sim.look()).toMatchObject({ errorBeeps: 1, deliveredCodes: 0 });
  });

  test('half a packet: the rest is not taken for anything, and the code is read when the reader sends it again', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'halfPacket');
    const reading = rig.read();
    rig.turn('show', 'CODE-12345');
    await rig.clock.advance(1000);
    rig.turn('fault', 'none');
    expect(summaryOf(await rig.until(reading))).toBe('CODE-12345');
    expect(rig.notices).toEqual([]);
  });

  test('byte by byte', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'byteByByte');
    const reading = rig.read();
    rig.turn('show', 'CODE-12345');
    expect(summaryOf(await rig.until(reading))).toBe('CODE-12345');
  });

  test('our acknowledgement is lost: the code is told once', async () => {
    const rig = await ssiRig({ debounceMs: 0 });
    rig.turn('fault', 'deafOnce');
    const reading = rig.read();
    rig.turn('show', 'ONCE');
    expect(summaryOf(await rig.until(reading))).toBe('ONCE');
    await rig.clock.advance(3000);
    expect(rig.notices).toEqual([]);
    expect(rig.sim.look()).toMatchObject({ deliveredCodes: 1 });
  });

  test('given up: the session is ended, and a code from then reaches nobody', async () => {
    const rig = await ssiRig();
    expect(summaryOf(await rig.run({ type: 'readCode' }, 1000))).toBe('timeOut');
    await rig.clock.advance(100);
    expect(rig.sim.look()['isScanning']).toBe(false);
    expect(commandsOf(rig, 'E5')).toBe(1);
  });

  test('a code that nobody waits for is acknowledged and discarded', async () => {
    const rig = await ssiRig({ isTriggered: false });
    rig.turn('show', 'EARLY');
    await rig.clock.advance(200);
    expect(rig.notices).toEqual([{ type: 'discardedCode', reason: 'nobodyWaits', length: 5 }]);
    expect(rig.sim.look()).toMatchObject({ deliveredCodes: 1 });
    expect(summaryOf(await rig.run({ type: 'readCode' }, 2000))).toBe('timeOut');
  });

  test('a reader that is not in host-trigger mode refuses the session: triggerRefused', async () => {
    const rig = await ssiRig({ setsMode: false });
    expect(summaryOf(await rig.run({ type: 'readCode' }))).toBe('triggerRefused');
  });

  test('a session that ended by itself is begun again, and a refusal to begin it twice does not end the reading', async () => {
    const rig = await ssiRig();
    const reading = rig.read(60_000);
    await rig.clock.advance(12_000);
    rig.turn('fault', 'refuse');
    await rig.clock.advance(6000);
    rig.turn('fault', 'none');
    await rig.clock.advance(6000);
    rig.turn('show', 'LATE');
    expect(summaryOf(await rig.until(reading))).toBe('LATE');
  });

  test('a reader that restarted sends plain text: not taken, set again, and the next code is read', async () => {
    const rig = await ssiRig({ isTriggered: false });
    const first = rig.read();
    rig.turn('show', 'ONE');
    expect(summaryOf(await rig.until(first))).toBe('ONE');
    rig.turn('restart');
    const second = rig.read();
    rig.turn('show', 'TWO');
    await rig.clock.advance(500);
    expect(rig.notices.map((notice) => notice.reason)).toEqual(['unreadableText']);
    expect(rig.sim.look()).toMatchObject({ isPacketed: true });
    rig.turn('show', 'TWO');
    expect(summaryOf(await rig.until(second))).toBe('TWO');
  });
});

describe('replies', () => {
  test('a command sent twice may be answered twice: a question after it takes the second answer', async () => {
    const rig = await ssiRig({ heartbeatMs: 60_000 });
    rig.turn('fault', 'mute');
    const beeping = rig.device.execute({ type: 'beep' }, { id: 'beep', timeoutMs: 8000 });
    await rig.clock.advance(500);
    rig.turn('fault', 'none');
    expect(summaryOf(await rig.until(beeping))).toBe('done');
    expect(rig.sent().slice(3)).toEqual(['beep', 'beep', 'heartbeat', 'ack']);
  });

  test('an acknowledgement alone does not answer the question who it is', async () => {
    const rig = await ssiRig({ heartbeatMs: 60_000 });
    rig.turn('fault', 'mute');
    const asking = rig.device.execute({ type: 'query' }, { id: 'q', timeoutMs: 8000 });
    await rig.clock.advance(100);
    rig.transport.peer()?.send(Uint8Array.of(0x04, 0xd0, 0x00, 0x00, 0xff, 0x2c));
    await rig.clock.advance(100);
    expect(rig.device.statistics()['unexpectedReplies']).toBe(1);
    rig.turn('fault', 'none');
    expect(summaryOf(await rig.until(asking))).toBe('done');
    expect(rig.device.statistics()['sentAgain']).toBe(1);
  });

  test('a beep that is refused says so', async () => {
    const rig = await ssiRig();
    rig.turn('fault', 'refuse');
    expect(summaryOf(await rig.run({ type: 'beep' }))).toBe('commandRefused');
    rig.turn('fault', 'none');
    expect(summaryOf(await rig.run({ type: 'beep' }))).toBe('done');
    expect(rig.sim.look()['beeps']).toBe(1);
  });

  test('what a code says is not in the trace, and its lines are told in words', async () => {
    const rig = await ssiRig();
    rig.turn('show', 'SECRET');
    await rig.run({ type: 'readCode' });
    const lines = rig.device.trace();
    expect(lines.map((entry) => entry.hex).join(' ')).not.toContain('53 45 43 52 45 54');
    expect(lines.map((entry) => ssiQrDriver.explainTrace?.(entry)?.en)).toEqual([
      'question: are you there',
      'reply: firmware',
      'answer: received (ACK)',
      'command: settings of this connection',
      'reply: done (ACK)',
      'command: start reading',
      'reply: done (ACK)',
      'packet: 13 bytes, not shown',
      'answer: received (ACK)',
    ]);
  });
});

describe('checks', () => {
  const run = (rig: Rig, name: string, answers: readonly boolean[] = [true, true]) => {
    const check = rig.device.checks.find((candidate) => candidate.name === name);
    if (!check) throw new Error(name);
    let at = 0;
    return rig.until(
      check.run(async () => {
        if (at === 0) rig.clock.after(200, () => rig.turn('show', 'TEST-42'));
        return answers[at++] ?? false;
      }),
      60_000,
    );
  };

  test.each(['answers', 'beep', 'hearBeep', 'readCode'])('%s passes on a good reader', async (name) => {
    expect(await run(await ssiRig(), name)).toMatchObject({ passed: true });
  });

  test.each([
    ['answers', 'mute', 'connectionLost'],
    ['beep', 'refuse', 'commandRefused'],
    ['readCode', 'damagedAlways', 'timeOut'],
    ['readCode', 'refuse', 'triggerRefused'],
  ])('%s fails on %s', async (name, fault, code) => {
    const rig = await ssiRig();
    rig.turn('fault', fault);
    expect(await run(rig, name)).toMatchObject({ passed: false, code });
  });

  test('hearBeep fails when nobody heard it', async () => {
    expect(await run(await ssiRig(), 'hearBeep', [false])).toMatchObject({ passed: false, code: 'notHeard' });
  });
});

describe('who is there', () => {
  test('the question to an unknown port is one packet, and only an answer with a checksum is one', () => {
    const { probe } = ssiQrDriver;
    const answer = Uint8Array.from([0x07, 0xa4, 0x00, 0x00, 0x41, 0x42, 0x43, 0xfe, 0x8f]);
    expect(probe?.ask).toEqual([Uint8Array.of(0x04, 0xa3, 0x04, 0x00, 0xff, 0x55)]);
    expect(probe?.recognise(answer)).toMatchObject({ firmware: 'ABC' });
    expect(probe?.recognise(answer.subarray(0, 8))).toBeUndefined();
    expect(probe?.recognise(Uint8Array.of(0x04, 0xa3, 0x04, 0x00, 0xff, 0x55))).toBeUndefined();
  });
});
