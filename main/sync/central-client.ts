// The intake contract's procedures over HTTP. Method, path and the shape of every answer come from the contract itself: what does
// not fit it is a named failure, whoever sent it.

import { createHash } from 'node:crypto';
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import { z } from 'zod';
import type { Clock } from '../../devices/kit/clock.ts';
import { ok } from '../../devices/kit/result.ts';
import { intakeContract, type IntakeContract } from '../contract/intake.ts';
import { parseRetryAfter } from './back-off.ts';
import {
  exchange,
  failed,
  type Answer,
  type ExchangeCode,
  type ExchangeFailure,
  type ExchangeResult,
  type Fetch,
} from './exchange.ts';

export type CallCode =
  | ExchangeCode
  /** The centre is there and says: later (429, 503). */
  | 'busy'
  /** 401, 403: the kiosk's key is not accepted. */
  | 'unauthorised'
  /** 400, 409, 413, 422 in the centre's own words: this request will never do. */
  | 'refused'
  /** Another status that is no success. */
  | 'httpStatus'
  /** A page instead of JSON, as captive portals and proxies send. */
  | 'notJson'
  /** JSON that does not fit the contract. */
  | 'badAnswer';

type Inputs = InferContractRouterInputs<IntakeContract>;
type Outputs = InferContractRouterOutputs<IntakeContract>;
export type CallName = keyof IntakeContract;

export type CentralClient = {
  call<Name extends CallName>(name: Name, input: Inputs[Name]): Promise<ExchangeResult<Outputs[Name], CallCode>>;
};

export type ClientOptions = {
  url: string;
  kioskKey: string;
  requestTimeoutMs: number;
  clock: Clock;
  fetch: Fetch;
  signal: AbortSignal;
};

export const endpointOf = (url: string, path: string): string => `${url.replace(/\/+$/, '')}${path}`;

/**
 * RFC 9530. Not every hall reaches the centre by TLS all the way, and a bit that flips in an id or a sequence number would make
 * another event of it: the centre refuses to read such a body (460).
 */
const contentDigest = (body: string): string =>
  `sha-256=:${createHash('sha256').update(body, 'utf8').digest('base64')}:`;

const parseJson = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

/** The centre's own words for a request that will never do; `data.issues` names the fields (oRPC's shape). */
const refusalSchema = z.object({
  code: z.string(),
  data: z.object({ issues: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])) })) }).optional(),
});

/** Names a status that is no success. Only the centre's own JSON may say that a request is refused for good. */
export const failureOfStatus = (answer: Answer, nowMs: number): { ok: false; error: ExchangeFailure<CallCode> } => {
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), nowMs);
  const more = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 429 || status === 503) return failed('busy', `the centre is busy (${status})`, more);
  // nginx and its like end the handshake well and then answer with a page of their own.
  if (/required SSL certificate|SSL certificate error/i.test(answer.text.slice(0, 2000))) {
    const failure = failed<CallCode>(
      'clientCertificateRefused',
      `no certificate that the centre knows (${status})`,
      more,
    );
    return { ok: false, error: { ...failure.error, who: 'engineer' } };
  }
  if (status === 401 || status === 403) {
    const failure = failed<CallCode>('unauthorised', `the kiosk's key is not accepted (${status})`, more);
    return { ok: false, error: { ...failure.error, who: 'engineer' } };
  }
  const refusal = [400, 409, 413, 422].includes(status)
    ? refusalSchema.safeParse(parseJson(answer.text)?.value)
    : undefined;
  if (refusal?.success) {
    const { code, data } = refusal.data;
    const fields = data?.issues.map(({ path }) => String(path[0] ?? ''));
    return failed('refused', `${status} ${code.slice(0, 80)}`, { ...more, ...(fields ? { fields } : {}) });
  }
  return failed('httpStatus', `the answer has status ${status}`, more);
};

export const createCentralClient = (options: ClientOptions): CentralClient => {
  const { url, kioskKey, requestTimeoutMs, clock, fetch, signal } = options;
  return {
    async call<Name extends CallName>(name: Name, input: Inputs[Name]) {
      const { route, outputSchema } = intakeContract[name]['~orpc'];
      if (!outputSchema) throw new Error(`the contract does not say what ${name} answers`);
      const isGet = route.method === 'GET';
      const query = isGet && input ? `?${new URLSearchParams(input).toString()}` : '';
      const body = isGet ? undefined : JSON.stringify(input);
      const answered = await exchange({
        fetch,
        clock,
        signal,
        timeoutMs: requestTimeoutMs,
        url: `${endpointOf(url, route.path ?? '/')}${query}`,
        method: route.method ?? 'POST',
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${kioskKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-digest': contentDigest(body) }),
        },
        ...(body === undefined ? {} : { body }),
      });
      if (!answered.ok) return answered;
      const answer = answered.value;
      if (answer.status !== 200) return failureOfStatus(answer, clock.now());
      const json = parseJson(answer.text);
      if (!json)
        return failed('notJson', `the answer of ${name} is not JSON (${answer.header('content-type') ?? 'no type'})`);
      const checked = await outputSchema['~standard'].validate(json.value);
      if (checked.issues) {
        const fields = checked.issues.slice(0, 5).map((issue) => issue.path?.map(String).join('.') ?? '(root)');
        return failed('badAnswer', `the answer of ${name} does not fit the contract: ${fields.join(', ')}`);
      }
      return ok(checked.value as Outputs[Name]);
    },
  };
};
