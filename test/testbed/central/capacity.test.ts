import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createCapacity, type Capacity } from './capacity.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const serve = async (capacity: Capacity): Promise<string> => {
  const server = createServer(capacity.wrap((_request, response) => void response.end('done')));
  ends.push(() => server.close().closeAllConnections());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const statusesOf = async (url: string, count: number): Promise<number[]> => {
  const statuses: number[] = [];
  for (let request = 0; request < count; request++)
    statuses.push((await fetch(url, { method: 'POST', body: 'x'.repeat(1000) })).status);
  return statuses;
};

it('above the capacity requests are answered with 429 and a time to come again; with time there is room again', async () => {
  let now = 0;
  const capacity = createCapacity(2, () => now);
  const url = await serve(capacity);
  expect(await statusesOf(`${url}/v1/events`, 4)).toEqual([200, 200, 429, 429]);
  const refused = await fetch(`${url}/v1/events`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  now = 1000;
  expect(await statusesOf(`${url}/v1/events`, 3)).toEqual([200, 200, 429]);
  now = 3500;
  expect(await statusesOf(`${url}/v1/events`, 1)).toEqual([200]);
  expect(capacity.arrivals()).toEqual({ perSecond: [5, 3, 0, 1], requests: 9, refused: 4 });
});

it('the times to come again are spread the wider the more come', async () => {
  const url = await serve(createCapacity(1, () => 0));
  await statusesOf(`${url}/v1/events`, 60);
  const waits = new Set<number>();
  for (let request = 0; request < 40; request++)
    waits.add(Number((await fetch(`${url}/v1/events`)).headers.get('retry-after')));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...waits)).toBeLessThanOrEqual(120);
  expect(Math.max(...waits)).toBeGreaterThan(20);
});

it('without a capacity nobody is refused, and what is not of the interface is not counted', async () => {
  const capacity = createCapacity(undefined, () => 0);
  const url = await serve(capacity);
  expect(
    new Set([...(await statusesOf(`${url}/v1/queue`, 50)), ...(await statusesOf(`${url}/openapi.json`, 5))]),
  ).toEqual(new Set([200]));
  expect(capacity.arrivals()).toEqual({ perSecond: [50], requests: 50, refused: 0 });
});
