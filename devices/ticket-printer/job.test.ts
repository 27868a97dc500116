import { describe, expect, test } from 'vitest';
import type { CommandMemory } from '../kit/device.ts';
import type { Result } from '../kit/result.ts';
import { forgetFencesMs, heartbeatMs } from './machine.ts';
import { queueTicket, startRig } from './test-rig.ts';

const printed = (confirmedBy: 'processId' | 'fence') => ({ ok: true, value: { type: 'printed', confirmedBy } });
const unconfirmed = (reason: string) => ({ ok: true, value: { type: 'unconfirmed', reason } });

describe('a ticket', () => {
  test('is printed, cut and confirmed; the paper shows what was sent', async () => {
    const rig = await startRig();
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toEqual(printed('processId'));
    const [ticket] = rig.tickets();
    expect(ticket?.lines.map((line) => line.trim())).toEqual([
      'A001',
      '请到3号窗口',
      `事项${' '.repeat(48 - 4 - 12)}食品经营许可`,
    ]);
    expect(ticket).toMatchObject({ qr: ['https://a.cn/1'], cut: true });
    expect(rig.printer.status().state).toBe('online');
  });

  test('its first byte leaves in the same turn in which it is asked for', async () => {
    const rig = await startRig();
    const before = rig.sent().length;
    const result = rig.print(queueTicket, { id: 'now' });
    expect(rig.sent()[before]).toMatch(/^1B 40/);
    expect(rig.notices).toEqual([{ type: 'firstByteSent', id: 'now' }]);
    expect(rig.printer.status().state).toBe('busy');
    await rig.until(result);
  });

  test('also while a status question waits for its answer: nothing is asked first', async () => {
    const rig = await startRig({ settings: { hasPresenter: true }, config: { hasPresenter: true } });
    rig.fault('slow');
    await rig.clock.advance(heartbeatMs - 4000 + 100);
    expect(rig.sent().at(-1)).toMatch(/^10 04/);
    const before = rig.sent().length;
    const result = rig.print(queueTicket);
    expect(rig.sent()[before]).toMatch(/^1B 40/);
    rig.fault('none');
    expect(await rig.until(result)).toEqual(printed('processId'));
  });

  test('is one write, confirmation request included', async () => {
    const rig = await startRig();
    const before = rig.sent().length;
    await rig.until(rig.print(queueTicket));
    const jobs = rig.sent().slice(before);
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatch(/1D 56 42 00 1D 28 48 06 00 30 30( 3[0-9]){4}$/);
  });

  test('process ids rise from ticket to ticket', async () => {
    const rig = await startRig();
    await rig.until(rig.print(queueTicket));
    await rig.until(rig.print(queueTicket));
    const ids = rig
      .sent()
      .filter((hex) => hex.includes('1D 56 42 00'))
      .map((hex) => Number(Buffer.from(hex.slice(-11).replaceAll(' ', ''), 'hex').toString()));
    expect(ids[1]).toBe((ids[0] ?? 0) + 1);
  });

  test('without GS ( H it is confirmed by GS r and a status round', async () => {
    const rig = await startRig({ fault: 'noProcessId' });
    const before = rig.sent().length;
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toEqual(printed('fence'));
    expect(rig.sent()[before]).toMatch(/1D 56 42 00 1D 72 01$/);
    expect(rig.sent().slice(before + 1, before + 5)).toEqual(['10 04 01', '10 04 02', '10 04 03', '10 04 04']);
  });

  test('where nothing can confirm, all is well and still it is not called printed', async () => {
    const rig = await startRig({ fault: 'noFence' });
    expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noConfirmation'));
    expect(rig.tickets()).toHaveLength(1);
  });

  test('a mute printer: unconfirmed, not printed', async () => {
    const rig = await startRig();
    rig.fault('mute');
    expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noAnswer'));
  });

  test('slow answers confirm all the same', async () => {
    const rig = await startRig();
    rig.fault('slow');
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
  });

  test('answers byte by byte with pauses confirm all the same', async () => {
    let freeAt = 0;
    const rig = await startRig({
      deliver: (bytes, send, clock) => {
        for (const byte of bytes) {
          freeAt = Math.max(freeAt, clock.now()) + 10;
          clock.after(freeAt - clock.now(), () => send(Uint8Array.of(byte)));
        }
      },
    });
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
  });

  test('a confirmation cut in the middle confirms nothing', async () => {
    const rig = await startRig();
    rig.fault('halfFrame');
    expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noAnswer'));
  });

  test('characters that cannot be printed are counted', async () => {
    const rig = await startRig();
    await rig.until(rig.print({ blocks: [{ type: 'text', text: '张㐀' }] }));
    expect(rig.printer.statistics().replacedCharacters).toBe(1);
    expect(rig.tickets()[0]?.lines).toEqual(['张〓']);
  });

  test('a reprint carries its mark', async () => {
    const rig = await startRig();
    await rig.until(rig.print({ ...queueTicket, isReprint: true }));
    expect(rig.tickets()[0]?.lines[0]?.trim()).toBe('补打 REPRINT');
  });

  test('no line is broken by the printer, on either paper width', async () => {
    for (const [paperWidthMm, columns] of [
      [58, 32],
      [80, 48],
    ] as const) {
      const rig = await startRig({ config: { paperWidthMm }, settings: { columns } });
      const text = '请携带身份证原件、营业执照副本(加盖公章)到3号窗口办理，过号请重新取号。Please keep this ticket.';
      await rig.until(
        rig.print({ blocks: [{ type: 'text', text }, { type: 'text', text, size: 2 }, { type: 'rule' }] }),
      );
      const lines = rig.tickets()[0]?.lines ?? [];
      const sentLines = rig
        .sent()
        .find((hex) => hex.includes('1D 56 42 00'))
        ?.match(/ 0A(?= |$)/g);
      expect(lines).toHaveLength(sentLines?.length ?? -1);
    }
  });

  test('asked for twice under one id it is printed once', async () => {
    const rig = await startRig();
    const [first, second] = [rig.print(queueTicket, { id: 'same' }), rig.print(queueTicket, { id: 'same' })];
    expect(await rig.until(first)).toEqual(await rig.until(second));
    expect(rig.tickets()).toHaveLength(1);
  });

  test('begun before a restart and never finished: not printed again', async () => {
    const memory: CommandMemory = { get: () => 'begun', begin: () => undefined, finish: () => undefined };
    const rig = await startRig({ commandMemory: memory });
    expect(await rig.until(rig.print(queueTicket))).toMatchObject({ ok: false, error: { code: 'outcomeUnknown' } });
    expect(rig.tickets()).toHaveLength(0);
  });

  test('is remembered beyond this run', async () => {
    const finished: Result<unknown>[] = [];
    const memory: CommandMemory = {
      get: () => undefined,
      begin: () => undefined,
      finish: (_d, _c, result) => finished.push(result),
    };
    const rig = await startRig({ commandMemory: memory });
    await rig.until(rig.print(queueTicket));
    expect(finished).toEqual([printed('processId')]);
  });
});

