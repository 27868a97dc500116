import { describe, expect, test } from 'vitest';
import { confirmMs } from './machine.ts';
import { queueTicket, startRig } from './test-rig.ts';

const printed = (confirmedBy: 'processId' | 'fence') => ({ ok: true, value: { type: 'printed', confirmedBy } });
const unconfirmed = (reason: string) => ({ ok: true, value: { type: 'unconfirmed', reason } });

describe('the printer goes away in the middle', () => {
  test('switched off and on: never printed, whatever the line says meanwhile', async () => {
    for (const standing of ['none', 'noProcessId']) {
      const rig = await startRig({ fault: standing, settings: { lineMs: 200 } });
      const result = rig.print(queueTicket);
      await rig.clock.advance(300);
      // Puts a zero on the line, which looks like a GS r answer.
      rig.fault('powerCycle');
      expect(await rig.until(result)).toMatchObject({ ok: true, value: { type: 'unconfirmed' } });
      expect(rig.tickets()).toHaveLength(0);
      await rig.clock.advance(10_000);
      expect(await rig.until(rig.print(queueTicket))).toMatchObject({ ok: true, value: { type: 'printed' } });
      // What hung in the printer is cut off before the next citizen's first line.
      const [scrap, whole] = rig.tickets();
      expect(scrap?.qr).toEqual([]);
      expect(whole?.lines.map((line) => line.trim()).slice(0, 2)).toEqual(['A001', '请到3号窗口']);
    }
  });

  test('after a ticket that was confirmed, nothing is cut off before the next one', async () => {
    const rig = await startRig();
    for (let round = 0; round < 2; round++) await rig.until(rig.print(queueTicket));
    expect(rig.tickets()).toHaveLength(2);
  });

  test('unplugged after everything was sent: unconfirmed', async () => {
    const rig = await startRig({ settings: { lineMs: 500 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(200);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(result)).toEqual(unconfirmed('connectionLost'));
  });

  test('unplugged before the cable can have carried everything: failed, and the scrap does not reach the next ticket', async () => {
    const rig = await startRig({ config: { lineBaudRate: 9600 }, settings: { lineMs: 500 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(20);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(result)).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
    await rig.clock.advance(5000);
    expect(rig.sent()[0]).toBe('10 14 08 01 03 14 01 06 02 08');
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
    const whole = rig.tickets().filter((ticket) => ticket.qr.length > 0);
    expect(whole).toHaveLength(1);
    expect(whole[0]?.lines[0]?.trim()).toBe('A001');
  });

  test('the ticket’s own write fails: it was not sent whole', async () => {
    const rig = await startRig({ settings: { lineMs: 500 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(200);
    rig.transport.peer()?.hangUp('writeFailed');
    expect(await rig.until(result)).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  });

  test('a later question’s write fails: the ticket was sent whole before it, so it is unconfirmed', async () => {
    const rig = await startRig({ settings: { lineMs: 1000 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(3000);
    rig.transport.peer()?.hangUp('writeFailed');
    expect(await rig.until(result)).toEqual(unconfirmed('connectionLost'));
  });

  test('unplugged while it waits for paper: fails for the paper', async () => {
    const rig = await startRig();
    rig.fault('paperOutMidJob');
    const result = rig.print(queueTicket);
    await rig.clock.advance(1000);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(result)).toMatchObject({ ok: false, error: { code: 'paperOut' } });
  });

  test('canceled while it prints: nothing can be called back, and nothing is claimed', async () => {
    const rig = await startRig({ settings: { lineMs: 500 } });
    const stop = new AbortController();
    const result = rig.print(queueTicket, { signal: stop.signal });
    await rig.clock.advance(100);
    stop.abort();
    expect(await result).toEqual(unconfirmed('canceled'));
    await rig.clock.advance(20_000);
    expect(rig.tickets()[0]).toMatchObject({ cut: true, qr: ['https://a.cn/1'] });
  });

  test('a deadline shorter than the printer needs: unconfirmed', async () => {
    const rig = await startRig({ settings: { lineMs: 1000 } });
    expect(await rig.until(rig.print(queueTicket, { timeoutMs: 2000 }))).toEqual(unconfirmed('deadline'));
  });
});

describe('the cutter', () => {
  test('jams and comes free within seconds: the ticket is finished and printed', async () => {
    const rig = await startRig();
    rig.turn('cutterJam');
    const result = rig.print(queueTicket);
    await rig.clock.advance(800);
    expect(rig.codes()).toEqual(['cutterError']);
    rig.turn('clearJam');
    expect(await rig.until(result)).toEqual(printed('processId'));
    expect(rig.tickets()).toHaveLength(1);
  });

  test('stays jammed: failed after a few tries, and the next ticket starts on clean paper', async () => {
    const rig = await startRig();
    rig.turn('cutterJam');
    expect(await rig.until(rig.print(queueTicket))).toMatchObject({ ok: false, error: { code: 'cutterError' } });
    rig.turn('clearJam');
    await rig.clock.advance(40_000);
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
    expect(rig.tickets().at(-1)?.lines[0]?.trim()).toBe('A001');
  });
});

describe('hot head and dead printer', () => {
  test('a hot head pauses the ticket without calling anyone', async () => {
    const rig = await startRig({ settings: { lineMs: 300 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(350);
    rig.fault('overheat');
    await rig.clock.advance(confirmMs * 2);
    rig.fault('none');
    expect(await rig.until(result)).toEqual(printed('processId'));
    expect(rig.notices.map(({ type }) => type)).toEqual(['firstByteSent']);
  });

  test('an unrecoverable error ends the ticket at once', async () => {
    const rig = await startRig({ settings: { lineMs: 300 } });
    const result = rig.print(queueTicket);
    await rig.clock.advance(350);
    rig.fault('unrecoverable');
    expect(await rig.until(result, 100)).toMatchObject({
      ok: false,
      error: { code: 'unrecoverableError', who: 'engineer' },
    });
  });
});
