// One stream, all kinds of answers: whatever order they come in, however they are cut, and wherever XON and XOFF fall between.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrinterDecoder, type PrinterFrame } from './codec.ts';
import { bytesOfHex } from './fixtures/read.ts';
import { heartbeatMs, lateAnswersMs } from './machine.ts';
import { queueTicket, startRig } from './test-rig.ts';

type Answer = { hex: string; frame: PrinterFrame };

// From the "transmission status identification" tables of the manuals.
const answers: readonly Answer[] = [
  { hex: '11', frame: { type: 'flow', isOn: true } },
  { hex: '13', frame: { type: 'flow', isOn: false } },
  { hex: '12', frame: { type: 'realTime', value: 0x12 } },
  { hex: '7E', frame: { type: 'realTime', value: 0x7e } },
  { hex: '14 00 00 0F', frame: { type: 'autoStatus', bytes: [0x14, 0, 0, 0x0f] } },
  { hex: '3C 4C 0F 00', frame: { type: 'autoStatus', bytes: [0x3c, 0x4c, 0x0f, 0] } },
  { hex: '10 04 03 0F', frame: { type: 'autoStatus', bytes: [0x10, 0x04, 0x03, 0x0f] } },
  { hex: '10 0F 20 00 00 00', frame: { type: 'presenter', paper: 0x20, transport: 0, supply: 0, fatal: 0 } },
  { hex: '37 22 30 30 30 31 00', frame: { type: 'processId', processId: '0001' } },
  // Digits that look like the beginnings of other answers.
  { hex: '37 22 37 5F 72 32 00', frame: { type: 'processId', processId: '7_r2' } },
  { hex: '37 23 40 00', frame: { type: 'offlineReport', causes: '@' } },
  { hex: '37 25 00', frame: { type: 'cleared' } },
  { hex: '5F 54 4D 2D 54 38 38 00', frame: { type: 'info', text: 'TM-T88' } },
  { hex: '00', frame: { type: 'queued', value: 0 } },
  { hex: '03', frame: { type: 'queued', value: 3 } },
];

const read = (...chunks: Uint8Array[]): (PrinterFrame | string)[] => {
  const decoder = createPrinterDecoder({ hasPresenter: true });
  return chunks.flatMap((chunk) =>
    decoder.push(chunk).map((item) => (item.type === 'frame' ? item.frame : item.reason)),
  );
};

const joined = (list: readonly Answer[]): Uint8Array => bytesOfHex(list.map(({ hex }) => hex).join(' '));

describe('the demultiplexer', () => {
  test('any three answers in any order, whole, byte by byte, and cut at every place', () => {
    const wrong: string[] = [];
    for (const first of answers)
      for (const second of answers)
        for (const third of answers) {
          const list = [first, second, third];
          const bytes = joined(list);
          const expected = JSON.stringify(list.map(({ frame }) => frame));
          const cuts = Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
          const ways = [...cuts, [...bytes].map((byte) => Uint8Array.of(byte))];
          if (ways.some((chunks) => JSON.stringify(read(...chunks)) !== expected))
            wrong.push(list.map(({ hex }) => hex).join(' | '));
        }
    expect(wrong).toEqual([]);
  });

  test('long rows of answers in any chunks', () => {
    const row = fc.array(fc.constantFrom(...answers), { minLength: 1, maxLength: 30 });
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(row, sizes, (list, chunkSizes) => {
        const bytes = joined(list);
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = chunkSizes[turn % chunkSizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(read(...chunks)).toEqual(list.map(({ frame }) => frame));
      }),
      { numRuns: 500 },
    );
  });

  test('XON and XOFF inside an answer, at every place, are skipped', () => {
    for (const { hex, frame } of answers) {
      const bytes = [...bytesOfHex(hex)];
      for (let at = 1; at < bytes.length; at++)
        for (const flow of [0x11, 0x13]) {
          const spoilt = Uint8Array.from([...bytes.slice(0, at), flow, ...bytes.slice(at)]);
          expect(read(spoilt)).toEqual([frame]);
          expect(read(...[...spoilt].map((byte) => Uint8Array.of(byte)))).toEqual([frame]);
        }
    }
  });

  test('our own DLE EOT 1 handed back is no report', () => {
    expect(read(bytesOfHex('10 04 01 12'))).toEqual([{ type: 'echo' }, { type: 'realTime', value: 0x12 }]);
    expect(read(bytesOfHex('10'), bytesOfHex('04'), bytesOfHex('01'))).toEqual([{ type: 'echo' }]);
  });

  test('without a presenter 10 0F is the beginning of a report', () => {
    expect(createPrinterDecoder().push(bytesOfHex('10 0F 00 00'))).toMatchObject([{ frame: { type: 'autoStatus' } }]);
  });
});

