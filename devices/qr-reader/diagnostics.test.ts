import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../kit/device.ts';
import { explainTrace } from './diagnostics.ts';
import { startRig, type Rig } from './test-rig.ts';

const runCheck = (
  rig: Rig,
  name: string,
  ask: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<CheckVerdict> => {
  const check = rig.device.checks.find((candidate) => candidate.name === name);
  if (!check) throw new Error(name);
  return rig.until(check.run(ask), 120_000);
};

/** A person who shows a code a moment after the first question, and answers the second as told. */
const person = (rig: Rig, show: () => void, isContent = true) => {
  let questions = 0;
  return async (): Promise<boolean> => {
    questions += 1;
    if (questions > 1) return isContent;
    rig.clock.after(200, show);
    return true;
  };
};

const honeywellRig = (): Promise<Rig> => startRig({ hello: 'honeywell' }, { vendor: 'honeywell' });

describe('checks pass on a good reader', () => {
  test('which checks there are depends on what the reader can do', async () => {
    const names = async (rig: Promise<Rig>): Promise<string[]> => (await rig).device.checks.map((check) => check.name);
    expect(await names(startRig())).toEqual(['port', 'readCode']);
    expect(await names(startRig({ hello: 'newland' }, { vendor: 'newland' }))).toEqual(['answers', 'readCode']);
    expect(await names(honeywellRig())).toEqual(['answers', 'beep', 'hearBeep', 'readCode']);
  });

  test.each(['answers', 'beep', 'hearBeep'])('%s', async (name) => {
    expect(await runCheck(await honeywellRig(), name)).toMatchObject({ passed: true });
  });

  test('port, and the verdict says how little that means', async () => {
    expect(await runCheck(await startRig(), 'port')).toMatchObject({ passed: true, code: 'portOnly' });
  });

  test('readCode', async () => {
    const rig = await startRig();
    expect(
      await runCheck(
        rig,
        'readCode',
        person(rig, () => rig.turn('show', 'TEST-42')),
      ),
    ).toEqual({
      passed: true,
      code: 'passed',
      detail: '7 characters, utf-8',
    });
  });
});

describe('checks fail on a bad one', () => {
  test.each(['answers', 'beep'])('%s on a mute reader', async (name) => {
    const rig = await honeywellRig();
    rig.turn('fault', 'mute');
    expect(await runCheck(rig, name)).toMatchObject({ passed: false, code: 'connectionLost' });
  });

  test('hearBeep when nobody heard it', async () => {
    const verdict = await runCheck(await honeywellRig(), 'hearBeep', () => Promise.resolve(false));
    expect(verdict).toMatchObject({ passed: false, code: 'notHeard' });
  });

  test('port on an unplugged reader', async () => {
    const rig = await startRig();
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(5000);
    expect(await runCheck(rig, 'port')).toMatchObject({ passed: false, code: 'portNotFound' });
  });

  test('readCode on a mute reader', async () => {
    const rig = await startRig();
    rig.turn('fault', 'mute');
    const verdict = await runCheck(
      rig,
      'readCode',
      person(rig, () => rig.turn('show', 'TEST-42')),
    );
    expect(verdict).toMatchObject({ passed: false, code: 'timeOut' });
  });

  test('readCode on garbage: the reason is told', async () => {
    const rig = await startRig();
    const verdict = await runCheck(
      rig,
      'readCode',
      person(rig, () => rig.turn('showRandom4096')),
    );
    expect(verdict).toMatchObject({ passed: false, code: 'unreadableText' });
  });

  test('readCode when the content is not what the person showed', async () => {
    const rig = await startRig();
    const verdict = await runCheck(
      rig,
      'readCode',
      person(rig, () => rig.turn('show', 'WRONG'), false),
    );
    expect(verdict).toMatchObject({ passed: false, code: 'wrongContent' });
  });

  test('readCode when nobody has a code', async () => {
    const verdict = await runCheck(await startRig(), 'readCode', () => Promise.resolve(false));
    expect(verdict).toMatchObject({ passed: false, code: 'noTestCode' });
  });
});

describe('the trace in words', () => {
  test('hello, trigger, code, garbage', async () => {
    const rig = await startRig({ hello: 'newland', trigger: 'newland' }, { vendor: 'newland', isTriggered: true });
    rig.turn('show', 'ABC');
    await rig.run({ type: 'readCode' });
    rig.transport.peer()?.send(Uint8Array.of(1, 2, 3));
    await rig.clock.advance(200);
    expect(rig.device.trace().map((entry) => explainTrace(entry).en)).toEqual([
      'question: are you there',
      'reply: done (ACK)',
      'command: start reading',
      'reply: done (ACK)',
      'code: 3 bytes, not shown',
      'not a text, thrown away (3 bytes)',
    ]);
    expect(rig.device.trace().map((entry) => explainTrace(entry).zh)).toContain('命令：开始扫码');
  });
});
