import { expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import { createForgetting } from './forget.ts';

it('after a visit garbage is collected several times, once the screens show something else', async () => {
  const clock = createFakeClock();
  let collected = 0;
  const forget = createForgetting(clock, () => void collected++);
  forget();
  expect(collected).toBe(0);
  await clock.advance(600);
  expect(collected).toBe(2);
  await clock.advance(2000);
  expect(collected).toBe(4);
  await clock.advance(2000);
  expect(collected).toBe(6);
});
