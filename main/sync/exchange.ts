// One HTTP exchange with the centre: bounded in time and size, never redirected, and every way it can fail has a name.

import type { Clock } from '../../devices/kit/clock.ts';
import { ok, type Failure } from '../../devices/kit/result.ts';
import { boundedWait, readCapped } from './bounded-wait.ts';
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
  const wait = boundedWait(clock, timeoutMs, signal);
  try {
    const response = await wait.race(
      fetch(url, {
        method,
        headers: { 'accept-encoding': 'identity', ...headers },
        ...(body === undefined ? {} : { body }),
        signal: wait.signal,
        redirect: 'manual',
      }),
    );
    const { status } = response;
    if (status >= 300 && status < 400) {
      wait.giveUp();
      return failed('redirected', `${method} was redirected (${status})`, { status });
    }
    const bytes = await wait.race(readCapped(response.body, maxAnswerBytes));
    if (!bytes) {
      wait.giveUp();
      return failed('tooLarge', `the answer is larger than ${maxAnswerBytes} bytes`, { status });
    }
    return ok({ status, header: (name) => response.headers.get(name) ?? undefined, text: bytes.toString('utf8') });
  } catch (error) {
    if (signal.aborted) return failed('stopped', 'the sender is stopped');
    if (wait.isLate()) return failed('timeout', `no whole answer within ${timeoutMs} ms`);
    if (error instanceof TlsError) {
      const fault = failed<ExchangeCode>(error.code, error.message);
      return { ok: false, error: { ...fault.error, who: 'engineer' } };
    }
    return failed('unreachable', reasonOf(error));
  } finally {
    wait.close();
  }
};
