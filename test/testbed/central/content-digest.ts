// Content-Digest (RFC 9530) of request bodies. A payload carries its own hash, but a flipped bit in an event's id or sequence number
// would make another event of it; so a body that is not the one that was sent is answered with 460 before anybody reads it. That
// status is no refusal: the kiosk sends the same again.

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

export const digestMismatch = 460;

const digestOf = (body: Buffer): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

class DigestError extends Error {
  readonly statusCode = digestMismatch;
}

/** Takes JSON bodies; one without the header is taken as it is. */
export const checkDigests = (app: FastifyInstance): void => {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!Buffer.isBuffer(body)) return done(new Error('the body was not read'));
    const announced = request.headers['content-digest'];
    if (announced !== undefined && announced !== digestOf(body))
      return done(new DigestError('the body does not fit its Content-Digest'));
    try {
      done(null, JSON.parse(body.toString('utf8')) as unknown);
    } catch {
      done(Object.assign(new Error('the body is no JSON'), { statusCode: 400 }));
    }
  });
};
