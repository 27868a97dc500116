// Nobody is left out: every driver of the registry is rehearsed, and a rehearsal is of a driver that there is.

import { describe, expect, it } from 'vitest';
import { registry } from '../../devices/registry.ts';
import { createRandom } from './random.ts';
import { findRehearsals, unregistered } from './rehearsals.ts';

const rehearsals = await findRehearsals();

it.each(registry.map(({ driver }) => driver))('%s has a rehearsal', (driver) => {
  expect(rehearsals.filter(({ definition }) => definition.driver === driver)).not.toHaveLength(0);
});

it.each(registry.map(({ driver, commands }) => ({ driver, commands })))(
  '$driver rehearses every command that it names',
  ({ driver, commands }) => {
    const rehearsed = rehearsals
      .filter(({ definition }) => definition.driver === driver)
      .flatMap(({ rehearsal }) => rehearsal.commands.map(({ command }) => (command as { type: string }).type));
    expect(commands.filter((name) => !rehearsed.includes(name))).toEqual([]);
  },
);

it('a rehearsal is of a registered driver', async () => {
  expect(await unregistered()).toEqual([]);
});

describe.each(rehearsals)('$name', ({ rehearsal, definition }) => {
  it('has settings that the driver takes', () => {
    expect(() => definition.configSchema.parse(rehearsal.config)).not.toThrow();
  });

  it('draws frames that its decoder reads', () => {
    const random = createRandom(1);
    for (let count = 0; count < 50; count += 1) {
      const sample = rehearsal.codec.draw((below) => random.below(below));
      const decoder = rehearsal.codec.createDecoder();
      const items = [...decoder.push(sample.bytes), ...(decoder.idle?.() ?? [])];
      expect(items.some((item) => item.type === 'frame' && sample.isFrame(item.frame))).toBe(true);
    }
  });
});
