import { describe, expect, test } from 'vitest';
import { hidPadModelNames } from './models-hid.ts';
import { startRig } from './test-rig.ts';

const rated = (level: number) => ({ ok: true, value: { type: 'rated', level } });
const notRated = { ok: true, value: { type: 'notRated' } };

describe.each(hidPadModelNames)('%s', (model) => {
  test.each([1, 2, 3, 4, 5] as const)('key %i is the level of that face', async (level) => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(2000);
    rig.press(level);
    expect(await rig.until(rating)).toEqual(rated(level));
    // The key goes up: that is no second press.
    await rig.clock.advance(1000);
    expect(rig.notices).toEqual([]);
  });

  test('silence until the deadline is no rating', async () => {
    const rig = await startRig({ model });
    expect(await rig.until(rig.execute({ type: 'askRating' }, 20_000))).toEqual(notRated);
    expect(rig.sim.look().isPrompting).toBe(false);
  });

  test('the session ends: no rating, and a key pressed afterwards counts for nobody', async () => {
    const rig = await startRig({ model });
    const stop = new AbortController();
    const rating = rig.execute({ type: 'askRating' }, 60_000, stop.signal);
    await rig.clock.advance(1000);
    stop.abort();
    expect(await rating).toEqual(notRated);
    expect(rig.sim.look().isPrompting).toBe(false);
    rig.press(5);
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
    const next = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(2);
    expect(await rig.until(next)).toEqual(rated(2));
  });

  test.each(['doublePress', 'bounce'])('%s: one rating, and the rest is told', async (fault) => {
    const rig = await startRig({ model, fault });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(4);
    expect(await rig.until(rating)).toEqual(rated(4));
    await rig.clock.advance(1000);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
  });

  test('a finger that stays on the key does not rate for the next person', async () => {
    const rig = await startRig({ model, fault: 'heldKey' });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(1);
    expect(await rig.until(rating)).toEqual(rated(1));
    // The key is down for more than a second and a half.
    expect(await rig.until(rig.execute({ type: 'askRating' }, 4000))).toEqual(notRated);
  });

  test('an unknown key is told, and the prompt goes on', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.turn('pressUnknown');
    await rig.clock.advance(500);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'unknown' }]);
    rig.press(3);
    expect(await rig.until(rating)).toEqual(rated(3));
  });

  test('half a report is not a key', async () => {
    const rig = await startRig({ model, fault: 'shortReport' });
    const rating = rig.execute({ type: 'askRating' }, 3000);
    await rig.clock.advance(1000);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(notRated);
  });

  test('unplugged under a prompt: failed, not unrated', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.transport.peer()?.hangUp();
    expect(await rig.until(rating)).toMatchObject({ ok: false, error: { code: 'connectionLost' } });
  });
});

describe('pads with reports of their own', () => {
  const model = 'exampleHidReports';

  test('lines are filled up to a whole report', async () => {
    const rig = await startRig({ model });
    void rig.execute({ type: 'askRating' }, 2000);
    await rig.clock.advance(100);
    expect(rig.sent()).toEqual(['00 3F 00 00 00 00 00 00 00', '00 50 01 00 00 00 00 00 00']);
  });

  test('a key that crossed with the prompt does not rate', async () => {
    const rig = await startRig({ model, fault: 'keyBeforePrompt' });
    expect(await rig.until(rig.execute({ type: 'askRating' }, 3000))).toEqual(notRated);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'noPrompt' }]);
  });

  test('online only when it answered; silent is found and told', async () => {
    const rig = await startRig({ model, fault: 'mute' });
    await rig.clock.advance(8000);
    expect(rig.pad.status()).toMatchObject({ state: 'offline', faults: [{ code: 'deviceSilent' }] });
    rig.fault('none');
    await rig.clock.advance(20_000);
    expect(rig.pad.status().state).toBe('online');
  });
});

describe('keypads', () => {
  const model = 'exampleHidKeypad';

  test('two keys at once are nobody’s choice', async () => {
    const rig = await startRig({ model, fault: 'twoKeys' });
    const rating = rig.execute({ type: 'askRating' }, 3000);
    await rig.clock.advance(1000);
    rig.press(5);
    expect(await rig.until(rating)).toEqual(notRated);
    expect(rig.notices).toEqual([{ type: 'ignoredKey', reason: 'unknown' }]);
  });

  test('a key that lay pressed before the prompt does not rate; another one does', async () => {
    const rig = await startRig({ model });
    rig.transport.peer()?.send(Uint8Array.of(0, 0, 0x59, 0, 0, 0, 0, 0));
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.transport.peer()?.send(Uint8Array.of(0, 0, 0x59, 0x5c, 0, 0, 0, 0));
    expect(await rig.until(rating)).toEqual(rated(4));
  });

  test('which key was pressed is not in the wire trace; that it went up is', async () => {
    const rig = await startRig({ model });
    const rating = rig.execute({ type: 'askRating' });
    await rig.clock.advance(1000);
    rig.press(1);
    await rig.until(rating);
    await rig.clock.advance(500);
    const heard = rig.pad.trace().filter(({ direction }) => direction === 'in');
    expect(heard.map(({ hex }) => hex)).toEqual(['(8 bytes, private)', '00 00 00 00 00 00 00 00']);
  });
});
