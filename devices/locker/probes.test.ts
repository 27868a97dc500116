// The questions that are put to a port of which nobody knows what stands behind it. No lock board of any supported protocol may take
// them for an open command: not at any byte offset, not glued to each other, not after a torn frame.

import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import { families } from './test-rig.ts';

const questions = families.map(({ driver }) => ({ name: driver.driver, ask: [...(driver.probe.ask[0] ?? [])] }));
const listeners = families.flatMap(({ driver, rehearsals }) =>
  rehearsals.map((rehearsal) => ({ driver, rehearsal, name: `${driver.driver} ${rehearsal.variant ?? ''}` })),
);

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

describe.each(listeners)('$name hears', ({ rehearsal }) => {
  const movedBy = async (bytes: readonly number[]): Promise<number> => {
    const clock = createFakeClock();
    const settings = rehearsal.simulatorSettings ?? {};
    const cabinet = rehearsal.simulator({ send: () => undefined }, { clock, settings });
    cabinet.receive(Uint8Array.from(bytes));
    await clock.advance(1000);
    cabinet.stop();
    const { pulses, openAlls } = cabinet.look();
    return Number(pulses) + Number(openAlls);
  };

  test('every question alone, and opens nothing', async () => {
    for (const { ask } of questions) expect(await movedBy(ask)).toBe(0);
  });

  test('all questions in every order, without a pause between them', async () => {
    for (const order of permutations(questions)) expect(await movedBy(order.flatMap(({ ask }) => ask))).toBe(0);
  });

  test('every tail of every question before every other question', async () => {
    for (const { ask: first } of questions)
      for (let from = 1; from < first.length; from += 1)
        for (const { ask: second } of questions)
          expect(await movedBy([...first.slice(from), ...second, ...second])).toBe(0);
  });
});

test('only the own answer is recognised, never the own question coming back', async () => {
  for (const { driver: asker } of families) {
    const question = asker.probe.ask[0] ?? new Uint8Array();
    expect(asker.probe.recognise(question)).toBeUndefined();
    for (const { driver, rehearsals } of families) {
      const [rehearsal] = rehearsals;
      const clock = createFakeClock();
      const heard: number[] = [...question];
      const wire = { send: (bytes: Uint8Array) => void heard.push(...bytes) };
      const settings = rehearsal?.simulatorSettings ?? {};
      const cabinet = rehearsal?.simulator(wire, { clock, settings });
      cabinet?.receive(question);
      await clock.advance(asker.probe.waitMs);
      cabinet?.stop();
      const identity = asker.probe.recognise(Uint8Array.from(heard));
      expect([driver.driver, identity !== undefined]).toEqual([driver.driver, driver.driver === asker.driver]);
    }
  }
});