describe('what an answer answers', () => {
  test.each([
    ['14 00 03 0F', 'paperNearEnd'],
    ['3C 00 00 0F', 'coverOpen'],
  ])('a report (%s) between any two answers of a status round is not taken for one of them', async (hex, code) => {
    for (let place = 0; place <= 4; place++) {
      let answered = -1;
      const rig = await startRig({
        deliver: (bytes, send) => {
          if (place < 4 && answered >= 0 && answered++ === place) send(bytesOfHex(hex));
          send(bytes);
        },
      });
      answered = 0;
      await rig.until(rig.execute({ type: 'refreshStatus' }));
      if (place === 4) rig.transport.peer()?.send(bytesOfHex(hex));
      expect(rig.codes()).toEqual([code]);
      await rig.clock.advance(heartbeatMs);
      // The next round asks the simulator, which has no such trouble.
      expect(rig.codes()).toEqual([]);
    }
  });

  test('a presenter’s answer that nobody asked for is not believed', async () => {
    const rig = await startRig({ config: { hasPresenter: true }, settings: { hasPresenter: true } });
    rig.transport.peer()?.send(bytesOfHex('10 0F 20 00 00 00'));
    await rig.clock.advance(1);
    expect(rig.codes()).toEqual([]);
    expect(rig.printer.statistics().unexpectedAnswers).toBe(1);
  });

  test('an offline report says nothing of the cause: DLE EOT is asked at once', async () => {
    const rig = await startRig();
    const before = rig.sent().length;
    rig.transport.peer()?.send(bytesOfHex('37 23 40 41 00'));
    expect(rig.sent()[before]).toBe('10 04 01');
    await rig.clock.advance(1);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
  });

  test('late answers that come in a row after a silence are let go by: none is taken for another question’s', async () => {
    let isHolding = false;
    const held: Uint8Array[] = [];
    const rig = await startRig({
      // 16 answers "drawer closed" to question 1; as an answer to question 2 it would mean "cover open".
      deliver: (bytes, send) => (isHolding ? held.push(Uint8Array.of(0x16)) : send(bytes)),
    });
    isHolding = true;
    await rig.clock.advance(heartbeatMs + 1000);
    expect(rig.printer.statistics().unanswered).toBeGreaterThan(0);
    const states: string[] = [];
    rig.printer.onStatus(({ state }) => states.push(state));
    await rig.until(new Promise<void>((resolve) => rig.clock.after(1, resolve)));
    while (!rig.transport.written().slice(-1)[0]?.includes(0x01)) await rig.clock.advance(50);
    isHolding = false;
    for (const bytes of [...held, ...held]) rig.transport.peer()?.send(bytes);
    await rig.clock.advance(heartbeatMs + lateAnswersMs);
    expect(rig.printer.status()).toMatchObject({ state: 'online', faults: [] });
    expect(states.filter((state) => state !== 'online')).toEqual([]);
  });
});

describe('a line that echoes', () => {
  test('zeros of the ticket itself confirm nothing where GS r is the confirmation', async () => {
    const rig = await startRig({ config: { completion: 'fence' }, hasEcho: true, settings: { lineMs: 500 } });
    expect(rig.printer.status().state).toBe('online');
    const result = await rig.until(rig.print(queueTicket));
    expect(result).toEqual({ ok: true, value: { type: 'unconfirmed', reason: 'lineEcho' } });
  });

  test('a process id confirms all the same: the answer is not what was sent', async () => {
    const rig = await startRig({ hasEcho: true });
    expect(await rig.until(rig.print(queueTicket))).toEqual({
      ok: true,
      value: { type: 'printed', confirmedBy: 'processId' },
    });
  });

  test('the line check fails on it', async () => {
    const rig = await startRig({ hasEcho: true });
    const check = rig.printer.checks.find(({ name }) => name === 'line');
    expect(await rig.until(check?.run(async () => true) ?? Promise.reject(new Error('no check')))).toMatchObject({
      passed: false,
      code: 'protocolError',
    });
  });
});
