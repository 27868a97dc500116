// Byte order and polarity from what was heard while a person moved one door: every way a cabinet can be built is found out.

import { afterEach, describe, expect, test } from 'vitest';
import { board8a80Driver } from './board-8a80/driver.ts';
import { createLockerSimulator } from './board-8a80/simulator.ts';
import { deriveWiring, type Heard, type Wiring } from './calibration.ts';
import { runCheck, startRig, stopRigs, type Rig } from './test-rig.ts';

afterEach(stopRigs);

const wiring: Wiring = {
  setting: 'queryAllBit',
  value: 'open',
  other: 'closed',
  byteOrder: 'lastByteFirst',
  setBit: 'open',
};
const said = (...bytes: number[]): Heard => ({ cells: [], statusBytes: [{ board: 1, bytes }] });
const place = (lock: number) => ({ board: 1, lock });

describe('from status bytes', () => {
  test.each([
    ['as set', 1, said(0, 0, 0), said(0, 0, 1), {}],
    ['other byte order', 1, said(0, 0, 0), said(1, 0, 0), { queryAllOrder: 'firstByteFirst' }],
    ['other polarity', 1, said(255, 255, 255), said(255, 255, 254), { queryAllBit: 'closed' }],
    ['both', 3, said(255, 255, 255), said(251, 255, 255), { queryAllBit: 'closed', queryAllOrder: 'firstByteFirst' }],
    ['seven bytes, lock 50', 50, said(0, 0, 0, 0, 0, 0, 0), said(2, 0, 0, 0, 0, 0, 0), {}],
  ] as const)('%s', (_name, lock, shut, open, settings) => {
    expect(deriveWiring(lock, place(lock), shut, open, wiring)).toEqual({ ok: true, settings, isOrderOpen: false });
  });

  test('a door in the middle byte, or a single byte, cannot tell the order', () => {
    const expected = { ok: true, settings: {}, isOrderOpen: true };
    expect(deriveWiring(9, place(9), said(0, 0, 0), said(0, 1, 0), wiring)).toEqual(expected);
    expect(deriveWiring(2, place(2), said(0), said(2), wiring)).toEqual(expected);
  });

  test.each([
    ['nothing moved', said(0, 0, 0), said(0, 0, 0), 'contactDidNotChange'],
    ['the board said nothing', { cells: [] }, { cells: [] }, 'contactDidNotChange'],
    ['another bit', said(0, 0, 0), said(0, 0, 2), 'otherLockMoved'],
    ['another byte', said(0, 0, 0), said(0, 1, 0), 'otherLockMoved'],
    ['two bits', said(0, 0, 0), said(0, 0, 3), 'otherLockMoved'],
  ] as const)('%s: no setting is proposed', (_name, shut, open, code) => {
    expect(deriveWiring(1, place(1), shut, open, wiring)).toMatchObject({ ok: false, code });
  });
});

describe('from doors', () => {
  const doors = (...states: ('open' | 'closed' | 'unknown')[]): Heard => ({
    cells: states.map((door, index) => ({ cell: index + 1, door })),
  });
  const single: Wiring = { setting: 'feedback', value: 'closedOnLock', other: 'closedOnOpen' };

  test.each([
    [doors('closed', 'closed'), doors('open', 'closed'), { ok: true, settings: {} }],
    [doors('open', 'open'), doors('closed', 'open'), { ok: true, settings: { feedback: 'closedOnOpen' } }],
    [doors('closed', 'closed'), doors('closed', 'closed'), { ok: false, code: 'contactDidNotChange' }],
    [doors('closed', 'closed'), doors('closed', 'open'), { ok: false, code: 'otherLockMoved' }],
    [doors('unknown'), doors('unknown'), { ok: false, code: 'lockNotReported' }],
  ] as const)('%j then %j', (shut, open, expected) => {
    expect(deriveWiring(1, place(1), shut, open, single)).toMatchObject(expected);
  });
});

describe('the check finds how the cabinet is built, and agrees once it is set so', () => {
  const orders = ['lastByteFirst', 'firstByteFirst'] as const;
  const bits = ['open', 'closed'] as const;
  const built = orders.flatMap((queryAllOrder) => bits.map((queryAllBit) => ({ queryAllOrder, queryAllBit })));
  const calibrate = async (config: object, settings: object) => {
    const rig: Rig = await startRig({
      driver: board8a80Driver,
      config: { cells: 12, statusBy: 'all', ...config },
      simulator: createLockerSimulator,
      settings: { locks: 12, reports: false, ...settings },
    });
    const answer = (question: number): boolean => {
      rig.turn(question === 1 ? 'shutAll' : 'openDoor', '1');
      return true;
    };
    return runCheck(rig, 'wiring', { answer, shutsDoors: false });
  };

  test.each(built)('$queryAllOrder, set bit means $queryAllBit', async (cabinet) => {
    const verdict = await calibrate({}, cabinet);
    const proposed = Object.fromEntries(
      [...(verdict?.detail ?? '').matchAll(/`(\w+)` to `(\w+)`/g)].map(([, name, value]) => [name ?? '', value]),
    );
    const isDefault = cabinet.queryAllOrder === 'lastByteFirst' && cabinet.queryAllBit === 'open';
    expect(verdict).toMatchObject(isDefault ? { passed: true } : { passed: false, code: 'wiringDiffers' });
    expect({ queryAllOrder: 'lastByteFirst', queryAllBit: 'open', ...proposed }).toEqual(cabinet);
    expect(await calibrate(proposed, cabinet)).toMatchObject({ passed: true });
  });
});
