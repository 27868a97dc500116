// Every health check passes on a sound cabinet and fails on the fault it is there for.

import { afterEach, expect, test } from 'vitest';
import { createFakeClock, type FakeClock } from '../../kit/clock.ts';
import type { CheckVerdict } from '../../kit/device.ts';
import type { Simulator } from '../../kit/simulator.ts';
import { createMemoryTransport, type MemoryPeer } from '../../kit/transports/memory.ts';
import type { Locker } from '../api.ts';
import { board8a80ConfigSchema } from './config.ts';
import { describeTraceEntry } from './trace-words.ts';
import { startBoard8a80 } from './driver.ts';
import { createLockerSimulator } from './simulator.ts';

const started: Locker[] = [];
afterEach(async () => {
  for (const locker of started.splice(0)) await locker.stop();
});

const startCabinet = async (settings: Record<string, unknown> = {}) => {
  const clock = createFakeClock();
  let peer: MemoryPeer | undefined;
  const board = createLockerSimulator(
    { send: (bytes) => peer?.send(bytes) },
    { clock, settings: { locks: 4, ...settings } },
  );
  const transport = createMemoryTransport((bytes, to) => {
    peer = to;
    board.receive(bytes);
  });
  const locker = startBoard8a80(board8a80ConfigSchema.parse({ cells: 4 }), {
    id: 'l',
    clock,
    log: () => undefined,
    transport,
  });
  started.push(locker);
  await clock.advance(1000);
  return { clock, board, locker };
};

const runCheck = async (
  { clock, board, locker }: { clock: FakeClock; board: Simulator; locker: Locker },
  name: string,
  { answer = true, shutsDoor = true } = {},
): Promise<CheckVerdict | undefined> => {
  const check = locker.checks.find((each) => each.name === name);
  const verdicts: CheckVerdict[] = [];
  const running = check?.run(async () => answer).then((verdict) => verdicts.push(verdict));
  for (let ms = 0; ms < 70_000 && verdicts.length === 0; ms += 500) {
    await clock.advance(500);
    if (shutsDoor && ms > 2000) board.knobs.shutAll?.turn();
  }
  await running;
  return verdicts[0];
};

test('boardAnswers passes, and fails on a mute board, wrong checksums, wrong polarity', async () => {
  expect(await runCheck(await startCabinet(), 'boardAnswers')).toMatchObject({ passed: true });
  for (const [fault, code] of [
    ['mute', 'deviceNotReady'],
    ['badChecksum', 'deviceNotReady'],
    ['wrongPolarity', 'polaritySuspect'],
  ] as const) {
    const cabinet = await startCabinet();
    cabinet.board.knobs[fault]?.turn('on');
    expect(await runCheck(cabinet, 'boardAnswers', { shutsDoor: false })).toMatchObject({ passed: false, code });
  }
});

test('boardAnswers fails when the board has fewer locks than the cabinet', async () => {
  expect(await runCheck(await startCabinet({ locks: 3 }), 'boardAnswers')).toMatchObject({
    passed: false,
    code: 'lockNotReported',
    detail: 'no answer for cells 4',
  });
});

test('opensAndShuts passes, and fails on a jammed door and on a door that nobody shuts', async () => {
  expect(await runCheck(await startCabinet(), 'opensAndShuts')).toMatchObject({ passed: true });
  const jammed = await startCabinet();
  jammed.board.knobs.jam?.turn('1');
  expect(await runCheck(jammed, 'opensAndShuts')).toMatchObject({ passed: false, code: 'doorDidNotOpen' });
  expect(await runCheck(await startCabinet(), 'opensAndShuts', { shutsDoor: false })).toMatchObject({
    passed: false,
    code: 'doorLeftOpen',
  });
});

test('rightDoor passes, and fails on crossed wires and when the person saw another door', async () => {
  expect(await runCheck(await startCabinet(), 'rightDoor')).toMatchObject({ passed: true });
  const crossed = await startCabinet();
  crossed.board.knobs.crossedWires?.turn('on');
  expect(await runCheck(crossed, 'rightDoor', { answer: false })).toMatchObject({
    passed: false,
    code: 'doorDidNotOpen',
  });
  expect(await runCheck(await startCabinet(), 'rightDoor', { answer: false })).toMatchObject({
    passed: false,
    code: 'wrongDoor',
  });
});

test('rightDoor finds a contact that does not follow its door', async () => {
  const cabinet = await startCabinet();
  cabinet.board.knobs.jam?.turn('1');
  expect(await runCheck(cabinet, 'rightDoor', { answer: true })).toMatchObject({ passed: false, code: 'contactWrong' });
});

test('the wire trace is told in words', async () => {
  const { locker, clock } = await startCabinet();
  const opened = locker.execute({ type: 'openCell', cell: 2 }, { id: 'o', timeoutMs: 8000 });
  await clock.advance(1000);
  await opened;
  const words = locker.trace().map((entry) => describeTraceEntry(entry).en);
  expect(words).toContain('board 1: how is lock 1?');
  expect(words).toContain('board 1: open lock 2');
  expect(words).toContain('answer to open: lock 2, contact made (11)');
  expect(words).toContain('the board reports: lock 2, contact broken (00)');
  const all = describeTraceEntry({ atMs: 0, direction: 'in', label: 'frame', hex: '80 01 00 00 01 33 B3' });
  expect(all).toEqual({
    zh: '全部锁的状态位（按线上顺序）:00000000 00000000 00000001',
    en: 'status bits of all locks (order of the wire): 00000000 00000000 00000001',
  });
  expect(describeTraceEntry({ atMs: 0, direction: 'in', label: 'frame', hex: 'FF' }).en).toBe(
    'not of this protocol: FF',
  );
});
