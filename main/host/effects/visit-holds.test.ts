// A visit and a health check want the same device.

import { expect, it } from 'vitest';
import { createClaims } from '../../../devices/kit/claim.ts';
import { createFakeClock } from '../../../devices/kit/clock.ts';
import type { Device } from '../../../devices/kit/device.ts';
import { ok, type Result } from '../../../devices/kit/result.ts';
import type { HallDevice, HallDevices } from '../hall-devices.ts';
import { createVisitHolds, holdTimeoutMs } from './visit-holds.ts';

const start = () => {
  const clock = createFakeClock();
  const asked: string[] = [];
  const device = {
    status: () => ({ state: 'online', faults: [], sinceMs: 0 }),
    async execute(_command: unknown, { id }: { id: string }): Promise<Result<unknown>> {
      asked.push(id);
      return ok(id);
    },
  } as unknown as Device;
  const entry = { config: { id: 'reader' }, device } as HallDevice;
  const claims = createClaims(clock, (command, options) => device.execute(command, options));
  const devices = {
    get: () => entry,
    claim: (_id: string, holder: string, options: { timeoutMs: number }) => claims.claim(holder, options),
  } as unknown as HallDevices;
  return { clock, asked, claims, entry, holds: createVisitHolds(devices), devices };
};

const command = { timeoutMs: 1000 };

it('holds the device from its first act until it is over', async () => {
  const { claims, entry, holds } = start();
  const act = holds.begin(entry);
  expect(await act.device.execute('read', { id: '1', ...command })).toEqual(ok('1'));
  act.end();
  expect(claims.holder()).toBe('visit');
  const check = claims.claim('check', { timeoutMs: 60_000 });
  holds.end();
  expect(await check).toMatchObject({ ok: true });
  expect(claims.holder()).toBe('check');
});

it('a ticket that is still being printed is waited for', async () => {
  const { claims, entry, holds } = start();
  const printing = holds.begin(entry);
  await printing.device.execute('print', { id: '1', ...command });
  holds.end();
  expect(claims.holder()).toBe('visit');
  printing.end();
  await Promise.resolve();
  expect(claims.holder()).toBeUndefined();
});

it('waits for a health check, and only so long', async () => {
  const { clock, asked, claims, entry, holds } = start();
  const check = await claims.claim('check', { timeoutMs: 1000 });
  const act = holds.begin(entry);
  const refused = act.device.execute('read', { id: '1', ...command });
  await clock.advance(holdTimeoutMs);
  expect(await refused).toMatchObject({ error: { code: 'deviceInUse' } });
  const waiting = act.device.execute('read', { id: '2', ...command });
  if (check.ok) check.value.release();
  expect(await waiting).toEqual(ok('2'));
  expect(asked).toEqual(['2']);
});

it('an act of a visit that is over touches nothing any more', async () => {
  const { asked, claims, entry, holds, devices } = start();
  const act = holds.begin(entry);
  await act.device.execute('read', { id: '1', ...command });
  act.end();
  holds.end();
  await Promise.resolve();
  const next = createVisitHolds(devices);
  const nextAct = next.begin(entry);
  await nextAct.device.execute('read', { id: '2', ...command });
  expect(await act.device.execute('read', { id: 'late', ...command })).toMatchObject({ ok: false });
  expect(asked).toEqual(['1', '2']);
  expect(claims.holder()).toBe('visit');
});
