import { describe, expect, test } from 'vitest';
import { answerTimeoutMs, heartbeatMs, probeMs } from './machine.ts';
import { queueTicket, startRig } from './test-rig.ts';

describe('hello', () => {
  test('status first, then GS ( H; online with the printer’s name, and no paper has moved', async () => {
    const { printer, sent, sim } = await startRig();
    expect(sent().slice(0, 4)).toEqual(['10 04 01', '10 04 02', '10 04 03', '10 04 04']);
    expect(sent()[4]).toMatch(/^1B 40 1D 61 0E 1C 26 1D 28 48 06 00 30 30/);
    expect(printer.status()).toMatchObject({ state: 'online', faults: [] });
    expect(printer.identity()).toEqual({
      model: 'SIM-80',
      firmware: '1.00 SIM',
      serialNumber: 'SIM0001',
      capabilities: ['print', 'cut', 'qr', 'code128', 'confirm:processId'],
    });
    expect(sim.look()).toMatchObject({ tickets: [], pending: { lines: [], waitingBytes: 0 } });
  });

  test('a printer without GS ( H is asked for GS r, and its line buffer is emptied', async () => {
    const { printer, sent, sim } = await startRig({ fault: 'noProcessId' });
    expect(printer.identity().capabilities).toContain('confirm:fence');
    expect(sent()).toContain('1B 40 1D 61 0E 1C 26 1D 72 01');
    expect(sent().at(-1)).toBe('1B 40 1D 61 0E 1C 26');
    expect(sim.look().pending).toMatchObject({ lines: [], waitingBytes: 0 });
  });

  test('a printer that answers neither is online and says that it cannot confirm', async () => {
    const { printer } = await startRig({ fault: 'noFence' });
    expect(printer.status().state).toBe('online');
    expect(printer.identity().capabilities.join()).not.toContain('confirm');
  });

  test('slow answers are waited for', async () => {
    const { printer } = await startRig({ fault: 'slow' });
    expect(printer.status().state).toBe('online');
    expect(printer.identity().capabilities).toContain('confirm:processId');
  });

  test('garbage before every answer does no harm', async () => {
    const { printer } = await startRig({ fault: 'garbage' });
    expect(printer.status().state).toBe('online');
    expect(printer.statistics().bytesDiscarded).toBeGreaterThan(0);
  });

  test('the configured way is taken without asking', async () => {
    const { printer, sent } = await startRig({ config: { completion: 'fence' } });
    expect(printer.identity().capabilities).toContain('confirm:fence');
    expect(sent().join()).not.toContain('1D 28 48');
  });

  test('a mute printer is never online: silent, asked again and again', async () => {
    const { printer, clock, fault, codes } = await startRig({ fault: 'mute' });
    expect(printer.status()).toMatchObject({ state: 'offline' });
    expect(codes()).toEqual(['deviceSilent']);
    fault('none');
    await clock.advance(20_000);
    expect(printer.status().state).toBe('online');
  });

  test('an echo of our own bytes is not a printer', async () => {
    const { printer, transport } = await startRig({ fault: 'mute', hasEcho: true, helloMs: 15_000 });
    expect(transport.written().length).toBeGreaterThan(0);
    expect(printer.statistics().bytesIn).toBeGreaterThan(0);
    expect(printer.status().state).toBe('offline');
  });

  test('paper out at switch-on: says so, moves nothing, and asks what it can confirm once paper is there', async () => {
    const rig = await startRig({ knob: 'removePaper' });
    expect(rig.printer.status().state).toBe('userError');
    expect(rig.codes()).toEqual(['paperOut']);
    expect(rig.printer.identity().capabilities.join()).not.toContain('confirm');
    rig.turn('loadPaper');
    await rig.clock.advance(heartbeatMs + 2 * probeMs);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
    expect(rig.printer.identity().capabilities).toContain('confirm:processId');
  });

  test('a printer that cannot confirm is not asked again at every new roll: its next ticket leaves at once', async () => {
    const rig = await startRig({ fault: 'noFence' });
    for (const knob of ['removePaper', 'loadPaper']) {
      rig.turn(knob);
      await rig.clock.advance(1);
    }
    const before = rig.sent().length;
    const result = rig.print(queueTicket);
    expect(rig.sent()[before]).toContain('1D 56 42 00');
    expect(await rig.until(result)).toMatchObject({ ok: true, value: { reason: 'noConfirmation' } });
  });

  test('a ticket asked for during hello waits for it', async () => {
    const rig = await startRig({ helloMs: 0, settings: { isEpson: false } });
    expect(rig.printer.status().state).toBe('starting');
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toEqual({ ok: true, value: { type: 'printed', confirmedBy: 'fence' } });
    expect(rig.tickets()).toHaveLength(1);
  });

  test('FS & is sent: a printer that starts in Western mode prints Chinese', async () => {
    const rig = await startRig({ settings: { isChineseAtStart: false } });
    await rig.until(rig.print(queueTicket));
    expect(rig.tickets()[0]?.lines.join('\n')).toContain('请到3号窗口');
  });
});

