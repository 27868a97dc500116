// "Who is there?" is asked at a port behind which anything can stand. Every driver's question goes to every simulator: no door opens,
// nothing is printed, and nobody is taken for somebody else.

import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../devices/kit/clock.ts';
import type { Probe } from '../../devices/kit/device.ts';
import { registry } from '../../devices/registry.ts';
import { findRehearsals, type Rehearsed } from './rehearsals.ts';
import { actsOf } from './stage.ts';

const rehearsals = await findRehearsals();
/** Time for a coil or a cutter that should not have moved. */
const afterMs = 5000;

const ask = async (probe: Probe, { rehearsal }: Rehearsed) => {
  const clock = createFakeClock();
  const heard: number[] = [];
  const simulator = rehearsal.simulator(
    { send: (bytes) => void heard.push(...bytes) },
    { clock, settings: rehearsal.simulatorSettings ?? {} },
  );
  await clock.advance(afterMs);
  const before = actsOf(rehearsal, simulator.look());
  for (const question of probe.ask) {
    simulator.receive(question);
    await clock.advance(probe.waitMs);
  }
  const identity = probe.recognise(Uint8Array.from(heard));
  await clock.advance(afterMs);
  const acts = actsOf(rehearsal, simulator.look()) - before;
  simulator.stop();
  return { identity, acts };
};

const probing = registry.flatMap((definition) =>
  definition.probe ? [{ ...definition, probe: definition.probe }] : [],
);

describe.each(probing)('the question of $driver', ({ driver, kind, links, probe }) => {
  // A question for a HID device is never put on a serial line, nor the other way round.
  // A device that its driver finds by itself (SANE) stands on no port.
  const asked = rehearsals.filter(
    ({ rehearsal, definition }) =>
      definition.links.length > 0 &&
      (rehearsal.wire === 'reports' ? links.includes('hid') : links.some((link) => link !== 'hid')),
  );

  it.each(asked)('does nothing at $name', async (rehearsed) => {
    const { acts, identity } = await ask(probe, rehearsed);
    const isTakenForThis = rehearsed.definition.kind !== kind && identity !== undefined;
    expect({ acts, isTakenForThis }).toEqual({ acts: 0, isTakenForThis: false });
  });

  it('is answered by its own device', async () => {
    const own = asked.filter(({ definition }) => definition.driver === driver);
    const answers = await Promise.all(own.map((rehearsed) => ask(probe, rehearsed)));
    expect(answers.some(({ identity }) => identity !== undefined)).toBe(true);
  });

  it('is not recognised in silence', () => {
    expect(probe.recognise(new Uint8Array())).toBeUndefined();
  });
});

it('there is something to ask', () => {
  expect(probing.length).toBeGreaterThan(0);
});
