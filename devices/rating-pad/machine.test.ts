import { describe, expect, test } from 'vitest';
import { padModelNames } from './models.ts';
import { startRig } from './test-rig.ts';

const rated = (level: number) => ({ ok: true, value: { type: 'rated', level } });
const notRated = { ok: true, value: { type: 'notRated' } };

describe.each(padModelNames)('%s', (model) => {
  test.each([1, 2, 3, 4, 5] as const)('key %i is the level of that face', async (level) => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(2000);
    expect(rig.sim.look().isPrompting).toBe(true);
    expect(rig.pad.status().state).toBe('busy');
    rig.press(level);
    expect(await rig.until(rating)).toEqual(rated(level));
    expect(rig.pad.status().state).toBe('online');
  });

  test('silence until the deadline is no rating, and the prompt ends', async () => {
    const rig = await startRig({ model });
    expect(await rig.until(rig.execute({ type: 'askRating' }, 20_000))).toEqual(notRated);
    expect(rig.sim.look().isPrompting).toBe(false);
  });

  test('the pad’s own time-out is no rating either', async () => {
    const rig = await startRig({ model });
    expect(await rig.until(rig.execute({ type: 'askRating' }, 600_000), 70_000)).toEqual(notRated);
  });

  test('the citizen leaves: no rating, and a key pressed afterwards counts for nobody', async () => {
    const rig = await startRig({ model });
    const stop = new AbortController();
    const rating = rig.execute({ type: 'askRating' }, 60_000, stop.signal);
    await rig.clock.advance(1000);
    stop.abort();
    expect(await rating).toEqual(notRated);
    rig.press(5);
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
    const next = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(2);
    expect(await rig.until(next)).toEqual(rated(2));
  });

  test('pressed twice: the first key counts, the second is ignored', async () => {
    const rig = await startRig({ model });
    rig.fault('doublePress');
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(4);
    expect(await rig.until(rating)).toEqual(rated(4));
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
  });

  test('a finger that stays on the key does not rate for the next person', async () => {
    const rig = await startRig({ model });
    rig.fault('heldKey');
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(1);
    expect(await rig.until(rating)).toEqual(rated(1));
    expect(await rig.until(rig.execute({ type: 'askRating' }, 4000))).toEqual(notRated);
    const later = rig.execute({ type: 'askRating' }, 4000);
    await rig.clock.advance(1000);
    rig.fault('none');
    rig.press(1);
    expect(await rig.until(later)).toEqual(rated(1));
  });

  test('unplugged under a prompt: when the pad is back it is told to stop asking', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.transport.peer()?.hangUp();
    await rig.until(rating);
    expect(rig.sim.look().isPrompting).toBe(true);
    await rig.clock.advance(3000);
    expect(rig.sim.look().isPrompting).toBe(false);
    rig.press(5);
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
  });

  test('two people press: only the first', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(1);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(rated(1));
  });

  test('a key that crossed with the prompt does not rate', async () => {
    const rig = await startRig({ model });
    rig.fault('keyBeforePrompt');
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(rated(5));
  });

  test('an unknown key is noticed and the prompt goes on', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.turn('pressUnknown');
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'unknown' }]);
    rig.press(3);
    expect(await rig.until(rating)).toEqual(rated(3));
  });

  test('byte by byte', async () => {
    const rig = await startRig({ model, fault: 'byteByByte' });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(2);
    expect(await rig.until(rating)).toEqual(rated(2));
  });

  test('an echo of the prompt is not a key', async () => {
    const rig = await startRig({ model });
    rig.fault('echo');
    expect(await rig.until(rig.execute({ type: 'askRating' }, 5000))).toEqual(notRated);
  });

  test('a broken key frame is not a key', async () => {
    const rig = await startRig({ model });
    rig.fault(model === 'exampleSum' ? 'badSum' : 'halfKey');
    const rating = rig.execute({ type: 'askRating' }, 5000);
    await rig.clock.advance(1000);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(notRated);
  });

  test('unplugged during the prompt: failed, not unrated', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(rating)).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  });

  test('how somebody rated is not in the wire trace', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(1);
    await rig.until(rating);
    const keys = rig.pad.trace().filter(({ direction, hex }) => direction === 'in' && hex.includes('private'));
    expect(keys).toHaveLength(1);
    expect(keys[0]?.hex).toMatch(/^\(\d bytes, private\)$/);
  });
});

describe('online', () => {
  test('with a heartbeat: only when the pad answers', async () => {
    const rig = await startRig({ model: 'exampleStxEtx', fault: 'mute' });
    expect(rig.sent().slice(0, 2)).toEqual(['02 49 03', '02 3F 03']);
    await rig.clock.advance(8000);
    expect(rig.pad.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    expect(await rig.until(rig.execute({ type: 'askRating' }, 500))).toMatchObject({ ok: false });
    rig.fault('none');
    await rig.clock.advance(20_000);
    expect(rig.pad.status().state).toBe('online');
  });

  test('with a heartbeat: a pad that falls silent is missed within a quarter of a minute', async () => {
    const rig = await startRig({ model: 'exampleSum' });
    expect(rig.pad.status().state).toBe('online');
    rig.fault('mute');
    await rig.clock.advance(16_000);
    expect(rig.pad.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
  });

  test('one lost heartbeat is no outage', async () => {
    const rig = await startRig({ model: 'exampleSum' });
    rig.fault('mute');
    await rig.clock.advance(10_900);
    rig.fault('none');
    await rig.clock.advance(5000);
    expect(rig.pad.status().state).toBe('online');
    expect(rig.pad.statistics().lost).toBe(0);
  });

  test('a prompting pad is not asked', async () => {
    const rig = await startRig({ model: 'exampleSum' });
    const rating = rig.execute({ type: 'askRating' }, 50_000);
    const before = rig.sent().length;
    await rig.clock.advance(40_000);
    expect(rig.sent().slice(before)).toEqual([]);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(rated(5));
    await rig.clock.advance(11_000);
    expect(rig.sent().slice(before)).toContain('AA 01 3F EA');
  });

  test('without a heartbeat the open port is all that is known, even of a mute pad', async () => {
    const rig = await startRig({ model: 'exampleAsciiDigits', fault: 'mute' });
    expect(rig.pad.status().state).toBe('online');
    expect(rig.pad.identity().capabilities).not.toContain('heartbeat');
  });

  test('a key is a key in a protocol of one’s own, with a regular expression', async () => {
    const rig = await startRig({
      config: { protocol: { prompt: ['50 0D'], match: [{ regex: '[5A]', level: 5 }], idleMs: 20 } },
    });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(rated(5));
  });
});

test('a pad that babbles rates nothing', async () => {
  const rig = await startRig({ model: 'exampleStxEtx' });
  const rating = rig.execute({ type: 'askRating' }, 3000);
  for (let turn = 0; turn < 20; turn++) {
    await rig.clock.advance(100);
    rig.transport.peer()?.send(Uint8Array.of(0x00, 0x35, 0x03, 0x7f));
  }
  expect(await rig.until(rating)).toEqual(notRated);
});

test('the simulated pad refuses models, faults and keys that it does not have', async () => {
  const rig = await startRig();
  expect(() => rig.turn('press', '6')).toThrow('6');
  expect(() => rig.fault('fire')).toThrow('fire');
});
