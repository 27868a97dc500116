// The swiper's driver and the simulated swiper on the two ends of a wire, under a clock that the test moves.

import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../../kit/clock.ts';
import { lossDebounceMs } from '../../kit/run-device.ts';
import { createMemoryTransport } from '../../kit/transports/memory.ts';
import type { DocumentSwiper, SwipeNotice } from './api.ts';
import { mrzConfigSchema } from './config.ts';
import { explainTrace } from './diagnostics.ts';
import { mrzSwiperDriver } from './driver.ts';
import { swiperFaults } from './faults.ts';
import { createSwiperSimulator } from './simulator.ts';

const started: DocumentSwiper[] = [];
afterEach(async () => {
  for (const swiper of started.splice(0)) await swiper.stop();
});

const startBench = async (settings: Record<string, unknown> = {}) => {
  const clock = createFakeClock(Date.UTC(2026, 10, 25));
  const transport = createMemoryTransport();
  const simulator = createSwiperSimulator({ send: (bytes) => transport.peer()?.send(bytes) }, { clock, settings });
  const swiper = mrzSwiperDriver.start(mrzConfigSchema.parse({}), { id: 'm', clock, log: () => undefined, transport });
  started.push(swiper);
  const notices: SwipeNotice[] = [];
  swiper.onNotice((notice) => notices.push(notice));
  await clock.advance(0);
  let calls = 0;
  return {
    clock,
    swiper,
    transport,
    notices,
    turn: (knob: string, argument?: string) => simulator.knobs[knob]?.turn(argument),
    read: (timeoutMs = 60_000, signal?: AbortSignal) =>
      swiper.execute(
        { type: 'readDocument' },
        { id: `read-${(calls += 1)}`, timeoutMs, ...(signal ? { signal } : {}) },
      ),
  };
};

test.each([
  ['cr', 'passport', 'TD3', 'E98765432', '1990-03-07'],
  ['crlf', 'card', 'TD1', 'C11223344', '1985-01-01'],
  ['stxEtx', 'longCard', 'TD1', 'K1234567890AB', '1999-09-29'],
  ['joined', 'sheet', 'TD2', 'S55667788', '1976-06-15'],
])('%s: a swiped %s is read', async (framing, document, format, number, birthDate) => {
  const { clock, swiper, turn, read } = await startBench({ framing });
  const reading = read();
  expect(swiper.status().state).toBe('busy');
  turn('swipe', document);
  await clock.advance(1000);
  expect(await reading).toMatchObject({
    ok: true,
    value: { type: 'document', document: { format, number, birthDate } },
  });
  expect(swiper.status()).toMatchObject({ state: 'online', faults: [] });
});

test.each([
  ['wrongCheckDigit', { type: 'readFailed', reason: 'wrongCheckDigit', field: 'documentNumber' }],
  ['unreadableCharacter', { type: 'readFailed', reason: 'incomplete' }],
  ['cutInMiddle', { type: 'readFailed', reason: 'incomplete' }],
  ['missingLine', { type: 'readFailed', reason: 'incomplete' }],
])('%s: said, and the next swipe is taken', async (fault, notice) => {
  const { clock, notices, turn, read } = await startBench();
  const reading = read();
  turn('fault', fault);
  turn('swipe');
  await clock.advance(1000);
  expect(notices).toEqual([notice]);
  turn('fault', 'none');
  turn('swipe');
  await clock.advance(1000);
  expect(await reading).toMatchObject({ ok: true, value: { document: { number: 'E98765432' } } });
});

test.each(['byteByByte', 'noiseBefore', 'twice'])('%s: read once', async (fault) => {
  const { clock, notices, turn, read } = await startBench();
  const reading = read();
  turn('fault', fault);
  turn('swipe', 'card');
  await clock.advance(1000);
  expect(await reading).toMatchObject({ ok: true, value: { document: { number: 'C11223344' } } });
  expect(notices).toEqual(fault === 'twice' ? [{ type: 'ignoredDocument' }] : []);
});

