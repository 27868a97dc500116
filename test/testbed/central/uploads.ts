// Scans come in by tus 1.0. A chunk is written only when it arrived whole and its checksum fits, and the scan counts only when the
// whole file has the announced SHA-256; anything else is answered with 460 and leaves nothing behind.
// Any process on the same directory takes the next chunk. One request at a time has a scan, over all processes, until its answer stands:
// the library lets go of its own lock before the whole file is checked, and a kiosk that asks in between would take it for finished.
//
//   POST (hash, length) ─▶ PATCH chunk ─checksum─▶ file ─▶ last chunk: SHA-256 ─▶ blobs/<sha256>

import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import { Server, type Locker, type Upload } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Books } from './books.ts';

export const uploadPath = '/v1/uploads';
const maxScanBytes = 32 * 1024 * 1024;
const maxChunkBytes = 4 * 1024 * 1024;
const checksumMismatch = 460;
/** Set by this server on the request that the tus library sees; what a client sends under this name is overwritten. */
const kioskHeader = 'x-authorised-kiosk';

const longestWaitMs = 20_000;

/** For the library: its request has the scan to itself already. */
const unlocked: Locker = { newLock: () => ({ lock: () => Promise.resolve(), unlock: () => Promise.resolve() }) };

type Answer = { status: number; headers: Record<string, string>; text: string };
const said = (status: number, text: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'tus-resumable': '1.0.0', ...headers },
  text: `${text}\n`,
});

type UploadRequest = FastifyRequest<{ Params: { id?: string } }>;

export type Uploads = { pathOf(sha256: string): string };

const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const flush = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** The tus library sends what is thrown in this shape as the answer. */
const refusal = (statusCode: number, body: string): Error =>
  Object.assign(new Error(body), { status_code: statusCode, body: `${body}\n` });

export const addUploads = async (
  app: FastifyInstance,
  books: Books,
  directory: string,
  kioskOf: (request: FastifyRequest) => Promise<string | undefined>,
): Promise<Uploads> => {
  const partial = join(directory, 'partial');
  const blobs = join(directory, 'blobs');
  for (const folder of [partial, blobs]) mkdirSync(folder, { recursive: true });
  const pathOf = (sha256: string): string => join(blobs, sha256);
  const datastore = new FileStore({ directory: partial });
  // The file store makes its folder in the background and throws where nobody can catch it; this one queues behind.
  await mkdir(partial, { recursive: true });
  /** Whole and right: it counts from now on. Whole and wrong: nothing is left of it. */
  const finish = async ({ id, size = 0, metadata }: Upload): Promise<boolean> => {
    const { sha256, mediaType, kiosk } = metadata ?? {};
    const path = join(partial, id);
    const actual = await hashOf(path);
    if (actual !== sha256) {
      await datastore.remove(id);
      return false;
    }
    await flush(path);
    await rename(path, pathOf(actual));
    await books.run(
      `INSERT INTO blobs (sha256, bytes, media_type, kiosk_id, received_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (sha256) DO NOTHING`,
      actual,
      size,
      mediaType ?? '',
      kiosk ?? '',
      new Date().toISOString(),
    );
    await rm(`${path}.json`, { force: true });
    return true;
  };

  const server = new Server({
    path: uploadPath,
    datastore,
    locker: unlocked,
    relativeLocation: true,
    maxSize: maxScanBytes,
    allowedOrigins: [],
    onUploadCreate: (request, upload) => {
      const { sha256, mediaType } = upload.metadata ?? {};
      if (!sha256 || !/^[0-9a-f]{64}$/.test(sha256) || !mediaType)
        return Promise.reject(refusal(400, 'Upload-Metadata must name sha256 and mediaType'));
      if (upload.size === undefined) return Promise.reject(refusal(400, 'Upload-Length is required'));
      return Promise.resolve({ metadata: { sha256, mediaType, kiosk: request.headers.get(kioskHeader) } });
    },
    onUploadFinish: async (_request, upload) => {
      if (!(await finish(upload)))
        throw refusal(checksumMismatch, 'the whole file does not have the announced SHA-256');
      return {};
    },
  });

  /** The upload, if it is this kiosk's and still under way. One that was whole when a process died before checking it is checked now. */
  const isUnderWay = async (id: string, kiosk: string): Promise<boolean> => {
    const upload = await datastore.getUpload(id).catch(() => undefined);
    if (upload?.metadata?.['kiosk'] !== kiosk) return false;
    if (upload.offset !== upload.size) return true;
    await finish(upload);
    return false;
  };

  const fitsChecksum = (request: FastifyRequest): boolean => {
    const announced = request.headers['upload-checksum'];
    if (typeof announced !== 'string' || !Buffer.isBuffer(request.body)) return false;
    const [algorithm, digest] = announced.split(' ');
    return algorithm === 'sha256' && createHash('sha256').update(request.body).digest('base64') === digest;
  };

  const handleAlone = async (request: UploadRequest, kiosk: string): Promise<Answer> => {
    const { id } = request.params;
    if (id !== undefined && !(await isUnderWay(id, kiosk))) return said(404, 'no such upload');
    if (request.method === 'PATCH' && request.headers['upload-checksum'] === undefined)
      return said(400, 'each chunk needs its Upload-Checksum');
    if (request.method === 'PATCH' && !fitsChecksum(request))
      return said(checksumMismatch, 'the chunk does not fit its checksum');
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string' && !/^(authorization|connection|transfer-encoding)$/.test(name))
        headers.set(name, value);
    headers.set(kioskHeader, kiosk);
    const body = Buffer.isBuffer(request.body) ? { body: new Uint8Array(request.body) } : {};
    const answer = await server.handleWeb(
      new Request(`http://central${request.url}`, { method: request.method, headers, ...body }),
    );
    const kept = [...answer.headers].filter(([name]) => !name.startsWith('access-control-'));
    return { status: answer.status, headers: Object.fromEntries(kept), text: await answer.text() };
  };

  const answerTo = async (request: UploadRequest, kiosk: string): Promise<Answer> => {
    const { id } = request.params;
    if (id === undefined) return handleAlone(request, kiosk);
    const patience = AbortSignal.timeout(longestWaitMs);
    let isOurs = false;
    try {
      return await books.alone(`upload:${id}`, patience, () => {
        isOurs = true;
        return handleAlone(request, kiosk);
      });
    } catch (error) {
      if (isOurs || !patience.aborted) throw error;
      return said(503, 'another request has this upload', { 'retry-after': '1' });
    }
  };

  const handle = async (request: UploadRequest, reply: FastifyReply): Promise<void> => {
    const kiosk = await kioskOf(request);
    if (kiosk === undefined) return reply.code(401).send({ code: 'UNAUTHORIZED', message: 'unknown kiosk key' });
    const { status, headers, text } = await answerTo(request, kiosk);
    return reply.code(status).headers(headers).send(text);
  };

  app.addContentTypeParser(
    'application/offset+octet-stream',
    { parseAs: 'buffer', bodyLimit: maxChunkBytes },
    (_request, body, done) => done(null, body),
  );
  app.route({ method: 'POST', url: uploadPath, handler: handle });
  app.route({ method: ['HEAD', 'PATCH'], url: `${uploadPath}/:id`, handler: handle });
  return { pathOf };
};
