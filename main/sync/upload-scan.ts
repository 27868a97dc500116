// One scan to the centre by tus 1.0: hashed as a whole in its metadata, each chunk hashed on its own, resumed where it stopped.
// The requests run over the sender's own exchange, so that time, size, redirects and foreign hosts are bounded as everywhere else.

import { createHash } from 'node:crypto';
import * as tus from 'tus-js-client';
import type { Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import { failureOfStatus, type CallCode } from './central-client.ts';
import { exchange, failed, type Answer, type ExchangeFailure, type ExchangeResult, type Fetch } from './exchange.ts';

/** A chunk may take so many times as long as a plain request: 512 KiB in a minute is a line of 70 kbit/s. */
const chunkTimeoutFactor = 4;

export type UploadCode =
  | CallCode
  /** The centre got other bytes than were hashed (460): it kept none of the chunk, or nothing when the whole was wrong. */
  | 'checksumMismatch'
  /** The upload stands elsewhere than we thought (409) or is locked (423). */
  | 'uploadConflict';

export type ScanUpload = {
  endpoint: string;
  kioskKey: string;
  requestTimeoutMs: number;
  clock: Clock;
  fetch: Fetch;
  signal: AbortSignal;
  bytes: Buffer;
  sha256: string;
  mediaType: string;
  chunkBytes: number;
  /** From an earlier try. */
  tusUrl?: string;
  /** Called with the address where the upload can be resumed. */
  onUrl(tusUrl: string): void;
  /** Waits until a chunk of so many bytes may go; `false` leaves off here, and the upload fails with `stopped`. */
  beforeChunk?(bytes: number): Promise<boolean>;
  /** The centre has so many bytes of this scan. */
  onOffset?(bytes: number): void;
  /** Called when the centre has taken a chunk. */
  onChunk?(bytes: number): void;
};

/** Carries a named failure through the tus client. */
class ExchangeError extends Error {
  readonly failure: ExchangeFailure<UploadCode>;
  constructor(failure: ExchangeFailure<UploadCode>) {
    super(failure.message);
    this.failure = failure;
  }
}

const createHttpStack = (scan: ScanUpload): tus.HttpStack => ({
  getName: () => 'hall-kiosk',
  createRequest(method, url) {
    const headers: Record<string, string> = {};
    const stop = new AbortController();
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader(name, value) {
        headers[name] = value;
      },
      getHeader: (name) => headers[name],
      setProgressHandler: () => undefined,
      getUnderlyingObject: () => undefined,
      abort() {
        stop.abort();
        return Promise.resolve();
      },
      async send(body: Uint8Array | null | undefined) {
        // The answer names where the chunks go. A scan, and our key with it, goes to the centre only.
        if (new URL(url).origin !== new URL(scan.endpoint).origin)
          throw new ExchangeError(failed('redirected', 'the centre sent the upload to another host').error);
        if (body) headers['Upload-Checksum'] = `sha256 ${createHash('sha256').update(body).digest('base64')}`;
        if (body && scan.beforeChunk && !(await scan.beforeChunk(body.byteLength)))
          throw new ExchangeError(failed('stopped', 'the upload is left off between two chunks').error);
        const answered = await exchange({
          fetch: scan.fetch,
          clock: scan.clock,
          signal: AbortSignal.any([scan.signal, stop.signal]),
          timeoutMs: scan.requestTimeoutMs * (body ? chunkTimeoutFactor : 1),
          url,
          method,
          headers,
          ...(body ? { body } : {}),
        });
        if (!answered.ok) throw new ExchangeError(answered.error);
        const offset = Number(answered.value.header('upload-offset'));
        if (answered.value.status < 300 && Number.isSafeInteger(offset)) scan.onOffset?.(offset);
        return responseOf(answered.value);
      },
    };
  },
});

const responseOf = (answer: Answer): tus.HttpResponse => ({
  getStatus: () => answer.status,
  getHeader: (name) => answer.header(name),
  getBody: () => answer.text,
  getUnderlyingObject: () => answer,
});

const failureOf = (error: Error, nowMs: number): { ok: false; error: ExchangeFailure<UploadCode> } => {
  const detail = error instanceof tus.DetailedError ? error : undefined;
  const cause = detail?.causingError ?? error;
  if (cause instanceof ExchangeError) return { ok: false, error: cause.failure };
  const response = detail?.originalResponse;
  if (!response) return failed('badAnswer', error.message.slice(0, 200));
  const status = response.getStatus();
  if (status === 460) return failed('checksumMismatch', 'the centre got other bytes than were hashed', { status });
  if (status === 409 || status === 423)
    return failed('uploadConflict', `the upload is elsewhere (${status})`, { status });
  // Success without the headers of tus: something in between answered.
  if (status >= 200 && status < 300) return failed('badAnswer', 'the answer is none of an upload server', { status });
  if ([400, 404, 410, 413, 415].includes(status))
    return failed('refused', `the upload is refused (${status})`, { status });
  return failureOfStatus({ status, text: response.getBody(), header: (name) => response.getHeader(name) }, nowMs);
};

/** Uploads what is missing. The scan counts as received only when the centre has checked its hash. */
export const uploadScan = (scan: ScanUpload): Promise<ExchangeResult<void, UploadCode>> =>
  new Promise((resolve) => {
    const upload = new tus.Upload(scan.bytes, {
      endpoint: scan.endpoint,
      ...(scan.tusUrl === undefined ? {} : { uploadUrl: scan.tusUrl }),
      metadata: { sha256: scan.sha256, mediaType: scan.mediaType },
      headers: { Authorization: `Bearer ${scan.kioskKey}` },
      chunkSize: scan.chunkBytes,
      // Pauses and tries are the sender's business.
      retryDelays: null,
      storeFingerprintForResuming: false,
      httpStack: createHttpStack(scan),
      onUploadUrlAvailable() {
        if (upload.url !== null && !scan.signal.aborted) scan.onUrl(upload.url);
      },
      onChunkComplete: (bytes) => scan.onChunk?.(bytes),
      onSuccess: () => resolve(ok(undefined)),
      onError: (error) => resolve(failureOf(error, scan.clock.now())),
    });
    upload.start();
  });