describe('whose document', () => {
  test('one that was swiped before anybody asked is nobody’s', async () => {
    const { clock, notices, turn, read } = await startBench();
    turn('swipe');
    await clock.advance(1000);
    expect(notices).toEqual([{ type: 'ignoredDocument' }]);
    const reading = read(5000);
    await clock.advance(5000);
    expect(await reading).toMatchObject({ ok: false, error: { code: 'timeOut', who: 'citizen' } });
  });

  test('lines from before the question do not complete those after it', async () => {
    const { clock, transport, read } = await startBench();
    const line = (text: string): void => transport.peer()?.send(Buffer.from(`${text}\r`));
    line('P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<');
    const reading = read(5000);
    line('L898902C36UTO7408122F1204159ZE184226B<<<<<10');
    await clock.advance(5000);
    expect(await reading).toMatchObject({ ok: false, error: { code: 'timeOut' } });
  });

  test('a swipe that comes after the session gave up never reaches the next one', async () => {
    const { clock, notices, turn, read } = await startBench();
    const controller = new AbortController();
    const first = read(60_000, controller.signal);
    controller.abort();
    expect(await first).toMatchObject({ ok: false, error: { code: 'canceled' } });
    turn('swipe', 'card');
    await clock.advance(1000);
    const second = read(60_000);
    turn('swipe', 'passport');
    await clock.advance(1000);
    expect(await second).toMatchObject({ ok: true, value: { document: { number: 'E98765432' } } });
    expect(notices).toEqual([{ type: 'ignoredDocument' }]);
  });
});

test('unplugged while somebody swipes: one honest result, and online again when it is back', async () => {
  const { clock, swiper, transport, read } = await startBench();
  const reading = read();
  transport.peer()?.hangUp();
  expect(await reading).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  transport.refuse('notFound');
  await clock.advance(lossDebounceMs + 2000);
  expect(swiper.status()).toMatchObject({ state: 'noDevice' });
  transport.refuse(undefined);
  await clock.advance(10_000);
  expect(swiper.status()).toMatchObject({ state: 'online', faults: [] });
});

test('trace and counters hold nothing of a document', async () => {
  const { clock, swiper, turn, read } = await startBench();
  const reading = read();
  turn('fault', 'wrongCheckDigit');
  turn('swipe');
  await clock.advance(1000);
  turn('fault', 'none');
  turn('swipe');
  await clock.advance(1000);
  await reading;
  const told = JSON.stringify([
    swiper.trace(),
    swiper.trace().map((entry) => explainTrace(entry)),
    swiper.statistics(),
  ]);
  expect(told).not.toMatch(/E98765432|CESHI|45 39 38/);
  expect(told).toContain('private');
  expect(swiper.statistics()).toMatchObject({ documentsRead: 1, 'unread.documentNumber': 1 });
});

describe('checks', () => {
  const run = (swiper: DocumentSwiper, name: string, answers: boolean[], onAsk: () => void = () => undefined) =>
    swiper.checks
      .find((check) => check.name === name)
      ?.run(async () => {
        onAsk();
        return answers.shift() ?? true;
      });

  test('port: open, and not', async () => {
    const { clock, swiper, transport } = await startBench();
    expect(await run(swiper, 'port', [])).toMatchObject({ passed: true, code: 'portOnly' });
    transport.refuse('notFound');
    transport.peer()?.hangUp();
    await clock.advance(lossDebounceMs + 2000);
    expect(await run(swiper, 'port', [])).toMatchObject({ passed: false, code: 'portNotFound' });
  });

  test('swipe: passes, and fails on a mute reader, a bad reading, a wrong content, no document', async () => {
    const { clock, swiper, turn } = await startBench();
    const swipe = async (fault: string, answers: boolean[]) => {
      turn('fault', fault);
      const running = run(swiper, 'swipe', answers);
      await clock.advance(100);
      turn('swipe');
      await clock.advance(30_000);
      return running;
    };
    const passed = await swipe('none', [true, true]);
    expect(passed).toMatchObject({ passed: true, code: 'passed' });
    expect(JSON.stringify(passed)).not.toContain('432');
    expect(await swipe('mute', [true])).toMatchObject({ passed: false, code: 'timeOut' });
    expect(await swipe('wrongCheckDigit', [true])).toMatchObject({ passed: false, code: 'wrongCheckDigit' });
    expect(await swipe('none', [true, false])).toMatchObject({ passed: false, code: 'wrongContent' });
    expect(await swipe('none', [false])).toMatchObject({ passed: false, code: 'noSpecimen' });
  });

  test('every reason that can be told has words', () => {
    for (const reason of ['wrongCheckDigit', 'wrongCharacters', 'incomplete', 'noSpecimen', 'wrongContent'])
      expect(swiperFaults).toHaveProperty(reason);
  });
});
