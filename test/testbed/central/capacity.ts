// How much of a hurry the platform takes: a token bucket in front of everything under /v1, and a count of what came each second.
// Above it a request is answered with 429 before its body is read, and told when to come again: the further arrivals are above the
// capacity, the wider these times are spread, so that a province coming back does not come back at one second.

import type { RequestListener } from 'node:http';

export type Arrivals = {
  /** Requests under /v1 of each second since the first one, oldest first; of the last hour only. */
  perSecond: number[];
  requests: number;
  /** Answered with 429. */
  refused: number;
};

export type Capacity = {
  wrap(listener: RequestListener): RequestListener;
  arrivals(): Arrivals;
};

const keptSeconds = 3600;
const longestWaitSec = 120;

export const createCapacity = (
  requestsPerSecond: number | undefined,
  nowMs: () => number = () => performance.now(),
): Capacity => {
  let tokens = requestsPerSecond ?? 0;
  let filledMs = nowMs();
  let firstSecond: number | undefined;
  let perSecond: number[] = [];
  let requests = 0;
  let refused = 0;

  const note = (): void => {
    const second = Math.floor(nowMs() / 1000);
    firstSecond ??= second;
    const place = second - firstSecond;
    while (perSecond.length <= place) perSecond.push(0);
    perSecond[place] = (perSecond[place] ?? 0) + 1;
    requests += 1;
    if (perSecond.length > 2 * keptSeconds) {
      firstSecond += perSecond.length - keptSeconds;
      perSecond = perSecond.slice(-keptSeconds);
    }
  };

  const hasRoom = (limit: number): boolean => {
    const now = nowMs();
    tokens = Math.min(limit, tokens + ((now - filledMs) / 1000) * limit);
    filledMs = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };

  /** Whole seconds; spread over twice the time that the last two seconds' arrivals need. */
  const waitSec = (limit: number): number => {
    const recent = Math.max(...perSecond.slice(-2));
    return Math.min(longestWaitSec, 1 + Math.floor(Math.random() * Math.max(2, (2 * recent) / limit)));
  };

  return {
    arrivals: () => ({ perSecond: perSecond.slice(-keptSeconds), requests, refused }),
    wrap: (listener) => (request, response) => {
      if (!request.url?.startsWith('/v1/')) return listener(request, response);
      note();
      if (requestsPerSecond === undefined || hasRoom(requestsPerSecond)) return listener(request, response);
      refused += 1;
      request.resume();
      response
        .writeHead(429, { 'content-type': 'application/json', 'retry-after': String(waitSec(requestsPerSecond)) })
        .end('{"code":"TOO_MANY_REQUESTS","message":"the platform is at its capacity; come again after Retry-After"}');
    },
  };
};