describe('status while nothing is printed', () => {
  test('asked every five seconds, one question at a time', async () => {
    const rig = await startRig();
    const before = rig.sent().length;
    await rig.clock.advance(heartbeatMs);
    expect(rig.sent().slice(before)).toEqual(['10 04 01', '10 04 02', '10 04 03', '10 04 04']);
  });

  test.each([
    ['openCover', 'coverOpen', 'hall', 'userError'],
    ['removePaper', 'paperOut', 'hall', 'userError'],
    ['paperNearEnd', 'paperNearEnd', 'hall', 'online'],
  ])('%s is told at once by the automatic status: %s', async (knob, code, who, state) => {
    const rig = await startRig();
    rig.turn(knob);
    await rig.clock.advance(1);
    expect(rig.printer.status()).toMatchObject({ state, faults: [{ code, who }] });
  });

  test.each([
    ['overheat', 'overheated', 'system', 'offline'],
    ['unrecoverable', 'unrecoverableError', 'engineer', 'hardwareError'],
  ])('%s: %s', async (fault, code, who, state) => {
    const rig = await startRig();
    rig.fault(fault);
    await rig.clock.advance(1);
    expect(rig.printer.status()).toMatchObject({ state, faults: [{ code, who }] });
    rig.fault('none');
    await rig.clock.advance(1);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('without the automatic status the heartbeat finds it', async () => {
    const rig = await startRig();
    // As after a short power cut between two heartbeats.
    rig.sim.receive(Uint8Array.of(0x1d, 0x61, 0x00));
    rig.turn('openCover');
    await rig.clock.advance(1);
    expect(rig.codes()).toEqual([]);
    await rig.clock.advance(heartbeatMs);
    expect(rig.codes()).toEqual(['coverOpen']);
  });

  test('offline without a cause is said as such', async () => {
    const rig = await startRig();
    rig.transport.peer()?.send(Uint8Array.of(0x1c, 0x00, 0x00, 0x0f));
    expect(rig.printer.status()).toMatchObject({ state: 'offline', faults: [{ code: 'printerOffline' }] });
  });

  test('an answer that comes after its time-out is not taken for the next question', async () => {
    const rig = await startRig();
    rig.fault('mute');
    await rig.clock.advance(heartbeatMs - 4000 + answerTimeoutMs + 100);
    // 16 answers "drawer closed" to question 1; as an answer to question 2 it would mean "cover open".
    rig.transport.peer()?.send(Uint8Array.of(0x16));
    rig.fault('none');
    await rig.clock.advance(heartbeatMs);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
    expect(rig.printer.statistics().unexpectedAnswers).toBe(1);
  });

  test('a report that comes during a round is newer than the round', async () => {
    let isHolding = false;
    const rig = await startRig({
      deliver: (bytes, send, clock) => {
        if (isHolding) clock.after(100, () => send(bytes));
        else send(bytes);
      },
    });
    isHolding = true;
    await rig.clock.advance(heartbeatMs - 4000 + 150);
    rig.transport.peer()?.send(Uint8Array.of(0x3c, 0x00, 0x00, 0x0f));
    await rig.clock.advance(1000);
    expect(rig.codes()).toEqual(['coverOpen']);
  });

  test('switched off and on: the automatic status is switched on again', async () => {
    const rig = await startRig();
    rig.fault('powerCycle');
    await rig.clock.advance(12_000);
    expect(rig.printer.status().state).toBe('online');
    rig.turn('openCover');
    await rig.clock.advance(1);
    expect(rig.codes()).toEqual(['coverOpen']);
  });

  test('a printer that falls silent is reported and comes back by itself', async () => {
    const rig = await startRig();
    rig.fault('mute');
    await rig.clock.advance(heartbeatMs + 10_000);
    expect(rig.codes()).toEqual(['deviceSilent']);
    rig.fault('none');
    await rig.clock.advance(20_000);
    expect(rig.printer.status().state).toBe('online');
  });

  test.each([
    ['openCover', 'closeCover', 'coverOpen'],
    ['removePaper', 'loadPaper', 'paperOut'],
  ])('silent after %s: what it said last stays on the screen until it speaks again', async (knob, undo, code) => {
    const rig = await startRig();
    rig.turn(knob);
    rig.fault('mute');
    await rig.clock.advance(heartbeatMs + 60_000);
    expect(rig.printer.status().state).toBe('userError');
    expect(rig.codes()).toEqual([code, 'deviceSilent']);
    rig.turn(undo);
    rig.fault('none');
    await rig.clock.advance(heartbeatMs + 5000);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
    expect(await rig.until(rig.print(queueTicket))).toMatchObject({ ok: true, value: { type: 'printed' } });
  });

  test('unplugged and plugged in again', async () => {
    const rig = await startRig();
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(5000);
    expect(rig.printer.status().state).toBe('noDevice');
    rig.transport.refuse(undefined);
    await rig.clock.advance(15_000);
    expect(rig.printer.status().state).toBe('online');
  });

  test('a jammed cutter is tried again every half minute and recovers once the paper is out', async () => {
    const rig = await startRig();
    rig.turn('cutterJam');
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toMatchObject({ ok: false, error: { code: 'cutterError', who: 'engineer' } });
    expect(rig.printer.status()).toMatchObject({ state: 'hardwareError', faults: [{ code: 'cutterError' }] });
    rig.turn('clearJam');
    await rig.clock.advance(45_000);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
  });
});
