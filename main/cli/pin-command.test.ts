import { verify } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { pin } from './pin-command.ts';
import { createTestIo } from './test-io.ts';

const input = { positionals: [], values: {}, isJson: false };

test('a piped PIN is asked for once and comes out as a hash that verifies', async () => {
  const io = createTestIo({}, ['730518']);
  expect(await pin.run(input, io)).toBe(0);
  expect(io.asked).toHaveLength(1);
  expect(io.outLines).toHaveLength(1);
  expect(io.outLines[0]).toMatch(/^\$argon2id\$/);
  expect(await verify(io.outLines[0] ?? '', '730518')).toBe(true);
});

test('a person types it twice, and a slip gives no hash', async () => {
  const io = createTestIo({ isTerminal: true }, ['730518', '730519']);
  expect(await pin.run(input, io)).toBe(2);
  expect(io.outLines).toEqual([]);
});

test.each([['12345'], ['1234567890123'], ['73051a'], [''], []])('%j is no PIN', async (...answers) => {
  const io = createTestIo({}, answers);
  expect(await pin.run(input, io)).toBe(2);
  expect(io.outLines).toEqual([]);
});

test('a PIN that everybody tries first is taken, with a word about it', async () => {
  const guessable = createTestIo({}, ['654321']);
  await pin.run(input, guessable);
  expect(guessable.errLines.join()).toContain('easy to guess');
  const good = createTestIo({}, ['730518']);
  await pin.run(input, good);
  expect(good.errLines).toEqual([]);
});
