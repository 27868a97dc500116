// One file over HTTP, no byte more than it may have and no longer than it should take. What the server says of its length is not
// believed; the reading stops at the cap.

import type { Clock } from '../../devices/kit/clock.ts';
import type { BundleRefusal } from '../contract/bundles.ts';
import { parseRetryAfter } from '../sync/back-off.ts';
import { boundedWait, readCapped } from '../sync/bounded-wait.ts';
import type { Fetch } from '../sync/exchange.ts';

export type Line = { fetch: Fetch; signal: AbortSignal };

/** Failures of the line or of the whole server; a refusal is about one file. */
export type LineCode = 'unreachable' | 'busy' | 'unauthorised' | 'httpStatus' | 'notThere' | 'stopped';

export type Downloaded =
  | { type: 'file'; bytes: Buffer; etag?: string }
  | { type: 'unchanged' }
  | { type: 'refused'; reason: BundleRefusal; message: string }
  | { type: 'failed'; code: LineCode; message: string; retryAfterMs?: number };

export type DownloadOptions = Line & {
  clock: Clock;
  url: string;
  kioskKey: string;
  largestBytes: number;
  /** For the whole of it: a server that drips a byte a second gets no further. */
  timeoutMs: number;
  etag?: string;
};

/** A line slower than this is given more time for a larger file. */
export const slowestBytesPerSecond = 4096;

const failed = (code: LineCode, message: string, retryAfterMs?: number): Downloaded => ({
  type: 'failed',
  code,
  message,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const refused = (reason: BundleRefusal, message: string): Downloaded => ({ type: 'refused', reason, message });

export const download = async (options: DownloadOptions): Promise<Downloaded> => {
  const { fetch, signal, clock, url, kioskKey, largestBytes, etag } = options;
  if (signal.aborted) return failed('stopped', 'the sender is stopped');
  const timeoutMs = options.timeoutMs + Math.ceil((largestBytes / slowestBytesPerSecond) * 1000);
  const wait = boundedWait(clock, timeoutMs, signal);
  try {
    const response = await wait.race(
      fetch(url, {
        method: 'GET',
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          authorization: `Bearer ${kioskKey}`,
          ...(etag === undefined ? {} : { 'if-none-match': etag }),
        },
        signal: wait.signal,
        redirect: 'manual',
      }),
    );
    const { status } = response;
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    if (status !== 200) {
      // Nothing is read of what is not wanted.
      wait.giveUp();
      if (status === 304 && etag !== undefined) return { type: 'unchanged' };
      if (status === 404) return failed('notThere', 'there is no such file (404)');
      if (status === 401 || status === 403)
        return failed('unauthorised', `the kiosk's key is not accepted (${status})`);
      if (status === 429 || status === 503)
        return failed('busy', `the centre is busy (${status})`, parseRetryAfter(header('retry-after'), clock.now()));
      return failed('httpStatus', `the answer has status ${status}`);
    }
    // A few kilobytes can unpack to gigabytes; nothing was asked to be packed.
    const encoding = header('content-encoding') ?? 'identity';
    if (encoding !== 'identity') {
      wait.giveUp();
      return refused('encoded', `packed (${encoding.slice(0, 20)}), which was not asked for`);
    }
    const bytes = await wait.race(readCapped(response.body, largestBytes));
    if (!bytes) {
      wait.giveUp();
      return refused('tooLarge', `more than ${largestBytes} bytes came`);
    }
    const tag = header('etag');
    return { type: 'file', bytes, ...(tag === undefined ? {} : { etag: tag }) };
  } catch (error) {
    if (signal.aborted) return failed('stopped', 'the sender is stopped');
    if (wait.isLate()) return refused('tooSlow', `no whole file within ${timeoutMs} ms`);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return failed('unreachable', cause.slice(0, 200));
  } finally {
    wait.close();
  }
};
