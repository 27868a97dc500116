// Why a call of a console did not go through, in the few cases that a person can do something about.

import { ORPCError } from '@orpc/client';

/**
 * `forbidden`: this account may not, or is signed out by now. `refused`: the host said no and why. `noHost`: there is no line.
 * `detail` is the host's own sentence, for staff; `untilMs` tells when a locked account opens.
 */
export type CallFailure = {
  type: 'forbidden' | 'refused' | 'noHost' | 'failed';
  code: string;
  detail: string;
  untilMs?: number;
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

export const failureOf = (error: unknown): CallFailure => {
  if (!(error instanceof ORPCError)) {
    // Anything that is no answer of the host: the socket closed under the call, or there was none.
    const detail = error instanceof Error ? error.message : String(error);
    return { type: 'noHost', code: 'noHost', detail };
  }
  if (error.code === 'FORBIDDEN') return { type: 'forbidden', code: 'forbidden', detail: error.message };
  if (error.code !== 'REFUSED') return { type: 'failed', code: String(error.code), detail: error.message };
  const data: unknown = error.data;
  const code = memberOf(data, 'code');
  const message = memberOf(data, 'message');
  const untilMs = memberOf(data, 'untilMs');
  return {
    type: 'refused',
    code: typeof code === 'string' ? code : 'refused',
    detail: typeof message === 'string' ? message : error.message,
    ...(typeof untilMs === 'number' ? { untilMs } : {}),
  };
};

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: CallFailure };

/** Calls the host; never throws. */
export const ask = async <T>(call: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
};
