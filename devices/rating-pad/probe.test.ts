import { expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import { padProbe } from './probe.ts';
import { createRatingPadSimulator } from './simulator.ts';

const answerOf = (model: string, fault = 'none'): Uint8Array => {
  const heard: number[] = [];
  const pad = createRatingPadSimulator(
    { send: (bytes) => heard.push(...bytes) },
    { clock: createFakeClock(), settings: { model } },
  );
  pad.knobs.fault?.turn(fault);
  for (const question of padProbe.ask) pad.receive(question);
  return Uint8Array.from(heard);
};

test.each(['exampleStxEtx', 'exampleSum'])('%s answers and is known', (model) => {
  expect(padProbe.recognise(answerOf(model))).toMatchObject({ capabilities: ['askRating', 'heartbeat'] });
});

test('a pad that answers nothing, an echo, and keys are not', () => {
  expect(padProbe.recognise(answerOf('exampleAsciiDigits'))).toBeUndefined();
  expect(padProbe.recognise(answerOf('exampleAsciiDigits', 'echo'))).toBeUndefined();
  expect(padProbe.recognise(Uint8Array.of(0x02, 0x35, 0x03))).toBeUndefined();
  expect(padProbe.recognise(new Uint8Array())).toBeUndefined();
});

test('no question prompts a pad', () => {
  for (const model of ['exampleAsciiDigits', 'exampleStxEtx', 'exampleSum']) {
    const pad = createRatingPadSimulator({ send: () => undefined }, { clock: createFakeClock(), settings: { model } });
    for (const question of padProbe.ask) pad.receive(question);
    expect(pad.look().prompts).toBe(0);
  }
});
