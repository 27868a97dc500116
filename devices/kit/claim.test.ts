import { expect, it } from 'vitest';
import { claimQueueLimit, createClaims, type Claim } from './claim.ts';
import { createFakeClock } from './clock.ts';
import type { ExecuteOptions } from './device.ts';
import { ok, type Result } from './result.ts';

const start = () => {
  const clock = createFakeClock();
  const given: { command: unknown; options: ExecuteOptions }[] = [];
  const claims = createClaims(clock, async (command, options) => {
    given.push({ command, options });
    return ok(command);
  });
  return { clock, given, claims };
};

const taken = (result: Result<Claim>): Claim => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

it('is held by one; the next one gets it when it is given back', async () => {
  const { claims } = start();
  const visit = taken(await claims.claim('visit', { timeoutMs: 1000 }));
  const check = claims.claim('check', { timeoutMs: 1000 });
  expect(claims.holder()).toBe('visit');
  visit.release();
  visit.release();
  expect(taken(await check).isHeld()).toBe(true);
  expect(claims.holder()).toBe('check');
});

it('refuses commands of a claim that was given back, and cancels those under way', async () => {
  const { claims, given } = start();
  const visit = taken(await claims.claim('visit', { timeoutMs: 1000 }));
  expect(await visit.execute('read', { id: '1', timeoutMs: 1000 })).toEqual(ok('read'));
  visit.release();
  expect(given[0]?.options.signal?.aborted).toBe(true);
  expect(await visit.execute('read', { id: '2', timeoutMs: 1000 })).toMatchObject({ error: { code: 'claimReleased' } });
  expect(given).toHaveLength(1);
});

it('passes the caller’s own signal on', async () => {
  const { claims, given } = start();
  const visit = taken(await claims.claim('visit', { timeoutMs: 1000 }));
  const gone = new AbortController();
  await visit.execute('read', { id: '1', timeoutMs: 1000, signal: gone.signal });
  gone.abort();
  expect(given[0]?.options.signal?.aborted).toBe(true);
});

it('says that the device is in use when its turn does not come in time', async () => {
  const { clock, claims } = start();
  const visit = taken(await claims.claim('visit', { timeoutMs: 1000 }));
  const late = claims.claim('check', { timeoutMs: 1000 });
  await clock.advance(1000);
  expect(await late).toMatchObject({ error: { code: 'deviceInUse' } });
  visit.release();
  expect(claims.holder()).toBeUndefined();
  expect(clock.pending()).toBe(0);
});

it('lets a waiting one go, and skips it', async () => {
  const { clock, claims } = start();
  const visit = taken(await claims.claim('visit', { timeoutMs: 1000 }));
  const gone = new AbortController();
  const given = claims.claim('check', { timeoutMs: 1000, signal: gone.signal });
  const other = claims.claim('console', { timeoutMs: 1000 });
  gone.abort();
  expect(await given).toMatchObject({ error: { code: 'canceled' } });
  expect(await claims.claim('late', { timeoutMs: 1000, signal: gone.signal })).toMatchObject({
    error: { code: 'canceled' },
  });
  visit.release();
  expect(taken(await other).holder).toBe('console');
  expect(clock.pending()).toBe(0);
});

it('lets no more wait than its queue holds', async () => {
  const { claims } = start();
  await claims.claim('visit', { timeoutMs: 1000 });
  for (let index = 0; index < claimQueueLimit; index += 1) void claims.claim(`w${index}`, { timeoutMs: 1000 });
  expect(await claims.claim('one too many', { timeoutMs: 1000 })).toMatchObject({ error: { code: 'deviceInUse' } });
});

it('is given back at the end of its block, also when that throws', async () => {
  const { claims } = start();
  await expect(
    (async () => {
      using claim = taken(await claims.claim('check', { timeoutMs: 1000 }));
      throw new Error(`${claim.holder} broke off`);
    })(),
  ).rejects.toThrow('broke off');
  expect(claims.holder()).toBeUndefined();
});
