// Anything at any moment, in any order: faults, hang-ups, people at the doors, commands. Afterwards the bus always comes back, every
// command ended once, no command pulsed twice, and a bus that falls silent is always found.

import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { heartbeatMs } from './state.ts';
import { families, startRig, stopRigs } from './test-rig.ts';

afterEach(stopRigs);

type Act =
  | { type: 'fault'; name: string; isOn: boolean }
  | { type: 'hangUp' }
  | { type: 'refuse'; isOn: boolean }
  | { type: 'hold' }
  | { type: 'release' }
  | { type: 'door'; cell: number; isOpen: boolean }
  | { type: 'command'; name: 'openCell' | 'awaitClosed' | 'queryCells'; cell: number; timeoutMs: number };

const faults = ['mute', 'badChecksum', 'garbageBefore', 'echo', 'lateReply', 'slow', 'cutReply'];
const step = fc.tuple(
  fc.oneof(
    fc.record({ type: fc.constant('fault'), name: fc.constantFrom(...faults), isOn: fc.boolean() }),
    fc.constant({ type: 'hangUp' }),
    fc.record({ type: fc.constant('refuse'), isOn: fc.boolean() }),
    fc.constant({ type: 'hold' }),
    fc.constant({ type: 'release' }),
    fc.record({ type: fc.constant('door'), cell: fc.integer({ min: 1, max: 8 }), isOpen: fc.boolean() }),
    fc.record({
      type: fc.constant('command'),
      name: fc.constantFrom('openCell', 'awaitClosed', 'queryCells'),
      cell: fc.integer({ min: 1, max: 8 }),
      timeoutMs: fc.constantFrom(50, 400, 8000, 20_000),
    }),
  ) as fc.Arbitrary<Act>,
  fc.constantFrom(0, 5, 30, 120, 300, 900, 4000, 7000),
);

const all = families.flatMap(({ driver, rehearsals }) =>
  rehearsals.map((rehearsal) => ({ name: `${driver.driver} ${rehearsal.variant ?? ''}`, driver, rehearsal })),
);

describe.each(all)('$name', ({ driver, rehearsal }) => {
  test('comes back from anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const { config, simulator, simulatorSettings } = rehearsal;
        const rig = await startRig({ driver, config, simulator, settings: { ...simulatorSettings } });
        const { clock, locker, transport } = rig;
        const ended: string[] = [];
        const given: string[] = [];
        let opens = 0;
        for (const [act, waitMs] of steps) {
          if (act.type === 'fault') rig.turn(act.name, act.isOn ? 'on' : 'off');
          else if (act.type === 'hangUp') transport.peer()?.hangUp();
          else if (act.type === 'refuse') transport.refuse(act.isOn ? 'notFound' : undefined);
          else if (act.type === 'hold') rig.hold();
          else if (act.type === 'release') rig.release();
          else if (act.type === 'door') rig.turn(act.isOpen ? 'openDoor' : 'shutDoor', String(act.cell));
          else {
            const id = `${given.length}`;
            const { name, cell, timeoutMs } = act;
            given.push(id);
            if (name === 'openCell') opens += 1;
            const command = name === 'queryCells' ? { type: name } : { type: name, cell };
            void locker.execute(command, { id, timeoutMs }).then(() => ended.push(id));
          }
          await clock.advance(waitMs);
        }
        rig.release();
        rig.turn('repair');
        transport.refuse(undefined);
        await clock.advance(180_000);
        expect(ended.toSorted()).toEqual(given.toSorted());
        expect(rig.pulses()).toBeLessThanOrEqual(opens);
        expect(locker.status().state).toBe('online');
        rig.turn('mute', 'on');
        await clock.advance(2 * heartbeatMs + 3000);
        expect(locker.status().state).toBe('offline');
        await stopRigs();
      }),
      { numRuns: 25 },
    );
  });
});
