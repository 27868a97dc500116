import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../kit/device.ts';
import { explainTrace } from './diagnostics.ts';
import { padFaults } from './faults.ts';
import { hidPadModelNames } from './models-hid.ts';
import { padModelNames } from './models.ts';
import { startRig, type Rig } from './test-rig.ts';

const check = (
  rig: Rig,
  name: string,
  answer: () => boolean | Promise<boolean> = () => true,
): Promise<CheckVerdict> => {
  const found = rig.pad.checks.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no check ${name}`);
  return rig.until(found.run(async () => answer()));
};

/** A person who reads the question, presses the key and then answers. */
const presses = (rig: Rig, level: 1 | 2 | 3 | 4 | 5) => async (): Promise<boolean> => {
  await rig.clock.advance(1000);
  rig.press(level);
  await rig.clock.advance(100);
  return true;
};

/** A person who looks at the pad: did it light up since `before`? */
const sawPrompt = (rig: Rig) => (): boolean => rig.sim.look().fault !== 'dark' && Number(rig.sim.look().prompts) > 0;

describe.each(padModelNames)('health checks of %s', (model) => {
  test('all pass on a healthy pad', async () => {
    const rig = await startRig({ model });
    expect(await check(rig, 'link')).toMatchObject({ passed: true });
    expect(await check(rig, 'prompt')).toMatchObject({ passed: true });
    expect(await check(rig, 'promptSeen', sawPrompt(rig))).toMatchObject({ passed: true });
    expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: true, detail: 'level 5 arrived' });
    expect(rig.sim.look().isPrompting).toBe(false);
  });

  test('the key test fails on a mute pad, on a broken frame and on another key', async () => {
    const rig = await startRig({ model });
    rig.fault('mute');
    expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: false, code: 'noKey' });
    rig.fault('halfKey');
    expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: false, code: 'noKey' });
    rig.fault('none');
    expect(await check(rig, 'key', presses(rig, 4))).toMatchObject({ passed: false, code: 'wrongKey' });
  });

  test('the prompt test fails when the lamp stays dark', async () => {
    const rig = await startRig({ model });
    rig.fault('dark');
    expect(await check(rig, 'promptSeen', sawPrompt(rig))).toMatchObject({ passed: false, code: 'noPrompt' });
  });

  test('link and prompt fail on a pad that is unplugged', async () => {
    const rig = await startRig({ model });
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    for (const name of ['link', 'prompt'])
      expect(await check(rig, name)).toMatchObject({ passed: false, code: 'portNotFound' });
  });
});

describe.each(hidPadModelNames)('health checks of %s', (model) => {
  test('pass on a healthy pad; the key test fails on every broken one', async () => {
    const rig = await startRig({ model });
    expect(await check(rig, 'link')).toMatchObject({ passed: true });
    expect(await check(rig, 'prompt')).toMatchObject({ passed: true });
    expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: true });
    for (const fault of ['mute', 'shortReport']) {
      rig.fault(fault);
      expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: false, code: 'noKey' });
    }
    rig.fault('wrongKey');
    expect(await check(rig, 'key', presses(rig, 5))).toMatchObject({ passed: false, code: 'wrongKey' });
  });

  test('link and prompt fail on a pad that is unplugged', async () => {
    const rig = await startRig({ model });
    rig.transport.refuse('notFound');
    rig.transport.peer()?.hangUp();
    await rig.clock.advance(3000);
    for (const name of ['link', 'prompt'])
      expect(await check(rig, name)).toMatchObject({ passed: false, code: 'portNotFound' });
  });
});

test('the prompt test of a HID pad fails when nothing lights up', async () => {
  const rig = await startRig({ model: 'exampleHidReports', fault: 'dark' });
  expect(await check(rig, 'promptSeen', sawPrompt(rig))).toMatchObject({ passed: false, code: 'noPrompt' });
});

describe('pads with a heartbeat', () => {
  test.each(['exampleStxEtx', 'exampleSum', 'exampleHidReports'] as const)(
    '%s: link and prompt fail on a mute pad',
    async (model) => {
      const rig = await startRig({ model });
      rig.fault('mute');
      expect(await check(rig, 'link')).toMatchObject({ passed: false, code: 'timeOut' });
      expect(await check(rig, 'prompt')).toMatchObject({ passed: false, code: 'timeOut' });
    },
  );
});

test('a pad without a heartbeat passes the link check, and the verdict says how little that means', async () => {
  const rig = await startRig({ model: 'exampleAsciiDigits', fault: 'mute' });
  expect((await check(rig, 'link')).detail).toContain('cannot tell');
});

test('every fault says in both languages what happened and what to do', () => {
  for (const { zh, en } of Object.values(padFaults)) {
    expect(zh.what + zh.todo).toMatch(/[\u4e00-\u9fff]/);
    expect(en.what + en.todo).not.toMatch(/[\u4e00-\u9fff]/);
  }
});

test('the wire trace in words', async () => {
  const rig = await startRig({ model: 'exampleStxEtx' });
  const rating = rig.execute({ type: 'askRating' });
  await rig.clock.advance(1000);
  rig.turn('pressUnknown');
  await rig.clock.advance(100);
  rig.press(1);
  await rig.until(rating);
  expect(rig.pad.trace().map((entry) => explainTrace(entry).en)).toEqual([
    'Initialises after opening (02 49 03)',
    'Asks whether the pad is there (02 3F 03)',
    'The pad answered (02 4F 03)',
    'Asks for a rating (02 52 03)',
    'Discarded or lost: no key sends this',
    'A key arrived (which one is not recorded)',
  ]);
  expect(
    rig.pad
      .trace()
      .map((entry) => explainTrace(entry).zh)
      .join(),
  ).toMatch(/请办事人评价/);
});