describe('refused before the first byte', () => {
  test.each([
    ['removePaper', 'paperOut'],
    ['openCover', 'coverOpen'],
  ])('%s: %s', async (knob, code) => {
    const rig = await startRig();
    rig.turn(knob);
    await rig.clock.advance(1);
    const before = rig.sent().length;
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toMatchObject({ ok: false, error: { code, who: 'hall' } });
    expect(rig.sent().slice(before)).toEqual([]);
    expect(rig.notices).toEqual([]);
  });

  test('a ticket that cannot be encoded', async () => {
    const rig = await startRig();
    const result = await rig.until(rig.print({ blocks: [{ type: 'qr', data: 'x'.repeat(700) }] }));
    expect(result).toMatchObject({ ok: false, error: { code: 'documentInvalid' } });
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
  });

  test('paper near its end is no reason', async () => {
    const rig = await startRig();
    rig.turn('paperNearEnd');
    await rig.clock.advance(1);
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
    expect(rig.codes()).toEqual(['paperNearEnd']);
  });
});

describe('paper runs out in the middle', () => {
  test.each(['none', 'noProcessId'])('it waits, goes on by itself and is printed once (%s)', async (standing) => {
    const rig = await startRig({ fault: standing });
    rig.fault('paperOutMidJob');
    const before = rig.sent().length;
    const result = rig.print(queueTicket, { id: 'long' });
    await rig.clock.advance(60_000 - 1000 * 20);
    expect(rig.notices.map(({ type }) => type)).toEqual(['firstByteSent', 'waitingForPaper']);
    expect(rig.codes()).toEqual(['paperOut']);
    expect(rig.tickets()).toHaveLength(0);
    rig.turn('loadPaper');
    expect(await rig.until(result)).toMatchObject({ ok: true, value: { type: 'printed' } });
    expect(rig.notices.map(({ type }) => type)).toEqual(['firstByteSent', 'waitingForPaper', 'resumed']);
    const jobs = rig
      .sent()
      .slice(before)
      .filter((hex) => hex.startsWith('1B 40'));
    expect(jobs).toHaveLength(1);
    expect(rig.tickets()).toHaveLength(1);
    expect(rig.tickets()[0]?.qr).toEqual(['https://a.cn/1']);
  });

  test('the cover opened to load it does not count as a second stop', async () => {
    const rig = await startRig();
    rig.fault('paperOutMidJob');
    const result = rig.print(queueTicket);
    await rig.clock.advance(2000);
    for (const knob of ['openCover', 'loadPaper', 'closeCover']) {
      rig.turn(knob);
      await rig.clock.advance(500);
    }
    expect(await rig.until(result)).toEqual(printed('processId'));
    expect(rig.notices.map(({ type }) => type)).toEqual(['firstByteSent', 'waitingForPaper', 'resumed']);
  });

  test('without the automatic status the questions during the job find it', async () => {
    const rig = await startRig({
      // Everything but the four-byte reports arrives.
      deliver: (bytes, send) => {
        if (bytes.length !== 4) send(bytes);
      },
    });
    rig.fault('paperOutMidJob');
    const result = rig.print(queueTicket);
    await rig.clock.advance(5000);
    expect(rig.notices.map(({ type }) => type)).toContain('waitingForPaper');
    rig.turn('loadPaper');
    expect(await rig.until(result)).toEqual(printed('processId'));
  });

  test('given up: fails for the paper, and the rest never comes out', async () => {
    const rig = await startRig();
    rig.fault('paperOutMidJob');
    const stop = new AbortController();
    const result = rig.print(queueTicket, { id: 'gone', signal: stop.signal });
    await rig.clock.advance(3000);
    stop.abort();
    expect(await result).toMatchObject({ ok: false, error: { code: 'paperOut', who: 'hall' } });
    await rig.clock.advance(100);
    expect(rig.sent().at(-1)).toBe('10 14 08 01 03 14 01 06 02 08 1B 40 1D 61 0E 1C 26 1D 56 42 00');
    expect(rig.notices.at(-1)).toEqual({ type: 'bufferCleared', id: 'gone' });
    rig.turn('loadPaper');
    await rig.clock.advance(10_000);
    // The strip that was printed already is cut off, without the code that would make it valid.
    expect(rig.tickets()).toHaveLength(1);
    expect(rig.tickets()[0]?.qr).toEqual([]);
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('processId'));
    expect(rig.tickets()[1]?.lines[0]?.trim()).toBe('A001');
  });

  test('the deadline passes while it waits: fails for the cover', async () => {
    const rig = await startRig();
    rig.fault('paperOutMidJob');
    const result = rig.print(queueTicket, { timeoutMs: 20_000 });
    await rig.clock.advance(3000);
    rig.turn('openCover');
    expect(await rig.until(result)).toMatchObject({ ok: false, error: { code: 'coverOpen' } });
  });

  test('given up on a printer that cannot clear its buffer: the rest may come out, and that is said', async () => {
    const rig = await startRig({ fault: 'noBufferClear' });
    rig.fault('paperOutMidJob');
    const result = rig.print(queueTicket, { id: 'stuck', timeoutMs: 10_000 });
    expect(await rig.until(result)).toMatchObject({ ok: false, error: { code: 'paperOut' } });
    await rig.clock.advance(3000);
    expect(rig.notices.at(-1)).toEqual({ type: 'mayStillPrint', id: 'stuck' });
  });

  test('a late confirmation of a ticket that was given up does not confirm the next one', async () => {
    for (const standing of ['noBufferClear', 'noProcessId'] as const) {
      const rig = await startRig({ fault: standing });
      rig.fault('mute');
      expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noAnswer'));
      rig.fault(standing);
      await rig.clock.advance(20_000);
      expect(rig.printer.status().state).toBe('online');
      // The second ticket's own confirmation gets lost; the first one's comes late.
      rig.fault('noFence');
      const second = rig.print(queueTicket);
      await rig.clock.advance(100);
      rig.transport
        .peer()
        ?.send(
          standing === 'noProcessId' ? Uint8Array.of(0x00) : Uint8Array.from(Buffer.from('37223030303000', 'hex')),
        );
      expect(await rig.until(second)).toEqual(unconfirmed('noAnswer'));
    }
  });

  test('a GS r answer that never came is forgotten after a quiet minute', async () => {
    const rig = await startRig({ fault: 'noProcessId' });
    rig.fault('noFence');
    expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noAnswer'));
    rig.fault('noProcessId');
    expect(await rig.until(rig.print(queueTicket))).toEqual(unconfirmed('noAnswer'));
    await rig.clock.advance(forgetFencesMs + heartbeatMs);
    expect(await rig.until(rig.print(queueTicket))).toEqual(printed('fence'));
  });
});
