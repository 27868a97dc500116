// Every rehearsal is played once: its commands succeed and are right, and its sample frames come through our decoder.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../kit/clock.ts';
import type { Rehearsal } from '../kit/rehearsal.ts';
import { createMemoryTransport } from '../kit/transports/memory.ts';
import { escposDriver } from './driver.ts';
import { rehearsals } from './rehearsal.ts';
import { escposConfigSchema } from './config.ts';
import type { PrinterCommand } from './api.ts';

const named = rehearsals.map((rehearsal) => ({ name: rehearsal.variant ?? 'full', rehearsal }));

const start = async (rehearsal: Rehearsal) => {
  const clock = createFakeClock();
  const transport = createMemoryTransport((bytes) => sim.receive(bytes));
  const sim = rehearsal.simulator(
    { send: (bytes) => transport.peer()?.send(bytes) },
    { clock, settings: rehearsal.simulatorSettings ?? {} },
  );
  const config = escposConfigSchema.parse(rehearsal.config);
  const printer = escposDriver.start(config, { id: 'printer', clock, log: () => undefined, transport });
  await clock.advance(4000);
  return { clock, sim, printer };
};

describe.each(named)('$name', ({ rehearsal }) => {
  test('every command succeeds twice and adds one ticket at most', async () => {
    const { clock, sim, printer } = await start(rehearsal);
    expect(printer.status()).toMatchObject({ state: 'online', faults: [] });
    for (const round of [1, 2])
      for (const command of rehearsal.commands) {
        const before = command.acts?.(sim.look()) ?? 0;
        for (const { knob, argument, afterMs } of command.hand ?? [])
          clock.after(afterMs, () => sim.knobs[knob]?.turn(argument));
        const running = printer.execute(command.command as PrinterCommand, {
          id: `${command.name}-${round}`,
          timeoutMs: command.timeoutMs,
        });
        await clock.advance(command.timeoutMs + 1000);
        const result = await running;
        expect(result).toMatchObject({ ok: true });
        expect(command.isRight(result.ok ? result.value : undefined)).toBe(true);
        const added = (command.acts?.(sim.look()) ?? 0) - before;
        expect([result.ok && result.value.type, added]).toEqual(command.acts ? ['printed', 1] : ['status', 0]);
        for (const { knob, argument } of command.tidy ?? []) sim.knobs[knob]?.turn(argument);
        await clock.advance(3000);
      }
  });

  test('a claim that no paper bears out is wrong', async () => {
    const { sim } = await start(rehearsal);
    const [print] = rehearsal.commands;
    expect(sim.look().tickets).toEqual([]);
    expect(print?.isRight({ type: 'printed', confirmedBy: 'fence' })).toBe(false);
    expect(print?.isRight({ type: 'unconfirmed', reason: 'noAnswer' })).toBe(true);
  });

  test('sample frames are read as what they are, alone and in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (numbers) => {
        let at = 0;
        const draw = (below: number): number => (numbers[at++ % numbers.length] ?? 0) % below;
        const decoder = rehearsal.codec.createDecoder();
        for (let count = 0; count < 4; count++) {
          const sample = rehearsal.codec.draw(draw);
          const items = decoder.push(sample.bytes);
          expect(items).toHaveLength(1);
          expect(items[0]?.type === 'frame' && sample.isFrame(items[0].frame)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
