// Signed bundles over HTTP: kiosks fetch with their own key, an administrator publishes with another one. Registered beside the
// procedures of the intake contract, because files are served as the bytes they are.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { bundleChannels, fileRoles } from '../../../main/contract/bundles.ts';
import type { Publisher } from './bundles.ts';

const publicationSchema = z.strictObject({
  channel: z.enum(bundleChannels),
  audience: z.strictObject({ kiosks: z.array(z.string()).optional(), halls: z.array(z.string()).optional() }),
  payload: z.unknown(),
  validDays: z.number().positive().max(3650).optional(),
});
const rotationSchema = z.strictObject({ roles: z.array(z.enum(fileRoles)).max(fileRoles.length) });
const adminBodyBytes = 4 * 1024 * 1024;

export const addBundles = (
  app: FastifyInstance,
  publisher: Publisher,
  kiosks: {
    /** Whether the request's bearer key may speak for the kiosk. */
    mayActAs(request: FastifyRequest, kioskId: string): boolean | Promise<boolean>;
    hallCodeOf(kioskId: string): string | undefined;
  },
  /** Bearer key for publishing; without one nobody publishes over HTTP. */
  adminKey: string | undefined,
): void => {
  const kioskOf = async (request: FastifyRequest): Promise<string | undefined> => {
    const { kioskId } = request.query as { kioskId?: string };
    return kioskId !== undefined && /^[A-Za-z0-9-]{3,40}$/.test(kioskId) && (await kiosks.mayActAs(request, kioskId))
      ? kioskId
      : undefined;
  };
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const isAdmin = ({ headers }: FastifyRequest): boolean =>
    timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${adminKey}`));
  const unauthorised = { code: 'UNAUTHORIZED', message: 'unknown key' };
  const notThere = { code: 'NOT_FOUND', message: 'no such file' };

  // Public keys and signatures: nothing to hide, and a kiosk with a new key must be able to follow.
  app.get('/v1/bundles/root/:version', (request, reply) => {
    const bytes = publisher.root(Number((request.params as { version: string }).version));
    return bytes ? reply.type('application/json').send(bytes) : reply.code(404).send(notThere);
  });
  app.get('/v1/bundles/manifest', async (request, reply) => {
    const kioskId = await kioskOf(request);
    if (kioskId === undefined) return reply.code(401).send(unauthorised);
    const hallCode = kiosks.hallCodeOf(kioskId);
    const bytes = publisher.manifest({ kioskId, ...(hallCode === undefined ? {} : { hallCode }) });
    const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.header('etag', etag).type('application/json').send(bytes);
  });
  const sendFile = async (request: FastifyRequest): Promise<Buffer | 401 | 404> => {
    if ((await kioskOf(request)) === undefined) return 401;
    const { channel, version, base } = request.params as { channel: string; version: string; base?: string };
    return publisher.file(channel, Number(version), base === undefined ? undefined : Number(base)) ?? 404;
  };
  for (const path of ['/v1/bundles/file/:channel/:version', '/v1/bundles/file/:channel/:version/from/:base'])
    app.get(path, async (request, reply) => {
      const found = await sendFile(request);
      if (found === 401) return reply.code(401).send(unauthorised);
      return found === 404 ? reply.code(404).send(notThere) : reply.type('application/json').send(found);
    });

  if (adminKey === undefined) return;
  app.post('/admin/bundles', { bodyLimit: adminBodyBytes }, (request, reply) => {
    if (!isAdmin(request)) return reply.code(401).send(unauthorised);
    const parsed = publicationSchema.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ code: 'BAD_REQUEST', message: parsed.error.message });
    const { validDays, ...publication } = parsed.data;
    return reply.send(publisher.publish({ ...publication, ...(validDays === undefined ? {} : { validDays }) }));
  });
  app.post('/admin/bundles/rotate', (request, reply) => {
    if (!isAdmin(request)) return reply.code(401).send(unauthorised);
    const parsed = rotationSchema.safeParse(request.body);
    if (!parsed.success) return reply.code(400).send({ code: 'BAD_REQUEST', message: parsed.error.message });
    return reply.send({ rootVersion: publisher.rotate(parsed.data) });
  });
};
