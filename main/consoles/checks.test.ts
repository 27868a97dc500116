// A health check and a citizen's visit at the same device.

import { expect, it } from 'vitest';
import { createClaims } from '../../devices/kit/claim.ts';
import { createFakeClock } from '../../devices/kit/clock.ts';
import type { HealthCheck } from '../../devices/kit/device.ts';
import type { Kiosk } from '../host/kiosk.ts';
import { createChecks, type CheckEvent } from './checks.ts';

const by = { account: 'engineer', role: 'technician' } as const;

const start = (run: HealthCheck['run']) => {
  const clock = createFakeClock();
  const saved: unknown[] = [];
  const told: unknown[] = [];
  const claims = createClaims(clock, () => Promise.reject(new Error('a check asks its device itself')));
  const check: HealthCheck = { name: 'open', scope: 'external', title: { zh: '', en: '' }, run };
  const kiosk = {
    clock,
    devices: {
      get: () => ({ device: { checks: [check] } }),
      claim: (_id: string, holder: string, options: { timeoutMs: number }) => claims.claim(holder, options),
    },
    store: { saveVerdict: (...verdict: unknown[]) => void saved.push(verdict), audit: () => undefined },
    reports: { inspected: (...news: unknown[]) => void told.push(news) },
  } as unknown as Kiosk;
  const listen = async (): Promise<CheckEvent[]> => {
    const events: CheckEvent[] = [];
    for await (const event of createChecks(kiosk).run('locker', 'open', by)) events.push(event);
    return events;
  };
  return { clock, saved, told, claims, listen };
};

it('does not run while a visit holds the device, and leaves the last verdict alone', async () => {
  let runs = 0;
  const { clock, saved, told, claims, listen } = start(async () => {
    runs += 1;
    return { passed: true, code: 'ok', detail: '' };
  });
  await claims.claim('visit', { timeoutMs: 1000 });
  const events = listen();
  await clock.advance(60_000);
  expect(await events).toMatchObject([{ type: 'verdict', verdict: { passed: false, code: 'deviceInUse' } }]);
  expect([runs, saved.length, told.length, claims.holder()]).toEqual([0, 0, 0, 'visit']);
});

it.each([
  ['passed', async () => ({ passed: true, code: 'ok', detail: '' }), { passed: true }],
  ['broke off', () => Promise.reject(new Error('a bug')), { passed: false, code: 'checkFailed' }],
])('holds the device while it runs and gives it back when it has %s', async (_how, outcome, verdict) => {
  const holders: (string | undefined)[] = [];
  const { claims, saved, told, listen } = start(() => {
    holders.push(claims.holder());
    return outcome();
  });
  expect(await listen()).toMatchObject([{ type: 'verdict', verdict }]);
  expect(holders).toEqual(['check by engineer']);
  expect([claims.holder(), saved.length]).toEqual([undefined, 1]);
  // The centre hears what the store keeps.
  expect(told).toMatchObject([['locker open', { ...verdict, by: 'engineer' }]]);
});
