import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../kit/device.ts';
import { explainTrace, idCardReaderChecks } from './diagnostics.ts';
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

/** A person who lays the card down when first asked, and takes it away (or forgets to) when asked again. */
const person = (rig: Rig, takesItAway = true) => {
  let questions = 0;
  return async (): Promise<boolean> => {
    questions += 1;
    if (questions === 1) rig.turn('place', 'residentLongTerm');
    else if (takesItAway) rig.turn('lift');
    return true;
  };
};

describe('checks pass on a good reader', () => {
  test.each(['selfTest', 'samId', 'line', 'fieldEmpty'])('%s', async (name) => {
    expect(await runCheck(await startRig(), name)).toMatchObject({ passed: true });
  });
  test('readCard', async () => {
    const rig = await startRig();
    const verdict = await runCheck(rig, 'readCard', person(rig));
    expect(verdict).toMatchObject({ passed: true });
    expect(verdict.detail).not.toMatch(/李四|1950/);
  });
});

describe('checks fail on a bad one', () => {
  test.each([
    ['selfTest', 'selfTestFailed', 'samSelfTestFailed'],
    ['selfTest', 'mute', 'timeOut'],
    ['samId', 'unauthorised', 'samNotAuthorised'],
    ['samId', 'otherModule', 'samIdChanged'],
    ['line', 'garbageBefore', 'lineNoise'],
    ['line', 'badChecksum', 'protocolError'],
    ['line', 'echo', 'lineNoise'],
  ])('%s on %s: %s', async (name, fault, code) => {
    const rig = await startRig();
    rig.turn('fault', fault);
    expect(await runCheck(rig, name)).toMatchObject({ passed: false, code });
  });

  test('fieldEmpty on a card that was left behind', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    await rig.run({ type: 'readCard' });
    expect(await runCheck(rig, 'fieldEmpty')).toMatchObject({ passed: false, code: 'cardLeft' });
  });

  test('readCard on a card that cannot be read', async () => {
    const rig = await startRig();
    rig.turn('fault', 'readError');
    expect(await runCheck(rig, 'readCard', person(rig))).toMatchObject({ passed: false, code: 'liftAndRetry' });
  });

  test('readCard on a card that stays where it is', async () => {
    const rig = await startRig();
    const verdict = await runCheck(rig, 'readCard', person(rig, false));
    expect(verdict).toMatchObject({ passed: false, code: 'removalNotSeen' });
  });

  test('readCard when nobody has a card', async () => {
    const rig = await startRig();
    const verdict = await runCheck(rig, 'readCard', () => Promise.resolve(false));
    expect(verdict).toMatchObject({ passed: false, code: 'noTestCard' });
  });

  test('every check has a test here', async () => {
    const rig = await startRig();
    expect(idCardReaderChecks(rig.device).map((check) => check.name)).toEqual([
      'selfTest',
      'samId',
      'line',
      'fieldEmpty',
      'readCard',
    ]);
  });
});

describe('the trace in words', () => {
  test('a whole read, line by line', async () => {
    const rig = await startRig();
    rig.turn('place', 'resident');
    rig.turn('faultOnce', 'garbageBefore@find');
    await rig.run({ type: 'readCard' });
    expect(rig.device.trace().map((entry) => explainTrace(entry).en)).toEqual([
      'request: ask for the self test',
      'reply 90: done',
      'request: read the module’s number',
      'reply 90: done 05.03-20130506-0012345678-1234567890',
      'request: find a card',
      'noise thrown away (7 bytes)',
      'reply 9F: card found',
      'request: select the card',
      'reply 90: done',
      'request: read base information',
      'reply: card data, 1295 bytes, not shown',
    ]);
  });

  test('what it does not know it says so, in both languages', () => {
    const entry = { atMs: 0, direction: 'in' as const, label: 'frame', hex: 'AA AA AA 96 69 00 04 00 00 77 73' };
    expect(explainTrace(entry)).toEqual({ zh: '应答：状态 77，含义不明', en: 'reply: status 77, meaning unknown' });
    expect(explainTrace({ atMs: 0, direction: 'note', label: 'lost: unplugged', hex: '' }).zh).toContain('断开');
  });
});
