// One HTTP exchange with the centre: bounded in time and size, never redirected, and every way it can fail has a name.

import type { Clock } from '../../devices/kit/clock.ts';
import { ok, type Failure } from '../../devices/kit/result.ts';
import { TlsError, type TlsFault } from './tls.ts';

/** The part of `fetch` that is used here; tests and Electron's own network stack can stand in. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Uint8Array;
    signal: AbortSignal;
    redirect: 'manual';
  },
) => Promise<{
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
}>;

export type ExchangeCode =
  /** Refused, cut, unknown name: the line or the server is not there. */
  | 'unreachable'
  | 'timeout'
  | 'tooLarge'
  /** Sent elsewhere, as captive portals do. */
  | 'redirected'
  /** The sender was stopped. */
  | 'stopped'
  | TlsFault;

export type ExchangeFailure<Code extends string = ExchangeCode> = Failure<Code> & {
  status?: number;
  retryAfterMs?: number;
  /** Top-level fields of the request that the centre complained about. */
  fields?: string[];
};
export type ExchangeResult<T, Code extends string = ExchangeCode> =
  | { ok: true; value: T }
  | { ok: false; error: ExchangeFailure<Code> };

export type Answer = { status: number; header(name: string): string | undefined; text: string };

/** Answers are a few kilobytes; what is larger is not ours. */
export const maxAnswerBytes = 1024 * 1024;

export const failed = <Code extends string>(
  code: Code,
  message: string,
  more: Pick<ExchangeFailure, 'status' | 'retryAfterMs' | 'fields'> = {},
): { ok: false; error: ExchangeFailure<Code> } => ({ ok: false, error: { code, who: 'system', message, ...more } });

/** Innermost reason, e.g. ECONNREFUSED; undici wraps it in "fetch failed". */
const reasonOf = (error: unknown): string => {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code;
  return inner instanceof Error ? inner.message : String(inner);
};

export type ExchangeOptions = {
  fetch: Fetch;
  clock: Clock;
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** For the whole exchange, the last byte of the answer included. */
  timeoutMs: number;
  signal: AbortSignal;
};

export const exchange = async (options: ExchangeOptions): Promise<ExchangeResult<Answer>> => {
  const { fetch, clock, url, method, headers, body, timeoutMs, signal } = options;
  if (signal.aborted) return failed('stopped', 'the sender is stopped');
  const controller = new AbortController();
  let isLate = false;
  const stopTimer = clock.after(timeoutMs, () => {
    isLate = true;
    controller.abort();
  });
  const onStop = (): void => controller.abort();
  signal.addEventListener('abort', onStop, { once: true });
  // Not every stream ends when its signal is aborted, so the wait itself ends too.
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
  aborted.catch(() => undefined);
  try {
    const response = await Promise.race([
      fetch(url, {
        method,
        headers: { 'accept-encoding': 'identity', ...headers },
        ...(body === undefined ? {} : { body }),
        signal: controller.signal,
        redirect: 'manual',
      }),
      aborted,
    ]);
    const { status } = response;
    if (status >= 300 && status < 400) {
      controller.abort();
      return failed('redirected', `${method} was redirected (${status})`, { status });
    }
    const text = await Promise.race([readCapped(response.body), aborted]);
    if (text === undefined) {
      controller.abort();
      return failed('tooLarge', `the answer is larger than ${maxAnswerBytes} bytes`, { status });
    }
    return ok({ status, header: (name) => response.headers.get(name) ?? undefined, text });
  } catch (error) {
    if (signal.aborted) return failed('stopped', 'the sender is stopped');
    if (isLate) return failed('timeout', `no whole answer within ${timeoutMs} ms`);
    if (error instanceof TlsError) {
      const fault = failed<ExchangeCode>(error.code, error.message);
      return { ok: false, error: { ...fault.error, who: 'engineer' } };
    }
    return failed('unreachable', reasonOf(error));
  } finally {
    stopTimer();
    signal.removeEventListener('abort', onStop);
  }
};

/** The answer as text, or nothing when it is larger than the cap. */
const readCapped = async (body: AsyncIterable<Uint8Array> | null): Promise<string | undefined> => {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
