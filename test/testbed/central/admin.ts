// What the platform's own people read, over HTTP and behind a key of their own, from any of its processes. Without such a key these
// addresses do not exist.
//
//   GET /admin/counts     what the books hold
//   GET /admin/arrivals   requests a second at this process, and how many it refused

import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Arrivals } from './capacity.ts';
import type { Counts } from './counts.ts';

const isSame = (given: string | undefined, key: string): boolean => {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${key}`)];
  return left.length === right.length && timingSafeEqual(left, right);
};

export const addAdmin = (
  app: FastifyInstance,
  parts: { adminKey: string | undefined; counts(): Promise<Counts>; arrivals(): Arrivals },
): void => {
  const { adminKey } = parts;
  if (adminKey === undefined) return;
  void app.register((admin, _options, done) => {
    admin.addHook('onRequest', async (request, reply) => {
      if (!isSame(request.headers.authorization, adminKey)) await reply.code(401).send({ code: 'UNAUTHORIZED' });
    });
    admin.get('/admin/counts', () => parts.counts());
    admin.get('/admin/arrivals', () => parts.arrivals());
    done();
  });
};
